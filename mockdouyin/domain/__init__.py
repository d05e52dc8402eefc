"""Douyin's rules by subject: logins, tokens, consent, tickets, sharing, messages and others.

Each module has the records of its subject, and functions on a world and a unit of work. It knows
neither paths nor envelopes: `endpoints` calls it for the app's backend, `phone` for the person.
"""
