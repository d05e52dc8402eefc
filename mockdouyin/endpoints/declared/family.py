"""Families whose operations are declared in a file, which is read when one of them is needed.

What a family has is known from the lines of its file that name an operation and its call; nothing
is parsed for that. Parsed it is when one of its endpoints is asked for anything else.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import msgspec
import yaml

from mockdouyin.core.endpoint import (
    BODY_LIMIT,
    DOCS,
    FILE_LIMIT,
    OLDER_TOKEN_HEADERS,
    TOKEN_HEADERS,
    Endpoint,
    Family,
)
from mockdouyin.core.envelopes import NOTHING, Envelope
from mockdouyin.core.errors import Basis, ErrorCase, MockDouyinError
from mockdouyin.core.typed import thread_safe
from mockdouyin.endpoints.declared.dialects import dialect
from mockdouyin.endpoints.declared.handler import answer
from mockdouyin.endpoints.declared.operation import (
    Operation,
    OperationSource,
    ResourceSource,
    TokenKind,
    error_of,
    resource_of,
)
from mockdouyin.endpoints.declared.schemas import Described
from mockdouyin.endpoints.declared.types import camel, reply_type, request_type

CALL = re.compile(r"^  (\w+):\n    call: ([A-Z ]+) (/\S*(?: /\S*)*)$", re.ASCII | re.MULTILINE)
"""The two lines with which an operation begins: its name; its methods and paths."""

_HOST = re.compile(r"^host: (\S+)$", re.MULTILINE)

_LOCK = threading.RLock()
"""Two threads may need one family at the same moment."""


class FamilySource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family as its file has it."""

    about: str
    host: str
    envelope: str
    token: TokenKind
    operations: dict[str, OperationSource]
    docs: str = ""
    """What all addresses of its docs pages begin with."""
    basis: Basis = "documented"
    errors: tuple[str, ...] = ()
    """Errors that all of its operations have."""
    resources: dict[str, ResourceSource | str] = {}
    """What operations create, change and list; a name, as `coupons.coupon`, if it is another's."""


def read_source(text: str) -> Any:
    """Parse YAML in which every plain value is a text."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - it makes texts, lists and dicts only


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class DeclaredFamily(Family):
    """A family that a file declares."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._text: str = path.read_text(encoding="utf-8")
        host = _HOST.search(self._text)
        if host is None:
            raise MockDouyinError(f"{path.name} names no host")
        self.name: str = path.stem
        self.hosts: tuple[str, ...] = (host[1],)
        self.endpoints: list[Endpoint] = [
            DeclaredEndpoint(self, name, tuple(methods.split()), tuple(paths.split()))
            for name, methods, paths in CALL.findall(self._text)
        ]
        self.forms = False

    @cached_property
    def source(self) -> FamilySource:
        """What its file says."""
        try:
            return msgspec.convert(
                read_source(self._text), thread_safe(FamilySource), strict=False
            )
        except (yaml.YAMLError, msgspec.ValidationError) as error:
            raise MockDouyinError(f"{self._path.name}: {error}") from None

    @property
    def title(self) -> str:
        """What it is for, in Chinese."""
        return self.source.about

    @cached_property
    def resources(self) -> dict[str, Any]:
        """What its operations create, change and list."""
        return {name: self._resource(name, each) for name, each in self.source.resources.items()}

    def _resource(self, name: str, source: ResourceSource | str) -> Any:
        if isinstance(source, ResourceSource):
            return resource_of(self.name, name, source)
        family, _, other = source.partition(".")
        return family_at(self._path.with_name(f"{family}.yaml")).resources[other]

    def __getattr__(self, name: str) -> Any:
        """Read what a family has beside names and hosts."""
        if name not in ("envelope", "errors", "malformed", "token_headers"):
            raise AttributeError(name)
        spoken = dialect(self.source.envelope)
        self.envelope: Envelope = spoken.envelope
        own = [error_of(each, self.source.basis) for each in self.source.errors]
        self.errors: tuple[ErrorCase, ...] = merged(spoken.errors, own)
        self.malformed: int = malformed_number(self.errors)
        self.token_headers: tuple[str, ...] = headers_of(self.source.token)
        return self.__dict__[name]


