"""Tests of what is noticed about a client."""
