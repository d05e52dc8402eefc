"""Tests of worlds, scenarios and rules."""
