"""The index of worlds in Redis: which exist, and which of them has an app key or a tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._shared_world import SharedStore


class WorldIndex:
    """Three hashes that all replicas share: names to tags, app keys to names, tags to names."""

    def __init__(self, redis: RedisConnection) -> None:
        self._redis = redis
        # One hash tag for all three, so that a script may change them in one step.
        self._prefix = f"{redis.prefix}{{*}}:"
        self._hashes = [self._prefix + each for each in ("names", "keys", "tags")]
        self._names, self._app_keys, self._tags = self._hashes

    def names(self) -> list[str]:
        """Return the names of all living worlds."""
        return [name.decode() for name in self._redis.call("HKEYS", self._names)]

    def count(self) -> int:
        """Return the number of living worlds."""
        return int(self._redis.call("HLEN", self._names))

    def __contains__(self, name: str) -> bool:
        return bool(self._redis.call("HEXISTS", self._names, name))

    def next_number(self) -> int:
        """Count up, and return the number for the next world that gets a generated name."""
        return int(self._redis.call("INCR", self._prefix + "made"))

    def world_of_app(self, client_key: str) -> str | None:
        """Return the name of the world that has the app key."""
        return self._look_up(self._app_keys, client_key)

    def world_of_tag(self, tag: str) -> str | None:
        """Return the name of the world with this tag."""
        return self._look_up(self._tags, tag)

    def _look_up(self, index: str, value: str) -> str | None:
        if not value:
            return None
        name = self._redis.call("HGET", index, value.encode("utf-8", "replace"))
        return None if name is None else str(name.decode())

    def claim(
        self, name: str, keys: Iterable[str], *, new_tag: str = "", retry: bool = True
    ) -> tuple[str, str] | None:
        """Enter app keys of a world, and the world itself if it is new: all of it or nothing.

        Return the app key that is taken and the world that has it. The key is empty if the name is
        taken.
        """
        command = _scripts.CLAIM_KEYS(self._hashes, name, new_tag, *keys)
        refused = self._redis.call(*command, retry=retry)
        if not refused:
            return None
        key, holder = refused
        return key.decode(), holder.decode()

    def release(self, name: str, tag: str, keys: Iterable[str]) -> None:
        """Remove a world, its tag and its app keys."""
        self._redis.call(*_scripts.RELEASE_KEYS(self._hashes, name, tag, *keys))

    def about(self, names: Iterable[str], *fields: str) -> Iterator[tuple[str, list[Any]]]:
        """Yield worlds with their version and further fields, fetched in one round trip."""
        names = list(names)
        abouts = (SharedStore(self._redis, name).key("about") for name in names)
        replies = self._redis.call_many(
            *(("HMGET", about, "version", *fields) for about in abouts)
        )
        for name, (version, *values) in zip(names, replies, strict=True):
            if version is not None:  # else it has ended since its name was read
                yield name, [version.decode(), *values]
