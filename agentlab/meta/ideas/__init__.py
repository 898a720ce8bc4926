"""A bank of recorded proposals, each an edit with its hypothesis, tried by the same gate."""
