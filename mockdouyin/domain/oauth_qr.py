"""The QR codes of /oauth/get_qrcode/: one screen shows a code and waits, a phone answers."""

from __future__ import annotations

from typing import Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.ids import TAG_LENGTH
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.consent import ConsentRequest, allow

QrStep = Literal["new", "scanned", "confirmed", "refused", "expired"]


class QrCode(Record, frozen=True):
    """A code to be scanned, with what is asked and what came of it."""

    TABLE = "QrCode"

    RETAIN = DAY

    app: str
    scope: str
    redirect_uri: str
    state: str
    optional: tuple[tuple[str, bool], ...]
    status: QrStep = "new"
    person: str = ""
    code: str = ""
    location: str = ""


class QrCount(Record, frozen=True):
    """How many codes an app was given."""

    TABLE = "QrCount"

    RETAIN = FOREVER

    count: int = 0


def issue(world: WorldState, unit: Unit, asked: ConsentRequest) -> tuple[str, QrCode]:
    """Give the token of a new code, and the code."""
    key = asked.app.client_key
    count = (unit.find(QrCount, key) or QrCount()).count + 1
    unit.write(key, QrCount(count=count))
    token = world.ids.tag + world.ids.hex(32 - TAG_LENGTH, "qr_token", key, count) + "_lf"
    made = QrCode(
        app=key,
        scope=asked.scope,
        redirect_uri=asked.redirect_uri,
        state=asked.state,
        optional=asked.optional,
        expires=unit.now + world.settings.qr_code_lifetime,
    )
    unit.write(token, made)
    return token, made


def asked_by(app: App, code: QrCode) -> ConsentRequest:
    """Give what a code of the app asks."""
    return ConsentRequest(app, code.scope, code.redirect_uri, code.state, code.optional)


def status(unit: Unit, code: QrCode | None) -> QrStep:
    """Tell how far a code is: it expires unless it was answered in time."""
    if code is None:
        return "expired"
    answered = code.status in ("confirmed", "refused")
    return code.status if answered or code.expires > unit.now else "expired"


def open_code(unit: Unit, token: str) -> QrCode:
    """Give a code that can still be answered."""
    code = unit.find(QrCode, token)
    now = status(unit, code)
    if code is None or now not in ("new", "scanned"):
        raise NotFoundError(f"the QR code is {now}; fetch another from /oauth/get_qrcode/")
    return code


def scan(unit: Unit, token: str, code: QrCode, person: str = "") -> QrCode:
    """Note that a phone has scanned the code."""
    code = msgspec.structs.replace(code, status="scanned", person=person)
    unit.write(token, code)
    return code


def confirm(
    world: WorldState, unit: Unit, token: str, person: str, ticked: tuple[str, ...]
) -> QrCode:
    """Let the person who scanned the code allow what it asks."""
    code = open_code(unit, token)
    asked = asked_by(world.find_app(code.app), code)
    location, issued = allow(world, unit, asked, person, ticked)
    code = msgspec.structs.replace(
        code, status="confirmed", person=person, code=issued, location=location
    )
    unit.write(token, code)
    return code


def refuse(unit: Unit, token: str, person: str) -> QrCode:
    """Let the person who scanned the code refuse."""
    code = msgspec.structs.replace(open_code(unit, token), status="refused", person=person)
    unit.write(token, code)
    return code
