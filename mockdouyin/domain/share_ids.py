"""Share ids: the webhook of an H5 share names the share by its id once it is published."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import HOUR
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState

LIFETIME = HOUR


class ShareCount(Record, frozen=True):
    """How many share ids an app has been issued."""

    TABLE: ClassVar[str] = "ShareCount"

    count: int = 0


class Share(Record, frozen=True):
    """An issued share id, and what its webhook is to say."""

    TABLE: ClassVar[str] = "Share"

    RETAIN = 24 * HOUR

    app: str
    number: int = 0
    """The number of the share among the app's."""
    need_callback: bool = False
    default_hashtag: str = ""

    @property
    def link(self) -> Link:
        """The share, as what happens with it."""
        return Link("share", self.app, number=self.number)


def find_share(unit: Unit, share_id: str) -> Share | None:
    """Return a share by its id, expired or not."""
    share = unit.find(Share, share_id)
    if share is not None:
        unit.link(share.link)
    return share


def new_share(
    world: WorldState, unit: Unit, app: App, *, need_callback: bool, default_hashtag: str
) -> str:
    """Return a new share id: 16 digits, valid for an hour."""
    counted = unit.read(ShareCount, app.client_key) or ShareCount()
    share_id = world.ids.digits(16, "share_id", app.client_key, counted.count)
    unit.write(app.client_key, msgspec.structs.replace(counted, count=counted.count + 1))
    share = Share(
        app=app.client_key,
        number=counted.count + 1,
        need_callback=need_callback,
        default_hashtag=default_hashtag,
        expires=unit.now + LIFETIME,
    )
    unit.write(share_id, share)
    unit.link(share.link)
    return share_id
