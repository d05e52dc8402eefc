"""The catalogue: the endpoints of some families, found by route or by name."""

from __future__ import annotations

from collections.abc import Iterator

from mockdouyin.core.endpoint import Endpoint, Family
from mockdouyin.core.errors import MockDouyinError


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
            for method in endpoint.methods:
                for form in (path.rstrip("/"), path.rstrip("/") + "/"):
                    if self.routes.setdefault((method, form), endpoint) is not endpoint:
                        raise MockDouyinError(f"{method} {path} is declared twice")

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
