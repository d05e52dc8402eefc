"""Identify a credential by its form, its app and its world, whatever field it was sent in.

Clients often send the wrong credential: a token of another kind, a secret as a key, a code of
another world, the text `undefined`. So every refusal of a code, token, ticket, key or secret says
what was sent. The forms are those of docs/platform.md, "Shapes".

* `kind_by_form`, `identify`   what a value is
* `visible_mistake`            a common mistake that shows in the value itself
* `why_…`                      the text for a refusal's `why`
* `is_admitted`, `stranger`    codes of real phones, which the settings may admit
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core import _credential_texts as texts
from mockdouyin.core.http import Headers
from mockdouyin.core.ids import LOGIN_CODE_LENGTH, world_tag
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.texts import NOTHING, Text

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.calls import Call
    from mockdouyin.core.world import WorldState


class CredentialKind(Enum):
    """A kind of credential, or of an id sent in its place; the value is its name in a refusal."""

    LOGIN_CODE = texts.LOGIN_CODE
    ANONYMOUS_CODE = texts.ANONYMOUS_CODE
    PHONE_CODE = texts.PHONE_CODE
    AUTH_CODE = texts.AUTH_CODE
    USER_TOKEN = texts.USER_TOKEN
    REFRESH_TOKEN = texts.REFRESH_TOKEN
    CLIENT_TOKEN = texts.CLIENT_TOKEN
    APP_TOKEN = texts.APP_TOKEN
    PROVIDER_TOKEN = texts.PROVIDER_TOKEN
    COMPONENT_TOKEN = texts.COMPONENT_TOKEN
    PROVIDER_REFRESH_TOKEN = texts.PROVIDER_REFRESH_TOKEN
    BUSINESS_TOKEN = texts.BUSINESS_TOKEN
    BUSINESS_REFRESH_TOKEN = texts.BUSINESS_REFRESH_TOKEN
    OPEN_TICKET = texts.OPEN_TICKET
    JS_TICKET = texts.JS_TICKET
    SESSION_KEY = texts.SESSION_KEY
    CLIENT_KEY = texts.CLIENT_KEY
    CLIENT_SECRET = texts.CLIENT_SECRET
    OPEN_ID = texts.OPEN_ID
    UNION_ID = texts.UNION_ID
    TEMPLATE = texts.TEMPLATE_ID
    SEALED_ID = texts.SEALED_ID


_SOURCES = {
    CredentialKind.LOGIN_CODE: texts.FROM_LOGIN(field="code"),
    CredentialKind.ANONYMOUS_CODE: texts.FROM_LOGIN(field="anonymousCode"),
    CredentialKind.PHONE_CODE: texts.FROM_PHONE_BUTTON(),
    CredentialKind.AUTH_CODE: texts.FROM_CONSENT(),
    CredentialKind.USER_TOKEN: texts.FROM_AUTH_CODE(),
    CredentialKind.REFRESH_TOKEN: texts.FROM_USER_TOKEN(),
    CredentialKind.CLIENT_TOKEN: texts.FROM_PATH(path="/oauth/client_token/"),
    CredentialKind.APP_TOKEN: texts.FROM_PATH(path="/api/apps/v2/token"),
    CredentialKind.BUSINESS_TOKEN: texts.FROM_PATH(path="/oauth/business_token/"),
    CredentialKind.BUSINESS_REFRESH_TOKEN: texts.FROM_PATH(path="/oauth/business_token/"),
    CredentialKind.OPEN_TICKET: texts.FROM_PATH(path="/open/getticket/"),
}
"""Where a client gets each kind."""

_HEADS = {
    "act": CredentialKind.USER_TOKEN,
    "rft": CredentialKind.REFRESH_TOKEN,
    "clt": CredentialKind.CLIENT_TOKEN,
    "isvact": CredentialKind.PROVIDER_TOKEN,
    "isvrft": CredentialKind.PROVIDER_REFRESH_TOKEN,
    "bus_act": CredentialKind.BUSINESS_TOKEN,
    "bus_rft": CredentialKind.BUSINESS_REFRESH_TOKEN,
}
"""Kinds of token by the text before the first dot."""

_AUTH_CODE = re.compile(r"[0-9a-f]{16}[0-9A-Za-z]{20}")
_APP_TOKEN = re.compile(r"08011218[0-9a-f]{16,}")
_URL64 = re.compile(r"[A-Za-z0-9_-]+")


def kind_by_form(value: str) -> CredentialKind | None:
    """Return the kind that a value's form proves; None if the form proves nothing."""
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


