"""Interception: Douyin's real host names lead here, for clients whose code nobody changes.

Holds the proxy with its certificate authority, the environment of each runtime, and what `run`
does to a command. It knows the server that answers, and no endpoint.
"""
