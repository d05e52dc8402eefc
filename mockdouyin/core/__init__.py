"""The kernel, which the platform's rules are written with.

It holds the clock, ids, errors, the store, HTTP messages, parameters, envelopes, crypto, apps and
people, and the declarations of endpoints and events. It contains no endpoint and no business rule
of Douyin's, and uses no framework, socket, event loop or global state.
"""
