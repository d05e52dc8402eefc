"""A person's phone number as the platform writes it down before sealing it."""

from __future__ import annotations

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.world import WorldState


class Watermark(msgspec.Struct):
    """For which app something was sealed, and when (whole seconds)."""

    appid: str
    timestamp: int


class PhoneNumber(msgspec.Struct):
    """A phone number; the wire's names are camelCase, and the country code is text."""

    phoneNumber: str  # noqa: N815 - Douyin's name
    purePhoneNumber: str  # noqa: N815 - Douyin's name
    countryCode: str  # noqa: N815 - Douyin's name
    watermark: Watermark


def phone_number_json(world: WorldState, app: App, name: str, now: float) -> bytes:
    """Write the number: with its country code where it is a foreign one, then without."""
    person = world.people.profile(name)
    full = person.phone
    if person.country_code != "86":
        full = f"+{person.country_code}{person.phone}"
    mark = Watermark(app.client_key, int(now))
    return msgspec.json.encode(PhoneNumber(full, person.phone, person.country_code, mark))
