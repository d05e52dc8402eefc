"""The consent page: what an app asks for, who answers, and what follows."""

from __future__ import annotations

from itertools import islice
from urllib.parse import urlencode, urlsplit

from mockdouyin.core.credentials import describe_value
from mockdouyin.core.endpoint import Call, Fields
from mockdouyin.core.envelopes import Text
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
from mockdouyin.domain.oauth_qr import QrCode, asked_by, confirm, refuse, scan, status
from mockdouyin.endpoints import error_tables
from mockdouyin.endpoints.oauth import oauth

NEW_PERSON = "+new"
"""What `person` is when a name of someone new follows."""

SHOWN_PEOPLE = 6
"""How many people the page shows with their profile; of more it lists the names."""

LISTED_PEOPLE = 1000
"""How many names the page lists; whoever comes after them is named in the address."""

LONGEST_NAME = 40


class ConnectFields(Fields, kw_only=True):
    """What an app asks for; the rest is what the person answers, and is ours."""

    client_key: str = ""
    response_type: str = ""
    scope: str = ""
    optionalScope: str = ""  # noqa: N815 - the wire's own name
    redirect_uri: str = ""
    state: str = ""
    token: str = ""
    """A QR code's, where the page was opened by scanning it."""
    lang: str = ""
    person: str = ""
    new_person: str = ""
    decision: str = ""
    form_token: str = ""
    """What the page's own form carries."""
    tick: str | list[str] = ""
    """An optional scope that is granted; there may be several."""


@oauth.endpoint(
    "GET POST",
    "/platform/oauth/connect/",
    "/oauth/connect/",
    "/oauth/authorize/",
    doc="dop/develop/openapi/account-permission/douyin-get-permission-code",
    basis="documented",
    errors=error_tables.CONSENT,
    envelope=Text(),
)
def connect(call: Call[ConnectFields]) -> Page | Redirect:
    """Ask a person for their consent, on a page; then go back with code, state and scopes."""
    asked, code = _asked(call)
    check(call.world, asked, call.now)
    fields = call.fields
    if call.request.method == "POST":
        if fields.decision not in ("allow", "deny"):
            return _question(call, asked, code)
        _check_sender(call, asked)
        person, problem = _person(call, asked)
        if problem:
            return _question(call, asked, code, problem)
        decision: Decision = "allow" if fields.decision == "allow" else "deny"
        return _answer(call, asked, code, person, decision, _ticked(call))
    at_once = automatic(call.world, fields.person)
    if at_once is not None:
        ticked = tuple(scope for scope, on in asked.options.items() if on)
        return _answer(call, asked, code, *at_once, ticked)
    if code is not None:
        scan(call.unit, fields.token, code)
    return _question(call, asked, code)


def _asked(call: Call[ConnectFields]) -> tuple[ConsentRequest, QrCode | None]:
    """Read what is asked: from the address, or from the QR code that led here."""
    fields = call.fields
    app = call.known_app(fields.client_key, "bad_client_key")
    if fields.token:
        code = call.unit.find(QrCode, fields.token)
        if code is None or code.app != app.client_key:
            other = describe_value(call.world, call.unit, fields.token)
            why = "the token is not that of a QR code of the app"
            raise DouyinError("bad_params", f"{why}: {other}" if other else why)
        how = status(call.unit, code)
        if how not in ("new", "scanned"):
            raise DouyinError("bad_params", f"the QR code is {how}; a new one is needed")
        return asked_by(app, code), code
    if fields.response_type != "code":
        call.need("bad_params", "response_type")
        why = f'response_type must be "code", was "{fields.response_type}"'
        raise DouyinError("bad_params", why)
    options = read_options(fields.optionalScope)
    return ConsentRequest(app, fields.scope, fields.redirect_uri, fields.state, options), None


def _check_sender(call: Call[ConnectFields], asked: ConsentRequest) -> None:
    """Refuse an answer that another site makes the person's browser send."""
    if is_from_elsewhere(call.request):
        why = "a page of another site sent this answer; open the consent link, and answer there"
        raise DouyinError("bad_params", why)
    fields = call.fields
    check_form(fields.form_token, form_token(call.world, call.unit, asked, fields.token))


def _ticked(call: Call[ConnectFields]) -> tuple[str, ...]:
    """Give the optional scopes that were left ticked; a form names each by itself."""
    given = call.fields.tick
    if isinstance(given, list):
        return tuple(given)
    pairs = query_pairs(call.request.body)
    return (given, *(value for name, value in pairs if name == "tick"))


def _person(call: Call[ConnectFields], asked: ConsentRequest) -> tuple[str, NameProblem]:
    """Give who answers; someone new joins the world once nothing stands against them."""
    fields, people = call.fields, call.world.people
    if fields.person not in ("", NEW_PERSON) or fields.person in people:
        return people.find(fields.person), ""
    name = fields.new_person.strip()
    if not name:
        return ("", "no_name") if fields.person else (visitor(call.world), "")
    if len(name) > LONGEST_NAME or not name.isprintable():
        return "", "bad_name"
    if name not in people:
        if fields.decision == "allow":
            check_person(asked, name, _ticked(call))
        people.add(name, PersonSpec())
    return name, ""


def _answer(
    call: Call[ConnectFields],
    asked: ConsentRequest,
    code: QrCode | None,
    person: str,
    decision: Decision,
    ticked: tuple[str, ...],
) -> Page | Redirect:
    """Do as the person decides. Where a code was scanned, the other screen goes back."""
    call.person = person
    world, unit, token = call.world, call.unit, call.fields.token
    if decision == "deny":
        call.denied = True
        if code is not None:
            refuse(unit, token, person)
        elif world.settings.on_denial == "redirect":
            return Redirect(denied(asked))
        return _outcome(call, "denied", asked)
    if code is not None:
        confirm(world, unit, token, person, ticked)
        return _outcome(call, "allowed", asked)
    return Redirect(allow(world, unit, asked, person, ticked)[0])


def _outcome(call: Call[ConnectFields], name: str, asked: ConsentRequest) -> Page:
    content = DecisionPage(asked.app.name, call.person, bool(call.fields.token))
    return Page(name, language_of(call.request), content)


def _question(
    call: Call[ConnectFields],
    asked: ConsentRequest,
    code: QrCode | None,
    problem: NameProblem = "",
) -> Page:
    world, request, fields, app = call.world, call.request, call.fields, asked.app
    language = language_of(request)
    query = dict(query_pairs(request.query, blank=True))
    turned = urlencode({**query, "lang": "en" if language == "zh" else "zh"})
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
        turned=turned,
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
    names = list(islice(people, LISTED_PEOPLE))
    lines = []
    for name in names:
        welcome = not app.trial or name in app.testers
        if len(names) > SHOWN_PEOPLE:
            lines.append(PersonLine(name, "", "", welcome))
        else:
            profile = people.profile(name)
            lines.append(PersonLine(name, profile.nickname, profile.city, welcome))
    return tuple(lines)
