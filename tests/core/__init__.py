"""Douyin's rules as plain Python."""
