"""How the places of `tasks/hybrid_rank` are made from what is written by hand."""
