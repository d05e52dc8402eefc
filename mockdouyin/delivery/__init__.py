"""Webhooks on their way out: allowed addresses, kept connections, and the dispatcher.

A URL is resolved once and the address that was checked is dialled; link-local and metadata
addresses never are, redirects are not followed. It needs no server, and knows no HTTP of ours.
"""

from mockdouyin.delivery._addresses import AddressError, CheckedTarget, check_address, checked_host
from mockdouyin.delivery._answers import MAX_ANSWER, ReceiverAnswer
from mockdouyin.delivery._async_sender import AsyncSender, CheckedTransport
from mockdouyin.delivery._connection import Connection, Term, tls_context

__all__ = [
    "MAX_ANSWER",
    "AddressError",
    "ReceiverAnswer",
    "CheckedTransport",
    "AsyncSender",
    "Connection",
    "CheckedTarget",
    "Term",
    "check_address",
    "checked_host",
    "tls_context",
]
