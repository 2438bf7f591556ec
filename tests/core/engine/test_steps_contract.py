"""What a step may read, say and raise, as the engine keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

import pytest

from lustrum import Template, step
from lustrum.engine.given import Given
from lustrum.testing import CampaignRun, run_step
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

ON_COUNTRY = "flow: [{use: probe.mine}]"


def leads(*countries: str | None) -> list[dict[str, Any]]:
    return [{"id": str(row), "country": country} for row, country in enumerate(countries, 1)]


def column(ran: CampaignRun, field: str = "country") -> list[Any]:
    return [lead[field] for lead in ran.leads]


def test_what_a_step_says_becomes_the_outcome(run: Run) -> None:
    ran = run(
        ON_COUNTRY,
        leads("value", "same", "answer", "skip", "fail", "ambiguous", "none"),
        steps="""
        @step("probe.mine")
        def mine(country: str) -> str | Answer[str] | Skip | Failed | None:
            return {
                "value": "A",
                "same": "same",
                "answer": Answer("B", reason="a rule", evidence={"from": "a table"}, certainty=0.9),
                "skip": Skip("already_standard"),
                "fail": Failed("unknown", "nobody knows it"),
                "ambiguous": Failed("ambiguous", "several", ("X", "Y")),
                "none": None,
            }[country]
        """,
    )
    assert ran.outcomes["nightly > probe.mine"] == [
        "changed",
        "unchanged",
        "changed",
        "skipped:already_standard",
        "failed:unknown",
        "failed:ambiguous",
        "changed",
    ]
    assert column(ran) == ["A", "same", "B", "skip", "fail", "ambiguous", None]
    assert "X" in ran.quarantine[1]["message"]
    assert ran.result.trail["reason"].drop_nulls().str.contains("a rule").to_list() == [True]


def test_none_empties_the_field(run: Run) -> None:
    ran = run(
        ON_COUNTRY,
        leads("US"),
        steps="""
        @step("probe.mine")
        def mine(country: str) -> str | None:
            return None
        """,
    )
    assert (ran.outcomes["nightly > probe.mine"], column(ran)) == (["changed"], [None])


def test_empty_text_is_empty(run: Run) -> None:
    ran = run(
        ON_COUNTRY,
        leads("US", None),
        steps="""
        @step("probe.mine")
        def mine(country: str | None) -> str:
            return ""
        """,
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", "unchanged"]
    assert [change["after"] for change in ran.changes] == [None]


def test_a_dataclass_writes_its_attributes_keeps_and_empties(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.split, writes: {first: given_name}}]",
        [{"id": "1", "name": name, "given_name": "g", "last": "l"} for name in ("Ann Lee", "Ann", "?")],
        steps="""
        @dataclass(frozen=True)
        class Names:
            first: str | Keep = KEEP
            last: str | Keep | None = KEEP

        @step("probe.split")
        def split(name: str) -> Names | Answer[Names] | Failed:
            first, _, last = name.partition(" ")
            if name == "?":
                return Names()
            return Answer(Names(first, last)) if last else Names(first, None)
        """,
    )
    assert [(lead["given_name"], lead["last"]) for lead in ran.leads] == [("Ann", "Lee"), ("Ann", None), ("g", "l")]
    assert ran.outcomes["nightly > probe.split"] == ["changed", "changed", "unchanged"]


def test_an_attribute_named_like_a_parameter_writes_the_field_that_parameter_reads(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.mine, reads: {country: land}}]",
        [{"id": "1", "land": "us"}],
        steps="""
        @dataclass(frozen=True)
        class Found:
            country: str

        @step("probe.mine")
        def mine(country: str) -> Found:
            return Found(country.upper())
        """,
    )
    assert column(ran, "land") == ["US"]


def test_text_is_never_called_with_an_empty_value_and_text_or_none_is(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - {use: probe.copy, reads: {value: country}, writes: {value: note}}
          - {use: probe.view, reads: {value: country}, writes: {value: note}}
        """,
        [{**lead, "note": None} for lead in leads("US", None, "")],
    )
    assert ran.outcomes["nightly > probe.copy"] == ["changed", "skipped:empty", "skipped:empty"]
    assert (calls("copy"), calls("view")) == (["US"], ["US", None])


def test_a_default_lets_the_source_lack_the_field(run: Run) -> None:
    steps = """
    @step("probe.mine")
    def mine(country: str, region: str = "EU", city: str | None = None) -> str:
        return f"{country}/{region}/{city}"
    """
    assert column(run(ON_COUNTRY, leads("DE"), steps=steps)) == ["DE/EU/None"]
    both = [{**leads("DE")[0], "region": "US", "city": "Ulm"}]
    assert column(run(ON_COUNTRY, both, steps=steps)) == ["DE/US/Ulm"]


def test_without_a_default_a_field_the_source_lacks_is_refused(run: Run) -> None:
    with pytest.raises(ProjectError, match=r'campaigns/nightly\.yaml:3: .*countri.*did you mean "country"'):
        run("flow: [{use: probe.copy, reads: {value: countri}, writes: {value: country}}]", leads("US"))


