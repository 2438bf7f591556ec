"""`lustrum plugins`: every plugin, broken ones included."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]

DISABLING = "leads: {from: leads.csv, to: out/leads.csv}\nplugins: {disabled: [off]}\n"


@pytest.fixture
def project(begin: Begin) -> Path:
    """A project with a sound, a broken, a silent, a misspelt and a disabled plugin."""
    return begin(
        {
            "lustrum.yaml": DISABLING,
            "plugins/broken.py": "raise SystemExit('out of order')\n",
            "plugins/silent.py": "x = 1\n",
            "plugins/misspelt.py": "from lustrum import hookimpl\n\n@hookimpl\ndef lustrum_stpes():\n    return []\n",
            "plugins/off.py": "raise RuntimeError('must not be imported')\n",
        }
    )


@pytest.mark.usefixtures("project")
def test_each_plugin_is_told_with_what_it_offers_or_why_not(lustrum: Lustrum) -> None:
    said = lustrum("plugins")
    assert said.code == 0
    assert "\n  steps  demo.tidy, demo.size, demo.note\n  hooks  lustrum_steps\n" in said.out
    assert "broken, plugins/broken.py\n  ERROR  SystemExit: out of order\n" in said.out
    assert "  ERROR  looked at, offers nothing" in said.out
    assert "lustrum_stpes" in said.out
    assert "off, plugins/off.py\n  disabled in lustrum.yaml, not imported\n" in said.out
    assert "connect 0" in said.out


@pytest.mark.usefixtures("project")
def test_json_tells_the_same(lustrum: Lustrum) -> None:
    found = {plugin["name"]: plugin for plugin in json.loads(lustrum("plugins", "--json").out)}
    assert found["demo"]["steps"] == ["demo.tidy", "demo.size", "demo.note"]
    assert found["broken"]["error"] == "SystemExit: out of order"
    assert found["off"] == {
        "name": "off",
        "source": "plugins/off.py",
        "version": "",
        "steps": [],
        "hooks": [],
        "error": None,
        "disabled": True,
    }


def test_another_project_may_be_named(
    lustrum: Lustrum, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "demo" not in lustrum("plugins").out
    assert "plugins/demo.py" in lustrum("plugins", "--project", project).out
