"""What a credential is, in whatever field it was sent: told from its form, its app and its world.

Every refusal of a code, token, ticket, key or secret says what was sent. The forms are those of
docs/platform.md, "Shapes".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core.http import Headers
from mockdouyin.core.ids import LOGIN_CODE_LENGTH, world_tag
from mockdouyin.core.store import Record, Unit

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.endpoint import Call
    from mockdouyin.core.world import WorldState


class CredentialKind(StrEnum):
    """A kind of credential, or of id that is sent in its place, as a refusal calls it."""

    LOGIN_CODE = "a code of tt.login"
    ANONYMOUS_CODE = "an anonymousCode of tt.login"
    PHONE_CODE = "a code of the phone-number button"
    AUTH_CODE = "the code of a consent"
    USER_TOKEN = "a user token (act.)"
    REFRESH_TOKEN = "a refresh_token (rft.)"
    CLIENT_TOKEN = "a client token (clt.)"
    APP_TOKEN = "an app token (08011218…)"
    PROVIDER_TOKEN = "a service provider's token (isvact.)"
    PROVIDER_REFRESH_TOKEN = "a service provider's refresh token (isvrft.)"
    BUSINESS_TOKEN = "a business token (bus_act., bus_rft.)"
    OPEN_TICKET = "an open ticket"
    JS_TICKET = "a JS ticket"
    SESSION_KEY = "a session_key"
    CLIENT_KEY = "a client_key"
    CLIENT_SECRET = "a client_secret"
    OPEN_ID = "an open_id"
    UNION_ID = "a union_id"
    TEMPLATE = "the id of a message template"
    SEALED_ID = "the id of a work, a comment, a message or an upload"


_SOURCES = {
    CredentialKind.LOGIN_CODE: "tt.login gives it as code",
    CredentialKind.ANONYMOUS_CODE: "tt.login gives it as anonymousCode",
    CredentialKind.PHONE_CODE: "the phone-number button gives it, in e.detail.code",
    CredentialKind.AUTH_CODE: "the consent page gives it, and to a mini-program"
    " tt.showDouyinOpenAuth does, as ticket",
    CredentialKind.USER_TOKEN: "/oauth/access_token/ gives it for the code of a consent",
    CredentialKind.REFRESH_TOKEN: "/oauth/access_token/ gives it beside the user token",
    CredentialKind.CLIENT_TOKEN: "/oauth/client_token/ gives it",
    CredentialKind.APP_TOKEN: "/api/apps/v2/token gives it",
    CredentialKind.OPEN_TICKET: "/open/getticket/ gives it",
}
"""Where each is to be had."""

_HEADS = {
    "act": CredentialKind.USER_TOKEN,
    "rft": CredentialKind.REFRESH_TOKEN,
    "clt": CredentialKind.CLIENT_TOKEN,
    "isvact": CredentialKind.PROVIDER_TOKEN,
    "isvrft": CredentialKind.PROVIDER_REFRESH_TOKEN,
    "bus_act": CredentialKind.BUSINESS_TOKEN,
    "bus_rft": CredentialKind.BUSINESS_TOKEN,
}
"""What stands before the first dot of a token."""

_AUTH_CODE = re.compile(r"[0-9a-f]{16}[0-9A-Za-z]{20}")
_APP_TOKEN = re.compile(r"08011218[0-9a-f]{16,}")
_URL64 = re.compile(r"[A-Za-z0-9_-]+")


def form_of(value: str) -> CredentialKind | None:
    """Return the kind that a value must be of by its form; None where the form does not tell."""
    head, dot, _ = value.partition(".")
    if dot and head in _HEADS:
        return _HEADS[head]
    if len(value) == LOGIN_CODE_LENGTH and _URL64.fullmatch(value):
        return CredentialKind.LOGIN_CODE
    if len(value) == 36 and _AUTH_CODE.fullmatch(value):
        return CredentialKind.AUTH_CODE
    if value.startswith("08011218") and _APP_TOKEN.fullmatch(value):
        return CredentialKind.APP_TOKEN
    return None


_LIKENESSES = (
    (CredentialKind.OPEN_TICKET, r"@[A-Za-z0-9+/]{30}=="),
    (CredentialKind.SEALED_ID, r"@[A-Za-z0-9+/]{40,}={0,2}"),
    (CredentialKind.SESSION_KEY, r"[A-Za-z0-9+/]{22}=="),
    (CredentialKind.OPEN_ID, r"_000[A-Za-z0-9_-]{31,32}"),
    (CredentialKind.UNION_ID, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    (CredentialKind.CLIENT_KEY, r"aw[0-9a-z]{14}|tt[0-9a-f]{16,18}"),
    (CredentialKind.CLIENT_SECRET, r"[0-9a-f]{32}|[0-9a-f]{40}"),
    (CredentialKind.TEMPLATE, r"MSG[0-9a-z]{6,}"),
    (CredentialKind.JS_TICKET, r"[0-9A-Za-z]{30}"),
)
_LIKE = tuple((kind, re.compile(pattern)) for kind, pattern in _LIKENESSES)

_NOTHING = frozenset(
    ("none", "null", "nil", "undefined", "nan", "<nil>", "(null)", "<null>")
    + ("[]", "{}", "''", '""')
)
_SPELT = re.compile(
    r"\[object \w+\]|Promise\b.*|b(['\"]).*\1|Optional\(.*\)|System\.\w.*"
    r"|<(?:Response|function|bound|coroutine|class|built-in|generator)\b.*>|<[\w.]+ object\b.*>",
    re.DOTALL,
)
_PLACEHOLDER = re.compile(
    r"\$?\{+[^{}]*\}+|<[^<>]*>|%s|%\(\w+\)s|\$\(?\w+\)?|your[ _-].*|x{4,32}", re.DOTALL | re.I
)
_PAIR = re.compile(
    r"[\"']?(\w+_\w+|code|token|ticket|secret|openid|appid)[\"']?\s*[=:]\s*[^=\s].*", re.DOTALL
)


def mishap(value: str) -> str:
    """Say what befell a value on its way; empty where it is whole as far as can be seen."""
    bare = value.strip()
    if bare.lower() in _NOTHING or bare == "[object Object]":
        return f"it is the text {bare!r}, which a program writes where it has no value"
    if _SPELT.fullmatch(bare):
        return "it is how a program spells an object of its own, not the text in it"
    if bare.lower().startswith("bearer "):
        return "it begins with 'Bearer ': the token is sent alone"
    if bare[:1] in ("{", "[") and bare[-1:] in ("}", "]") and ":" in bare:
        return "it is a whole piece of JSON, not the value of one of its fields"
    if _PLACEHOLDER.fullmatch(bare):
        return "it is a placeholder that nothing was put in the place of"
    if "***" in bare or "…" in bare or "..." in bare:
        return "a part of it is left out, as logs do"
    if value != bare:
        return "a space or a line end stands around it"
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'`":
        return "it stands in quotes: it is sent without them"
    if _PAIR.fullmatch(bare) and form_of(bare) is None:
        return "it is a name with a value, not the value alone"
    return ""


READ_HEADERS = (b"access-token", b"access_token", b"x-token")
"""The headers that a token is read from, whatever the page says."""

_TOKENS = frozenset((*_HEADS.values(), CredentialKind.APP_TOKEN))


def stray_tokens(headers: Headers, known: Collection[bytes]) -> Iterator[str]:
    """Name the headers that carry a token, but for those that are known to."""
    for name, value in headers:
        if name in known:
            continue
        text = value.decode("latin-1").strip()
        is_bearer = text[:7].lower() == "bearer "
        token = text[7:].strip() if is_bearer else text
        if form_of(token) in _TOKENS or (is_bearer and name == b"authorization"):
            yield name.decode("latin-1")


class IdentifiedCredential(NamedTuple):
    """What a value is, and how a refusal calls it."""

    kind: CredentialKind
    says: str
    one_of: tuple[CredentialKind, ...] = ()
    """The kinds that it may be of as well: their forms are the same, and no record tells."""


_LOGIN_FORMS = (CredentialKind.ANONYMOUS_CODE, CredentialKind.PHONE_CODE)
"""The kinds whose form is that of tt.login's code."""