@cache
def family_at(path: Path) -> DeclaredFamily:
    """Return the family that a file declares; whoever shares a resource of it needs it, too."""
    return DeclaredFamily(path)


def merged(common: tuple[ErrorCase, ...], own: list[ErrorCase]) -> tuple[ErrorCase, ...]:
    """Return common errors with those of one's own, which win by name."""
    names = {case.name for case in own}
    return (*(case for case in common if case.name not in names), *own)


class DeclaredEndpoint(Endpoint):
    """An endpoint of which little more than the route is known before its family is read."""

    def __init__(
        self, family: DeclaredFamily, name: str, methods: tuple[str, ...], paths: tuple[str, ...]
    ) -> None:
        self.family = family
        self.name = name
        self.full_name: str = f"{family.name}.{name}"
        self.methods = methods
        self.paths = paths

    def __getattr__(self, name: str) -> Any:
        """Read the declaration when anything of it is asked for."""
        if name.startswith("__") or "operation" in self.__dict__:
            raise AttributeError(name)
        with _LOCK:
            if "operation" not in self.__dict__:
                self._read()
        return getattr(self, name)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters."""
        takes = self.operation.takes.fields
        return (*takes, "access_token") if self.takes_token else tuple(takes)

    @property
    def takes_token(self) -> bool:
        """Whether it needs a token."""
        return self.operation.token != "none"

    @property
    def note(self) -> str:
        """Where its answer differs from what the docs show, in Chinese; mostly empty."""
        source = self.operation.source
        return source.note if isinstance(source, OperationSource) else ""

    @property
    def takes_file(self) -> bool:
        """Whether a file is sent to it, in a form of several parts."""
        return self.operation.takes_file

    def _read(self) -> None:
        family: DeclaredFamily = self.family  # type: ignore[assignment]
        source = family.source.operations[self.name]
        operation = Operation(self.full_name, source, family.resources, family.source.token)
        basis = source.basis or family.source.basis
        said = described(operation, family, self.methods, basis, family.source.docs)
        Endpoint.__init__(self, family, self.name, self.methods, self.paths, **said)
        self.operation: Operation = operation


def described(
    operation: Operation, family: Family, methods: tuple[str, ...], basis: Basis, docs: str = ""
) -> dict[str, Any]:
    """Return what a declared operation says of its endpoint, for `Endpoint`."""
    source = operation.source
    spoken = dialect(source.envelope) if source.envelope else None
    common = spoken.errors if spoken else family.errors
    errors = merged(common, [error_of(each, basis) for each in source.errors])
    return {
        "handler": partial(_answer, operation),
        "types": partial(_types, operation),
        "about": source.about,
        "doc": doc_address(docs, source.doc),
        "basis": basis,
        "errors": errors,
        "envelope": spoken.envelope if spoken else None,
        "malformed": malformed_number(errors),
        "empty": NOTHING,
        "scope": source.scope,
        "state": operation.state,
        "body_limit": FILE_LIMIT if operation.takes_file else BODY_LIMIT,
        "described": Described(operation.name, operation),
    }


def malformed_number(errors: tuple[ErrorCase, ...]) -> int:
    """Return the number with which a call is refused that cannot be parsed."""
    return next(case.code for case in errors if case.name == "bad_params")


def doc_address(docs: str, doc: str) -> str:
    """Return the address of a docs page of which a family's file has the end."""
    if not doc or doc.startswith("http"):
        return doc
    return doc if not docs else f"{docs if docs.startswith('http') else DOCS + docs}{doc}"


def _answer(operation: Operation, call: Any) -> Any:
    return answer(call, operation)


def headers_of(token: TokenKind) -> tuple[str, ...]:
    """Return the headers in which the docs put a token of this kind."""
    return OLDER_TOKEN_HEADERS if token == "app" else TOKEN_HEADERS


def _types(operation: Operation) -> tuple[type[Any], type]:
    name = camel(operation.name)
    request = request_type(f"{name}Request", operation.takes, token=operation.token != "none")
    told = operation.told
    return request, type(None) if told is None else reply_type(f"{name}Reply", told)


def families(folder: Path) -> Iterator[DeclaredFamily]:
    """Return the families that a folder's files declare."""
    for path in sorted(folder.glob("*.yaml")):
        yield family_at(path)
