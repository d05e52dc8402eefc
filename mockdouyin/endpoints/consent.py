"""The consent page: a person allows or denies an app's scopes, then is redirected with a code."""

from __future__ import annotations

from itertools import islice
from urllib.parse import urlencode, urlsplit

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.credentials import describe_value
from mockdouyin.core.envelopes import PlainText
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.http import Page
from mockdouyin.core.pages import (
    ConsentPage,
    DecisionPage,
    NameProblem,
    PersonLine,
    PhoneReach,
    Redirect,
    ScopeLine,
    is_from_elsewhere,
    language_of,
    origin_of,
)
from mockdouyin.core.parameters import query_pairs
from mockdouyin.core.people import PersonSpec
from mockdouyin.core.scopes import APP_SCOPES
from mockdouyin.domain.consent import (
    ConsentRequest,
    Decision,
    allow,
    automatic,
    check,
    check_form,
    check_person,
    denied,
    form_token,
    is_loopback,
    read_options,
    visitor,
)
from mockdouyin.domain.oauth_qr import QrCode, asked_by, confirm, find_code, refuse, scan, status
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import accounts as tables
from mockdouyin.endpoints.oauth import oauth

NEW_PERSON = "+new"
"""The value of `person` that says that `new_person` holds the name of somebody new."""

MAX_SHOWN_PEOPLE = 6
"""People whom the page shows with their profile; if there are more, it lists names only."""

MAX_LISTED_PEOPLE = 1000
"""Names that the page lists; the address can still name anybody else."""

MAX_NAME = 40
"""Characters of a new person's name."""


class ConnectFields(Fields, kw_only=True):
    """What the app asks for; from `lang` on, the fields of mockdouyin's own page and form."""

    client_key: str = ""
    response_type: str = ""
    scope: str = ""
    optionalScope: str = ""  # noqa: N815 - the wire's own name
    redirect_uri: str = ""
    state: str = ""
    token: str = ""
    """The token of a QR code, if the page was opened by scanning it."""
    lang: str = ""
    person: str = ""
    new_person: str = ""
    decision: str = ""
    form_token: str = ""
    """The token that the page puts into its form, against forged submissions."""
    tick: str | list[str] = ""
    """An optional scope that the person grants; there may be several."""


@oauth.endpoint(
    "GET POST",
    "/platform/oauth/connect/",
    "/oauth/connect/",
    "/oauth/authorize/",
    doc="dop/develop/openapi/account-permission/douyin-get-permission-code",
    basis="documented",
    errors=tables.CONSENT,
    envelope=PlainText(),
)
def connect(call: Call[ConnectFields]) -> Page | Redirect:
    """Ask a person for consent on a page, then redirect with code, state and scopes.

    A refusal shows a page and redirects nobody, unless the setting `on_denial` says otherwise.
    """
    asked, code = _read_request(call)
    check(call.world, asked, call.now)
    fields = call.fields
    if call.request.method == "POST":
        if fields.decision not in ("allow", "deny"):
            return _consent_page(call, asked, code)
        _check_sender(call, asked)
        person, problem = _person(call, asked)
        if problem:
            return _consent_page(call, asked, code, problem)
        decision: Decision = "allow" if fields.decision == "allow" else "deny"
        return _decide(call, asked, code, person, decision, _ticked(call))
    at_once = automatic(call.world, fields.person)
    if at_once is not None:
        ticked = tuple(scope for scope, on in asked.options.items() if on)
        return _decide(call, asked, code, *at_once, ticked)
    if code is not None:
        scan(call.unit, fields.token, code)
    return _consent_page(call, asked, code)


def _read_request(call: Call[ConnectFields]) -> tuple[ConsentRequest, QrCode | None]:
    """Read the consent request from the query, or from the QR code that was scanned."""
    fields = call.fields
    app = call.known_app(fields.client_key, "bad_client_key")
    if fields.token:
        code = find_code(call.unit, fields.token)
        if code is None or code.app != app.client_key:
            other = describe_value(call.world, call.unit, fields.token)
            why = texts.QR_TOKEN_OTHER(other=other) if other else texts.QR_TOKEN_UNKNOWN()
            raise DouyinError("bad_params", why)
        step = status(call.unit, code)
        if step not in ("new", "scanned"):
            raise DouyinError("bad_params", texts.QR_CODE_ENDED(status=step))
        return asked_by(app, code), code
    if fields.response_type != "code":
        call.need("bad_params", "response_type")
        raise DouyinError("bad_params", texts.RESPONSE_TYPE(got=fields.response_type))
    options = read_options(fields.optionalScope)
    return ConsentRequest(app, fields.scope, fields.redirect_uri, fields.state, options), None


