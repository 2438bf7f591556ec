"""Steps of this family."""
