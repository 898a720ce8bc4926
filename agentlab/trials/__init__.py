"""One trial, the worker that keeps an environment warm, and where trials run."""
