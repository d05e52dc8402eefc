"""Answer one call in its world: apply triggers, run the endpoint, commit, record."""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.core.calls import Call
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import DouyinError, ErrorCase
from mockdouyin.core.http import ERROR_CODE, JSON_TYPE, TEXT_TYPE, Page, Reply, Request, complaint
from mockdouyin.core.journal import BY_HEADER, BY_RULE, BY_VALUE, MAX_KEPT_BODY, Exchange
from mockdouyin.core.links import Link
from mockdouyin.core.pages import Download, Redirect, RefusalPage, language_of
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import NOTHING, Language, Text, as_text, text
from mockdouyin.domain.act_texts import DECLINED
from mockdouyin.domain.subjects import app_of_call, find_subject, link_subject
from mockdouyin.endpoints.error_tables import in_generation
from mockdouyin.endpoints.unserved_paths import how_to_answer, why_unanswered
from mockdouyin.sandbox._call_parameters import rule_parameters
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.compiled import CompiledRule, apply_to_reply, choose, stub_reply
from mockdouyin.scenario.rule import Rule

MAGIC = "mock-error-"
"""A parameter that is this prefix with an error's number or name is refused with that error."""

_MAGIC_BYTES = MAGIC.encode()

_ANSWERED_BY_RULE = text("answered_by_rule", zh="由规则 {rule} 响应", en="answered by rule {rule}")

_BROWSER_ANSWERS = (Page, Redirect)
"""What an endpoint returns for a person's browser, instead of a payload."""


def answer(call: Call[Any], case: str) -> Reply:
    """Answer a call of an endpoint, commit its writes, and record the exchange.

    `case` is the error that the client's negative-test header asks for.
    """
    return _Answering(call, case).run()


class _Answering:
    """One call and what is found out about it while it is answered."""

    __slots__ = ("call", "case", "error", "rule", "why", "world")

    def __init__(self, call: Call[Any], case: str) -> None:
        self.call = call
        self.world: World = call.world  # type: ignore[assignment]
        self.case = case
        self.error: ErrorCase | None = None
        self.why = NOTHING
        self.rule = ""

    def run(self) -> Reply:
        """Answer the call, commit its writes, and record the exchange."""
        call, world = self.call, self.world
        rules = world.rules.for_target(call.endpoint.full_name)
        rule = self._choose_rule(rules) if rules else None
        reply = self._triggered(rule)
        if reply is None:
            reply = self._call_endpoint()
            if rule is not None:
                reply = apply_to_reply(reply, rule)
        elif rule is not None:
            reply = replace(reply, fault=rule.fault, delay=rule.wait)
        call.unit.commit()
        request = call.request
        length = len(request.body)
        if request.streamed is not None or length > MAX_KEPT_BODY:
            request, length = _shortened(request)
        journal = world.journal
        journal.write(
            Exchange(
                number=journal.next_number,
                time=call.now,
                world=world.name,
                length=length,
                request=request,
                reply=reply,
                endpoint=call.endpoint,
                app=call.app.client_key if call.app else "",
                person=call.person,
                error=self.error,
                why=self.why or (DECLINED(person=call.person) if call.denied else NOTHING),
                rule=self.rule,
                denied=call.denied,
                links=call.unit.links,
                took=perf_counter() - call.began,
            )
        )
        return reply

    def _choose_rule(self, rules: list[CompiledRule]) -> Rule | None:
        """Count the call in the rules that match it; return the one to be applied."""
        call = self.call
        parameters = rule_parameters(call.endpoint, call.fields, call.token)
        request = call.request
        candidates = [each for each in rules if each.is_on(call.endpoint, request.method)]
        find = partial(find_subject, call)
        chosen = choose(candidates, parameters, call.unit, self.world.ids, find)
        if chosen is None:
            return None
        self.rule = chosen.id
        return chosen.rule

    def _triggered(self, rule: Rule | None) -> Reply | None:
        """Return the reply if a trigger answers in Douyin's place, else None."""
        endpoint = self.call.endpoint
        if self.case:
            self._find_subject()
            return self._refuse(endpoint.case(self.case), BY_HEADER())
        if rule is not None and (rule.status is not None or rule.reply is not None):
            self._find_subject()
            self.why = _ANSWERED_BY_RULE(rule=self.rule)
            return stub_reply(rule)
        if rule is not None and rule.error is not None:
            case = endpoint.find_case(rule.error)
            if case is not None:
                self._find_subject()
                return self._refuse(case, BY_RULE(rule=self.rule))
        return self._magic_value()

    def _magic_value(self) -> Reply | None:
        """Refuse the call if a parameter or the token is a magic value."""
        call = self.call
        body, query = call.request.body, call.request.query
        # A cheap test first: hardly any call has one.
        if _MAGIC_BYTES not in body and _MAGIC_BYTES not in query and MAGIC not in call.token:
            return None
        values = [*msgspec.structs.asdict(call.fields).values(), call.token]
        for value in values:
            if isinstance(value, str) and value.startswith(MAGIC):
                case = call.endpoint.find_case(value[len(MAGIC) :])
                if case is not None:
                    self._find_subject()
                    return self._refuse(case, BY_VALUE(value=value))
        return None

    def _find_subject(self) -> None:
        """Find for the journal whom the call is about: an endpoint that does not run cannot."""
        call, types = self.call, self.call.endpoint.types
        for name in types.app_keys:
            app = self.world.apps.get(getattr(call.fields, name))
            if app is not None:
                call.app = app
        if call.app is None:
            call.app = app_of_call(call)
        call.person = link_subject(call) or call.person

    def _call_endpoint(self) -> Reply:
        """Run the endpoint; a refusal rolls back what it wrote."""
        call = self.call
        endpoint = call.endpoint
        try:
            if not call.fields.FIRST_WHOSE:
                call.refuse_malformed()
            payload = endpoint.handler(call)
        except DouyinError as refusal:
            call.unit.roll_back()
            if not call.unit.links:
                link_subject(call)  # it was refused before the endpoint had looked at that
            return self._refuse(endpoint.case(refusal.case), refusal.why, refusal.detail)
        log_id = self._log_id()
        if isinstance(payload, _BROWSER_ANSWERS):
            return _browser_reply(payload, log_id)
        if isinstance(payload, Download):
            return _file_reply(payload, log_id)
        if payload is None:
            payload = msgspec.UNSET
        return _api_reply(
            endpoint, 0, endpoint.envelope.success(payload, log_id, call.now), log_id
        )

    def _refuse(self, case: ErrorCase, why: Text, detail: str = "") -> Reply:
        call = self.call
        generation = self.world.settings.error_generation
        if generation != "documented":
            case = in_generation(case, generation)
        self.error, self.why = case, why
        log_id = self._log_id()
        envelope, empty = call.endpoint.envelope, call.endpoint.empty
        body = envelope.failure(case, detail, empty, log_id, call.now)
        if call.endpoint.is_page:
            refusal = RefusalPage(case.code, case.text, why, call.endpoint.family.name)
            return _browser_reply(
                Page("refused", language_of(call.request), refusal), log_id, body
            )
        return _api_reply(call.endpoint, case.code, body, log_id)

    def _log_id(self) -> str:
        world = self.world
        return world.ids.log_id(world.clock.stamp(self.call.now), world.journal.next_number)


