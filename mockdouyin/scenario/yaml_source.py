"""Parse YAML and remember the line and column of every key and value."""

from __future__ import annotations

import re
from collections.abc import Set
from math import inf
from typing import Any, NamedTuple

import yaml

from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.errors import ScenarioError
from mockdouyin.core.texts import NOTHING, Text, as_text
from mockdouyin.scenario import _mistake_texts as texts
from mockdouyin.scenario._error_texts import (
    NOT_A_MAPPING,
    NOT_A_SCENARIO,
    YAML,
    YAML_AT,
    YAML_TOO_LONG,
    YAML_UNKNOWN,
)
from mockdouyin.scenario.validation import Mistake, kind_word

MAX_BYTES = 1024 * 1024
"""Bytes of one file."""

MAX_VALUES = 50_000
"""Values in one file: aliases of aliases could make a short text endless."""

MAX_DEPTH = 50
"""Nested lists and mappings."""


class SourcePosition(NamedTuple):
    """A line and a column, both counted from 1."""

    line: int
    column: int


class YamlSource:
    """A parsed text: its value, and the position and spelling of its parts."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.value: dict[str, Any] = {}
        self.texts: dict[KeyPath, str] = {}
        """How scalars are spelled in the text: 1.50 cannot be recovered from 1.5."""
        self.duplicate_keys: list[Mistake] = []
        self._keys: dict[KeyPath, SourcePosition] = {}
        self._values: dict[KeyPath, SourcePosition] = {(): SourcePosition(1, 1)}
        self._size = 0
        self._merged: dict[int, int] = {}
        """The number of keys that a mapping has once merged, by the id of its node."""

    def position(self, mistake: Mistake) -> SourcePosition:
        """Return the position of a mistake, or of the nearest thing around it."""
        if mistake.place is not None:
            return SourcePosition(*mistake.place)
        path = mistake.path
        if mistake.at_key and path in self._keys:
            return self._keys[path]
        while path not in self._values:
            path = path[:-1]
        return self._values[path]

    def format_errors(self, mistakes: list[Mistake]) -> Text:
        """Format mistakes as lines `file:line:column: what is wrong`, in the order of the text."""
        placed = [(self.position(mistake), mistake.says) for mistake in mistakes]
        placed.sort(key=lambda each: (each[0], each[1].render("en")))
        lines = [
            texts.AT_POSITION(file=self.name, line=at.line, column=at.column, says=says)
            for at, says in placed
        ]
        different = {line.render("en"): line for line in lines}
        return texts.LINES(each=[*different.values()])

    def build(self, loader: yaml.SafeLoader, node: yaml.Node, path: KeyPath = ()) -> Any:
        """Build a node's value, and remember the position of everything in it."""
        self._size += 1
        if self._size > MAX_VALUES:
            raise _too_large(node)
        self._values[path] = _place(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(loader, node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(loader, each, (*path, i)) for i, each in enumerate(node.value)]
        self.texts[path] = node.value = join_surrogates(node.value)
        try:
            value = loader.construct_object(node)
        except (ValueError, LookupError, AttributeError):  # from its tag's constructor
            raise _Unusable(texts.TAG_UNFIT(), node.start_mark) from None
        return node.value if value in (inf, -inf) else value

    def _mapping(
        self, loader: yaml.SafeLoader, node: yaml.MappingNode, path: KeyPath
    ) -> dict[str, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            name = join_surrogates(str(key_node.value))
            if name in seen:
                says = texts.DUPLICATE_KEY(name=name)
                self.duplicate_keys.append(Mistake((*path, name), says, place=_place(key_node)))
            seen.add(name)
        self._count_merged(node)
        loader.flatten_mapping(node)
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _Unusable(texts.KEY_KIND(), key_node.start_mark)
            name = join_surrogates(key_node.value)
            self._keys[(*path, name)] = _place(key_node)
            made[name] = self.build(loader, value_node, (*path, name))
        return made

    def _count_merged(self, node: yaml.MappingNode) -> int:
        """Count a mapping's keys as they will be once merged.

        PyYAML would first build the merged list, which merges of merges make exponentially long.
        """
        known = self._merged.get(id(node))
        if known is not None:
            return known
        count = 0
        for key_node, value_node in node.value:
            if key_node.tag != "tag:yaml.org,2002:merge":
                count += 1
            else:
                many = isinstance(value_node, yaml.SequenceNode)
                for each in value_node.value if many else (value_node,):
                    if isinstance(each, yaml.MappingNode):
                        count += self._count_merged(each)
            if count > MAX_VALUES:
                raise _too_large(node)
        self._merged[id(node)] = count
        return count


_TOO_MANY = texts.TOO_MANY_VALUES(most=MAX_VALUES)


class _Unusable(yaml.MarkedYAMLError):
    """YAML that is well-formed, and cannot be used all the same."""

    def __init__(self, says: Text, mark: yaml.Mark) -> None:
        super().__init__(problem=says.render("en"), problem_mark=mark)
        self.says = says


def _too_large(node: yaml.Node) -> yaml.MarkedYAMLError:
    return _Unusable(_TOO_MANY, node.start_mark)


def join_surrogates(text: str) -> str:
    r"""Join surrogate pairs such as `\ud83d\ude00`, by which JSON escapes one character."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _place(node: yaml.Node) -> SourcePosition:
    return SourcePosition(node.start_mark.line + 1, node.start_mark.column + 1)


def read(text: str, name: str, known: Set[str] | None = None) -> YamlSource:
    """Parse YAML with the position of every value.

    A mapping without any of the known keys, or a text that is not YAML, may be a private file that
    was named by mistake: error messages quote nothing of it.
    """
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        raise ScenarioError(YAML_TOO_LONG(name=name, size=size, most=MAX_BYTES))
    source = YamlSource(name)
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            value = source.build(loader, node) if node is not None else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{mark.line + 1}:{mark.column + 1}" if mark else "1:1"
        raise ScenarioError(YAML_AT(name=name, where=where, reason=_explain(error))) from None
    except RecursionError:
        reason = texts.TOO_DEEP()
        raise ScenarioError(YAML(name=name, reason=reason)) from None
    except yaml.reader.ReaderError as error:
        reason = texts.BAD_CHARACTER(character=error.character)
        raise ScenarioError(YAML(name=name, reason=reason)) from None
    except yaml.YAMLError:
        raise ScenarioError(YAML_UNKNOWN(name=name)) from None
    if not isinstance(value, dict) or (known is not None and not value.keys() & known):
        seen = texts.SOMETHING_ELSE_IN_IT() if isinstance(value, dict) else kind_word(value)
        says = NOT_A_MAPPING if known is None else NOT_A_SCENARIO
        raise ScenarioError(says(name=name, seen=seen))
    source.value = value
    return source


_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_SIGN = re.compile(r"""['"](?:<[a-z ]+>|\\[a-z]|[^\w\s])['"]""")


def _unquoted(problem: str) -> str:
    """Remove what the parser quotes of the text, except punctuation and its own token names."""
    kept = _QUOTED.sub(lambda quoted: quoted[0] if _SIGN.fullmatch(quoted[0]) else "", problem)
    return " ".join(kept.split())


def _with_seen(problem: str) -> Text:
    """Return a problem that names what the parser came upon; no text for any other."""
    for template in texts.YAML_SEEN:
        before, after = template.en.format(seen="\0").split("\0")
        if problem.startswith(before) and problem.endswith(after):
            return template(seen=problem[len(before) : len(problem) - len(after)])
    return NOTHING


def _explain(error: yaml.MarkedYAMLError) -> Text:
    """Return a parser error with a hint at its most common cause."""
    if isinstance(error, _Unusable):
        return error.says
    problem = _unquoted(error.problem or "unreadable")
    text = texts.YAML_PROBLEMS.get(problem) or _with_seen(problem) or as_text(problem)
    if "alias" in (error.context or ""):
        return texts.QUOTE_STAR(text=text)
    if "mapping values are not allowed" in problem:
        return texts.QUOTE_COLON(text=text)
    if r"'\t'" in problem:
        return texts.INDENT_SPACES(text=text)
    if "cannot start any token" in problem:
        return texts.QUOTE_TEXT(text=text)
    return text


class _Loader(yaml.SafeLoader):
    """YAML whose scalars are typed as in JSON: `on`, `no`, 1:20, 0x1f, 013 and dates are text."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._count, self._depth = 0, 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node; stop where there are too many or they are nested too deeply."""
        self._count, self._depth = self._count + 1, self._depth + 1
        if self._count > MAX_VALUES or self._depth > MAX_DEPTH:
            says = texts.DEEPER(most=MAX_DEPTH) if self._depth > MAX_DEPTH else _TOO_MANY
            raise _Unusable(says, self.get_mark())
        try:
            node: yaml.Node | None = super().compose_node(parent, index)
        finally:
            self._depth -= 1
        return node


for _tag, _pattern, _first in (
    ("null", "~|null|", ["~", "n", ""]),
    ("bool", "true|false", ["t", "f"]),
    ("int", "[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?", list("-+0123456789")),
    ("merge", "<<", ["<"]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first
    )
