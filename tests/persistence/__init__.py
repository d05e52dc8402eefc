"""Tests of what is kept on disk, and read again."""
