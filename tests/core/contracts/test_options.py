"""Options: keyword-only parameters, typed, documented and described by one declaration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from lustrum import FieldName, ProjectFile, Template
from lustrum.contracts.options import Options, is_template


def faults(options: Options, given: dict[str, Any], **context: Any) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as error:
        options.validate(given, context)
    return [(detail["loc"], detail["type"]) for detail in error.value.errors()]


def test_texts_become_what_the_annotation_says() -> None:
    options = Options({"times": (int, ...), "exact": (bool, ...), "kind": (Literal["a", "b"], ...)})
    assert options.validate({"times": "3", "exact": "true", "kind": "a"}) == {"times": 3, "exact": True, "kind": "a"}


def test_what_is_left_out_has_its_default() -> None:
    options = Options({"mark": (str, "!"), "limit": (int | None, None), "times": (int, 1)})
    assert options.validate({"times": "2"}) == {"mark": "!", "limit": None, "times": 2}
    assert options.defaults == {"mark": "!", "limit": None, "times": 1}


def test_where_nothing_is_given_what_is_needed_is_missed_and_a_default_judged_where_that_is_asked() -> None:
    assert Options({"mark": (str, "!"), "limit": (int | None, None)}).validate({}) == {"mark": "!", "limit": None}
    assert faults(Options({"mark": (str, "!"), "times": (int, ...)}), {}) == [(("times",), "missing")]
    judged = Annotated[int, Field(gt=0, validate_default=True)]
    assert faults(Options({"times": (judged, 0)}), {}) == [(("times",), "greater_than")]


def test_every_fault_says_which_option() -> None:
    options = Options({"times": (int, ...), "mark": (str, "!")})
    assert faults(options, {"times": "many", "mrak": "?"}) == [
        (("times",), "int_parsing"),
        (("mrak",), "extra_forbidden"),
    ]
    assert faults(options, {}) == [(("times",), "missing")]


def test_a_fault_inside_a_list_has_its_position() -> None:
    assert faults(Options({"points": (list[int], ...)}), {"points": ["1", "x"]}) == [(("points", 1), "int_parsing")]


@pytest.mark.parametrize("name", ["copy", "schema", "json", "validate", "dict", "_x", "model_fields", "class", "items"])
def test_an_option_may_have_any_name(name: str) -> None:
    options = Options({name: (int, 1)})
    assert options.validate({}) == {name: 1}
    assert options.validate({name: "2"}) == {name: 2}
    assert list(options.schema()["properties"]) == [name]


def test_no_options_accept_nothing() -> None:
    assert Options({}).validate({}) == {}
    assert faults(Options({}), {"mark": "!"}) == [(("mark",), "extra_forbidden")]


@pytest.mark.parametrize(
    ("annotation", "template"),
    [
        (Template, True),
        (Template | None, True),
        (None | Template, True),
        (str, False),
        (str | None, False),
        (FieldName, False),
        (Annotated[str, Field(min_length=1)], False),
    ],
)
def test_a_template_is_known_alone_and_in_a_union(annotation: Any, template: bool) -> None:
    assert is_template(annotation) is template
    assert Options({"text": (annotation, "")}).templates == ({"text"} if template else set())


def test_a_field_name_is_taken_in_either_spelling() -> None:
    options = Options({"field": (FieldName, ...)})
    assert (
        options.validate({"field": "First Name"})
        == options.validate({"field": "first_name"})
        == {"field": "first_name"}
    )


def test_a_project_file_is_found_from_the_projects_folder(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    table = tmp_path / "tables" / "regions.csv"
    table.write_text("country,region\n", encoding="utf-8")
    options = Options({"table": (ProjectFile, ...)})
    assert options.validate({"table": "tables/regions.csv"}, {"root": tmp_path}) == {"table": table}
    assert options.validate({"table": str(table)}, {"root": tmp_path}) == {"table": table}
    with pytest.raises(ValidationError, match="lies outside of the project"):
        options.validate({"table": str(table)}, {"root": tmp_path / "elsewhere"})


def test_a_project_file_must_exist(tmp_path: Path) -> None:
    options = Options({"table": (ProjectFile, ...)})
    (tmp_path / "folder").mkdir()
    for missing in ("regions.csv", "folder"):
        with pytest.raises(ValidationError, match=f"there is no file {missing} in the project"):
            options.validate({"table": missing}, {"root": tmp_path})


def test_the_schema_says_types_defaults_and_what_is_needed() -> None:
    options = Options({"format": (Literal["E164", "national"], "E164"), "times": (Annotated[int, Field(ge=1)], ...)})
    schema = options.schema()
    assert schema["properties"]["format"] == {
        "default": "E164",
        "enum": ["E164", "national"],
        "title": "Format",
        "type": "string",
    }
    assert schema["properties"]["times"]["minimum"] == 1
    assert (schema["required"], schema["additionalProperties"]) == (["times"], False)


def test_the_adapter_is_made_once() -> None:
    options = Options({"mark": (str, "!")})
    assert options.adapter is options.adapter


def test_what_is_given_is_not_changed() -> None:
    given: dict[str, object] = {"times": "3"}
    Options({"times": (int, ...), "mark": (str, "!")}).validate(given)
    assert given == {"times": "3"}
