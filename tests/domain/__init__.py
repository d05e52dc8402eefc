"""Tests of the platform's rules, subject by subject."""
