"""Tests of the receiver's examination."""
