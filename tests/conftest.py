"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("lustrum", deadline=None, print_blob=True)
settings.load_profile("lustrum")
