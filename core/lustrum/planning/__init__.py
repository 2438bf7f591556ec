"""From files and plugins to a frozen plan: every name resolved, every option validated, every error reported."""