CODES: dict[type[Record], Callable[[Any], CredentialKind]] = {}
"""The records whose keys are codes of one form, and the kind that each record tells."""


def identify(world: WorldState, unit: Unit, value: str) -> IdentifiedCredential | None:
    """Return what a value is: something of the world's own, or of a form that is known."""
    own = of_an_app(world, value)
    if own is not None:
        return own
    kind = form_of(value)
    if kind is CredentialKind.LOGIN_CODE:
        return _code(unit, value)
    if kind is not None:
        return IdentifiedCredential(kind, kind)
    likeness = next((each for each, form in _LIKE if form.fullmatch(value)), None)
    if likeness is CredentialKind.OPEN_ID:
        return IdentifiedCredential(
            likeness, _whose(world, value) or f"{likeness} of nobody in this world"
        )
    return (
        IdentifiedCredential(likeness, f"of the form of {likeness}")
        if likeness is not None
        else None
    )


def _code(unit: Unit, value: str) -> IdentifiedCredential:
    for record, tell in CODES.items():
        held = unit.find(record, value)
        if held is not None:
            return IdentifiedCredential(tell(held), tell(held))
    return IdentifiedCredential(CredentialKind.LOGIN_CODE, CredentialKind.LOGIN_CODE, _LOGIN_FORMS)


