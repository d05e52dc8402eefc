"""Mistakes in a rule: too large, of a wrong shape, contradictory, or without any effect."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mockdouyin.core.bounds import header_problem, name_problem
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase, did_you_mean
from mockdouyin.core.patterns import MAX_PATTERN
from mockdouyin.core.settings import encode
from mockdouyin.domain.effects import can_apply
from mockdouyin.domain.subjects import SUBJECTS
from mockdouyin.endpoints.unserved_paths import find_meant_name, meant_path
from mockdouyin.phone import APIS, PhoneApi
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.targets import (
    NamedTargets,
    RuleTarget,
    Targets,
    condition_names,
    field_names,
    names_of,
    parse_path,
    patch_problem,
    shows_sheet,
)
from mockdouyin.scenario.validation import Mistake, mistakes

MAX_NAMES, MAX_PARAMETERS, MAX_PATCHES, MAX_STEPS, MAX_HEADERS = 50, 50, 100, 20, 50
"""Limits of the parts of a rule that are looked through at each call."""


def misshapen(rule: Rule) -> Iterator[Mistake]:
    """Find parts that are too large, or else those of a wrong type: nothing else can be said."""
    too_large = list(_sizes(rule))
    yield from too_large or mistakes(msgspec.to_builtins(rule, enc_hook=encode), type(rule))


def mistakes_of(rule: Rule, named: NamedTargets, known: Targets) -> Iterator[Mistake]:
    """Find what contradicts itself or can have no effect, in a rule that is not misshapen."""
    yield from _contradictions(rule)
    yield from _unsendable(rule)
    for number, name in named.unknown:
        path = ("on",) if isinstance(rule.on, str) else ("on", number)
        yield Mistake(path, f"on: {_unknown_target(name, known)}")
    if named.targets:
        yield from _unknown_names(rule, named)
        yield from _inapplicable(rule, named.targets)


def label_mistakes(rule: Rule) -> Iterator[Mistake]:
    """Find what is wrong with a rule's id, which stands in an address, and with `set_by`."""
    for field in ("id", "set_by"):
        label = getattr(rule, field)
        if not isinstance(label, str):
            yield from mistakes(label, str, (field,))
        elif label and (says := name_problem(label)):
            yield Mistake((field,), f"{field} {says}")
        elif field == "id" and "/" in label:
            says = f"id {label!r} has a / in it, and could not be removed by it"
            yield Mistake((field,), says)


def _sizes(rule: Rule) -> Iterator[Mistake]:
    """Find parts that are over their limit."""
    names = names_of(rule)
    headers = rule.reply.headers if rule.reply is not None else {}
    counted = (
        (("on",), len(names), MAX_NAMES, "names"),
        (("when",), len(rule.when), MAX_PARAMETERS, "parameters"),
        (("patch",), len(rule.patch), MAX_PATCHES, "paths"),
        (("reply", "headers"), len(headers), MAX_HEADERS, "headers"),
    )
    for path, count, most, what in counted:
        if count > most:
            yield Mistake(path, f"{path[-1]} has {count} {what}; {most} is the most")
    for where, text in (*(("on", name) for name in names), *rule.when.items()):
        if isinstance(text, str) and len(text) > MAX_PATTERN:
            path = ("on",) if where == "on" else ("when", where)
            yield Mistake(path, f"{path[0]}: {len(text)} characters; {MAX_PATTERN} is the most")
    for patched in rule.patch:
        if patched.count(".") >= MAX_STEPS:
            says = f"patch: a path of {patched.count('.') + 1} steps; {MAX_STEPS} is the most"
            yield Mistake(("patch", patched), says, at_key=True)


def _contradictions(rule: Rule) -> Iterator[Mistake]:
    """Find keys that exclude one another, and rules that can do nothing."""
    answers = [name for name in ("error", "status", "reply") if getattr(rule, name) is not None]
    if len(answers) > 1:
        says = f"{' and '.join(answers)} exclude one another: keep one"
        yield Mistake((answers[1],), says, at_key=True)
    for name in ("patch", "happens"):
        if answers and getattr(rule, name):
            says = f"{name} changes nothing where {answers[0]} answers in Douyin's place"
            yield Mistake((name,), says, at_key=True)
    if rule.sheet is not None:
        yield from _beside_sheet(rule)
    if rule.reply is not None and rule.reply.text and rule.reply.json is not msgspec.UNSET:
        yield Mistake(("reply", "text"), "json and text exclude one another", at_key=True)
    if not (answers or rule.happens or rule.sheet or rule.patch or rule.fault or rule.delay):
        wanted = "error, status, reply, happens, sheet, patch, fault or delay"
        yield Mistake((), f"the rule does nothing: give {wanted}")
    if not rule.on:
        yield Mistake(("on",), "on names nothing", at_key=True)
    if rule.ttl is not None and not rule.ttl:
        yield Mistake(("ttl",), "ttl is 0: the rule would expire at once and never apply")


