"""What users write: campaign and project files, decisions and fixtures, read with the place of every word.

Knows the contracts and the words. Nothing here looks a name up or parses a condition: that is planning.
"""
