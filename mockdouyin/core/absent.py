"""Why a call lacks a parameter that it needs."""

from __future__ import annotations

import re

from mockdouyin.core import _texts as texts
from mockdouyin.core.http import Request
from mockdouyin.core.parameters import parameters
from mockdouyin.core.texts import Text


def describe_absent(request: Request, name: str) -> Text:
    """Describe a parameter that is missing, empty or 0, or why all of them are missing."""
    sent = parameters(request).get(name)
    if sent in (0, "0") and not isinstance(sent, bool):
        return texts.FIELD_ZERO(name=name)
    if request.query or request.streamed is not None:
        return texts.FIELD_EMPTY(name=name)
    body = request.body[:_BEGINNING].strip()
    if not body:
        return texts.NOTHING_SENT(name=name)
    if _JSON_AS_NAME.match(body):
        return texts.JSON_AS_NAME(name=name)
    return texts.FIELD_EMPTY(name=name)


_BEGINNING = 100
"""Bytes of a body that show what it is."""

_JSON_AS_NAME = re.compile(rb"%7b(%0a|%0d|\+|%20)*%22", re.IGNORECASE)
"""How a form begins whose only name is JSON: qs, http_build_query and others encode it so."""
