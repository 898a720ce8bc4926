"""What an agent is told before it proposes: a function of the log, within a number of tokens."""
