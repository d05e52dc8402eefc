"""The way out: posts go to this machine and private networks, and to hosts allowed by name.

A URL is checked once, with every address that its host has at that moment; what was checked is
what is dialled, whatever the name resolves to by then. Link-local and metadata addresses are
never dialled. Redirects are not followed, proxies not asked, and answers read up to a limit.
"""

from mockdouyin.delivery.addresses import AddressError, Target, check_address, checked_host
from mockdouyin.delivery.answers import MOST, Answer
from mockdouyin.delivery.async_sender import CheckedTransport, Courier
from mockdouyin.delivery.connection import Line, Term, tls_context

__all__ = [
    "MOST",
    "AddressError",
    "Answer",
    "CheckedTransport",
    "Courier",
    "Line",
    "Target",
    "Term",
    "check_address",
    "checked_host",
    "tls_context",
]
