"""Running a plan over a source: batches, journal, guards, apply. The only floor that touches the disk and the clock."""
