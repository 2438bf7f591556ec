"""How often each step is right, wrong or silent on tables of real cases, beside the best library for the field."""
