"""The words of agentlab: values and protocols, on the standard library and pydantic only."""
