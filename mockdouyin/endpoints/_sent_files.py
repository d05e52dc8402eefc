"""Files that a call sends, in a form of several parts."""

from __future__ import annotations

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.multipart import File
from mockdouyin.domain import uploads
from mockdouyin.endpoints import _texts as texts


def sent_file(call: Call[Fields], name: str, max_size: int, case: str) -> File:
    """Return the file in a field; refuse an empty one, and with `case` one that is too large."""
    if call.request.too_long:
        raise DouyinError(case, texts.BODY_TOO_LARGE(size=str(call.request.too_long)))
    call.need("bad_params", name)
    file: File = getattr(call.fields, name)
    if not file.size:
        raise DouyinError("bad_params", texts.FILE_EMPTY(name=name))
    if file.size > max_size:
        limit = max_size // uploads.MB
        raise DouyinError(case, texts.FILE_TOO_LARGE(name=name, size=file.size, limit=limit))
    return file
