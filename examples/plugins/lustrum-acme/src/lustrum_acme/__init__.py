"""Acme's own steps for lustrum."""

from __future__ import annotations

from lustrum import Step, hookimpl

from lustrum_acme.departments import tidy_department
from lustrum_acme.grades import grade
from lustrum_acme.products import product_line

__all__ = ["grade", "product_line", "tidy_department"]


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer Acme's steps."""
    return [tidy_department, product_line, grade]
