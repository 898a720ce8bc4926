"""Proposals by any coding agent that has a command line."""
