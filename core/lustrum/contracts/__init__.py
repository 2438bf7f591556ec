"""What plugins and the engine promise each other: steps, hooks, sources and sinks, ports."""
