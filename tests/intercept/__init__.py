"""Interception, and what is left of it afterwards."""
