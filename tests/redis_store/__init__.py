"""Worlds in Redis, shared by several replicas."""
