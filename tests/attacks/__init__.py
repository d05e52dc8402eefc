"""Attacks: what strangers, heavy input, and a store that goes and comes do to a server."""
