from __future__ import annotations

import pytest

from lustrum.files.campaign import CampaignFile
from lustrum.files.flow import Choice, Entry, Overrides
from lustrum.files.validation import validate
from lustrum.files.yaml import read_yaml
from lustrum.words.errors import ProjectError

HEAD = "campaign: nightly\nkind: batch\nflow:\n"


def flow(text: str) -> tuple[Entry, ...]:
    return validate(CampaignFile, read_yaml(HEAD + text, "x.yaml")).flow


def choices(text: str) -> tuple[Choice, ...]:
    return flow(f"  - use: change.value\n    choices:\n{text}")[0].choices


def test_an_entry_uses_executes_or_requests() -> None:
    entries = flow("  - use: standardise.phone\n  - execute: enrich\n  - request: tell")
    assert [(entry.verb, entry.target) for entry in entries] == [
        ("use", "standardise.phone"),
        ("execute", "enrich"),
        ("request", "tell"),
    ]


def test_an_entry_keeps_what_it_says() -> None:
    (entry,) = flow(
        """
  - use: standardise.phone
    id: phone
    when: {all: [{country: is not empty}]}
    with: {format: E164, codes: [01, NO]}
    reads: {country: Country Code}
    writes: {phone: Phone (mobile)}
    retry: {attempts: 2, transient: {attempts: 5, wait: 2s..1m}, repair: untangle, until: "phone LIKE '+%'"}
    on_fail: stop
    needs: [standardise.country]
    repeat: every 30 days
"""
    )
    assert entry.id == "phone"
    assert entry.when == {"all": [{"country": "is not empty"}]}
    assert entry.with_ == {"format": "E164", "codes": ["01", "NO"]}
    assert (entry.reads, entry.writes) == ({"country": "country_code"}, {"phone": "phone_mobile"})
    assert entry.retry is not None
    assert (entry.retry.attempts, entry.retry.repair, entry.retry.until) == (2, "untangle", "phone LIKE '+%'")
    assert (entry.retry.transient.attempts, entry.retry.transient.wait) == (5, ("2s..1m",))
    assert (entry.on_fail, entry.needs, entry.repeat) == ("stop", ("standardise.country",), "every 30 days")


def test_what_is_left_out_has_the_documented_default() -> None:
    (entry,) = flow("  - use: a\n    retry: {transient: {}}")
    assert entry.retry is not None
    assert (entry.retry.attempts, entry.retry.repair, entry.retry.until) == (None, None, None)
    assert (entry.retry.transient.attempts, entry.retry.transient.wait) == (3, ("1s..30s",))
    assert (entry.on_fail, entry.tokens, entry.choices, entry.with_) == (None, None, (), {})


def test_an_option_may_be_empty_on_purpose() -> None:
    assert flow("  - use: change.value\n    with: {field: state, value: }")[0].with_ == {
        "field": "state",
        "value": None,
    }


def test_a_choice_that_matches_overrides() -> None:
    first, *_ = choices("      - {when: a = 'b', with: {value: c}, writes: {x: Y z}}")
    assert first.overrides is first
    assert (first.when, first.with_, first.writes) == ("a = 'b'", {"value": "c"}, {"x": "y_z"})


def test_otherwise_may_be_nothing_or_overrides() -> None:
    assert choices("      - otherwise: nothing")[0].overrides is None
    overrides = choices("      - otherwise: {with: {value: c}}")[0].overrides
    assert type(overrides) is Overrides
    assert overrides.with_ == {"value": "c"}


