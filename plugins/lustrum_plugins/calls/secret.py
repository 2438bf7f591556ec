"""Secrets: texts that stand in the environment, and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

_Name = Annotated[str, Field(pattern=r"\A[A-Za-z_][A-Za-z0-9_]*\z")]


@dataclass(frozen=True, slots=True)
class Secret:
    """A text of the environment, known by the name of its variable; what it says is read when it is needed."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    env: _Name

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


class SecretMissing(Exception):
    """The environment lacks a secret; the text names the variable."""


def revealed(text: str | Secret) -> str:
    """Give a text, or what a secret says."""
    return text.reveal() if isinstance(text, Secret) else text
