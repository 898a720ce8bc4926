"""Texts to vectors: trusted, by name, the same for every candidate."""