def test_a_choice_of_an_executing_entry_names_another_child() -> None:
    (entry,) = flow("  - execute: a\n    tokens: parent\n    choices:\n      - {when: x, execute: b}")
    assert (entry.choices[0].execute, entry.tokens) == ("b", "parent")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "  - use: a\n    execute: b",
            4,
            "an entry has exactly one of use, execute, request, wait; this one has use and execute; keep one",
        ),
        ("  - id: a", 4, "an entry has exactly one of use, execute, request, wait; this one has none; keep one"),
        ("  - use: a\n    wehn: b", 5, 'unknown key "wehn" in item 1 of "flow"; did you mean "when"?'),
        (
            "  - use: a\n    zzz: b",
            5,
            'unknown key "zzz" in item 1 of "flow"; known: id, use, execute, request, wait, when, with, '
            "reads, writes, retry, on_fail, needs, choices, tokens, repeat",
        ),
        ("  - use: a\n    with_: {}", 5, 'unknown key "with_" in item 1 of "flow"; did you mean "with"?'),
        ("  - a", 4, 'item 1 of "flow" must be a mapping of key: value, not "a"'),
        ("  - use: a\n  -", 5, 'item 2 of "flow" is empty; give it a value or leave the key out'),
        ("  - use: [a]", 4, '"use" must be text, not a list'),
        ("  - use: ''", 4, '"use" is empty; give it a value or leave the key out'),
        ("  - use: a\n    when:", 5, '"when" is empty; give it a value or leave the key out'),
        ("  - use: a\n    with: b", 5, '"with" must be a mapping of key: value, not "b"'),
        ("  - use: a\n    reads:\n      x: [y]", 6, '"x" must be text, not a list'),
        ("  - use: a\n    writes:\n      x: '!'", 6, '"!" is no name of a field; use letters or digits'),
        ("  - use: a\n    needs: b", 5, '"needs" must be a list, not "b"'),
        ("  - use: a\n    needs:\n      - b\n      - {c: d}", 7, 'item 2 of "needs" must be text, not a mapping'),
        ("  - use: a\n    on_fail: blok", 5, '"on_fail" cannot be "blok"; did you mean "block"?'),
        ("  - execute: a\n    tokens: mine", 5, '"tokens" cannot be "mine"; write one of: parent'),
        ("  - use: a\n    repeat: monthly", 5, '"monthly" is no repetition; write one of: always, every …, once per …'),
        ("  - use: a\n    tokens: parent", 5, '"tokens" means nothing in an entry with use; remove it'),
        ("  - execute: a\n    with: {b: c}", 5, '"with" means nothing in an entry with execute; remove it'),
        ("  - request: a\n    writes: {b: c}", 5, '"writes" means nothing in an entry with request; remove it'),
        ("  - use: a\n    retry: 3", 5, '"retry" must be a mapping of key: value, not "3"'),
        ("  - use: a\n    retry: {attempts: 0}", 5, '"attempts" must be at least 1, not "0"'),
        ("  - use: a\n    retry:\n      attempts: 2.5", 6, '"attempts" must be a whole number, not "2.5"'),
        ("  - use: a\n    retry:\n      atempts: 2", 6, 'unknown key "atempts" in "retry"; did you mean "attempts"?'),
        (
            "  - use: a\n    retry:\n      transient:\n        wiat: 2s",
            7,
            'unknown key "wiat" in "transient"; did you mean "wait"?',
        ),
        (
            "  - use: a\n    retry:\n      transient: {attempts: [1]}",
            6,
            '"attempts" must be a whole number, not a list',
        ),
        (
            "  - use: a\n  - use: b\n    id: x\n  - use: c\n    id: x",
            8,
            'the id "x" is that of entry 2 too; rename one',
        ),
    ],
)
def test_a_wrong_entry_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(ProjectError) as raised:
        flow(text)
    assert str(raised.value) == f"x.yaml:{line}: {message}"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "      - {with: {a: b}}",
            6,
            "a choice has exactly one of when, otherwise; add a condition, or write: otherwise: nothing",
        ),
        (
            "      - {when: a, otherwise: nothing}",
            6,
            "a choice has exactly one of when, otherwise; add a condition, or write: otherwise: nothing",
        ),
        (
            "      - otherwise: nothing\n        with: {a: b}",
            6,
            "a last choice has nothing beside otherwise; put the other keys under it",
        ),
        (
            "      - {when: a}\n      - otherwise: nothing\n      - {when: b}",
            7,
            "otherwise stands before other choices, which nothing can reach; put it last",
        ),
        ("      - otherwise: noting", 6, '"otherwise" cannot be "noting"; did you mean "nothing"?'),
        ("      - otherwise: [a]", 6, '"otherwise" must be a mapping of key: value, not a list'),
        ("      - otherwise:\n          wiht: {a: b}", 7, 'unknown key "wiht" in "otherwise"; did you mean "with"?'),
        ("      - {when: a}\n      - {wen: a}", 7, 'unknown key "wen" in item 2 of "choices"; did you mean "when"?'),
        ("      - {when: a, execute: b}", 6, '"execute" means nothing in an entry with use; remove it'),
        ("      - otherwise:\n          execute: b", 7, '"execute" means nothing in an entry with use; remove it'),
    ],
)
def test_a_wrong_choice_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(ProjectError) as raised:
        choices(text)
    assert str(raised.value) == f"x.yaml:{line}: {message}"


def test_a_requested_campaign_cannot_be_changed_by_a_choice() -> None:
    with pytest.raises(ProjectError, match=r'^x.yaml:6: "execute" means nothing in an entry with request'):
        flow("  - request: a\n    choices:\n      - {when: x, execute: b}")
