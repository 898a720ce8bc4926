"""Frames between the trusted side and the candidate: JSON lines, never pickle."""
