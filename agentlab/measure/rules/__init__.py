"""The keep rules, one file each: what the evidence so far makes of a candidate."""
