"""What a step may read, say and raise, as the engine keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

import pytest

from lustrum import Answer, Failed, Skip, Step, Template, step
from lustrum.contracts.signature import StepContractError
from lustrum.engine.given import Given
from lustrum.testing import CampaignRun, run_step
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

WRONG = "failed:step_raised"
"""The outcome where a step's result is of the wrong type."""
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


RAISES = """
@step("probe.mine")
def mine(country: str) -> str:
    calls.append(("mine", country))
    if country == "bad":
        raise ValueError("no such country")
    return country.lower()
"""


def test_a_step_that_raises_fails_for_that_input_only_with_its_place(run: Run, calls: Calls) -> None:
    ran = run("flow: [{use: probe.mine, retry: {attempts: 3}}]", leads("US", "bad", "DE"), steps=RAISES)
    assert ran.outcomes["nightly > probe.mine"] == ["changed", "failed:step_raised", "changed"]
    (row,) = ran.quarantine
    assert row["code"] == "step_raised"
    assert "probe.py:" in row["message"]
    assert "ValueError: no such country" in row["message"]
    assert calls("mine") == ["US", "bad", "DE"], "it is not tried again"


def test_the_memo_does_not_keep_a_crash(run: Run, calls: Calls) -> None:
    run("flow: [{use: probe.mine}]", leads("US", "bad", "US", "bad"), steps=RAISES, batch_size=2)
    assert calls("mine") == ["US", "bad", "bad"]


def test_a_repair_mends_a_lead_whose_step_raised(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.mine, retry: {attempts: 2, repair: mend}}]",
        leads("bad"),
        steps=RAISES,
        children={"mend": "flow: [{use: change.value, with: {field: country, value: GOOD}}]"},
    )
    assert ran.outcomes["nightly > probe.mine"] in (["changed"], ["failed:step_raised"])


@pytest.mark.parametrize("result", ["5", "['US']", "Failed", "Skip", "object()", "b'US'", "Answer(5)"])
def test_a_result_of_the_wrong_type_fails_for_that_input_only(run: Run, result: str) -> None:
    ran = run(
        ON_COUNTRY,
        leads("US", "bad", "DE"),
        steps=f"""
        @step("probe.mine")
        def mine(country: str) -> str:
            return {result} if country == "bad" else country.lower()
        """,
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", WRONG, "changed"]
    assert "probe.py:" in ran.quarantine[0]["message"]
    assert column(ran) == ["us", "bad", "de"]


def test_a_wrong_type_in_an_attribute_fails_for_that_input_only(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.mine}]",
        [{"id": str(row), "country": country, "score": 0} for row, country in enumerate(("US", "bad"))],
        steps="""
        @dataclass(frozen=True)
        class Scored:
            country: str
            score: int

        @step("probe.mine")
        def mine(country: str) -> Scored:
            return Scored(country.lower(), "many" if country == "bad" else 7)
        """,
        files={"lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {score: integer}\n"},
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", WRONG]
    assert [(lead["country"], lead["score"]) for lead in ran.leads] == [("us", 7), ("bad", 0)]


def test_transient_is_raised_never_returned(run: Run) -> None:
    ran = run(
        ON_COUNTRY,
        leads("US"),
        steps="""
        @step("probe.mine")
        def mine(country: str) -> str:
            return Transient("busy")
        """,
    )
    assert ran.outcomes["nightly > probe.mine"] == [WRONG]


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


BATCH = """
@step("probe.mine", reads=["country"], writes=["country"])
def mine(leads: pl.DataFrame) -> pl.DataFrame:
    {body}
"""


def batch_step(run: Run, body: str, *countries: str | None) -> CampaignRun:
    steps = BATCH.format(body="\n    ".join(body.splitlines()))
    return run("flow: [{use: probe.mine, retry: {transient: {attempts: 2}}}]", leads(*countries), steps=steps)


def test_a_batch_step_answers_for_all_leads_at_once(run: Run) -> None:
    ran = batch_step(run, "return leads.select(pl.col('country').str.to_lowercase())", "US", "de", None)
    assert column(ran) == ["us", "de", None]
    assert ran.outcomes["nightly > probe.mine"][:2] == ["changed", "unchanged"]


