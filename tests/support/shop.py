"""The shop of examples/shop as a process of its own, and what its customers do there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.cli.shell import ROOT, environment
from tests.support.waiting import until

PROGRAM = ROOT / "examples" / "shop" / "shop.py"


class Shop:
    """The shop's address, and what its customers do there."""

    def __init__(self, url: str) -> None:
        self.url = url

    def order(self, number: str = "CART-1", item: str = "coffee") -> httpx.Response:
        """Order something."""
        return httpx.post(f"{self.url}/orders/{number}", json={"item": item})

    def shown(self, number: str = "CART-1") -> Any:
        """Return an order, or by `…/refund` its refund, as the shop shows it."""
        return httpx.get(f"{self.url}/orders/{number}").json()

    def refund(self, number: str = "CART-1") -> httpx.Response:
        """Ask for the money back."""
        return httpx.post(f"{self.url}/orders/{number}/refund")

    def listens(self) -> bool:
        """Whether somebody answers."""
        try:
            return bool(self.shown("none"))
        except httpx.TransportError:
            return False


@contextmanager
def open_shop(platform: str, port: int, database: str, **keys: str) -> Iterator[Shop]:
    """Start a shop with an app's APP_ID, SALT and TOKEN, wait until it listens, and stop it."""
    settings = environment(ECPAY_HOST=platform, SHOP_DB=database, **keys)
    with subprocess.Popen([sys.executable, str(PROGRAM), str(port)], env=settings) as process:
        try:
            shop = Shop(f"http://127.0.0.1:{port}")
            until(shop.listens, "the shop listens")
            yield shop
        finally:
            process.terminate()
