"""Why the body of a receiver's answer is not JSON, where its look does not tell."""

from __future__ import annotations

from mockdouyin.core.texts import Text
from mockdouyin.domain import _webhook_texts as texts

_GZIP, _BOM = b"\x1f\x8b", b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def why_not_json(body: bytes) -> Text:
    """Describe a body that is not JSON by how it begins."""
    if not body.strip():
        return texts.BODY_EMPTY()
    if body.startswith(_GZIP):
        return texts.BODY_COMPRESSED()
    if body.startswith(_BOM):
        return texts.BODY_MARKED()
    if body.startswith(_UTF16):
        return texts.BODY_UTF16()
    return texts.BODY_NOT_JSON()
