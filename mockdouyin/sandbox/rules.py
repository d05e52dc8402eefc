"""Rules: one "when → then" each, checked when written, counted in the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase, ScenarioError, did_you_mean
from mockdouyin.core.ids import Ids
from mockdouyin.core.message import Fault, Headers, Reply
from mockdouyin.core.settings import Duration
from mockdouyin.core.store import Record, Unit
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import APIS, PhoneApi

Target = Endpoint | PhoneApi


class CannedReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer of one's own, in place of Douyin's."""

    status: int = 200
    json: Any = msgspec.UNSET
    text: str = ""
    headers: dict[str, str] = {}


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a call fits, then this happens to its answer; the first rule that is due decides.

    The call is counted by every rule that it fits. `error`, `status` and `reply` answer in
    Douyin's place, and Douyin does nothing; `patch`, `fault` and `delay` strike the answer after
    Douyin did its work, so that a lost answer is truly lost: a code is used up by it.
    """

    on: str | tuple[str, ...]
    """An endpoint's full name, its bare name for every family that has it, `family.*`, `*`, a
    path, or a phone API such as `phone.login`."""
    when: dict[str, str | int | float | bool] = {}
    """Parameters and what they must be; `*` and `?` in a text stand for anything."""
    times: int | None = None
    """Strike so often and no more."""
    after: int = 0
    """Let so many fitting calls pass first."""
    every: int = 1
    """Strike every n-th fitting call."""
    chance: float | None = None
    """Strike with this probability, by the world's seed."""
    error: int | str | None = None
    """Refuse with this error: its number or our name for it."""
    status: int | None = None
    """Answer as a gateway before Douyin would: this HTTP status and a page of its own."""
    reply: CannedReply | None = None
    """Answer this."""
    patch: dict[str, Any] = {}
    """Change the answer's JSON: a dotted path and the new value."""
    fault: Fault | None = None
    """Let the wire fail."""
    delay: Duration = Duration(0)
    """Answer so much later, in real time."""
    id: str = ""


class RuleCount(Record, frozen=True):
    """How many calls a rule fitted, and how many it struck."""

    seen: int = 0
    hits: int = 0