def test_a_field_that_is_written_must_be_in_the_source_or_declared(run: Run) -> None:
    flow = "flow: [{use: probe.copy, reads: {value: country}, writes: {value: countrycode}}]"
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:3: .*countrycode"):
        run(flow, leads("US"))
    declared = {"lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {countrycode: text}\n"}
    ran = run(flow, leads("US"), files=declared)
    assert list(ran.leads[0]) == ["id", "country", "countrycode"]
    assert column(ran, "countrycode") == ["US"]


def test_options_are_typed_and_templates_are_rendered_for_each_lead(run: Run, calls: Calls) -> None:
    run(
        "flow: [{use: probe.mine, with: {times: 2, on: 2024-02-29, text: 'in {{lead.country}}', marks: [01, NO]}}]",
        leads("US", "DE"),
        steps="""
        from datetime import date

        @step("probe.mine")
        def mine(country: str, *, times: int, on: date, text: Template, marks: list[str], loud: bool = False) -> str:
            calls.append(("mine", (times, on, text, marks, loud)))
            return country
        """,
    )
    shared = (2, date(2024, 2, 29)), (["01", "NO"], False)
    assert calls("mine") == [(*shared[0], "in US", *shared[1]), (*shared[0], "in DE", *shared[1])]


def test_a_step_is_called_once_per_distinct_input_also_across_batches(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{use: probe.tidy, reads: {value: country}}, {use: probe.tidy, id: twice, reads: {value: note}}]",
        [{**lead, "note": "US"} for lead in leads("US", "DE", "US", "US", "DE", "FR")],
        batch_size=2,
    )
    assert sorted(calls("tidy")) == ["DE", "FR", "US"]
    assert column(ran) == ["us", "de", "us", "us", "de", "fr"]


@pytest.mark.parametrize(
    ("entry", "asked"),
    [
        ("{use: probe.mine, with: {mark: x}}", 1),
        ("{use: probe.mine, with: {mark: '{{lead.country}}'}}", 1),
        ("{use: probe.mine, with: {mark: '{{lead.id}}'}}", 3),
    ],
)
def test_a_rendered_template_is_part_of_the_input(run: Run, calls: Calls, entry: str, asked: int) -> None:
    run(
        f"flow: [{entry}]",
        leads("US", "US", "US"),
        steps="""
        @step("probe.mine")
        def mine(country: str, *, mark: Template) -> str:
            calls.append(("mine", mark))
            return country
        """,
    )
    assert len(calls("mine")) == asked


def test_the_same_input_with_other_options_is_another_input(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.mine, with: {mark: a}}, {use: probe.mine, writes: {country: note}, with: {mark: b}}]",
        [{"id": "1", "country": None, "note": None}],
        steps="""
        @step("probe.mine")
        def mine(country: str | None, *, mark: str) -> str:
            return mark
        """,
    )
    assert (column(ran), column(ran, "note")) == (["a"], ["b"])


def test_fields_may_be_decided_by_the_options(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: probe.join
            with: {sources: [Country, city], to: note}
            choices:
              - {when: country = 'US'}
              - {when: country = 'DE', with: {sources: [city], to: other}}
        """,
        [{**lead, "city": "X", "note": None, "other": None} for lead in leads("US", "DE")],
        steps="""
        @step("probe.join", reads=lambda options: options["sources"], writes=lambda options: [options["to"]])
        def join(*values: str | None, sources: list[FieldName], to: FieldName) -> str:
            return "+".join(value or "" for value in values)
        """,
    )
    assert [(lead["note"], lead["other"]) for lead in ran.leads] == [("US+X", None), (None, "X")]


def test_fields_decided_by_the_options_may_be_of_any_type() -> None:
    @step("mine.look", reads=("score", "day", "note"), writes=("score",))
    def look(*values: object) -> Mapping[str, str]:
        score, day, note = values
        return {"score": str(note) if (score, day) == (7, date(2024, 5, 1)) else "0"}

    lead = {"score": 7, "day": date(2024, 5, 1)}
    ran = run_step(look, [{**lead, "note": note} for note in ("8", "many")])
    assert [row["score"] for row in ran.leads] == [8, 7]
    assert ran.outcomes == ["changed", "failed:wrong_type"]
    assert 'the answer for score is "many", no integer' in ran.result.details["message"].to_list()


def test_outside_calls_go_through_the_port_of_the_run(run: Run) -> None:
    class Recorder:
        made: ClassVar[list[str]] = []

        def call(self, key: str, send: Callable[[], str]) -> str:
            self.made.append(key)
            return send()

    ran = run(
        ON_COUNTRY,
        leads("US", "US"),
        steps="""
        from lustrum import Calls

        @step("probe.mine")
        def mine(country: str, *, port: Calls) -> str:
            return port.call(country, lambda: country.lower())
        """,
        given=Given("test", START, calls=Recorder()),
    )
    assert (column(ran), Recorder.made) == (["us", "us"], ["US"])


def test_a_step_stays_a_plain_callable_with_its_name_and_documentation() -> None:
    @step("mine.shout")
    def shout(country: str, *, mark: str = "!", text: Template = "") -> str:
        """Shout it."""
        return country.upper() + mark + text

    assert shout("us", mark="?") == "US?"
    assert (shout.__doc__, shout.name) == ("Shout it.", "mine.shout")
    run = run_step(shout, [{"country": "us"}, {"country": "de"}], text=" {{lead.country}}")
    assert run.leads == [{"country": "US! us"}, {"country": "DE! de"}]
