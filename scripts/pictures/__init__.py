"""The pictures of docs/measurement.md, one module each; their numbers come from the product."""
