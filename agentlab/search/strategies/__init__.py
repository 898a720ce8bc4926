"""From which candidates the next proposals are made: one strategy per file, chosen by name."""
