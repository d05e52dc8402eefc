"""Douyin's rules as plain Python: no framework, no socket, no wall clock, no global state."""
