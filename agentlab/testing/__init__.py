"""Suites that every implementation of a protocol passes, and small worlds to try things on.

The suites need pytest, and nothing else of agentlab imports them.
"""
