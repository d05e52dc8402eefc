"""Douyin's rules by subject: logins, tokens, consent, tickets, sharing, messages and others.

Each module has the records of its subject and functions over a world and a unit of work. It knows
neither paths nor envelopes: `endpoints` and `phone` call it, each from its own side.
"""