_LOOSE_FORMS = (
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
_LOOSE_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _LOOSE_FORMS)
"""Forms that prove nothing, because other values may have them; the first match counts."""

_EMPTY_VALUES = frozenset(
    ("none", "null", "nil", "undefined", "nan", "<nil>", "(null)", "<null>")
    + ("[]", "{}", "''", '""')
)
_OBJECT_REPR = re.compile(
    r"\[object \w+\]|Promise\b.*|b(['\"]).*\1|Optional\(.*\)|System\.\w.*"
    r"|<(?:Response|function|bound|coroutine|class|built-in|generator)\b.*>|<[\w.]+ object\b.*>",
    re.DOTALL,
)
_PLACEHOLDER = re.compile(
    r"\$?\{+[^{}]*\}+|<[^<>]*>|%s|%\(\w+\)s|\$\(?\w+\)?|your[ _-].*|x{4,32}", re.DOTALL | re.I
)
_NAME_AND_VALUE = re.compile(
    r"[\"']?(\w+_\w+|code|token|ticket|secret|openid|appid)[\"']?\s*[=:]\s*[^=\s].*", re.DOTALL
)


def visible_mistake(value: str) -> Text:
    """Describe a mistake that the value itself shows, such as quotes; NOTHING if there is none."""
    bare = value.strip()
    if bare.lower() in _EMPTY_VALUES or bare == "[object Object]":
        return texts.NO_VALUE(value=bare)
    if _OBJECT_REPR.fullmatch(bare):
        return texts.OBJECT_REPR()
    if bare.lower().startswith("bearer "):
        return texts.WITH_BEARER()
    if bare[:1] in ("{", "[") and bare[-1:] in ("}", "]") and ":" in bare:
        return texts.WHOLE_JSON()
    if _PLACEHOLDER.fullmatch(bare):
        return texts.PLACEHOLDER()
    if "***" in bare or "…" in bare or "..." in bare:
        return texts.ELIDED()
    if value != bare:
        return texts.SPACE_AROUND()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'`":
        return texts.IN_QUOTES()
    if _NAME_AND_VALUE.fullmatch(bare) and kind_by_form(bare) is None:
        return texts.NAME_AND_VALUE()
    return NOTHING


READ_HEADERS = (b"access-token", b"access_token", b"x-token")
"""The headers that a token is read from, whatever the endpoint's docs say."""

_TOKENS = frozenset((*_HEADS.values(), CredentialKind.APP_TOKEN))


def stray_tokens(headers: Headers, known: Collection[bytes]) -> Iterator[str]:
    """Yield the names of headers, other than the `known` ones, that carry a token."""
    for name, value in headers:
        if name in known:
            continue
        text = value.decode("latin-1").strip()
        is_bearer = text[:7].lower() == "bearer "
        token = text[7:].strip() if is_bearer else text
        if kind_by_form(token) in _TOKENS or (is_bearer and name == b"authorization"):
            yield name.decode("latin-1")


class IdentifiedCredential(NamedTuple):
    """The kind of a value, and the clause that says in a refusal what the value is."""

    kind: CredentialKind
    says: Text
    one_of: tuple[CredentialKind, ...] = ()
    """Other kinds that it may be of: they share its form, and no record decides between them."""


_LOGIN_CODE_TWINS = (CredentialKind.ANONYMOUS_CODE, CredentialKind.PHONE_CODE)
"""The kinds that have the same form as tt.login's code."""

