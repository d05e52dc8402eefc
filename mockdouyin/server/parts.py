"""What a sandbox that is served is made with: `Sandbox(**served_parts())`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypedDict

from mockdouyin.core.http import Reply
from mockdouyin.delivery import Dispatcher
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.deliveries import Deliverer
from mockdouyin.server.access import new_token
from mockdouyin.server.app import render_page


class SandboxParts(TypedDict):
    """Arguments of `Sandbox` that come from the rooms above it."""

    deliverer: Callable[[Sandbox], Deliverer]
    render: Callable[[Reply], Reply]
    nonce: Callable[[], str]


def served_parts(webhook_hosts: Iterable[str] = ()) -> SandboxParts:
    """Return a dispatcher, the pages' renderer, and chance that no client can guess.

    Webhooks go to this machine, private networks, and these hosts.
    """
    return {
        "deliverer": partial(Dispatcher, allowed_hosts=tuple(webhook_hosts)),
        "render": render_page,
        "nonce": new_token,
    }
