"""The kernel: what the platform's rules in the rooms above are written with.

It holds the clock, ids, errors, the store, HTTP messages, parameters, envelopes, crypto, apps and
people, a world's settings, the journal, the outbox and what masks secrets, and the declarations of
endpoints and events. It contains no endpoint and no business rule of Douyin's, and uses no
framework, socket or event loop.
"""
