"""Sending the summary of a run to a command or a web hook."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from lustrum_plugins.notify.settings import Settings

COMMAND_SECONDS = 30
WEBHOOK_SECONDS = 10


class NotTold(Exception):
    """Somebody could not be told; the text says who and why, and never where."""


def tell(settings: Settings, told: Mapping[str, Any]) -> None:
    """Tell the command, then the web hook. Raises `NotTold`."""
    text = json.dumps(told, ensure_ascii=False, default=str).encode()
    failures: list[str] = []
    if settings.command:
        failures += _run(settings.command, text)
    if settings.webhook:
        failures += _post(settings.address, text, str(told["run"]))
    if failures:
        raise NotTold("; ".join(failures))


def _run(command: tuple[str, ...], text: bytes) -> list[str]:
    try:
        done = subprocess.run(command, input=text, capture_output=True, timeout=COMMAND_SECONDS, check=False)  # noqa: S603  # the project's owner names it; no shell reads it
    except (OSError, subprocess.TimeoutExpired) as error:
        return [f"the command {command[0]}: {error}"]
    return [f"the command {command[0]} ended with {done.returncode}"] if done.returncode else []


def _post(address: str, text: bytes, run: str) -> list[str]:
    import httpx  # most runs tell nobody

    headers = {"Content-Type": "application/json", "Idempotency-Key": f"lustrum-{run}"}
    try:
        answer = httpx.post(address, content=text, headers=headers, timeout=WEBHOOK_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return [f"the web hook: {type(error).__name__}"]
    return [f"the web hook answered {answer.status_code}"] if answer.is_error else []
