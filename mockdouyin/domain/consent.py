"""Consent: what Douyin checks before it asks a person, and where it sends them afterwards."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Literal, NamedTuple
from urllib.parse import quote, urlsplit

from mockdouyin.core.apps import App
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.scopes import describe_separator, why_not_held
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.grants import authorize, granted
from mockdouyin.domain.tokens import is_trial_over, why_no_tester

SILENT_SCOPE = "login_id"
"""The one scope that is granted without asking, inside the Douyin app."""

Decision = Literal["allow", "deny"]

SCOPES = 200
"""Scopes that can be asked for at once; the docs know about eighty."""

LONGEST = 8192
"""Characters of redirect_uri and state: both come back in an address."""


class ConsentRequest(NamedTuple):
    """What an app asks a person for."""

    app: App
    scope: str
    redirect_uri: str
    state: str
    optional: tuple[tuple[str, bool], ...] = ()
    """The optional scopes, and whether each is ticked at first."""
    silent: bool = False
    """Nobody is asked: the address is opened inside the Douyin app."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The required scopes, each once."""
        return tuple(dict.fromkeys(_words(self.scope)))

    @property
    def options(self) -> dict[str, bool]:
        """The optional scopes that are not required as well, and whether each is ticked."""
        required = self.scopes
        return {scope: on for scope, on in self.optional if scope not in required}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def read_options(text: str) -> tuple[tuple[str, bool], ...]:
    """Read `scope,flag,scope,flag`: 1 is ticked at first, 0 is not; a flag may be absent."""
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
    """The key to the forms of a world's consent pages."""

    TABLE = "PageKey"

    key: str


def form_token(world: WorldState, unit: Unit, asked: ConsentRequest, qr_token: str = "") -> str:
    """Return what the form of a page that asks this carries: only who sees the page knows it."""
    held = unit.find(PageKey, "consent")
    if held is None:
        held = PageKey(key=world.nonce())
        unit.write("consent", held)
    app = asked.app.client_key
    bound = repr((app, asked.scope, asked.optional, asked.redirect_uri, asked.state, qr_token))
    content = bound.encode("utf-8", "surrogatepass")
    return hmac.new(held.key.encode(), content, hashlib.sha256).hexdigest()[:32]


def check_form(given: str, token: str) -> None:
    """Refuse an answer that does not come from the form of the page that asked."""
    if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        raise DouyinError(
            "bad_params",
            "this answer is not from the page that was shown for this request: its form_token is"
            f" {'wrong' if given else 'missing'}; open the consent link again, and answer there",
        )


def check(world: WorldState, asked: ConsentRequest, now: float) -> None:
    """Refuse what Douyin refuses before a person is asked."""
    app = asked.app
    if app.kind != "web" and not app.any_secret:
        why = (
            f"app {app.name!r} is a {app.kind}, and this page is for web apps: a mini-app asks by"
            " tt.showDouyinOpenAuth, whose ticket is the code"
        )
        raise DouyinError("wrong_kind", why)
    if app.banned:
        raise DouyinError("app_banned", f"app {app.name!r} is set to banned")
    _check_scopes(asked)
    for name in ("redirect_uri", "state"):
        length = len(getattr(asked, name))
        if length > LONGEST:
            why = f"{name} has {length} characters; {LONGEST} is the most"
            raise DouyinError("bad_params", why)
    rule = world.settings.redirect_check
    if not fits_redirect(app, asked.redirect_uri, rule):
        raise DouyinError("bad_redirect_uri", _why_redirect(app, asked.redirect_uri, rule))
    if is_trial_over(app, now):
        raise DouyinError("trial_expired", f"app {app.name!r} was not released within 120 days")
    check_person(asked, "")


def _check_scopes(asked: ConsentRequest) -> None:
    app = asked.app
    count = len(asked.scopes) + len(asked.optional)
    if count > SCOPES:
        raise DouyinError("bad_params", f"{count} scopes are asked for; {SCOPES} is the most")
    if not asked.scopes:
        raise DouyinError("bad_params", "scope is missing", detail="scope must have a value")
    if asked.silent and asked.scopes != (SILENT_SCOPE,):
        joined = next((scope for scope in asked.scopes if describe_separator(scope)), "")
        why = f"only {SILENT_SCOPE} is granted without asking"
        why += f"; {why_not_held(app.name, app.scopes, joined)}" if joined else ""
        raise DouyinError("unfit_scope", why)
    lacking = [scope for scope in (*asked.scopes, *asked.options) if scope not in app.scopes]
    if lacking:
        raise DouyinError("no_scope", why_not_held(app.name, app.scopes, lacking[0]))


def check_person(asked: ConsentRequest, person: str, ticked: tuple[str, ...] = ()) -> None:
    """Refuse a person who is no tester of a trial app; nobody named checks the scopes alone."""
    options = asked.options if not person else ticked
    given = (*asked.scopes, *options)
    if asked.silent:
        given = (*given, "trial.whitelist", "user_info")
    stranger = why_no_tester(asked.app, person, given)
    if stranger:
        raise DouyinError("not_a_tester", stranger)


def _why_redirect(app: App, uri: str, rule: str) -> str:
    if not uri:
        return "redirect_uri is missing"
    known = ", ".join(app.redirect_uris) or "nothing"
    registered = f"app {app.name!r} has registered {known} (redirect_check: {rule})"
    if "://" not in uri:
        return f"redirect_uri is a whole address, with https:// before its host; {registered}"
    return registered


_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"]")


def fits_redirect(app: App, uri: str, rule: str) -> bool:
    """Whether a redirect_uri may be used: http or https, and as the rule says."""
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
    """Whether a host name is this machine's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        from ipaddress import ip_address  # seldom needed

        return ip_address(host).is_loopback
    except ValueError:
        return False


def allow(
    world: WorldState, unit: Unit, asked: ConsentRequest, person: str, ticked: tuple[str, ...] = ()
) -> tuple[str, str]:
    """Let the person consent: give the address that they are sent back to, and the code."""
    check_person(asked, person, ticked)
    scopes = asked.scopes + tuple(scope for scope in asked.options if scope in ticked)
    code = authorize(world, unit, asked.app, person, scopes)
    shown = "" if asked.silent else f"&scopes={quote(','.join(granted(scopes)), safe=',')}"
    return _back(asked, f"code={code}&state={quote(asked.state, safe='')}{shown}"), code


def denied(asked: ConsentRequest) -> str:
    """Give the address that a refusal is told at, where it is told at all."""
    return _back(asked, f"error=access_denied&state={quote(asked.state, safe='')}")


def visitor(world: WorldState, named: str = "") -> str:
    """Give who opens a page: the person named, else the world's visitor, else its first person."""
    return world.people.find(named or world.settings.visitor or world.people.first)


def automatic(world: WorldState, named: str = "") -> tuple[str, Decision] | None:
    """Give who answers a consent page at once, and how, where the world says so."""
    auto = world.settings.auto_consent
    if auto == "off":
        return None
    if auto in ("allow", "deny"):
        return visitor(world, named), "allow" if auto == "allow" else "deny"
    return world.people.find(auto), "allow"


def _back(asked: ConsentRequest, query: str) -> str:
    head, sharp, fragment = asked.redirect_uri.partition("#")
    joint = "&" if "?" in head else "?"
    # What is no ASCII cannot stand in a header; everything else stays as the app wrote it.
    return quote(f"{head}{joint}{query}{sharp}{fragment}", safe="!#$%&'()*+,/:;=?@[]~|^`{}")
