"""The endpoints of a world: those that are emulated, and those that its scenario declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import msgspec

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import MockDouyinError, ScenarioError
from mockdouyin.core.texts import Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.declared.operation import EndpointSource, ResourceSource
from mockdouyin.scenario import _declaration_mistake_texts as texts
from mockdouyin.scenario._mistake_texts import ALL
from mockdouyin.scenario.scenario import Scenario
from mockdouyin.scenario.validation import Mistake

MAX_ENDPOINTS, MAX_RESOURCES = 500, 100
"""Endpoints and resources that a scenario declares."""


class Declarations(NamedTuple):
    """What a scenario declares, with what it extends."""

    endpoints: Mapping[str, EndpointSource]
    resources: Mapping[str, ResourceSource]


def catalogue_of(scenario: Scenario, emulated: Catalogue) -> Catalogue:
    """Return the endpoints of a world with this scenario; raise ScenarioError for mistakes."""
    if not scenario.endpoints:
        return emulated
    return extended(Declarations(scenario.endpoints, scenario.resources), emulated)


def extended(declared: Declarations, emulated: Catalogue) -> Catalogue:
    """Return the emulated endpoints with declared ones; raise ScenarioError for mistakes."""
    return _extended(msgspec.json.encode(declared), emulated)


@lru_cache(maxsize=32)
def _extended(declared: bytes, emulated: Catalogue) -> Catalogue:
    """Worlds with equal declarations have one catalogue: rules are analyzed once for each."""
    found = msgspec.json.decode(declared, type=thread_safe(Declarations))
    wrong = list(islice(declaration_mistakes(found, emulated), MAX_DESCRIBED))
    if wrong:
        raise ScenarioError(ALL(each=[_placed(m) for m in wrong]))
    from mockdouyin.endpoints.declared.inline import families_of  # loads PyYAML

    return emulated.extended(families_of(found.endpoints, found.resources))


MAX_DESCRIBED = 20
"""Mistakes in a message of one line."""


def declaration_mistakes(
    declared: Declarations, emulated: Catalogue = CATALOGUE
) -> Iterator[Mistake]:
    """Find everything that is wrong with what is declared."""
    from mockdouyin.scenario._endpoint_mistakes import (
        KnownResource,
        mistakes_of_endpoint,
        mistakes_of_resource,
    )

    resources = {name: KnownResource.of(each) for name, each in declared.resources.items()}
    for name, resource in resources.items():
        for mistake in mistakes_of_resource(name, resource):
            yield mistake._replace(path=("resources", name, *mistake.path))
    for name, source in declared.endpoints.items():
        for mistake in mistakes_of_endpoint(name, source, resources):
            yield mistake._replace(path=("endpoints", name, *mistake.path))
    yield from _collisions(declared.endpoints, emulated)


def _collisions(endpoints: Mapping[str, EndpointSource], emulated: Catalogue) -> Iterator[Mistake]:
    """Find calls that are declared twice, and calls and names that are emulated."""
    owners: dict[tuple[str, str], str] = {}
    for name, source in endpoints.items():
        for method, path in _calls_of(source):
            owner = owners.setdefault((method, path), "")
            if owner:
                says = texts.CALL_TWICE(method=method, path=path, owner=owner)
                yield Mistake(("endpoints", name, "call"), says)
            owners[method, path] = name
        yield from _emulated(name, source, emulated)


def _emulated(name: str, source: EndpointSource, emulated: Catalogue) -> Iterator[Mistake]:
    """Find what is wrong with how a declaration stands to what is emulated."""
    replaced: list[Endpoint] = []
    for method, path in _calls_of(source):
        found = emulated.find(method, path)
        if found is not None:
            replaced.append(found)
            if not source.replaces:
                why = texts.EMULATED_BY(method=method, path=path, name=found.full_name)
                says = texts.ADD_REPLACES(why=why)
                yield Mistake(("endpoints", name, "call"), says)
    if source.replaces and not replaced:
        says = texts.NOTHING_REPLACED(call=source.call[:200])
        yield Mistake(("endpoints", name, "replaces"), says, at_key=True)
    same = emulated.endpoints.get(name)
    if same is not None and (same not in replaced or not _is_whole(same, source)):
        paths = " ".join((*same.methods, *same.paths))
        says = texts.NAME_EMULATED(name=name, paths=paths)
        yield Mistake(("endpoints", name), says, at_key=True)


def _is_whole(endpoint: Endpoint, source: EndpointSource) -> bool:
    """Whether a declaration has all calls of an emulated endpoint."""
    calls = {(method, path.rstrip("/")) for method in endpoint.methods for path in endpoint.paths}
    return calls <= set(_calls_of(source))


def _calls_of(source: EndpointSource) -> list[tuple[str, str]]:
    """Return the methods and paths of a call, without a last slash; none if it is none."""
    from mockdouyin.endpoints.declared.inline import split_call

    try:
        methods, paths = split_call(source.call)
    except MockDouyinError:
        return []
    return [(method, path.rstrip("/")) for method in methods for path in paths]


def _placed(mistake: Mistake) -> Text:
    section, name, *_ = mistake.path
    return texts.IN_PART(section=str(section), name=str(name), says=mistake.says)
