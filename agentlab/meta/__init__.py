"""Who proposes: typed edits, banks of ideas, and a bandit between them."""
