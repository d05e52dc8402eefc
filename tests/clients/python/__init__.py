"""Backends in Python, each with another HTTP client, as users write them."""
