"""Interception: requests to Douyin's real hosts are answered here, with no change to the client.

Holds the proxy and its certificate authority, the environment variables of each runtime, and the
process that `run` starts. It knows the server, and no endpoint.
"""
