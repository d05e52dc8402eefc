"""Tests of the HTTP door, from outside."""
