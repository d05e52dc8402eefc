"""Tests of the doors without a socket."""
