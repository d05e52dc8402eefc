"""Every example that the docs show, as a test."""
