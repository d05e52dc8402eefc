"""A mini-game's key-value storage for each user, with the platform's limits."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain import texts

MAX_KEY_BYTES = 128
MAX_PAIR_BYTES = 1024
MAX_PAIRS = 128


class UserStorage(Record, frozen=True):
    """What a game stored for one user."""

    TABLE: ClassVar[str] = "UserStorage"

    pairs: dict[str, str]


def stored(unit: Unit, app: App, person: str) -> dict[str, str]:
    """Return the user's key-value pairs."""
    record = unit.read(UserStorage, f"{app.client_key} {person}")
    return dict(record.pairs) if record else {}


def put(unit: Unit, app: App, person: str, pairs: list[tuple[str, str]]) -> None:
    """Store pairs, all of them or none."""
    stored_pairs = stored(unit, app, person)
    for key, value in pairs:
        _check_key(key)
        size = len(key.encode()) + len(value.encode())
        if size > MAX_PAIR_BYTES:
            raise DouyinError(
                "pair_too_long",
                texts.STORAGE_PAIR_TOO_LONG(key=key, size=size, most=MAX_PAIR_BYTES),
            )
        _check_ranking(key, value)
        stored_pairs[key] = value
    if len(stored_pairs) > MAX_PAIRS:
        raise DouyinError(
            "too_many_pairs", texts.STORAGE_FULL(count=len(stored_pairs), most=MAX_PAIRS)
        )
    unit.write(f"{app.client_key} {person}", UserStorage(pairs=stored_pairs))


def remove(unit: Unit, app: App, person: str, keys: list[str]) -> None:
    """Remove keys; unknown ones are ignored."""
    stored_pairs = stored(unit, app, person)
    for key in keys:
        _check_key(key)
        stored_pairs.pop(key, None)
    unit.write(f"{app.client_key} {person}", UserStorage(pairs=stored_pairs))


def _check_key(key: str) -> None:
    size = len(key.encode())
    if size > MAX_KEY_BYTES:
        raise DouyinError(
            "key_too_long", texts.STORAGE_KEY_TOO_LONG(size=size, most=MAX_KEY_BYTES)
        )


def _check_ranking(key: str, value: str) -> None:
    """Refuse a malformed ranking value; a right one is `{"ttgame": {"score": <int>, …}}`."""
    if '"ttgame"' not in value:
        return
    try:
        score = msgspec.json.decode(value)["ttgame"]["score"]
    except (msgspec.DecodeError, KeyError, TypeError):
        score = None
    if isinstance(score, bool) or not isinstance(score, int):
        raise DouyinError("bad_ranking", texts.STORAGE_BAD_RANKING(key=key))
