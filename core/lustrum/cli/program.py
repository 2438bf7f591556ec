"""The program and its commands, each imported when it is called or listed."""

from __future__ import annotations

from importlib import import_module

import click

import lustrum

_COMMANDS = {
    "run": "Take the leads through campaigns: source, engine, guards, sink.",
    "check": "Find everything that can be wrong, reading no lead.",
    "explain": "Show the plan: order, dependencies, fields, retries.",
    "test": "Run the fixtures: given, expected, got.",
    "apply": "Apply a run that a guard stopped, or a dry one.",
    "undo": "Take the last applied run back.",
    "quarantine": "Show what could not be finished, and try it again.",
    "diff": "Show what a run changed, grouped by entry and pattern.",
    "why": "Tell the story of one lead, or of one of its fields, across runs.",
    "journal": "List the runs, and let go of the details of old ones.",
    "forget": "Erase what the project knows of a lead.",
    "steps": "List the installed steps, or show one.",
    "plugins": "List the plugins, broken ones included.",
    "new": "Begin a project.",
}


class _Program(click.Group):
    """Loads a command's module when the command is called; the listing needs none."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=self.list_commands(ctx), ctx=ctx)
        module = import_module(f"lustrum.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(lustrum.__version__, "--version", message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show a traceback where the program itself fails.")
def program(debug: bool) -> None:
    """Clean lead records the way a careful operations team would, in executable campaigns.

    \b
    Exit codes: 0 done; 1 done, but more leads are in quarantine than `allow` says; 2 wrong use or invalid
    project; 3 stopped by a guard or `abort`, nothing applied; 4 interrupted, or another run is at work; 5 the
    source or sink failed.
    """
    del debug
