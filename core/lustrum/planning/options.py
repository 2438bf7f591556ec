"""The options of a step at one place of the call tree: tokens filled in, values by their types, templates rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError

from lustrum.contracts.options import holds_conditions
from lustrum.contracts.steps import Step
from lustrum.planning.bindings import RenderedOption
from lustrum.planning.checks import PlaceOf, TokenValues
from lustrum.planning.findings import Findings
from lustrum.planning.plan import Schema
from lustrum.planning.rendering import rendered_option
from lustrum.words.nearest import did_you_mean
from lustrum.words.tokens import TokenError, TokenText, parse_text


class OptionBinder:
    """Binds the options that steps are given at one place; what is wrong goes to the findings."""

    def __init__(
        self, schema: Schema, context: Mapping[str, Any], values: TokenValues, findings: Findings, place_of: PlaceOf
    ) -> None:
        self._schema = schema
        self._context = context
        self._values = values
        self._findings = findings
        self._place_of = place_of

    def templates(self, step: Step, given: Mapping[str, Any]) -> dict[str, TokenText]:
        """Read the options that take tokens of the lead."""
        found: dict[str, TokenText] = {}
        for name, value in given.items():
            if name in step.options.templates and isinstance(value, str):
                try:
                    found[name] = parse_text(value).resolve(self._values)
                except TokenError as error:
                    self._findings.wrong(self._place_of("with", name), str(error))
        return found

    def validated(self, step: Step, given: Mapping[str, Any], texts: Mapping[str, TokenText]) -> dict[str, Any] | None:
        """Give all options of a step by their types, or note what is wrong with them and give None."""
        plain = {
            name: str(texts[name]) if name in texts else self._filled(value, step, name)
            for name, value in given.items()
        }
        try:
            return step.options.validate(plain, self._context)
        except ValidationError as error:
            for detail in error.errors():
                self._note(step, detail["loc"], detail["type"], detail["msg"], detail["input"])
        return None

    def rendered(self, texts: Mapping[str, TokenText]) -> Iterator[RenderedOption]:
        """Give the templates that differ from lead to lead."""
        for name, text in texts.items():
            if text.literal is not None:
                continue
            try:
                yield rendered_option(name, text, self._schema)
            except TokenError as error:
                self._findings.wrong(self._place_of("with", name), str(error))

    def _note(self, step: Step, loc: tuple[int | str, ...], kind: str, message: str, given: object) -> None:
        place = self._place_of("with", *loc)
        known = list(step.options.declared)
        if kind == "extra_forbidden":
            remedy = did_you_mean(str(loc[-1]), known) or f"it has: {', '.join(known) or 'no options'}"
            self._findings.wrong(place, f'{step.name} has no option "{loc[-1]}"', remedy)
        elif kind == "missing":
            self._findings.wrong(place, f'{step.name} needs the option "{loc[-1]}"', "add it under with:")
        else:
            name = ".".join(str(part) for part in loc)
            said = message.removeprefix("Value error, ").replace("Input should ", "it should ")
            self._findings.wrong(place, f'the option "{name}" of {step.name} is "{given}"', said)

    def _filled(self, value: object, step: Step, *path: str | int) -> Any:
        """Fill my, campaign and system tokens into an option that is no template; a condition binds its own."""
        if path[-1] == "when" and holds_conditions(step.options.declared.get(str(path[0]), (None,))[0]):
            return value
        if isinstance(value, Mapping):
            parts = cast("Mapping[str, object]", value)
            return {name: self._filled(part, step, *path, name) for name, part in parts.items()}
        if isinstance(value, list):
            items = cast("list[object]", value)
            return [self._filled(part, step, *path, number) for number, part in enumerate(items)]
        if not isinstance(value, str) or "{{" not in value:
            return value
        try:
            text = parse_text(value).resolve(self._values)
        except TokenError as error:
            self._findings.wrong(self._place_of("with", *path), str(error))
            return value
        if text.literal is None:
            allowed = ", ".join(sorted(step.options.templates)) or "none"
            what = f"{text.tokens[0]} cannot stand in this option of {step.name}"
            self._findings.wrong(self._place_of("with", *path), what, f"options that take lead tokens: {allowed}")
        return value if text.literal is None else text.literal
