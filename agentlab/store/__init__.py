"""What a run leaves behind: one database, traces beside it, and Git as a projection of both."""
