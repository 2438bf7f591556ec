"""The words of lustrum: what a lead's data, places, outcomes, conditions and tokens are.

Knows nothing but libraries.
"""
