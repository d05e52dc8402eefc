"""Links into a mini-app, as a person opens them at the sandbox's own address."""

from __future__ import annotations

from mockdouyin.domain.app_links import PAGE_PATH


def opened_at(link: str, server: str = "") -> str:
    """Return the address of a link's page at a server."""
    key = link.rpartition("/")[2]
    return f"{server}{PAGE_PATH}?link={key}"
