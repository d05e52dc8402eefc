"""The catalogue: the endpoints of some families, found by route or by name."""

from __future__ import annotations

from collections.abc import Iterator

from mockdouyin.core.endpoint import Endpoint, Family
from mockdouyin.core.errors import MockDouyinError

OBJECT = "{object}"
"""The last part of a declared path that stands for any name."""


class Catalogue:
    """All endpoints of some families, by route and by full name."""

    def __init__(self, *families: Family) -> None:
        self.families = families
        self.endpoints: dict[str, Endpoint] = {}
        self.routes: dict[tuple[str, str], Endpoint] = {}
        for family in families:
            for endpoint in family.endpoints:
                self._add(endpoint)

    def _add(self, endpoint: Endpoint) -> None:
        self.endpoints[endpoint.full_name] = endpoint
        for path in endpoint.paths:
            bare = path.rstrip("/")
            for method in endpoint.methods:
                for form in (path, f"{bare}/" if path == bare else bare):
                    self._route(method, form, path, endpoint)

    def _route(self, method: str, form: str, path: str, endpoint: Endpoint) -> None:
        """Route a path with or without the slash at its end, whichever its docs have.

        Twins at different hosts may differ by that slash alone: then each has its own form.
        """
        holder = self.routes.setdefault((method, form), endpoint)
        if holder is endpoint:
            return
        is_twin = set(holder.family.hosts).isdisjoint(endpoint.family.hosts)
        if not is_twin or (form == path and form in holder.paths):
            raise MockDouyinError(f"{method} {path} is declared twice")
        if form == path:
            self.routes[method, form] = endpoint

    def find(self, method: str, path: str) -> Endpoint | None:
        """Return the endpoint at a path, whose last part may be the name of an object."""
        found = self.routes.get((method, path))
        if found is not None:
            return found
        folder = path.rstrip("/").rpartition("/")[0]
        return self.routes.get((method, f"{folder}/{OBJECT}"))

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self.endpoints.values())

    @property
    def hosts(self) -> list[str]:
        """Every host of Douyin's that serves one of the endpoints, sorted."""
        return sorted({host for family in self.families for host in family.hosts})

    def paths(self) -> dict[str, list[str]]:
        """Return every path with its methods."""
        known: dict[str, list[str]] = {}
        for endpoint in self:
            for path in endpoint.paths:
                known.setdefault(path, []).extend(endpoint.methods)
        return known
