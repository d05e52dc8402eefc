"""A game's key-value storage for each user, with the platform's bounds."""

from __future__ import annotations

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import Record, Unit

KEY_BYTES = 128
PAIR_BYTES = 1024
PAIRS = 128


class UserStorage(Record, frozen=True):
    """What a game stored for one user."""

    TABLE = "UserStorage"

    pairs: dict[str, str]


def stored(unit: Unit, app: App, person: str) -> dict[str, str]:
    """Give the user's pairs."""
    held = unit.read(UserStorage, f"{app.client_key} {person}")
    return dict(held.pairs) if held else {}


def put(unit: Unit, app: App, person: str, pairs: list[tuple[str, str]]) -> None:
    """Store pairs, all of them or none."""
    held = stored(unit, app, person)
    for key, value in pairs:
        _check_key(key)
        size = len(key.encode()) + len(value.encode())
        if size > PAIR_BYTES:
            raise DouyinError("pair_too_long", f"{key!r} and its value are {size} bytes")
        _check_ranking(key, value)
        held[key] = value
    if len(held) > PAIRS:
        raise DouyinError("too_many_pairs", f"the user would have {len(held)} pairs of {PAIRS}")
    unit.write(f"{app.client_key} {person}", UserStorage(pairs=held))


def remove(unit: Unit, app: App, person: str, keys: list[str]) -> None:
    """Remove keys; one that is not there is no error."""
    held = stored(unit, app, person)
    for key in keys:
        _check_key(key)
        held.pop(key, None)
    unit.write(f"{app.client_key} {person}", UserStorage(pairs=held))


def _check_key(key: str) -> None:
    size = len(key.encode())
    if size > KEY_BYTES:
        raise DouyinError("key_too_long", f"a key is {size} bytes, at most {KEY_BYTES}")


def _check_ranking(key: str, value: str) -> None:
    """A value for the ranking is `{"ttgame": {"score": <int>, …}}`."""
    if '"ttgame"' not in value:
        return
    try:
        score = msgspec.json.decode(value)["ttgame"]["score"]
    except (msgspec.DecodeError, KeyError, TypeError):
        score = None
    if isinstance(score, bool) or not isinstance(score, int):
        raise DouyinError("bad_ranking", f"{key!r} has a ttgame value with no whole-number score")
