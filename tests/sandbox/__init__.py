"""Tests of worlds and what meets a request in them."""