def _beside_sheet(rule: Rule) -> Iterator[Mistake]:
    """Find keys that exclude `sheet`."""
    if rule.error is not None:
        yield Mistake(("error",), "error and sheet exclude one another: keep one", at_key=True)
    for name in ("status", "reply", "patch", "fault", "delay"):
        if getattr(rule, name):
            says = f"{name} is for HTTP replies, and sheet for a phone: keep one"
            yield Mistake((name,), says, at_key=True)


def _unsendable(rule: Rule) -> Iterator[Mistake]:
    """Find headers that a reply cannot carry."""
    for name, value in (rule.reply.headers if rule.reply is not None else {}).items():
        if says := header_problem(name, value):
            yield Mistake(("reply", "headers", name), f"reply.headers: {name!r} {says}")


def _unknown_target(name: str, known: Targets) -> str:
    """Describe a name of `on` that stands for nothing, with the name that may have been meant."""
    path = parse_path(name)
    if path is not None:
        meant = meant_path(path.path, known.catalogue)
        method = "any method" if path.method == "*" else path.method
        return (
            f"no endpoint answers {path.path} ({method}), and a path without one knows no errors"
            f" or fields: give `reply`, `status`, `fault` or `delay`{_hint(meant)}"
        )
    near = find_meant_name(name, known.names())
    listed = "; `mockdouyin endpoints` lists them"
    return f"unknown endpoint {name!r}{_hint(near) or listed}"


def _hint(meant: str) -> str:
    return f"; did you mean {meant}?" if meant else ""


def _unknown_names(rule: Rule, named: NamedTargets) -> Iterator[Mistake]:
    """Find an error, parameters and patched fields that none of the targets has."""
    targets = named.targets
    if rule.error is not None and not any(t.find_case(rule.error) for t in targets):
        known = sorted({name for target in targets for name in _case_names(target)})
        hint = did_you_mean(str(rule.error), known)
        says = f"error: {_list(targets)} has no error {str(rule.error)!r}{hint}"
        yield Mistake(("error",), says)
    fields = {n for target in targets for n in condition_names(target)} if rule.when else set()
    for name in rule.when:
        # A path that no endpoint serves may carry any parameter.
        if name not in fields and all(path.path == "*" for path in named.unserved_paths):
            says = f"when: unknown field {name!r}{did_you_mean(name, sorted(fields))}"
            if name in SUBJECTS:
                says = f"when: no call of {_list(targets)} tells its {name} before it is answered"
            yield Mistake(("when", name), says, at_key=True)
    for patched in rule.patch:
        hints = [patch_problem(target, patched) for target in targets]
        if None not in hints:
            says = f"patch: no answer has a field {patched!r}{hints[0]}"
            yield Mistake(("patch", patched), says, at_key=True)


def _inapplicable(rule: Rule, targets: list[RuleTarget]) -> Iterator[Mistake]:
    """Find what none of the targets can be subject to."""
    effect = rule.happens
    if effect is not None and not any(can_apply(effect, field_names(t)) for t in targets):
        says = f"happens: {_list(targets)} carries nothing to which {effect} could happen"
        yield Mistake(("happens",), says)
    if rule.sheet is not None and not any(map(shows_sheet, targets)):
        known = ", ".join(api.full_name for api in APIS.values() if api.sheet is not None)
        says = f"sheet: {_list(targets)} shows no sheet; these do: {known}"
        yield Mistake(("sheet",), says)
    if rule.sheet is None and all(isinstance(target, PhoneApi) for target in targets):
        for name in ("status", "reply", "patch", "fault", "delay"):
            if getattr(rule, name):
                wanted = "a rule on a phone API has error, happens or sheet"
                says = f"{name} is for HTTP replies; {wanted}"
                yield Mistake((name,), says, at_key=True)


def _list(targets: list[RuleTarget]) -> str:
    names = [target.full_name for target in targets]
    return " or ".join(names[:3]) + (" or any other of them" if len(names) > 3 else "")


def _case_names(target: RuleTarget) -> Iterator[str]:
    cases: tuple[ErrorCase, ...] = target.errors if isinstance(target, Endpoint) else target.fails
    for case in cases:
        yield case.name
        yield str(case.code)
