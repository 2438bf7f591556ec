"""Where leads and activities come from and go to, as a project says it."""

from __future__ import annotations

import os.path
from pathlib import Path


def located(root: Path, declared: str) -> str:
    """Give a path from the project's folder; an address stays as it is, but for one that begins with `./` or `../`.

    >>> located(Path("/crm"), "in/leads.csv"), located(Path("/crm"), "s3://bucket/leads.csv")
    ('/crm/in/leads.csv', 's3://bucket/leads.csv')
    >>> located(Path("/crm"), "sqlite://./crm.db#leads")
    'sqlite:///crm/crm.db#leads'
    """
    scheme, is_address, rest = declared.partition("://")
    if not is_address:
        return os.path.normpath(root / declared)
    if rest.startswith(("./", "../")):
        return f"{scheme}://{os.path.normpath(root.resolve() / rest)}"
    return declared


def noted(root: Path, location: str) -> str:
    """Give what `located` finds again where the project's folder has been copied or moved with what stands in it.

    A path that is not whole is one from the working folder.

    >>> noted(Path("/crm"), "/crm/out/leads.csv"), noted(Path("/crm"), "/elsewhere/leads.csv")
    ('out/leads.csv', '/elsewhere/leads.csv')
    >>> noted(Path("/crm"), "sqlite:///crm/crm.db#leads"), noted(Path("/crm"), "s3://bucket/leads.csv")
    ('sqlite://./crm.db#leads', 's3://bucket/leads.csv')
    """
    scheme, is_address, rest = location.rpartition("://")
    whole = rest if is_address else os.path.normpath(Path.cwd() / rest)
    for folder in (os.path.normpath(Path.cwd() / root), str(root.resolve())):
        within = whole.removeprefix(f"{folder}/")
        if within != whole:
            return f"{scheme}://./{within}" if is_address else within
    return location if is_address else whole
