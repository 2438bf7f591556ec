"""The command line.

Nothing heavy is imported before a command needs it: `lustrum --help` reads no entry points and loads no Polars.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from lustrum.cli.program import program
from lustrum.running import collecting
from lustrum.words.errors import LustrumError, SinkError

INTERRUPTED = 4
BUG = 70
UNHEARD = 141
"""What a program ends with that is killed for writing to who does not read any more."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    collecting.begin()
    code = call(sys.argv[1:] if arguments is None else arguments)
    collecting.end()
    sys.exit(code)


def call(arguments: Sequence[str]) -> int:
    """Call the command line and give its exit code; an error is one clear message, with a traceback after `--debug`."""
    out = sys.stdout
    try:
        code = program.main(list(arguments), prog_name="lustrum", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt) as interrupt:
        return _fail(str(interrupt) or "interrupted", INTERRUPTED)
    except click.UsageError as error:
        error.show()
        return LustrumError.exit_code
    except LustrumError as error:
        return _fail(str(error), error.exit_code)
    except (OSError, sqlite3.Error) as error:
        if "--debug" in arguments:
            raise
        return _fail(f"{error}; mend the disk or folder and run again", SinkError.exit_code)
    except BaseException as error:  # what a library panics with, or leaves the program by, is no end of a run
        if isinstance(error, SystemExit) and sys.stdout is not out:  # click has left, for nobody reads it any more
            return UNHEARD
        if "--debug" in arguments:
            raise
        return _fail(f"{type(error).__name__}: {error}; this is a bug in lustrum: `lustrum --debug …` shows where", BUG)
    return code if isinstance(code, int) else 0


def _fail(message: str, code: int) -> int:
    with suppress(OSError):  # where nobody can hear the reason, the exit code still says it
        click.echo(f"lustrum: {message}" if "\n" not in message else f"lustrum:\n{message}", err=True)
    return code
