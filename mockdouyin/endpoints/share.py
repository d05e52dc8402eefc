"""Sharing from H5: share ids, by which a webhook reports that a share was published."""

from __future__ import annotations

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.domain.share_ids import new_share
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints.error_tables import tools as tables

share: Family = Family("share", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005)


class ShareFields(TokenFields, kw_only=True):
    """The options of a share."""

    need_callback: bool = False
    source_style_id: str = ""
    default_hashtag: str = ""
    link_param: str = ""


class ShareId(msgspec.Struct):
    """A share id: digits as a string, never a number."""

    share_id: str


@share.endpoint(
    "GET POST",
    "/share-id/",
    doc="dop/develop/openapi/video-management/jump/h5-share",
    basis="documented",
    errors=tables.SHARE_ID,
    scope="aweme.share",
)
def share_id(call: Call[ShareFields]) -> ShareId:
    """Return an id for one share; the event `create_video` carries it when it is published."""
    fields = call.fields
    app = app_of_token(call, "client")
    made = new_share(
        call.world,
        call.unit,
        app,
        need_callback=fields.need_callback,
        default_hashtag=fields.default_hashtag,
    )
    return ShareId(made)
