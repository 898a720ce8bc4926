"""What a person reads of a run: the screen at the end, the report, progress while it goes on."""
