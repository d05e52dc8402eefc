"""The QR codes of /oauth/get_qrcode/: a page shows a code and polls it, a phone answers."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.ids import TAG_LENGTH
from mockdouyin.core.links import Link
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain._error_texts import QR_CODE_NOW
from mockdouyin.domain.consent import ConsentRequest, allow

QrStep = Literal["new", "scanned", "confirmed", "refused", "expired"]


class QrCode(Record, frozen=True):
    """A QR code: what the app asks for, and how the person answered."""

    TABLE: ClassVar[str] = "QrCode"

    RETAIN = DAY

    app: str
    scope: str
    redirect_uri: str
    state: str
    optional: tuple[tuple[str, bool], ...]
    number: int = 0
    """The number of the code among the app's."""
    status: QrStep = "new"
    person: str = ""
    code: str = ""
    location: str = ""

    @property
    def link(self) -> Link:
        """The code, as what happens with it."""
        return Link("qr", self.app, number=self.number)


class QrCount(Record, frozen=True):
    """How many QR codes an app has been issued."""

    TABLE: ClassVar[str] = "QrCount"

    RETAIN = FOREVER

    count: int = 0


def issue(world: WorldState, unit: Unit, asked: ConsentRequest) -> tuple[str, QrCode]:
    """Create a QR code; return its token and record."""
    key = asked.app.client_key
    count = (unit.find(QrCount, key) or QrCount()).count + 1
    unit.write(key, QrCount(count=count))
    token = world.ids.tag + world.ids.hex(32 - TAG_LENGTH, "qr_token", key, count) + "_lf"
    code = QrCode(
        app=key,
        scope=asked.scope,
        redirect_uri=asked.redirect_uri,
        state=asked.state,
        optional=asked.optional,
        number=count,
        expires=unit.now + world.settings.qr_code_lifetime,
    )
    unit.write(token, code)
    unit.link(code.link)
    return token, code


def find_code(unit: Unit, token: str) -> QrCode | None:
    """Return a QR code by its token, in whatever state it is."""
    code = unit.find(QrCode, token)
    if code is not None:
        unit.link(code.link)
    return code


def asked_by(app: App, code: QrCode) -> ConsentRequest:
    """Return what a QR code of the app asks for."""
    return ConsentRequest(app, code.scope, code.redirect_uri, code.state, code.optional)


def status(unit: Unit, code: QrCode | None) -> QrStep:
    """Return the status of a QR code now: an unanswered one expires."""
    if code is None:
        return "expired"
    answered = code.status in ("confirmed", "refused")
    return code.status if answered or code.expires > unit.now else "expired"


def open_code(unit: Unit, token: str) -> QrCode:
    """Return a QR code that can still be answered."""
    code = find_code(unit, token)
    now = status(unit, code)
    if code is None or now not in ("new", "scanned"):
        raise NotFoundError(QR_CODE_NOW(now=now))
    return code


def scan(unit: Unit, token: str, code: QrCode, person: str = "") -> QrCode:
    """Record that a phone has scanned the code."""
    code = msgspec.structs.replace(code, status="scanned", person=person)
    unit.write(token, code)
    return code


def confirm(
    world: WorldState, unit: Unit, token: str, person: str, ticked: tuple[str, ...]
) -> QrCode:
    """Record that the person who scanned the code allows what it asks for."""
    code = open_code(unit, token)
    asked = asked_by(world.find_app(code.app), code)
    location, issued = allow(world, unit, asked, person, ticked)
    code = msgspec.structs.replace(
        code, status="confirmed", person=person, code=issued, location=location
    )
    unit.write(token, code)
    return code


def refuse(unit: Unit, token: str, person: str) -> QrCode:
    """Record that the person who scanned the code refuses."""
    code = msgspec.structs.replace(open_code(unit, token), status="refused", person=person)
    unit.write(token, code)
    return code
