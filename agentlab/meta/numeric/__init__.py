"""The numbers of a target as parameters: a search that needs no model and no gradient."""
