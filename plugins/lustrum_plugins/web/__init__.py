"""Speaking HTTP: what the steps that call other systems share."""
