"""Plain text in aligned columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def align(rows: Sequence[Sequence[str]], indent: str = "") -> Iterator[str]:
    """Give the rows as lines whose columns stand below each other, in terminal cells; the last may be of any length.

    >>> print(*align([("field", "given"), ("city", "東京"), ("a", "")], indent="  "), sep=chr(10))
      field  given
      city   東京
      a
    """
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        yield (indent + "  ".join(cells)).rstrip()


def shown(value: str | None) -> str:
    """Give a cell's text so that its spaces and other invisible characters are seen.

    >>> print(shown(" x\\n"), shown(None))
    " x\\n" (empty)
    """
    import json

    return "(empty)" if value is None else json.dumps(value, ensure_ascii=False)


def shortened(text: str, width: int) -> str:
    """Cut a text that is too long for its column.

    >>> shortened("a long message", 8)
    'a long …'
    """
    return text if len(text) <= width else f"{text[: width - 1]}…"
