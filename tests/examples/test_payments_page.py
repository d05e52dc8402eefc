"""The page on payment, and its Chinese twin, name every scenario and event of payment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockdouyin.domain.payment_callbacks import ECPAY
from mockdouyin.domain.trade_callbacks import TRADE
from mockdouyin.scenario.scenario_files import names
from tests.cli.shell import ROOT

EVENTS = (*ECPAY.events, *TRADE.events)
PAGES = {lang: ROOT / "docs" / f"payments{lang}.md" for lang in ("", ".zh")}


@pytest.mark.parametrize("page", PAGES.values(), ids=["en", "zh"])
def test_every_scenario_and_event_of_payment_is_named(page: Path) -> None:
    """A page explains each scenario in a row of its own, and names each event."""
    text = page.read_text(encoding="utf-8")
    about_payment = ("payment-", "refund-", "settle-")
    named = [name for name in names() if name.startswith(about_payment)]

    assert len(named) == 9
    assert [name for name in named if f"\n| `{name}` | " not in text] == []
    assert [event for event in EVENTS if f"`{event}`" not in text] == []


def test_every_event_of_payment_has_its_cause() -> None:
    """The page on webhooks tells what sends each callback of payment."""
    rows = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")

    assert [event for event in EVENTS if not re.search(rf"^\|.*`{event}`", rows, re.M)] == []
