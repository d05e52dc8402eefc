"""Attacks: what strangers, and inputs made to do harm, get out of a server."""
