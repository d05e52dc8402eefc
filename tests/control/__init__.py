"""Tests of operations, called as functions."""
