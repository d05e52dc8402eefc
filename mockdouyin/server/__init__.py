"""The HTTP door: uvicorn's protocol on a loop of our own, one plain ASGI callable behind it."""
