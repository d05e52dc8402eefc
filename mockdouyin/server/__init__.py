"""The HTTP door: uvicorn's protocol on an event loop of our own, one ASGI application behind it.

Serves Douyin's paths, the control API under `/_mock` and pages for people. It decides nothing
about Douyin: it carries requests to a sandbox and answers, delays and faults back.
"""
