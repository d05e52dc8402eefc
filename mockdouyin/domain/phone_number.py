"""A person's phone number as the platform writes it before it is sealed."""

from __future__ import annotations

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.world import WorldState


class Watermark(msgspec.Struct):
    """The app that something was sealed for, and when (whole seconds)."""

    appid: str
    timestamp: int


class PhoneNumber(msgspec.Struct):
    """A phone number; the names on the wire are camelCase, and the country code is a string."""

    phoneNumber: str  # noqa: N815 - Douyin's name
    purePhoneNumber: str  # noqa: N815 - Douyin's name
    countryCode: str  # noqa: N815 - Douyin's name
    watermark: Watermark


def phone_number_json(world: WorldState, app: App, name: str, now: float) -> bytes:
    """Return the JSON of a number: with its country code unless that is 86, then without."""
    person = world.people.profile(name)
    full = person.phone
    if person.country_code != "86":
        full = f"+{person.country_code}{person.phone}"
    mark = Watermark(app.client_key, int(now))
    return msgspec.json.encode(PhoneNumber(full, person.phone, person.country_code, mark))
