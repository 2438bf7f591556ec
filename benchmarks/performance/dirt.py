"""How cells are spoilt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from benchmarks.performance.chance import Chance

Spoiling = Callable[[str], str]
PLACEHOLDERS = ("n/a", "N/A", "-", "unknown", "none", "test", "xx", ".")


def same(text: str) -> str:
    """Leave a cell as it is."""
    return text


def mojibake(text: str) -> str:
    """Read UTF-8 as if it were Latin-1."""
    return text.encode().decode("latin-1")


def doubled(text: str) -> str:
    """Double a letter in the middle."""
    middle = len(text) // 2
    return text[:middle] + text[middle : middle + 1] + text[middle:]


def dropped(text: str) -> str:
    """Lose a letter in the middle."""
    middle = len(text) // 2
    return text[:middle] + text[middle + 1 :] if len(text) > 4 else text


def placeholder(text: str) -> str:
    """Say nothing in one of several ways."""
    return PLACEHOLDERS[len(text) % len(PLACEHOLDERS)]


def empty(_text: str) -> str:
    """Leave a cell empty."""
    return ""


NOISE: tuple[tuple[float, Spoiling], ...] = (
    (5, str.upper),
    (5, str.lower),
    (3, lambda text: f" {text}"),
    (4, lambda text: f"{text}  "),
    (1, mojibake),
    (1, doubled),
    (1, dropped),
)
"""Ways, each with the percentage of the cells that have it."""

WAYS: Mapping[str, Sequence[tuple[float, Spoiling]]] = {
    "first_name": (*NOISE, (1, lambda text: f"Dr. {text}"), (2, empty)),
    "last_name": (*NOISE, (0.5, placeholder)),
    "email": (
        (6, str.upper),
        (3, lambda text: f" {text} "),
        (2, lambda text: text.replace("@", " (at) ")),
        (1, lambda text: text.replace("@", "")),
        (1, lambda text: text.replace(".", "..", 1)),
        (1, lambda text: f"mailto:{text}"),
        (1, lambda text: f"Somebody <{text}>"),
        (1, lambda text: f"{text};"),
        (0.5, lambda text: text.replace(".com", ",com")),
        (3, empty),
        (0.5, placeholder),
    ),
    "country": (
        (4, str.upper),
        (4, str.lower),
        (3, lambda text: f"{text} "),
        (1, dropped),
        (1, mojibake),
        (4, empty),
        (1, placeholder),
    ),
    "state": (
        (6, str.upper),
        (6, str.lower),
        (3, lambda text: f" {text}"),
        (1, dropped),
        (26, empty),
        (3, placeholder),
    ),
    "city": ((4, str.upper), (4, str.lower), (4, lambda text: f"{text}  "), (1, mojibake)),
    "postal_code": ((3, lambda text: text.replace(" ", "")), (20, empty)),
    "company": (*NOISE, (5, empty), (0.5, placeholder)),
    "title": ((5, str.upper), (4, str.lower), (2, lambda text: f"{text} ")),
    "website": ((4, str.upper), (2, lambda text: f" {text}"), (40, empty)),
    "source": ((6, str.upper), (6, str.lower), (2, lambda text: f"{text} ")),
}


def spoilt(chance: Chance, column: str, cells: Sequence[str]) -> list[str]:
    """Spoil some cells of a column."""
    ways = WAYS.get(column, ())
    untouched = 100 - sum(share for share, _ in ways)
    chosen = chance.weigh([(untouched, same), *ways], len(cells))
    return [way(cell) for way, cell in zip(chosen, cells, strict=True)]
