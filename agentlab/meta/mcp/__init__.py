"""Proposals by whatever client a person uses, over the Model Context Protocol."""