def _api_reply(endpoint: Endpoint, code: int, body: bytes, log_id: str) -> Reply:
    log = (b"x-tt-logid", log_id.encode())
    if endpoint.code_header:
        return Reply(200, body, (JSON_TYPE, log, (ERROR_CODE, b"%d" % code)))
    return Reply(200, body, (JSON_TYPE, log))


def _browser_reply(answer: Page | Redirect, log_id: str, text: bytes = b"") -> Reply:
    """Reply to a browser; a door that renders no pages sends the text."""
    log = (b"x-tt-logid", log_id.encode())
    if isinstance(answer, Redirect):
        location = (b"location", answer.location.encode("latin-1"))
        return Reply(302, b"", (location, (b"cache-control", b"no-store"), log))
    text = text or f"{answer.name}: this is a page for a browser\n".encode()
    return Reply(200, text, (TEXT_TYPE, log), page=answer)


def _file_reply(file: Download, log_id: str) -> Reply:
    log = (b"x-tt-logid", log_id.encode())
    kind = (b"content-type", file.content_type.encode())
    if not file.name:
        return Reply(200, file.body, (kind, log))
    saved_as = f'attachment; filename="{file.name}"'
    return Reply(200, file.body, (kind, log, (b"content-disposition", saved_as.encode())))


def _shortened(request: Request) -> tuple[Request, int]:
    """Return the request as the journal keeps it, and the length of its whole body."""
    length = request.streamed.length if request.streamed else len(request.body)
    return replace(request, body=request.body[:MAX_KEPT_BODY], streamed=None), length


def answer_unserved(
    world: World,
    request: Request,
    path: str,
    parameters: dict[str, Any],
    began: float,
    default: Language,
) -> Reply:
    """Answer a call that no endpoint serves: by a rule that names the path, else with a 404."""
    unit = world.store.unit(world.clock.now())
    rule = _choose_unserved(world, unit, request, path, parameters)
    if rule is not None and (rule.status is not None or rule.reply is not None):
        reply, why = stub_reply(rule), _ANSWERED_BY_RULE(rule=rule.id)
    else:
        why = why_unanswered(request.method, path, world.catalogue)
        language = language_of(request, default)
        ways = how_to_answer(request.method, path, world.catalogue).render(language)
        reply = complaint(404, "\n\n".join(filter(None, (why.render(language), ways))))
    if rule is not None:
        reply = replace(reply, fault=rule.fault, delay=rule.wait)
    by = rule.id if rule else ""
    record_unanswered(world, request, reply, why=why, rule=by, links=unit.links, began=began)
    return reply


def _choose_unserved(
    world: World, unit: Unit, request: Request, path: str, parameters: dict[str, Any]
) -> Rule | None:
    """Count a call that no endpoint serves in the rules that match it; return the one to apply."""
    rules = world.rules.for_unserved(request.method, path)
    if not rules:
        return None
    chosen = choose(rules, parameters, unit, world.ids)
    unit.commit()
    return chosen.rule if chosen else None


def record_unanswered(
    world: World,
    request: Request,
    reply: Reply,
    *,
    endpoint: Endpoint | None = None,
    why: Text | str,
    rule: str = "",
    links: tuple[Link, ...] = (),
    began: float,
) -> None:
    """Record an exchange that no endpoint answered."""
    request, length = _shortened(request)
    world.journal.write(
        Exchange(
            number=world.journal.next_number,
            time=world.clock.now(),
            world=world.name,
            length=length,
            request=request,
            reply=reply,
            endpoint=endpoint,
            why=as_text(why),
            rule=rule,
            links=links,
            took=perf_counter() - began,
        )
    )
