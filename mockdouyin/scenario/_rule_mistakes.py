"""Mistakes in a rule: too large, of a wrong shape, contradictory, or without any effect."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from mockdouyin.core.bounds import header_problem, name_problem
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase, meant, suggestion
from mockdouyin.core.patterns import MAX_PATTERN
from mockdouyin.core.settings import encode
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain.effects import can_apply
from mockdouyin.domain.subjects import SUBJECTS
from mockdouyin.endpoints.unserved_paths import find_meant_name, meant_path
from mockdouyin.phone import APIS, PhoneApi
from mockdouyin.scenario import _rule_mistake_texts as texts
from mockdouyin.scenario._mistake_texts import FIELD_PROBLEM
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
        yield Mistake(path, texts.ON(says=_unknown_target(name, known)))
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
            yield Mistake((field,), FIELD_PROBLEM(field=field, problem=says))
        elif field == "id" and "/" in label:
            says = texts.ID_SLASH(label=label)
            yield Mistake((field,), says)


def _sizes(rule: Rule) -> Iterator[Mistake]:
    """Find parts that are over their limit."""
    names = names_of(rule)
    headers = rule.reply.headers if rule.reply is not None else {}
    counted = (
        (("on",), len(names), MAX_NAMES, texts.NAMES()),
        (("when",), len(rule.when), MAX_PARAMETERS, texts.PARAMETERS()),
        (("patch",), len(rule.patch), MAX_PATCHES, texts.PATHS()),
        (("reply", "headers"), len(headers), MAX_HEADERS, texts.HEADERS()),
    )
    for path, count, most, what in counted:
        if count > most:
            yield Mistake(
                path, texts.TOO_MANY_IN_RULE(path=path[-1], count=count, what=what, most=most)
            )
    for where, text in (*(("on", name) for name in names), *rule.when.items()):
        if isinstance(text, str) and len(text) > MAX_PATTERN:
            path = ("on",) if where == "on" else ("when", where)
            yield Mistake(
                path, texts.PATTERN_TOO_LONG(path=path[0], count=len(text), most=MAX_PATTERN)
            )
    for patched in rule.patch:
        if patched.count(".") >= MAX_STEPS:
            says = texts.PATCH_TOO_DEEP(count=patched.count(".") + 1, most=MAX_STEPS)
            yield Mistake(("patch", patched), says, at_key=True)


def _contradictions(rule: Rule) -> Iterator[Mistake]:
    """Find keys that exclude one another, and rules that can do nothing."""
    answers = [name for name in ("error", "status", "reply") if getattr(rule, name) is not None]
    if len(answers) > 1:
        says = texts.EXCLUSIVE_ANSWERS(answers=answers)
        yield Mistake((answers[1],), says, at_key=True)
    for name in ("patch", "happens"):
        if answers and getattr(rule, name):
            says = texts.CHANGES_NOTHING(name=name, answer=answers[0])
            yield Mistake((name,), says, at_key=True)
    if rule.sheet is not None:
        yield from _beside_sheet(rule)
    if rule.reply is not None and rule.reply.text and rule.reply.json is not msgspec.UNSET:
        yield Mistake(("reply", "text"), texts.JSON_OR_TEXT(), at_key=True)
    if not (answers or rule.happens or rule.sheet or rule.patch or rule.fault or rule.delay):
        wanted = ["error", "status", "reply", "happens", "sheet", "patch", "fault"]
        yield Mistake((), texts.DOES_NOTHING(wanted=wanted, last="delay"))
    if not rule.on:
        yield Mistake(("on",), texts.ON_EMPTY(), at_key=True)
    if rule.ttl is not None and not rule.ttl:
        yield Mistake(("ttl",), texts.TTL_ZERO())


def _beside_sheet(rule: Rule) -> Iterator[Mistake]:
    """Find keys that exclude `sheet`."""
    if rule.error is not None:
        yield Mistake(("error",), texts.ERROR_OR_SHEET(), at_key=True)
    for name in ("status", "reply", "patch", "fault", "delay"):
        if getattr(rule, name):
            says = texts.HTTP_OR_SHEET(name=name)
            yield Mistake((name,), says, at_key=True)


def _unsendable(rule: Rule) -> Iterator[Mistake]:
    """Find headers that a reply cannot carry."""
    for name, value in (rule.reply.headers if rule.reply is not None else {}).items():
        if says := header_problem(name, value):
            yield Mistake(("reply", "headers", name), texts.REPLY_HEADER(name=name, says=says))


def _unknown_target(name: str, known: Targets) -> Text:
    """Describe a name of `on` that stands for nothing, with the name that may have been meant."""
    path = parse_path(name)
    if path is not None:
        near = meant_path(path.path, known.catalogue)
        method = texts.ANY_METHOD() if path.method == "*" else path.method
        return texts.UNSERVED_PATH(path=path.path, method=method, hint=meant(near))
    near = find_meant_name(name, known.names())
    return texts.UNKNOWN_ENDPOINT(name=name, hint=meant(near) or texts.ENDPOINTS_LISTED())


def _unknown_names(rule: Rule, named: NamedTargets) -> Iterator[Mistake]:
    """Find an error, parameters and patched fields that none of the targets has."""
    targets = named.targets
    if rule.error is not None and not any(t.find_case(rule.error) for t in targets):
        known = sorted({name for target in targets for name in _case_names(target)})
        hint = suggestion(str(rule.error), known)
        says = texts.NO_SUCH_ERROR(targets=_list(targets), error=str(rule.error), hint=hint)
        yield Mistake(("error",), says)
    fields = {n for target in targets for n in condition_names(target)} if rule.when else set()
    for name in rule.when:
        # A path that no endpoint serves may carry any parameter.
        if name not in fields and all(path.path == "*" for path in named.unserved_paths):
            says = texts.UNKNOWN_FIELD(name=name, hint=suggestion(name, sorted(fields)))
            if name in SUBJECTS:
                says = texts.TOLD_TOO_LATE(targets=_list(targets), name=name)
            yield Mistake(("when", name), says, at_key=True)
    for patched in rule.patch:
        hints = [patch_problem(target, patched) for target in targets]
        if None not in hints:
            says = texts.NO_PATCHED_FIELD(patched=patched, hint=hints[0] or NOTHING)
            yield Mistake(("patch", patched), says, at_key=True)


def _inapplicable(rule: Rule, targets: list[RuleTarget]) -> Iterator[Mistake]:
    """Find what none of the targets can be subject to."""
    effect = rule.happens
    if effect is not None and not any(can_apply(effect, field_names(t)) for t in targets):
        says = texts.CANNOT_HAPPEN(targets=_list(targets), effect=str(effect))
        yield Mistake(("happens",), says)
    if rule.sheet is not None and not any(map(shows_sheet, targets)):
        known = [api.full_name for api in APIS.values() if api.sheet is not None]
        says = texts.NO_SHEET_SHOWN(targets=_list(targets), known=known)
        yield Mistake(("sheet",), says)
    if rule.sheet is None and all(isinstance(target, PhoneApi) for target in targets):
        for name in ("status", "reply", "patch", "fault", "delay"):
            if getattr(rule, name):
                wanted = texts.PHONE_RULE_HAS()
                says = texts.FOR_HTTP(name=name, wanted=wanted)
                yield Mistake((name,), says, at_key=True)


def _list(targets: list[RuleTarget]) -> Text:
    names = [target.full_name for target in targets]
    return (texts.ANY_OF if len(names) > 3 else texts.EITHER)(names=names[:3])


def _case_names(target: RuleTarget) -> Iterator[str]:
    cases: tuple[ErrorCase, ...] = target.errors if isinstance(target, Endpoint) else target.fails
    for case in cases:
        yield case.name
        yield str(case.code)
