"""Rules: one "when → then" each, checked when written, counted in the store."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from mockdouyin.core.clock import DAY, iso
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ScenarioError
from mockdouyin.core.http import Fault, Headers, Reply
from mockdouyin.core.ids import Ids
from mockdouyin.core.settings import Duration, encode
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.effects import Effect, apply_effect
from mockdouyin.scenario._patterns import compiled
from mockdouyin.scenario.targets import examine

HitCount = Annotated[int, Meta(ge=0)]
HttpStatus = Annotated[int, Meta(ge=200, le=599)]


class CannedReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer of one's own, in place of Douyin's."""

    status: HttpStatus = 200
    """The HTTP status."""
    json: Any = msgspec.UNSET
    """The body, sent as JSON with its keys in this order."""
    text: str = ""
    """The body as text, where it is no JSON."""
    headers: dict[str, str] = {}
    """Further headers, or another content-type."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a call fits, then this happens to its answer; the first rule that is due decides.

    The call is counted by every rule that it fits. `error`, `status` and `reply` answer in
    Douyin's place, and Douyin does nothing; `patch`, `fault` and `delay` strike the answer after
    Douyin did its work, so that a lost answer is truly lost: a code is used up by it. What
    `happens` does so before Douyin looks at the call. A rule strikes only where it can: endpoints
    that do not know its error, or have not what it patches, are as if `on` did not name them.
    """

    on: str | tuple[str, ...]
    """An endpoint's full name, its bare name for every family that has it, `family.*`, `*`, a
    phone API such as `phone.login`, or a path with or without its method, `POST /api/apps/qrcode`:
    one that no endpoint answers too."""
    when: dict[str, str | int | float | bool] = {}
    """Parameters and what they must be; `*` and `?` in a text stand for anything."""
    times: HitCount | None = None
    """Strike so often and no more."""
    after: HitCount = 0
    """Let so many fitting calls pass first."""
    every: Annotated[int, Meta(ge=1)] = 1
    """Strike every n-th fitting call."""
    chance: Annotated[float, Meta(ge=0, le=1)] | None = None
    """Strike with this probability, by the world's seed."""
    error: int | str | None = None
    """Refuse with this error: its number or our name for it."""
    status: HttpStatus | None = None
    """Answer as a gateway before Douyin would: this HTTP status and a page of its own."""
    reply: CannedReply | None = None
    """Answer this."""
    happens: Effect | None = None
    """Let this happen to what the call carries, and then let Douyin answer."""
    patch: dict[str, Any] = {}
    """Change the answer's JSON: a dotted path and the new value."""
    fault: Fault | None = None
    """Let the wire fail."""
    delay: Duration = Duration(0)
    """Answer so much later, in real time."""
    ttl: Duration | None = None
    """Strike for so long and no longer, by the world's clock: from when the rule was set, or the
    world began."""
    set_by: str = ""
    """Who set the rule, for those who find it; who asked, unless given."""
    id: str = ""
    """What the journal calls the rule; made up unless given."""

    @property
    def wait(self) -> float:
        """The seconds that a door waits: no system sleeps for more than some hundred years."""
        return min(float(self.delay), 36500 * DAY)


class RuleCount(Record, frozen=True):
    """How many calls a rule fitted, and how many it struck."""

    TABLE = "RuleCount"

    seen: int = 0
    hits: int = 0