def of_an_app(world: WorldState, value: str) -> IdentifiedCredential | None:
    """Return what of a registered app a value is."""
    for app in world.apps.values():
        if value == app.client_key:
            return IdentifiedCredential(
                CredentialKind.CLIENT_KEY, f"the client_key of app {app.name!r}"
            )
        if value == app.client_secret:
            return IdentifiedCredential(
                CredentialKind.CLIENT_SECRET, f"the client_secret of app {app.name!r}"
            )
        if app.webhook is not None and value == app.webhook.secret:
            return IdentifiedCredential(
                CredentialKind.CLIENT_SECRET, f"the webhook secret of app {app.name!r}"
            )
        if value == app.authorizer_token:
            return IdentifiedCredential(
                CredentialKind.PROVIDER_TOKEN, f"the service provider's token for {app.name!r}"
            )
        if value in app.templates:
            return IdentifiedCredential(
                CredentialKind.TEMPLATE, f"the id of a template of app {app.name!r}"
            )
    return None


def _whose(world: WorldState, value: str) -> str:
    for app in world.apps.values():
        owner = world.people.owner(app, value)
        if owner is not None:
            return f"{owner}'s open_id in app {app.name!r}"
    return ""


def may_be(value: str, wanted: CredentialKind) -> bool:
    """Whether a value that was not issued here may be of a kind: nothing shows the contrary."""
    form = form_of(value)
    if form is None:
        return not mishap(value)
    return form is wanted or (form is CredentialKind.LOGIN_CODE and wanted in _LOGIN_FORMS)


def other_than(world: WorldState, unit: Unit, value: str, wanted: CredentialKind) -> str:
    """Say that a value is of another kind, or came to harm; empty where it may be as wanted."""
    harm = mishap(value)
    if harm:
        return harm
    found = identify(world, unit, value)
    if found is None or wanted in (found.kind, *found.one_of):
        return ""
    needed = f"where {wanted} is needed"
    source = _SOURCES.get(wanted)
    return f"it is {found.says}, {needed}" + (f": {source}" if source else "")


def why_unknown(
    world: WorldState, unit: Unit, value: str, wanted: CredentialKind, gone: str, hint: str = ""
) -> str:
    """Say why a value is not held as what is wanted.

    `gone` says what became of one that this world issued, `hint` what to do about one that
    nobody here did.
    """
    other = other_than(world, unit, value, wanted)
    if other:
        return other
    if world_tag(value) == world.ids.tag:
        return _cut(value) or gone
    issuer = world.issuer(value)
    if issuer:
        return f"it was issued by world {issuer!r}, and this is world {world.name!r}"
    why = f"it was not issued by world {world.name!r}"
    if identify(world, unit, value) is None:
        return f"{why}, and has not the form of {wanted}{hint}"
    return (
        f"{why} nor by another that lives here: it is Douyin's own, or of a world that ended{hint}"
    )


GONE = "it ended so long ago that it is no longer held, or it was changed on its way"
"""What became of one of ours that no record tells of."""

_ADMIT = "; codes of a real phone are admitted by `serve --accept-unknown`"


def why_no_code(call: Call[Any], code: str, wanted: CredentialKind, gone: str) -> str:
    """Say why a code is not held; one from elsewhere can be admitted."""
    hint = _ADMIT if call.world.settings.unknown_codes == "reject" else ""
    return why_unknown(call.world, call.unit, code, wanted, gone, hint)


def is_welcome(call: Call[Any], code: str, wanted: CredentialKind) -> bool:
    """Whether a code that was never issued here is let in; one of ours never is a second time.

    Nor is what can be seen to be something else: a token, a code of the other kind, `None`.
    """
    accept = call.world.settings.unknown_codes == "accept"
    return accept and world_tag(code) != call.world.ids.tag and may_be(code, wanted)


def stranger(world: WorldState, code: str) -> str:
    """Return the person of a code from elsewhere: the first, or one of several by its hash."""
    spread = max(1, world.settings.unknown_people)
    return world.people.stranger(world.ids.number(spread, "stranger", code) if spread > 1 else 0)


def what_it_is(world: WorldState, unit: Unit, value: str) -> str:
    """Say what a value is, in a sentence; empty where nothing is known of it."""
    found = identify(world, unit, value)
    return mishap(value) or (f"it is {found.says}" if found is not None else "")


def why_nobody(call: Call[Any], app: App, open_id: str) -> str:
    """Say that nobody has an open_id in an app, and what it is."""
    why = f"nobody has the open_id {open_id!r} in app {app.name!r}"
    other = what_it_is(call.world, call.unit, open_id)
    return f"{why}: {other}" if other else why


_SHORT, _LONG = 64, 190
"""How many characters a token has, in its older and its newer form."""


def _cut(value: str) -> str:
    if value[:4] not in ("act.", "rft.", "clt."):
        return ""
    whole = _LONG if value[4:6] in ("2.", "3.") else _SHORT
    if len(value) >= whole:
        return ""
    return f"its end is missing: it has {len(value)} characters, and was issued with {whole}"
