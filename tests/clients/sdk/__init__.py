"""The official Node SDK, driven through every operation that it has."""
