"""`python -m agentlab` is `agentlab`."""

from agentlab.cli.main import main

main()
