"""Measure mockdouyin against its goals and its peers: `python -m benchmarks`."""
