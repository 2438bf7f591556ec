"""Secrets: texts that stand in the environment, and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from pydantic import BeforeValidator, WithJsonSchema

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SecretMissing(Exception):
    """The environment lacks a secret, or it cannot be used; the text names the variable and never what it says."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A text of the environment, known by the name of its variable; what it says is read when it is needed."""

    env: str

    def __str__(self) -> str:
        return f"{{env: {self.env}}}"

    def reveal(self) -> str:
        """Give the text without spaces and line ends around. Raises `SecretMissing`."""
        text = os.environ.get(self.env, "").strip()
        if not text:
            raise SecretMissing(f"the environment has no variable {self.env}")
        if not (text.isascii() and text.isprintable()):
            raise SecretMissing(f"the variable {self.env} of the environment has letters that no header can carry")
        return text


def revealed(text: str | Secret) -> str:
    """Give a text, or what a secret says. Raises `SecretMissing`."""
    return text.reveal() if isinstance(text, Secret) else text


def read_secret(value: object) -> Secret:
    """Read `{env: NAME}`. Raises `ValueError`."""
    named = dict(cast("Mapping[object, object]", value)) if isinstance(value, Mapping) else {}
    name = named.get("env")
    if len(named) != 1 or not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError("write a text, or {env: NAME} for a secret of the environment")
    return Secret(name)


def _read(value: object) -> str | Secret:
    return value if isinstance(value, str | Secret) else read_secret(value)


TextOrSecret = Annotated[str | Secret, BeforeValidator(_read), WithJsonSchema({"type": ["string", "object"]})]
