"""The receiver's examination: what an unfriendly platform might post, what must come of it.

A table of probes, each with messages and a check of the answers. It posts through `delivery` and
needs neither a server nor a sandbox.
"""