class MatchContext:
    """A call's parameters, and the text of each that a rule asked for."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters
        self._texts: dict[str, str | None] = {}

    def text(self, name: str) -> str | None:
        """Return a parameter as text; None where it is absent."""
        if name not in self._texts:
            value = self.parameters.get(name)
            self._texts[name] = None if value is None else str(value)
        return self._texts[name]


class CompiledRule:
    """A rule, checked against what there is, in the world that it strikes."""

    def __init__(
        self, rule: Rule, rule_id: str, world: WorldState, ends: float | None = None
    ) -> None:
        examined = examine(rule)
        if examined.mistakes:
            raise ScenarioError("; ".join(mistake.says for mistake in examined.mistakes))
        self.rule = msgspec.structs.replace(rule, id=rule_id)
        self.id = rule_id
        self.world = world
        self.targets = examined.targets
        self.elsewhere = examined.elsewhere
        """Where it strikes calls that no endpoint answers."""
        self._calls = examined.calls
        self._texts = {n: compiled(w) for n, w in rule.when.items() if isinstance(w, str)}
        self._values = {n: w for n, w in rule.when.items() if not isinstance(w, str)}
        self.struck_before = False
        """Whether it was used before its world went back to a snapshot, counts and all."""
        self.ends = ends if ends is not None else self._end_from_now()
        """The world's time from which it strikes no more."""

    def _end_from_now(self) -> float:
        return FOREVER if self.rule.ttl is None else self.world.clock.now() + self.rule.ttl

    def begin(self) -> None:
        """Let its time begin now."""
        self.ends = self._end_from_now()

    def fits(self, given: MatchContext) -> bool:
        """Whether the call's parameters are as `when` says."""
        for name, matches in self._texts.items():
            text = given.text(name)
            if text is None or not matches(text):
                return False
        for name, want in self._values.items():
            if given.parameters.get(name) != want and given.text(name) != str(want):
                return False
        return True

    def is_on(self, target: Endpoint, method: str) -> bool:
        """Whether `on` names the endpoint when it is called with this method."""
        return (method, target.full_name) in self._calls

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

    def is_unused(self, unit: Unit) -> bool:
        """Whether it struck no call; one by chance is used when it had a chance."""
        count = unit.find(RuleCount, self.id) or RuleCount()
        used = count.hits or (self.rule.chance is not None and count.seen)
        return not used and not self.struck_before

    def show(self, unit: Unit) -> dict[str, Any]:
        """Give the rule as the control API does, with its id and hits."""
        count = unit.find(RuleCount, self.id) or RuleCount()
        given = {
            field: value
            for field, value in msgspec.to_builtins(self.rule, enc_hook=encode).items()
            if value not in (None, {}, [], "") and getattr(self.rule, field) != _DEFAULTS[field]
        }
        shown = {**given, "id": self.id, "hits": count.hits, "seen": count.seen}
        if self.ends < FOREVER:
            shown |= {"ends": iso(self.ends), "expired": self.ends <= unit.now}
        return shown


def _lucky(ids: Ids, rule_id: str, seen: int, chance: float) -> bool:
    return ids.number(1_000_000, "chance", rule_id, seen) < chance * 1_000_000


def _content(rule: Rule) -> bytes:
    """Write what tells a rule from others; keys that came later count only where they are used."""
    plain = msgspec.to_builtins(rule, enc_hook=str)
    for later in ("ttl", "set_by"):
        if not plain[later]:
            del plain[later]
    return msgspec.json.encode(plain, order="sorted")


_DEFAULTS = msgspec.structs.asdict(Rule(on=""))


class Rules(NamedTuple):
    """What a rulebook holds, as it was at a moment."""

    outside: list[CompiledRule]
    scenario: list[CompiledRule]
    made: int


MAX_RULES = 1000
"""Rules of one world: each call is compared with all that name its endpoint."""


def _check_count(count: int) -> None:
    if count > MAX_RULES:
        raise ScenarioError(f"a world has {MAX_RULES} rules at most, not {count}")


