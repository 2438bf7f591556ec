"""What people are shown of a plan and of a run: outlines, dependencies, differences, patterns."""
