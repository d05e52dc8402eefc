"""Attacks: what strangers, inputs made to do harm, and a store that goes get out of a server."""
