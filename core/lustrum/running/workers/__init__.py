"""Worker processes: the batches of a run taken through beside each other, and apart from what they may break."""