CODE_RECORDS: dict[type[Record], Callable[[Any], CredentialKind]] = {}
"""Record types keyed by a code of tt.login's form, each with how to get the code's kind."""


def identify(world: WorldState, unit: Unit, value: str) -> IdentifiedCredential | None:
    """Return what a value is, by the world's apps, records and people, or else by its form."""
    own = identify_in_apps(world, value)
    if own is not None:
        return own
    kind = kind_by_form(value)
    if kind is CredentialKind.LOGIN_CODE:
        return _identify_login_code(unit, value)
    if kind is not None:
        return IdentifiedCredential(kind, _is_kind(kind))
    likely = next((each for each, form in _LOOSE_PATTERNS if form.fullmatch(value)), None)
    if likely is None:
        return None
    if likely is CredentialKind.OPEN_ID:
        says = _owner_of_open_id(world, value) or texts.IS_OPEN_ID_OF_NOBODY()
        return IdentifiedCredential(likely, says)
    return IdentifiedCredential(likely, texts.LOOKS_LIKE_KIND(kind=likely.value()))


def _is_kind(kind: CredentialKind) -> Text:
    return texts.IS_KIND(kind=kind.value())


def _identify_login_code(unit: Unit, value: str) -> IdentifiedCredential:
    for record_type, kind_of_record in CODE_RECORDS.items():
        record = unit.find(record_type, value)
        if record is not None:
            kind = kind_of_record(record)
            return IdentifiedCredential(kind, _is_kind(kind))
    kind = CredentialKind.LOGIN_CODE
    return IdentifiedCredential(kind, _is_kind(kind), _LOGIN_CODE_TWINS)


def identify_in_apps(world: WorldState, value: str) -> IdentifiedCredential | None:
    """Return which key, secret, token or template of a registered app the value is."""
    for app in world.apps.values():
        if value == app.client_key:
            says = texts.IS_KEY_OF_APP(app=app.name)
            return IdentifiedCredential(CredentialKind.CLIENT_KEY, says)
        if value == app.client_secret:
            says = texts.IS_SECRET_OF_APP(app=app.name)
            return IdentifiedCredential(CredentialKind.CLIENT_SECRET, says)
        if app.webhook is not None and value == app.webhook.secret:
            says = texts.IS_WEBHOOK_SECRET(app=app.name)
            return IdentifiedCredential(CredentialKind.CLIENT_SECRET, says)
        if value == app.payment.component_access_token:
            says = texts.IS_COMPONENT_TOKEN(app=app.name)
            return IdentifiedCredential(CredentialKind.COMPONENT_TOKEN, says)
        if value in app.payment.secrets:
            says = texts.IS_PAYMENT_SECRET(app=app.name)
            return IdentifiedCredential(CredentialKind.CLIENT_SECRET, says)
        if value == app.authorizer_token:
            says = texts.IS_PROVIDER_TOKEN(app=app.name)
            return IdentifiedCredential(CredentialKind.PROVIDER_TOKEN, says)
        if value in app.templates:
            says = texts.IS_TEMPLATE_OF_APP(app=app.name)
            return IdentifiedCredential(CredentialKind.TEMPLATE, says)
    return None


def _owner_of_open_id(world: WorldState, value: str) -> Text:
    for app in world.apps.values():
        owner = world.people.owner(app, value)
        if owner is not None:
            return texts.IS_OPEN_ID_OF(person=owner, app=app.name)
    return NOTHING


def may_be(value: str, wanted: CredentialKind) -> bool:
    """Whether a value that was not issued here could be of a kind, as far as its text shows."""
    form = kind_by_form(value)
    if form is None:
        return not visible_mistake(value)
    return form is wanted or (form is CredentialKind.LOGIN_CODE and wanted in _LOGIN_CODE_TWINS)


