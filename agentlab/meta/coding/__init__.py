"""A language model that reads, thinks, edits, tries and submits, as a graph that can be resumed."""
