"""The engine: one function, `execute(plan, batch, given) -> Result`. It opens no file and knows no plugin by name."""