def test_a_batch_step_fails_for_single_leads_by_code(run: Run) -> None:
    ran = batch_step(
        run,
        "bad = pl.when(pl.col('country') == 'bad')\n"
        "return leads.select(pl.col('country').str.to_lowercase(), bad.then(pl.lit('unknown')).alias('_code'),\n"
        "                    bad.then(pl.lit('nobody knows it')).alias('_message'), pl.lit('why').alias('_reason'))",
        "US",
        "bad",
        "DE",
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", "failed:unknown", "changed"]
    assert [(row["key"], row["message"]) for row in ran.quarantine] == [("2", "nobody knows it")]
    assert column(ran) == ["us", "bad", "de"]
    assert ran.result.trail["reason"].to_list() == ["why", "why"]


def test_a_batch_step_that_raises_for_some_leads_fails_for_those_only(run: Run) -> None:
    ran = batch_step(
        run,
        "if leads.height and 'bad' in leads['country']:\n    raise ValueError('no')\n"
        "return leads.select(pl.col('country').str.to_lowercase())",
        "US",
        "bad",
        "DE",
        "FR",
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", "failed:step_raised", "changed", "changed"]
    assert "probe.py:" in ran.quarantine[0]["message"]


def test_a_batch_step_may_be_busy(run: Run) -> None:
    ran = batch_step(run, "if leads.height:\n    raise Transient('busy', code='busy')\nreturn leads", "US", "DE")
    assert ran.outcomes["nightly > probe.mine"] == ["failed:busy", "failed:busy"]
    assert any(ran.waits)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return leads.head(1) if leads.height else leads", id="too few rows"),
        pytest.param("return pl.concat([leads, leads])", id="too many rows"),
        pytest.param("return leads.select(pl.lit(5).alias('country'))", id="the wrong type"),
        pytest.param("return leads.select(pl.col('country').alias('land'))", id="another column"),
        pytest.param("return leads['country']", id="no frame"),
    ],
)
def test_a_batch_step_whose_answer_does_not_fit_costs_no_more_than_its_leads(run: Run, body: str) -> None:
    """It is refused when loaded, where trying it on no leads shows it, else it fails for its leads."""
    try:
        ran = batch_step(run, body, "US", "DE")
    except ProjectError as error:
        said = str(error)
    else:
        said = str(ran.outcomes)
        assert ran.outcomes["nightly > probe.mine"] == [WRONG] * 2
        assert column(ran) == ["US", "DE"]
    assert "probe.mine" in said


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


async def _asynchronous(country: str) -> str:
    return country


def _without_annotation(name: str) -> Callable[..., object]:
    def function(country: str) -> str:
        return country

    del function.__annotations__[name]
    return function


def _pair(country: str) -> tuple[str, str]:
    return country, country


def _two_kinds(country: str) -> str | int:
    return country


def _of_no_field(country: list[str]) -> str:
    return country[0]


def _of_two_kinds(country: str | int) -> str:
    return str(country)


def _any_options(country: str, **options: str) -> str:
    return country + str(options)


def _says_nothing(country: str) -> Skip | Failed | None:
    return Skip(country)


def _reads_nothing() -> str:
    return "x"


def _takes_any(*values: str) -> str:
    return "".join(values)


def _answers_pairs(country: str) -> Answer[tuple[str, str]]:
    return Answer((country, country))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_without_annotation("return"), "return annotation"),
        (_without_annotation("country"), "without annotation: country"),
        (_asynchronous, "async"),
        (_pair, "tuple"),
        (_two_kinds, "exactly one"),
        (_of_no_field, "country must be one of"),
        (_of_two_kinds, "country must be one of"),
        (_any_options, "name each option"),
        (_says_nothing, "exactly one"),
        (_reads_nothing, "writes="),
        (_takes_any, "reads="),
        (_answers_pairs, "tuple"),
    ],
)
def test_a_function_that_cannot_be_a_step_is_refused_with_the_reason(
    function: Callable[..., object], message: str
) -> None:
    with pytest.raises(StepContractError, match=message):
        Step("mine.wrong", function)