def _check_sender(call: Call[ConnectFields], asked: ConsentRequest) -> None:
    """Refuse a form that another site made the person's browser submit."""
    if is_from_elsewhere(call.request):
        raise DouyinError("bad_params", texts.CONSENT_FROM_ELSEWHERE())
    fields = call.fields
    check_form(fields.form_token, form_token(call.world, call.unit, asked, fields.token))


def _ticked(call: Call[ConnectFields]) -> tuple[str, ...]:
    """Return the optional scopes that the person left ticked."""
    tick = call.fields.tick
    if isinstance(tick, list):
        return tuple(tick)
    # A form repeats the field for each checkbox, and fields keep one of the values.
    pairs = query_pairs(call.request.body)
    return (tick, *(value for name, value in pairs if name == "tick"))


def _person(call: Call[ConnectFields], asked: ConsentRequest) -> tuple[str, NameProblem]:
    """Return the person who answers, or what is wrong with the name of a new person.

    A new person is added to the world once all checks have passed.
    """
    fields, people = call.fields, call.world.people
    if fields.person not in ("", NEW_PERSON) or fields.person in people:
        return people.find(fields.person), ""
    name = fields.new_person.strip()
    if not name:
        return ("", "no_name") if fields.person else (visitor(call.world), "")
    if len(name) > MAX_NAME or not name.isprintable():
        return "", "bad_name"
    if name not in people:
        if fields.decision == "allow":
            check_person(asked, name, _ticked(call))
        people.add(name, PersonSpec())
    return name, ""


def _decide(
    call: Call[ConnectFields],
    asked: ConsentRequest,
    code: QrCode | None,
    person: str,
    decision: Decision,
    ticked: tuple[str, ...],
) -> Page | Redirect:
    """Carry out the person's decision.

    With a scanned code, this page only shows the outcome: the polling screen redirects.
    """
    call.person = person
    world, unit, token = call.world, call.unit, call.fields.token
    if decision == "deny":
        call.denied = True
        if code is not None:
            refuse(unit, token, person)
        elif world.settings.on_denial == "redirect":
            return Redirect(denied(asked))
        return _decision_page(call, "denied", asked)
    if code is not None:
        confirm(world, unit, token, person, ticked)
        return _decision_page(call, "allowed", asked)
    return Redirect(allow(world, unit, asked, person, ticked)[0])


def _decision_page(call: Call[ConnectFields], name: str, asked: ConsentRequest) -> Page:
    content = DecisionPage(asked.app.name, call.person, bool(call.fields.token))
    return Page(name, language_of(call.request), content)


def _consent_page(
    call: Call[ConnectFields],
    asked: ConsentRequest,
    code: QrCode | None,
    problem: NameProblem = "",
) -> Page:
    world, request, fields, app = call.world, call.request, call.fields, asked.app
    language = language_of(request)
    query = dict(query_pairs(request.query, blank=True))
    other_language = urlencode({**query, "lang": "en" if language == "zh" else "zh"})
    address = origin_of(request, call.endpoint.family.hosts) + request.path
    chosen = fields.person if fields.person in world.people else visitor(world)
    content = ConsentPage(
        app=app.name,
        client_key=app.client_key,
        trial=app.trial,
        required=tuple(ScopeLine(scope) for scope in asked.scopes if scope not in APP_SCOPES),
        optional=tuple(ScopeLine(scope, on) for scope, on in asked.options.items()),
        own=tuple(ScopeLine(scope) for scope in asked.scopes if scope in APP_SCOPES),
        people=_people(call, asked),
        chosen=NEW_PERSON if problem else chosen,
        new_person=fields.new_person,
        problem=problem,
        host=urlsplit(asked.redirect_uri).netloc,
        address=f"{address}?{request.query.decode('latin-1')}",
        reach=_reach(address, call.endpoint.family.hosts),
        turned=other_language,
        scanned=code is not None,
        form_token=form_token(world, call.unit, asked, fields.token),
    )
    return Page("question", language, content)


def _reach(address: str, hosts: tuple[str, ...]) -> PhoneReach:
    host = urlsplit(address).hostname or ""
    if host in hosts:
        return "douyin"
    return "loopback" if is_loopback(host) else "anywhere"


def _people(call: Call[ConnectFields], asked: ConsentRequest) -> tuple[PersonLine, ...]:
    people, app = call.world.people, asked.app
    names = list(islice(people, MAX_LISTED_PEOPLE))
    lines = []
    for name in names:
        may_consent = not app.trial or name in app.testers
        if len(names) > MAX_SHOWN_PEOPLE:
            lines.append(PersonLine(name, "", "", may_consent))
        else:
            profile = people.profile(name)
            lines.append(PersonLine(name, profile.nickname, profile.city, may_consent))
    return tuple(lines)
