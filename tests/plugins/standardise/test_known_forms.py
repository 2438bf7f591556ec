"""The function asked directly says what the library's public one says."""

from __future__ import annotations

import sys

import pytest
from rigour.names import extract_org_types

from lustrum_plugins.standardise.known_forms import known_forms
from lustrum_plugins.standardise.word_tables import rows

FORMS = sorted({row["spelling"].lower() for row in rows("legal_forms")})
TEXTS = [
    "",
    "acme",
    "acme société à responsabilité limitée",
    "acme gesellschaft mit beschränkter haftung & co. kg\nacme limited liability company",
    "ооо ромашка",
    "acme ltdx, xltd, ltd",
    *(f"acme {form} umbrella" for form in FORMS),
]


def public(text: str) -> list[str]:
    return [form for form, _ in extract_org_types(text)]


def test_finds_what_the_public_function_finds() -> None:
    assert [known_forms(text) for text in TEXTS] == [public(text) for text in TEXTS]
    assert any(map(known_forms, TEXTS))


def test_asks_the_public_function_where_the_other_is_not_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rigour._core", None)
    assert known_forms("acme gmbh") == ["gmbh"]
