"""Genetic improvement of source code by typed edits: no model, no key."""
