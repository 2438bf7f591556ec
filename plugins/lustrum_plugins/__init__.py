"""The built-in steps, sources and sinks of lustrum, registered by entry point like everybody's."""