class ArmedRule:
    """A rule, checked against what there is."""

    def __init__(self, rule: Rule, rule_id: str) -> None:
        self.rule = msgspec.structs.replace(rule, id=rule_id)
        self.id = rule_id
        self.targets = targets(rule)
        _check(rule, self.targets)

    def fits(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the call's parameters are as `when` says."""
        return all(_same(parameters.get(name), want) for name, want in self.rule.when.items())

    def due(self, unit: Unit, ids: Ids) -> bool:
        """Count the call, and tell whether the rule strikes it."""
        rule = self.rule
        count = unit.find(RuleCount, self.id) or RuleCount()
        seen = count.seen + 1
        strikes = (
            seen > rule.after
            and (seen - rule.after) % rule.every == 0
            and (rule.times is None or count.hits < rule.times)
            and (rule.chance is None or _lucky(ids, self.id, seen, rule.chance))
        )
        unit.write(self.id, RuleCount(seen=seen, hits=count.hits + strikes))
        return strikes

    def show(self, unit: Unit) -> dict[str, Any]:
        """Give the rule as the control API does, with its id and hits."""
        count = unit.find(RuleCount, self.id) or RuleCount()
        given = {
            field: value
            for field, value in msgspec.to_builtins(self.rule, enc_hook=str).items()
            if value not in (None, {}, [], "") and getattr(self.rule, field) != _DEFAULTS[field]
        }
        return {**given, "id": self.id, "hits": count.hits, "seen": count.seen}


def _lucky(ids: Ids, rule_id: str, seen: int, chance: float) -> bool:
    return ids.number(1_000_000, "chance", rule_id, seen) < chance * 1_000_000


_DEFAULTS = msgspec.structs.asdict(Rule(on=""))


class Rulebook:
    """The rules of one world: those set from outside first, then the scenario's, each in order."""

    def __init__(self) -> None:
        self._outside: list[ArmedRule] = []
        self._scenario: list[ArmedRule] = []
        self._made = 0
        self._by_target: dict[str, list[ArmedRule]] = {}

    def __iter__(self) -> Iterator[ArmedRule]:
        return iter([*self._outside, *self._scenario])

    def add(self, rule: Rule) -> ArmedRule:
        """Set a rule from outside."""
        self._made += 1
        armed = ArmedRule(rule, rule.id or f"rule-{self._made}")
        if any(armed.id == other.id for other in self):
            raise ScenarioError(f"there is a rule {armed.id!r} already")
        self._outside.append(armed)
        self._sort()
        return armed

    def load(self, rules: Iterable[Rule]) -> None:
        """Set the scenario's rules; one that is as it was keeps its id, and so its count."""
        armed: list[ArmedRule] = []
        for rule in rules:
            text = msgspec.json.encode(rule, enc_hook=str, order="sorted")
            content = hashlib.sha256(text).hexdigest()[:8]
            twins = sum(other.id.startswith(f"scenario-{content}") for other in armed)
            name = f"scenario-{content}" + (f"-{twins + 1}" if twins else "")
            armed.append(ArmedRule(rule, rule.id or name))
        self._scenario = armed
        self._sort()

    def remove(self, rule_id: str) -> bool:
        """Remove one rule; tell whether it was there."""
        before = len(self._outside) + len(self._scenario)
        self._outside = [armed for armed in self._outside if armed.id != rule_id]
        self._scenario = [armed for armed in self._scenario if armed.id != rule_id]
        self._sort()
        return len(self._outside) + len(self._scenario) < before

    def clear(self) -> None:
        """Remove every rule."""
        self._outside, self._scenario = [], []
        self._sort()

    def clear_outside(self) -> None:
        """Remove the rules set from outside."""
        self._outside = []
        self._sort()

    def _sort(self) -> None:
        self._by_target = {}
        for armed in self:
            for target in armed.targets:
                self._by_target.setdefault(target.full_name, []).append(armed)

    def of(self, full_name: str) -> list[ArmedRule] | None:
        """Give the rules on an endpoint or phone API, if there are any."""
        return self._by_target.get(full_name)


def choose(
    rules: list[ArmedRule], parameters: Mapping[str, Any], unit: Unit, ids: Ids
) -> ArmedRule | None:
    """Let every fitting rule count the call, and give the first that is due."""
    chosen = None
    for armed in rules:
        if not armed.fits(parameters):
            continue
        if chosen is None:
            chosen = armed if armed.due(unit, ids) else None
        else:
            count = unit.find(RuleCount, armed.id) or RuleCount()
            unit.write(armed.id, msgspec.structs.replace(count, seen=count.seen + 1))
    unit.keep()
    return chosen


def targets(rule: Rule) -> list[Target]:
    """Give the endpoints and phone APIs that `on` names."""
    found: dict[str, Target] = {}
    for name in (rule.on,) if isinstance(rule.on, str) else rule.on:
        matching = [target for target in _every_target() if _named(target, name)]
        if not matching:
            raise ScenarioError(f"on: unknown endpoint {name!r}{_near_target(name)}")
        found.update((target.full_name, target) for target in matching)
    return list(found.values())


def _every_target() -> Iterator[Target]:
    yield from CATALOGUE
    yield from APIS.values()


def _named(target: Target, name: str) -> bool:
    if isinstance(target, PhoneApi) and not name.startswith("phone."):
        return False
    if name in (target.full_name, target.name) or fnmatchcase(target.full_name, name):
        return True
    paths = target.paths if isinstance(target, Endpoint) else ()
    return any(name.rstrip("/") == path.rstrip("/") for path in paths)


def _near_target(name: str) -> str:
    known = {target.full_name for target in _every_target()}
    near = did_you_mean(name, known | {e.name for e in CATALOGUE}, ask=False)
    return near or "; `mockdouyin endpoints` lists them"


def _same(value: Any, want: str | int | float | bool) -> bool:
    if isinstance(want, str):
        return value is not None and fnmatchcase(str(value), want)
    return bool(value == want) or str(value) == str(want)


def _check(rule: Rule, found: list[Target]) -> None:
    answers = [name for name in ("error", "status", "reply") if getattr(rule, name) is not None]
    if len(answers) > 1:
        raise ScenarioError(f"{' and '.join(answers)} exclude one another: keep one")
    if answers and rule.patch:
        raise ScenarioError(f"patch has nothing to change where {answers[0]} answers")
    if not (answers or rule.patch or rule.fault or rule.delay):
        raise ScenarioError(
            "the rule does nothing: give error, status, reply, patch, fault, delay"
        )
    if rule.every < 1 or rule.after < 0 or (rule.times is not None and rule.times < 0):
        raise ScenarioError("times and after count from 0, every from 1")
    if rule.chance is not None and not 0 <= rule.chance <= 1:
        raise ScenarioError(f"chance is between 0 and 1, not {rule.chance:g}")
    for status in (rule.status, rule.reply.status if rule.reply else None):
        if status is not None and not 200 <= status <= 599:
            raise ScenarioError(f"status is an HTTP status from 200 to 599, not {status}")
    _check_names(rule, found)


def _check_names(rule: Rule, found: list[Target]) -> None:
    if rule.error is not None and not any(t.find_case(rule.error) for t in found):
        known = sorted({name for target in found for name in _case_names(target)})
        names = ", ".join(target.full_name for target in found[:3])
        hint = did_you_mean(str(rule.error), known)
        raise ScenarioError(f"error: {names} has no error {str(rule.error)!r}{hint}")
    for name in rule.when:
        known = sorted({field for target in found for field in _field_names(target)})
        if name not in known:
            raise ScenarioError(f"when: unknown field {name!r}{did_you_mean(name, known)}")
    for path in rule.patch:
        _check_path(path, found)


def _case_names(target: Target) -> Iterator[str]:
    cases: tuple[ErrorCase, ...] = target.errors if isinstance(target, Endpoint) else target.fails
    for case in cases:
        yield case.name
        yield str(case.code)


def _field_names(target: Target) -> tuple[str, ...]:
    if isinstance(target, PhoneApi):
        return ("app", "person", *target.takes)
    return target.fields.__struct_fields__


def reply_fields(endpoint: Endpoint) -> dict[str, Any]:
    """Describe an endpoint's success as a JSON schema, its references resolved."""
    if endpoint.reply is type(None):
        return endpoint.envelope.schema({"type": "object", "properties": {}})
    schema = msgspec.json.schema(endpoint.reply)
    parts = schema.get("$defs", {})

    def resolve(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return resolve(parts[value["$ref"].rpartition("/")[2]])
            return {k: resolve(v) for k, v in value.items() if k != "$defs"}
        return [resolve(each) for each in value] if isinstance(value, list) else value

    return endpoint.envelope.schema(resolve(schema))


def _check_path(path: str, found: list[Target]) -> None:
    """Refuse a patch of a field that no answer has, so that a slip of the pen is seen."""
    problems = []
    for target in found:
        if isinstance(target, PhoneApi):
            return
        schema: dict[str, Any] = reply_fields(target)
        for step in path.split("."):
            properties = _properties(schema)
            if properties is None:
                break
            if step not in properties:
                problems.append(did_you_mean(step, properties))
                break
            schema = properties[step]
        else:
            return
        if properties is None:
            return
    raise ScenarioError(f"patch: no answer has a field {path!r}{problems[0]}")


def _properties(schema: dict[str, Any]) -> dict[str, Any] | None:
    """Give a schema's fields; None where anything may be."""
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for part in schema["allOf"]:
            merged.update(_properties(part) or {})
        return merged
    if schema.get("type") == "object":
        return schema.get("properties")
    return None if not schema or schema.get("type") == "array" else {}


def bend(reply: Reply, rule: Rule) -> Reply:
    """Patch, delay and break an answer as the rule says."""
    body = reply.body
    if rule.patch:
        content = msgspec.json.decode(body)
        for path, value in rule.patch.items():
            _set(content, path.split("."), value)
        body = msgspec.json.encode(content)
    return reply._replace(body=body, fault=rule.fault, delay=float(rule.delay))


def _set(content: Any, steps: list[str], value: Any) -> None:
    for step in steps[:-1]:
        content = content[int(step)] if isinstance(content, list) else content.setdefault(step, {})
    last = steps[-1]
    if isinstance(content, list):
        content[int(last)] = value
    else:
        content[last] = value


def canned(rule: Rule) -> Reply:
    """Give the answer of a rule that answers in Douyin's place."""
    if rule.reply is not None:
        own = rule.reply
        is_json = own.json is not msgspec.UNSET
        body = msgspec.json.encode(own.json) if is_json else own.text.encode()
        kind = b"application/json; charset=utf-8" if is_json else b"text/plain; charset=utf-8"
        headers: Headers = [(k.lower().encode(), v.encode()) for k, v in own.headers.items()]
        if not any(name == b"content-type" for name, _ in headers):
            headers.insert(0, (b"content-type", kind))
        return Reply(own.status, body, tuple(headers))
    status = rule.status or 502
    page = f"<html><head><title>{status}</title></head><body>{status}</body></html>\n"
    return Reply(status, page.encode(), ((b"content-type", b"text/html"),))
