"""The catalogue: the endpoints of some families, found by route or by name."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

from mockdouyin.core.endpoint import Endpoint, Family
from mockdouyin.core.errors import MockDouyinError

OBJECT = "{object}"
"""The last part of a declared path that stands for any name."""


class Catalogue:
    """All endpoints of some families, by route and by full name.

    `more` returns further families, which are looked at once somebody asks for what the first ones
    have not, or for everything. Of two endpoints at one route, the first one answers.
    """

    def __init__(
        self, *families: Family, more: Callable[[], Iterable[Family]] = lambda: ()
    ) -> None:
        self._families = families
        self._more = more
        self._lock = threading.Lock()
        self._is_complete = False
        self._endpoints: dict[str, Endpoint] = {}
        self.routes: dict[tuple[str, str], Endpoint] = {}
        """The endpoints of the first families by method and path; all of them, once asked for."""
        self.added: dict[tuple[str, str], Endpoint] = {}
        """Those that it has beyond the catalogue that it extends, likewise."""
        self.replaced: dict[str, Endpoint] = {}
        """The endpoints of that catalogue which no route leads to any more, by full name."""
        for family in families:
            for endpoint in family.endpoints:
                self._add(endpoint)

    @property
    def families(self) -> tuple[Family, ...]:
        """Every family."""
        self._complete()
        return self._families

    @property
    def endpoints(self) -> dict[str, Endpoint]:
        """Every endpoint by its full name."""
        self._complete()
        return self._endpoints

    def named(self, full_name: str) -> Endpoint | None:
        """Return the endpoint of this full name; the further families only if it is not known."""
        found = self._endpoints.get(full_name)
        return found if found or not full_name else self.endpoints.get(full_name)

    def members(self, name: str) -> list[Endpoint]:
        """Return the endpoint of this full name, or else those of the family of this name."""
        found = self.named(name)
        return [found] if found else [each for each in self if each.family.name == name]

    def extended(self, families: Iterable[Family]) -> Catalogue:
        """Return a catalogue with further endpoints, each in place of what was at its routes."""
        made = Catalogue(*families)
        made.added = dict(made.routes)
        made.replaced = {
            name: endpoint
            for name, endpoint in self.endpoints.items()
            if all(route in made.added for route in routes_of(endpoint))
        }
        kept = {n: each for n, each in self.endpoints.items() if n not in made.replaced}
        made._endpoints = {**kept, **made._endpoints}
        made._families += self.families
        made.routes = {**self.routes, **made.added}
        made._is_complete = True
        return made

    def _complete(self) -> None:
        """Add the further families, once."""
        if self._is_complete:
            return
        with self._lock:
            if self._is_complete:
                return
            more = tuple(self._more())
            for family in more:
                for endpoint in family.endpoints:
                    self._add_if_free(endpoint)
            self._families += more
            self._is_complete = True

    def _add_if_free(self, endpoint: Endpoint) -> None:
        """Add an endpoint of a further family, unless another one answers at its routes."""
        if not any(route in self.routes for route in routes_of(endpoint)):
            self._add(endpoint)

    def _add(self, endpoint: Endpoint) -> None:
        if self._endpoints.setdefault(endpoint.full_name, endpoint) is not endpoint:
            raise MockDouyinError(f"{endpoint.full_name} is declared twice")
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
        if found is None and not self._is_complete:
            self._complete()
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


def routes_of(endpoint: Endpoint) -> list[tuple[str, str]]:
    """Return the methods and paths of an endpoint, each with each."""
    return [(method, path) for method in endpoint.methods for path in endpoint.paths]
