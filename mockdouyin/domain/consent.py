"""Consent: what Douyin checks before it asks a person, and where it redirects them after."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import ClassVar, Literal, NamedTuple
from urllib.parse import quote, urlsplit

from mockdouyin.core.apps import App
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.scopes import describe_separator, why_not_held
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.texts import Text
from mockdouyin.core.world import WorldState
from mockdouyin.domain import texts
from mockdouyin.domain.grants import authorize, granted
from mockdouyin.domain.tokens import is_trial_over, why_no_tester

SILENT_SCOPE = "login_id"
"""The one scope that is granted without asking, inside the Douyin app."""

Decision = Literal["allow", "deny"]

MAX_SCOPES = 200
"""Scopes that can be asked for at once; Douyin's docs know about eighty."""

MAX_FIELD_LENGTH = 8192
"""Characters of redirect_uri and of state: both are part of the address sent back."""


class ConsentRequest(NamedTuple):
    """What an app asks a person for."""

    app: App
    scope: str
    redirect_uri: str
    state: str
    optional: tuple[tuple[str, bool], ...] = ()
    """The optional scopes, and whether each is ticked at first."""
    silent: bool = False
    """Whether nobody is asked, because the address is opened inside the Douyin app."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The required scopes, each once."""
        return tuple(dict.fromkeys(_words(self.scope)))

    @property
    def options(self) -> dict[str, bool]:
        """The optional scopes that are not also required, and whether each is ticked."""
        required = self.scopes
        return {scope: on for scope, on in self.optional if scope not in required}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def read_options(text: str) -> tuple[tuple[str, bool], ...]:
    """Parse `scope,flag,scope,flag`: 1 is ticked at first, 0 is not; a flag may be absent."""
    options: dict[str, bool] = {}
    last = ""
    for word in _words(text):
        if word in ("0", "1") and last:
            options[last] = word == "1"
            last = ""
        else:
            options.setdefault(word, False)
            last = word
    return tuple(options.items())


class PageKey(Record, frozen=True):
    """The key that signs the forms of a world's consent pages."""

    TABLE: ClassVar[str] = "PageKey"

    key: str


def form_token(world: WorldState, unit: Unit, asked: ConsentRequest, qr_token: str = "") -> str:
    """Return the token in the form of a page that asks this; only who sees the page knows it."""
    page_key = unit.find(PageKey, "consent")
    if page_key is None:
        page_key = PageKey(key=world.nonce())
        unit.write("consent", page_key)
    app = asked.app.client_key
    bound = repr((app, asked.scope, asked.optional, asked.redirect_uri, asked.state, qr_token))
    content = bound.encode("utf-8", "surrogatepass")
    return hmac.new(page_key.key.encode(), content, hashlib.sha256).hexdigest()[:32]


def check_form(given: str, token: str) -> None:
    """Refuse an answer that was not sent by the form of the page that asked."""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        why = texts.FORM_TOKEN_WRONG() if given else texts.FORM_TOKEN_MISSING()
        raise DouyinError("bad_params", why)


def check(world: WorldState, asked: ConsentRequest, now: float) -> None:
    """Refuse what Douyin refuses before it asks a person."""
    app = asked.app
    if app.kind != "web" and not app.any_secret:
        why = texts.CONSENT_PAGE_FOR_WEB_APPS(app=app.name, kind=app.kind)
        raise DouyinError("wrong_kind", why)
    if app.banned:
        raise DouyinError("app_banned", texts.APP_BANNED(app=app.name))
    _check_scopes(asked)
    for name in ("redirect_uri", "state"):
        length = len(getattr(asked, name))
        if length > MAX_FIELD_LENGTH:
            why = texts.FIELD_TOO_LONG(field=name, length=length, most=MAX_FIELD_LENGTH)
            raise DouyinError("bad_params", why)
    rule = world.settings.redirect_check
    if not fits_redirect(app, asked.redirect_uri, rule):
        raise DouyinError("bad_redirect_uri", _why_redirect(app, asked.redirect_uri, rule))
    if is_trial_over(app, now):
        raise DouyinError("trial_expired", texts.APP_TRIAL_OVER(app=app.name))
    check_person(asked, "")