class Rulebook:
    """The rules of one world: those set from outside first, then the scenario's, each in order."""

    def __init__(self, world: WorldState) -> None:
        self._world = world
        self._outside: list[CompiledRule] = []
        self._scenario: list[CompiledRule] = []
        self._made = 0
        self.revision = 0
        """Counts up when a rule comes or goes."""
        self._by_target: dict[str, list[CompiledRule]] = {}

    def __iter__(self) -> Iterator[CompiledRule]:
        return iter([*self._outside, *self._scenario])

    def add(self, rule: Rule) -> CompiledRule:
        """Set a rule from outside; those from outside whose time is over go."""
        now = self._world.clock.now()
        left = [armed for armed in self._outside if armed.ends > now]
        _check_count(len(left) + len(self._scenario) + 1)
        ids = {armed.id for armed in (*left, *self._scenario)}
        if rule.id in ids:
            raise ScenarioError(f"there is a rule {rule.id!r} already")
        armed = CompiledRule(rule, rule.id or self._free_id(ids), self._world)
        self._outside = [*left, armed]
        self._sort()
        return armed

    def _free_id(self, ids: Collection[str]) -> str:
        """Return the first id made up that no rule had, nor was given to one that is here."""
        while True:
            self._made += 1
            if f"rule-{self._made}" not in ids:
                return f"rule-{self._made}"

    def load(self, rules: Iterable[Rule], scenario: str = "") -> None:
        """Set the scenario's rules; one that is as it was keeps its id, its count and its end."""
        ends = {(armed.id, armed.rule.ttl): armed.ends for armed in self._scenario}
        armed: list[CompiledRule] = []
        written: Counter[str] = Counter()
        rules = list(rules)
        _check_count(len(rules) + len(self._outside))
        for rule in rules:
            content = hashlib.sha256(_content(rule)).hexdigest()[:8]
            written[content] += 1
            twins = written[content]
            name = rule.id or f"scenario-{content}" + (f"-{twins}" if twins > 1 else "")
            known = replace(rule, set_by=rule.set_by or f"scenario {scenario}".rstrip())
            armed.append(CompiledRule(known, name, self._world, ends.get((name, rule.ttl))))
        self._scenario = armed
        self._sort()

    def begin(self) -> None:
        """Let the time of the scenario's rules begin now."""
        for armed in self._scenario:
            armed.begin()

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

    def unused(self, unit: Unit) -> list[CompiledRule]:
        """Give the rules set from outside that struck nothing."""
        return [armed for armed in self._outside if armed.is_unused(unit)]

    def snapshot(self) -> Rules:
        """Give the rules as they are now."""
        return Rules(list(self._outside), list(self._scenario), self._made)

    def restore(self, saved: Rules, unit: Unit) -> None:
        """Have the rules of a snapshot again; the unit reads their counts of until now."""
        for armed in self._outside:
            armed.struck_before = not armed.is_unused(unit)
        self.replace(saved)

    def replace(self, saved: Rules) -> None:
        """Have these rules and no others."""
        self._outside, self._scenario = list(saved.outside), list(saved.scenario)
        self._made = saved.made
        self._sort()

    def _sort(self) -> None:
        self.revision += 1
        self._by_target = {}
        for armed in self:
            for target in armed.targets:
                self._by_target.setdefault(target.full_name, []).append(armed)

    def elsewhere(self, method: str, path: str) -> list[CompiledRule]:
        """Return the rules that strike a call which no endpoint answers."""
        return [
            armed for armed in self if any(place.fits(method, path) for place in armed.elsewhere)
        ]

    def of(self, full_name: str) -> list[CompiledRule] | None:
        """Give the rules on an endpoint or phone API, if there are any."""
        return self._by_target.get(full_name)


def choose(
    rules: list[CompiledRule], parameters: Mapping[str, Any], unit: Unit, ids: Ids
) -> CompiledRule | None:
    """Let every fitting rule count the call; let happen what the first that is due says."""
    chosen, given = None, MatchContext(parameters)
    for armed in rules:
        if armed.ends <= unit.now or not armed.fits(given):
            continue
        if chosen is None:
            chosen = armed if armed.due(unit, ids) else None
        else:
            count = unit.find(RuleCount, armed.id) or RuleCount()
            unit.write(armed.id, msgspec.structs.replace(count, seen=count.seen + 1))
    if chosen is not None and chosen.rule.happens is not None:
        apply_effect(chosen.rule.happens, chosen.world, unit, parameters)
    unit.savepoint()
    return chosen


def apply_to_reply(reply: Reply, rule: Rule) -> Reply:
    """Patch, delay and break an answer as the rule says."""
    body = reply.body
    if rule.patch:
        content = msgspec.json.decode(body)
        for path, value in rule.patch.items():
            _set(content, path.split("."), value)
        body = msgspec.json.encode(content)
    return replace(reply, body=body, fault=rule.fault, delay=rule.wait)


def _set(content: Any, steps: list[str], value: Any) -> None:
    """Set what the steps lead to; an answer in which they lead nowhere is left as it is."""
    *way, last = steps
    for step in way:
        if isinstance(content, dict):
            content = content.setdefault(step, {})
        elif isinstance(content, list) and int(step) < len(content):
            content = content[int(step)]
        else:
            return
    if isinstance(content, dict):
        content[last] = value
    elif isinstance(content, list) and int(last) < len(content):
        content[int(last)] = value


_BODILESS = (204, 304)


def stub_reply(rule: Rule) -> Reply:
    """Give the answer of a rule that answers in Douyin's place."""
    if rule.reply is not None:
        own = rule.reply
        is_json = own.json is not msgspec.UNSET
        body = msgspec.json.encode(own.json) if is_json else own.text.encode()
        kind = b"application/json; charset=utf-8" if is_json else b"text/plain; charset=utf-8"
        headers: Headers = [(k.lower().encode(), v.encode()) for k, v in own.headers.items()]
        if not any(name == b"content-type" for name, _ in headers):
            headers.insert(0, (b"content-type", kind))
        return Reply(own.status, b"" if own.status in _BODILESS else body, tuple(headers))
    status = rule.status or 502
    if status in _BODILESS:
        return Reply(status, b"")
    page = f"<html><head><title>{status}</title></head><body>{status}</body></html>\n"
    return Reply(status, page.encode(), ((b"content-type", b"text/html"),))
