"""Who vouches for what: keys, signed envelopes, and what this site asks to be signed."""
