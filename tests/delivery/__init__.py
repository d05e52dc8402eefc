"""Tests of webhooks on their way out, at real receivers."""
