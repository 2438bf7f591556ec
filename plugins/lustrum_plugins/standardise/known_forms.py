"""The legal forms that rigour finds in a text.

`rigour.names` imports ICU and two guessers of encodings for other things it can do, which takes longer than all the
work on a small file; the function behind it is asked directly where it is to be had.
"""

from __future__ import annotations

_CASE_FOLDED, _AS_IT_STANDS = 4, 0
"""What `rigour.names` asks with where nothing else is said: `Normalize.CASEFOLD` and `Cleanup.Noop`."""


def known_forms(text: str) -> list[str]:
    """Give the legal forms in a text in small letters, in their order.

    >>> known_forms("acme gmbh, umbrella aktiengesellschaft")
    ['gmbh', 'aktiengesellschaft']
    """
    try:
        from rigour._core import extract_org_types  # pyright: ignore[reportPrivateUsage]  # see above
    except ImportError:
        return _publicly(text)
    return [form for form, _ in extract_org_types(text, _CASE_FOLDED, _AS_IT_STANDS, False)]


def _publicly(text: str) -> list[str]:
    from rigour.names import extract_org_types

    return [form for form, _ in extract_org_types(text)]
