"""What is fuzzed: the readers of everything that comes from outside, and the only exceptions each may raise."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from lustrum.files.campaign import CampaignFile
from lustrum.files.settings import ProjectSettings
from lustrum.files.validation import validate
from lustrum.files.yaml import read_yaml
from lustrum.words.conditions import ConditionError, compile_condition, parse_condition
from lustrum.words.errors import ProjectError, SourceError
from lustrum.words.fields import FieldType
from lustrum.words.tokens import TokenError, parse_text
from lustrum_plugins.connect.csv_source import CsvSource

TYPES = {"country": FieldType.TEXT, "score": FieldType.INTEGER, "seen": FieldType.DATETIME, "hot": FieldType.BOOLEAN}
START = datetime(2026, 1, 31, 3, tzinfo=UTC)


def pieces(*words: str) -> st.SearchStrategy[str]:
    """Give texts made of the words of a language and of anything else."""
    anything = st.text(max_size=6)
    return st.lists(st.sampled_from(words) | anything, max_size=25).map("".join)


CSV_BYTES = (
    st.binary(max_size=400)
    | pieces('"', ",", ";", "\t", "\n", "\r\n", "\r", '""', "id", "a,b\n", "1,2\n", "\x00", "\ufeff", "é").map(
        str.encode
    )
    | pieces("id,a\n", "1,x\n", '2,"y\n', "ß", "\u2028").flatmap(
        lambda text: st.sampled_from(["utf-16", "utf-16-le", "cp1252", "latin-1", "utf-32"]).map(
            lambda codec: text.encode(codec, "replace")
        )
    )
)
YAML = pieces(
    "campaign: x\n",
    "kind: batch\n",
    "flow:\n",
    "  - use: ",
    "  - execute: ",
    "a",
    ": ",
    "\n",
    "  ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<: *a",
    "!!python/object/apply:os.system ['true']",
    "!tag ",
    "'",
    '"',
    "|",
    ">",
    "#",
    "%YAML 1.1\n",
    "---\n",
    "when: ",
    "retry: ",
    "{{lead.x}}",
    "\t",
    "? ",
    "~",
    "on: ",
    "smart_list: ",
    "guards: ",
    "5%",
)
SQL = pieces(
    "country",
    "score",
    "seen",
    "hot",
    " = ",
    " <> ",
    " AND ",
    " OR ",
    " NOT ",
    "(",
    ")",
    "'",
    "'x'",
    "1",
    "1.5",
    " IN ",
    " LIKE ",
    " BETWEEN ",
    " IS NULL",
    " IS NOT ",
    "NULL",
    "now()",
    "lower(",
    "failed(",
    "--",
    "/*",
    "*/",
    ";",
    "SELECT ",
    "CAST(",
    " AS ",
    "~",
    "||",
    " COLLATE NOCASE",
    "date '2026-01-01'",
    " INTERVAL ",
    "regexp_like(",
    "[a-",
    "(a+)+$",
    ",",
)
WORDS = st.sampled_from(
    [
        "country",
        "score",
        "seen",
        "all",
        "any",
        "none",
        "is",
        "is not",
        "contains",
        "in past 3 days",
        "between",
        "x",
        "5",
        "is empty",
        "starts with",
        "member of list",
        "had interesting moment",
        "matches",
        "(a+)+$",
    ]
)
_LEAF = WORDS | st.text(max_size=6) | st.none()
_KEY = WORDS | st.text(max_size=4)
_ONE = _LEAF | st.lists(_LEAF, max_size=3) | st.dictionaries(_KEY, _LEAF, max_size=3)
_TWO = _ONE | st.lists(_ONE, max_size=3) | st.dictionaries(_KEY, _ONE, max_size=3)
STRUCTURED = _TWO | st.lists(_TWO, max_size=3) | st.dictionaries(_KEY, _TWO, max_size=3)
TOKENS = pieces(
    "{{",
    "}}",
    "lead.",
    "my.",
    "system.",
    "trigger.",
    "country",
    "date",
    ":default=",
    "+",
    "-",
    "3 days",
    "|",
    "{",
    "}",
    "Lead.Country",
    "campaign.name",
    "member.",
    " ",
    "\n",
)


def read_csv(content: bytes) -> None:
    """Read a file of leads to its end: every record is a lead or a reject."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        path.write_bytes(content)
        packed = Path(folder) / "leads.csv.gz"
        packed.write_bytes(gzip.compress(content) if len(content) % 2 else content)
        for file in (path, packed):
            with suppress(SourceError):
                assert all(batch.frame.height <= 2 for batch in CsvSource(str(file)).batches(2))


def read_files(text: str) -> None:
    """Read a text as a campaign and as settings; it can run nothing."""
    for model in (CampaignFile, ProjectSettings):
        with suppress(ProjectError):
            validate(model, read_yaml(text, "x.yaml"))


def read_condition(written: object) -> None:
    """Parse a condition, compile it and ask it of leads."""
    try:
        expression = compile_condition(parse_condition(written), TYPES, START)
    except ConditionError:
        return
    columns: dict[str, Any] = {name: [None, None] for name in TYPES}
    frame = pl.DataFrame(columns, schema={name: kind.dtype for name, kind in TYPES.items()})
    with suppress(pl.exceptions.ColumnNotFoundError):  # the planner knows the fields, the parser does not
        assert frame.select(expression.alias("is")).to_series().dtype == pl.Boolean


def render_text(text: str) -> None:
    """Parse a text with tokens and put values in."""
    with suppress(TokenError):
        parse_text(text).resolve({"my": {"x": "1"}, "campaign": {"name": "c"}, "system": {"date": "2026-01-31"}})


TARGETS: Mapping[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]] = {
    "leads in CSV": (CSV_BYTES, read_csv),
    "campaign files": (YAML, read_files),
    "conditions in SQL": (SQL, read_condition),
    "structured conditions": (STRUCTURED, read_condition),
    "tokens": (TOKENS, render_text),
}
