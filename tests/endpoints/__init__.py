"""Tests of what Douyin answers."""
