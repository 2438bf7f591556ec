"""The options that say which fields an enrichment may write."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from lustrum import FieldName
from lustrum_plugins.enrich.claims import Overwrite


def _all_taken(names: Any, info: ValidationInfo) -> Any:
    """Refuse a field that is not taken, by the step or by one of its providers, where that is known here."""
    taken = {name for each in info.data.get("providers", ()) for name in each.take}
    taken.update(info.data.get("take", () if taken else names))
    for name in names:
        if name not in taken:
            raise ValueError(f"{name} is not taken; name a field that stands under take:")
    return names


def _weighable(overwrite: Overwrite, info: ValidationInfo) -> Overwrite:
    if overwrite == "less_certain" and not info.data.get("certainties"):
        raise ValueError("nothing says how certain a field is; name the fields that do under certainties:")
    return overwrite


Protected = Annotated[tuple[FieldName, ...], AfterValidator(_all_taken)]
Certainties = Annotated[dict[FieldName, FieldName], Field(min_length=1), AfterValidator(_all_taken)]
OverwriteOption = Annotated[Overwrite, AfterValidator(_weighable)]
