"""From an experiment file to live objects; the one place that chooses classes."""
