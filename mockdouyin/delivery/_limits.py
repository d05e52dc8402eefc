"""What callers of the dispatcher may change, and what they see when it stops."""

from __future__ import annotations

from mockdouyin.delivery._texts import SERVER_STOPPED

TIMEOUT = 5.0
"""Seconds of real time that a receiver has, from looking up its host to the last byte read.

Douyin hangs up after 5 s.
"""

ADVANCE_TIMEOUT = 30.0
"""Seconds of real time that `advance` may take to run what falls due."""

STOPPED = SERVER_STOPPED()
"""The error of an attempt that a stop has ended."""
