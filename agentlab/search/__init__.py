"""The loop: ask a meta-agent, run its candidates, tell what the gate decided."""
