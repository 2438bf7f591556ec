from __future__ import annotations

from typing import Annotated

import pytest

from lustrum.files.validation import Count, Field, FileModel, Text, one_of, validate, wrong
from lustrum.files.yaml import read_yaml
from lustrum.words.errors import ProjectError


class Wheel(FileModel):
    size: Count = 1
    spokes: Count | None = None


class Car(FileModel):
    colour: Annotated[Text, one_of("colour", "red", "green", prefixes=("light ",))]
    wheels: tuple[Wheel, ...] = ()
    weight: float | None = None
    field: Field = "a"


def problems(text: str) -> list[str]:
    with pytest.raises(ProjectError) as raised:
        validate(Car, read_yaml(text, "car.yaml"))
    return str(raised.value).splitlines()


def test_what_is_right_becomes_the_model() -> None:
    car = validate(Car, read_yaml("colour: light blue\nwheels: [{size: 017}]\nfield: First Name", "car.yaml"))
    assert (car.colour, car.wheels, car.field) == ("light blue", (Wheel(size=17),), "first_name")


@pytest.mark.parametrize("key", ["<>", "<size>", "[key]"])
def test_a_key_may_look_like_anything(key: str) -> None:
    assert problems(f"colour: red\n'{key}': 3") == [
        f'car.yaml:2: unknown key "{key}"; known: colour, wheels, weight, field'
    ]


def test_all_problems_are_told_in_the_order_of_their_lines() -> None:
    assert problems("color: red\nwheels:\n  - {size: big}\n  - {seize: 3}\n  - {}\nfield: '?'") == [
        'car.yaml:1: missing key "colour"; add it',
        'car.yaml:1: unknown key "color"; did you mean "colour"?',
        'car.yaml:3: "size" must be a whole number, not "big"',
        'car.yaml:4: unknown key "seize" in item 2 of "wheels"; did you mean "size"?',
        'car.yaml:6: "?" is no name of a field; use letters or digits',
    ]


def test_a_key_far_from_all_known_ones_is_answered_with_them() -> None:
    assert problems("colour: red\nzzz: 1") == ['car.yaml:2: unknown key "zzz"; known: colour, wheels, weight, field']


def test_a_word_is_answered_with_the_nearest_or_with_all() -> None:
    assert problems("colour: grean") == ['car.yaml:1: "grean" is no colour; did you mean "green"?']
    assert problems("colour: x") == ['car.yaml:1: "x" is no colour; write one of: red, green, light …']


@pytest.mark.parametrize("number", ["-1", "1.0", "1_000", " ", "٣", "9" * 5000])
def test_a_whole_number_is_written_in_digits(number: str) -> None:
    expected = [f'car.yaml:2: "size" must be a whole number, not "{number}"']
    assert problems(f"colour: red\nwheels: [{{size: '{number}'}}]") == expected


def test_an_empty_value_is_never_taken_for_a_missing_one() -> None:
    assert problems("colour: red\nwheels: [{spokes: }]") == [
        'car.yaml:2: "spokes" is empty; give it a value or leave the key out'
    ]


def test_an_error_of_a_kind_unknown_to_us_is_told_all_the_same() -> None:
    assert problems("colour: red\nweight: [1]") == ['car.yaml:2: "weight" must be a valid number, not a list']


def test_a_validator_may_point_at_a_part() -> None:
    error = wrong("is wrong", "mend it", at=["a", 1], subject=True)
    assert error.context == {"what": "is wrong", "remedy": "mend it", "at": ("a", 1), "subject": True}