def _check_scopes(asked: ConsentRequest) -> None:
    app = asked.app
    count = len(asked.scopes) + len(asked.optional)
    if count > MAX_SCOPES:
        raise DouyinError("bad_params", texts.SCOPES_TOO_MANY(count=count, most=MAX_SCOPES))
    if not asked.scopes:
        raise DouyinError("bad_params", texts.SCOPE_MISSING(), detail="scope must have a value")
    if asked.silent and asked.scopes != (SILENT_SCOPE,):
        joined = next((scope for scope in asked.scopes if describe_separator(scope)), "")
        why = texts.SCOPE_NOT_SILENT(scope=SILENT_SCOPE)
        if joined:
            hint = why_not_held(app.name, app.scopes, joined)
            why = texts.SCOPE_NOT_SILENT_JOINED(scope=SILENT_SCOPE, why=hint)
        raise DouyinError("unfit_scope", why)
    lacking = [scope for scope in (*asked.scopes, *asked.options) if scope not in app.scopes]
    if lacking:
        raise DouyinError("no_scope", why_not_held(app.name, app.scopes, lacking[0]))


def check_person(asked: ConsentRequest, person: str, ticked: tuple[str, ...] = ()) -> None:
    """Refuse a person who is not a tester of a trial app; without one, check the scopes alone."""
    options = asked.options if not person else ticked
    given = (*asked.scopes, *options)
    if asked.silent:
        given = (*given, "trial.whitelist", "user_info")
    why = why_no_tester(asked.app, person, given)
    if why:
        raise DouyinError("not_a_tester", why)


def _why_redirect(app: App, uri: str, rule: str) -> Text:
    if not uri:
        return texts.REDIRECT_URI_MISSING()
    known = list(app.redirect_uris) or texts.EMPTY_LIST()
    registered = texts.REDIRECT_URI_NOT_REGISTERED(app=app.name, known=known, rule=rule)
    if "://" not in uri:
        return texts.REDIRECT_URI_NOT_WHOLE(registered=registered)
    return registered


_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"]")


def fits_redirect(app: App, uri: str, rule: str) -> bool:
    """Whether a redirect_uri may be used: it is http or https, and fits `redirect_check`."""
    if _UNSAFE.search(uri):
        return False
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    if rule == "domain":
        return any(urlsplit(known).hostname == host for known in app.redirect_uris)
    if uri.partition("#")[0] in [known.partition("#")[0] for known in app.redirect_uris]:
        return True
    return rule == "loopback" and is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        from ipaddress import ip_address  # loaded on first use: seldom needed

        return ip_address(host).is_loopback
    except ValueError:
        return False


def allow(
    world: WorldState, unit: Unit, asked: ConsentRequest, person: str, ticked: tuple[str, ...] = ()
) -> tuple[str, str]:
    """Record the person's consent; return the address to redirect to, and the code."""
    check_person(asked, person, ticked)
    scopes = asked.scopes + tuple(scope for scope in asked.options if scope in ticked)
    code = authorize(world, unit, asked.app, person, scopes)
    shown = "" if asked.silent else f"&scopes={quote(','.join(granted(scopes)), safe=',')}"
    return _back(asked, f"code={code}&state={quote(asked.state, safe='')}{shown}"), code


def denied(asked: ConsentRequest) -> str:
    """Return the address to redirect to after a denial, where the world redirects at all."""
    return _back(asked, f"error=access_denied&state={quote(asked.state, safe='')}")


def visitor(world: WorldState, named: str = "") -> str:
    """Return who opens a page: the named person, the world's visitor, or its first person."""
    return world.people.find(named or world.settings.visitor or world.people.first)


def automatic(world: WorldState, named: str = "") -> tuple[str, Decision] | None:
    """Return who answers a consent page at once and how, if the world's settings say so."""
    auto = world.settings.auto_consent
    if auto == "off":
        return None
    if auto in ("allow", "deny"):
        return visitor(world, named), "allow" if auto == "allow" else "deny"
    return world.people.find(auto), "allow"


def _back(asked: ConsentRequest, query: str) -> str:
    head, hash_sign, fragment = asked.redirect_uri.partition("#")
    separator = "&" if "?" in head else "?"
    # A header has to be ASCII; everything else stays as the app wrote it.
    return quote(
        f"{head}{separator}{query}{hash_sign}{fragment}", safe="!#$%&'()*+,/:;=?@[]~|^`{}"
    )