def why_other_kind(world: WorldState, unit: Unit, value: str, wanted: CredentialKind) -> Text:
    """Explain that a value is malformed or of another kind; NOTHING if it may be right."""
    mistake = visible_mistake(value)
    if mistake:
        return mistake
    found = identify(world, unit, value)
    if found is None or wanted in (found.kind, *found.one_of):
        return NOTHING
    source = _SOURCES.get(wanted)
    if source is None:
        return texts.OTHER_KIND(found=found.says, wanted=wanted.value())
    return texts.OTHER_KIND_FROM(found=found.says, wanted=wanted.value(), source=source)


def why_unknown(
    world: WorldState,
    unit: Unit,
    value: str,
    wanted: CredentialKind,
    gone: Text,
    hint: Text = NOTHING,
) -> Text:
    """Explain why the world has no record of a value as a credential of the wanted kind.

    `gone` is the explanation for one that this world issued, `hint` what to do about one that no
    world here issued.
    """
    other = why_other_kind(world, unit, value, wanted)
    if other:
        return other
    if world_tag(value) == world.ids.tag:
        return _truncated(value) or gone
    issuer = world.issuer(value)
    if issuer:
        return texts.OF_OTHER_WORLD(issuer=issuer, world=world.name)
    # From here on it is not ours: a real phone's, of a world that has ended, or invented.
    if identify(world, unit, value) is None:
        return texts.NOT_OF_FORM(world=world.name, wanted=wanted.value(), hint=hint)
    return texts.NOT_ISSUED_HERE(world=world.name, hint=hint)


GONE = texts.GONE()
"""The explanation for a credential that this world issued and has no record of."""


def why_no_code(call: Call[Any], code: str, wanted: CredentialKind, gone: Text) -> Text:
    """Explain why the world has no record of a code, and how to admit codes of real phones."""
    hint = texts.ADMIT_HINT() if call.world.settings.unknown_codes == "reject" else NOTHING
    return why_unknown(call.world, call.unit, code, wanted, gone, hint)


def is_admitted(call: Call[Any], code: str, wanted: CredentialKind) -> bool:
    """Whether a code that no world here issued is admitted, as `unknown_codes: accept` asks for.

    Never a code that carries this world's tag, which was used or has expired, and never a value
    that is visibly something else: a token, a code of another kind, `None`.
    """
    accept = call.world.settings.unknown_codes == "accept"
    return accept and world_tag(code) != call.world.ids.tag and may_be(code, wanted)


def stranger(world: WorldState, code: str) -> str:
    """Return the person for an unknown code: the first, or one of `unknown_people` by its hash."""
    count = max(1, world.settings.unknown_people)
    return world.people.stranger(world.ids.number(count, "stranger", code) if count > 1 else 0)


def describe_value(world: WorldState, unit: Unit, value: str) -> Text:
    """Describe a value in a clause; NOTHING if nothing is known of it."""
    found = identify(world, unit, value)
    return visible_mistake(value) or (found.says if found is not None else NOTHING)


def why_nobody(call: Call[Any], app: App, open_id: str) -> Text:
    """Explain that nobody has an open_id in an app, and what the value is instead."""
    other = describe_value(call.world, call.unit, open_id)
    if other:
        return texts.OPEN_ID_UNKNOWN_KNOWN(open_id=open_id, app=app.name, other=other)
    return texts.OPEN_ID_UNKNOWN(open_id=open_id, app=app.name)


_SHORT_TOKEN, _LONG_TOKEN = 60, 186
"""Characters after a token's first dot, in its older and in its newer form."""

_CUT_TOKENS = ("act", "rft", "clt", "bus_act", "bus_rft")
"""The heads of tokens whose length is known."""


def _truncated(value: str) -> Text:
    """Explain that a token's end is missing; NOTHING if it is complete, or not a token."""
    head, dot, rest = value.partition(".")
    if not dot or head not in _CUT_TOKENS:
        return NOTHING
    issued = len(head) + 1 + (_LONG_TOKEN if rest[:2] in ("2.", "3.") else _SHORT_TOKEN)
    if len(value) >= issued:
        return NOTHING
    return texts.TRUNCATED(length=len(value), issued=issued)
