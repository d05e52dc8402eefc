"""Tests of scenario files and their rules."""
