"""The HTTP door: uvicorn's protocol on an event loop of our own, with one ASGI application.

It serves Douyin's paths, the control API under `/_mock` and pages for people. It knows no rule of
Douyin's: it passes requests to a sandbox, and sends back its replies with their delays and faults.
"""
