"""What a package of a ranker brings along: copied as it stands, so it imports nothing of ours."""
