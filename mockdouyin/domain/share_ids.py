"""Shares: an id by which the result of an H5 share is told, once it is published."""

from __future__ import annotations

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import HOUR
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState

LIFETIME = HOUR


class ShareCount(Record, frozen=True):
    """How many share ids an app was given."""

    TABLE = "ShareCount"

    count: int = 0


class Share(Record, frozen=True):
    """A share id that was given out."""

    TABLE = "Share"

    RETAIN = 24 * HOUR

    app: str
    need_callback: bool = False
    default_hashtag: str = ""


def new_share(
    world: WorldState, unit: Unit, app: App, *, need_callback: bool, default_hashtag: str
) -> str:
    """Give a share id of 16 digits, good for an hour."""
    counted = unit.read(ShareCount, app.client_key) or ShareCount()
    share_id = world.ids.digits(16, "share_id", app.client_key, counted.count)
    unit.write(app.client_key, msgspec.structs.replace(counted, count=counted.count + 1))
    share = Share(
        app=app.client_key,
        need_callback=need_callback,
        default_hashtag=default_hashtag,
        expires=unit.now + LIFETIME,
    )
    unit.write(share_id, share)
    return share_id
