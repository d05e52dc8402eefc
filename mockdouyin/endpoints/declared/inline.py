"""Families of endpoints that are declared outside of the catalogue's files, as in a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mockdouyin.core.endpoint import Endpoint, Family
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.endpoints.declared._error_texts import NOT_A_CALL
from mockdouyin.endpoints.declared.dialects import dialect
from mockdouyin.endpoints.declared.family import described, headers_of, malformed_number
from mockdouyin.endpoints.declared.operation import (
    METHODS,
    EndpointSource,
    Operation,
    Resource,
    ResourceSource,
    TokenKind,
    resource_of,
)

ENVELOPE = "N"
"""The envelope of an endpoint that names none: that of the newer gateway."""

TOKEN: TokenKind = "client"
"""The kind of token of an endpoint that names none."""


def split_call(call: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the methods and the paths of `GET POST /one /other`."""
    words = call.split()
    methods = tuple(word for word in words if word in METHODS)
    paths = tuple(word for word in words if word[:1] == "/")
    if not methods or not paths or words != [*methods, *paths]:
        raise MockDouyinError(NOT_A_CALL(call=call[:200]))
    return methods, paths


def resources_of(sources: Mapping[str, ResourceSource]) -> dict[str, Resource]:
    """Understand the resources; their records are apart from those of the catalogue's families."""
    return {name: resource_of("scenario", name, source) for name, source in sources.items()}


def families_of(
    endpoints: Mapping[str, EndpointSource], resources: Mapping[str, ResourceSource]
) -> Iterator[Family]:
    """Return the families of endpoints that are called `family.name`; they are at every host."""
    families: dict[str, Family] = {}
    understood = resources_of(resources)
    for full_name, source in endpoints.items():
        family_name, _, name = full_name.partition(".")
        token = source.token or TOKEN
        if family_name not in families:
            families[family_name] = _family(family_name)
        family = families[family_name]
        methods, paths = split_call(source.call)
        operation = Operation(full_name, source, understood, token)
        said = described(operation, family, methods, source.basis or "assumed")
        made = Endpoint(family, name, methods, paths, token_headers=headers_of(token), **said)
        family.endpoints.append(made)
    yield from families.values()


def _family(name: str) -> Family:
    spoken = dialect(ENVELOPE)
    return Family(
        name,
        hosts=(),
        envelope=spoken.envelope,
        malformed=malformed_number(spoken.errors),
        errors=spoken.errors,
    )
