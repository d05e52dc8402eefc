"""The rule and the declaration that answer a call which nothing answers, ready to be pasted."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import DOCS
from mockdouyin.core.ids import Ids
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.declared.dialects import dialect
from mockdouyin.endpoints.declared.notation import parse
from mockdouyin.endpoints.declared.operation import METHODS, PATH, TokenKind
from mockdouyin.endpoints.declared.schemas import EXAMPLE_TIME
from mockdouyin.endpoints.declared.values import Values

_LIFE = "/goodlife/"
"""What the paths of local services begin with; they have an envelope of their own."""

_NAMELESS = "mine.call"

_WORD = re.compile(r"[a-z0-9]+")
_PLAIN_KEY = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_UNSPEAKING = re.compile(r"v[0-9]+|api|apps|openapi|douyin", re.ASCII)
"""Segments that tell nothing of what a call is about."""


class NotEmulated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a call of Douyin's that is not emulated."""

    title: str = ""
    doc: str = ""
    """The end of the address of its docs page."""
    token: TokenKind = "client"
    envelope: str = ""
    gives: dict[str, Any] = {}
    """The fields of its payload, in the notation of declared operations."""

    @property
    def page(self) -> str:
        """The address of its docs page; empty if it is not known."""
        return self.doc and DOCS + self.doc


@cache
def _calls() -> dict[str, NotEmulated]:
    return msgspec.json.decode(
        resources.text("not_emulated.json"), type=thread_safe(dict[str, NotEmulated])
    )


def find_call(method: str, path: str) -> NotEmulated:
    """Return what is known of a call, perhaps nothing."""
    return _calls().get(f"{method} {path.rstrip('/')}") or NotEmulated()


def describe_call(method: str, path: str) -> Text | str:
    """Return the title and the docs page of a call of Douyin's; empty if neither is known."""
    known = find_call(method, path)
    if known.title and known.page:
        return texts.PATH_TITLE_AND_PAGE(title=known.title, page=known.page)
    return known.title or known.page


class Ways(NamedTuple):
    """How a call may be answered."""

    rule: str
    """A rule, in one line."""
    scenario: str
    """The declaration of an endpoint, as a scenario has it."""


@lru_cache(maxsize=256)
def ways_to_answer(method: str, path: str, catalogue: Catalogue, *, is_known: bool) -> Ways | None:
    """Return the rule and the declaration; None if no endpoint can have such a path.

    What is not known to be Douyin's gives no name: a segment may be a secret.
    """
    if method not in METHODS or not PATH.fullmatch(path):
        return None
    known = find_call(method, path)
    envelope = known.envelope or ("E-life" if path.startswith(_LIFE) else "N")
    rule = f'{{on: "{method} {path}", reply: {{json: {_example(path, envelope, known.gives)}}}}}'
    lines = [
        "endpoints:",
        f"  {_name(path, catalogue) if is_known else _NAMELESS}:",
        f"    call: {method} {path}",
        f"    token: {known.token}",
        f"    envelope: {envelope}",
        f"    gives: {_flow(known.gives)}",
    ]
    return Ways(rule, "\n".join(lines))


def say_ways(method: str, path: str, catalogue: Catalogue, *, is_known: bool) -> Text:
    """Say how a call may be answered; NOTHING if no endpoint can have such a path."""
    ways = ways_to_answer(method, path, catalogue, is_known=is_known)
    if ways is None:
        return NOTHING
    command = f"mockdouyin rule add '{ways.rule}'"
    return texts.WAYS_TO_ANSWER(rule=command, scenario=ways.scenario)


def _example(path: str, envelope: str, gives: dict[str, Any]) -> str:
    """Return a success with plausible values."""
    payload = Values(Ids(0, "example"), EXAMPLE_TIME, path).make(parse(gives))
    return dialect(envelope).envelope.success(payload, "", EXAMPLE_TIME).decode()


def _name(path: str, catalogue: Catalogue) -> str:
    """Return a name that no emulated endpoint has, from the last words of the path."""
    parts = [part for part in path.lower().split("/") if part]
    speaking = [part for part in parts if not _UNSPEAKING.fullmatch(part)] or parts
    family, name = _identifier(speaking[-2:-1] or ["mine"]), _identifier(speaking[-1:])
    full_name = f"{family}.{name}"
    return f"my_{full_name}" if full_name in catalogue.endpoints else full_name


def _identifier(parts: list[str]) -> str:
    made = "_".join(_WORD.findall(parts[0]))
    return made if made[:1].isalpha() and made != "phone" else f"my_{made}".rstrip("_")


def _flow(value: Any) -> str:
    """Write a shape as YAML on one line."""
    if isinstance(value, dict):
        fields = (f"{_key(name)}: {_flow(each)}" for name, each in value.items())
        return f"{{{', '.join(fields)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return str(value)


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) else msgspec.json.encode(name).decode()
