"""The kernel: what every rule of the platform is written with.

It holds the clock, ids, errors, the store, HTTP messages, parameters, envelopes, crypto, apps and
people, and the declarations of endpoints and events. It knows no endpoint and no subject of
Douyin's, and no framework, socket, event loop or global state.
"""
