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
