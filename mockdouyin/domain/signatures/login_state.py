"""The signature of a mini-game user's login state: HMAC-SHA256 with the session_key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from mockdouyin.core.apps import App
from mockdouyin.core.crypto import login_state_messages
from mockdouyin.core.http import Request
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.core.world import WorldState
from mockdouyin.domain import _share_texts as texts
from mockdouyin.domain import texts as domain_texts
from mockdouyin.domain.logins import Session, earlier_keys, find_session
from mockdouyin.domain.signatures import _writing
from mockdouyin.domain.signatures._mistyped import mistyped, placeholders
from mockdouyin.domain.signatures._recipe import Digest, Keys, Kind, Params, Signed, Signer, why


class SignedCall(NamedTuple):
    """A call with a signature of the user's login state, and the keys that may have made it."""

    method: str
    path: str
    query: str
    body: bytes
    session_key: str
    other_keys: tuple[tuple[Text, str], ...] = ()
    """Wrong keys that the call may have been signed with, each with what it is."""


MAX_BODY = 16 * 1024
"""Bytes of a body that is signed again in all the wrong ways; a longer one is not."""


def _mac(name: str) -> Digest:
    return lambda key, message: hmac.new(key, message, name).hexdigest()


_RIGHT = _mac("sha256")


class LoginStatePlan(NamedTuple):
    """How a login state is signed; as it stands, by one of the platform's two rules."""

    call: SignedCall
    key: bytes
    message: bytes
    is_first: bool
    """Whether it is the first of the rules: what is not about a rule is tried with it alone."""
    digest: Digest = _RIGHT
    cost: int = 1
    why: Text = NOTHING

    def signature(self) -> str:
        """Make the signature."""
        return self.digest(self.key, self.message)

    def shown(self) -> str:
        """Return what is signed; the session_key is no part of it."""
        return self.message.decode(errors="replace")


def plans(call: SignedCall) -> tuple[LoginStatePlan, ...]:
    """Return the plans of both rules: over the body, and over method, path and body."""
    key = call.session_key.encode()
    cost = 1 + len(call.body) // 64
    return tuple(
        LoginStatePlan(call, key, message, number == 0, cost=cost)
        for number, message in enumerate(login_state_messages(call.method, call.path, call.body))
    )


def find_login_state(signature: str, call: SignedCall) -> Text:
    """Return the mistake that leads to this signature; NOTHING if none is known."""
    if len(call.body) > MAX_BODY:
        return NOTHING
    return why(LOGIN_STATE.diagnose(signature, plans(call)))


def _recognises(request: Request, params: Params) -> bool:
    return "sig_method" in params and "signature" in params


def _read(request: Request, params: Params, keys: Keys) -> Signed[LoginStatePlan]:
    signature = str(params.get("signature") or "")
    # reset_session_key has the signature in the body, so the body cannot be what is signed.
    body = b"" if signature.encode() in request.body else request.body
    query = request.query.decode("latin-1")
    made = [
        plan
        for key in keys.right
        for plan in plans(SignedCall(request.method, request.path, query, body, key, keys.others))
    ]
    return Signed(signature, tuple(made))


def other_keys(
    world: WorldState, app: App, person: str, session: Session, *, token: str, open_id: str
) -> tuple[tuple[Text, str], ...]:
    """Return the keys that are often taken for the session_key, each with what it is."""
    return (
        *(
            (domain_texts.EARLIER_SESSION_KEY(), key)
            for key in earlier_keys(world, app, person, session)
        ),
        (domain_texts.APP_SECRET_AS_KEY(), app.client_secret),
        (domain_texts.ACCESS_TOKEN_AS_KEY(), token),
        (domain_texts.OPENID_AS_KEY(), open_id),
    )


def _keys(signer: Signer) -> Keys:
    params, app = signer.params, signer.app
    open_id = str(params.get("openid") or "")
    person = signer.world.people.owner(app, open_id)
    session = find_session(signer.unit, app, person) if person else None
    if person is None or session is None:
        return Keys(())
    token = str(params.get("access_token") or "")
    others = other_keys(signer.world, app, person, session, token=token, open_id=open_id)
    return Keys((session.key,), others)


LOGIN_STATE: Kind[LoginStatePlan] = Kind(
    "login-state",
    text(
        "sign_kind_login_state",
        zh="小游戏用户登录态的 signature：用 session_key 做 HMAC-SHA256，"
        "消息是 body（GET 为空串），或 method&编码后的 path&body",
        en="`signature` of a mini-game user's login state: HMAC-SHA256 with the session_key over"
        " the body (nothing for a GET), or over method&encoded path&body",
    ),
    key=text("sign_key_session", zh="用户的 session_key", en="session_key of the user"),
    recognises=_recognises,
    read=_read,
    keys=_keys,
    app_kinds=("mini_game", "mini_program"),
    in_pairs=True,
)

LoginStatePlans = Iterator[LoginStatePlan]


@LOGIN_STATE.recipe(texts.LOGIN_SIGNATURE_BASE64)
def in_base64(plan: LoginStatePlan) -> LoginStatePlans:
    """The right HMAC, written otherwise."""

    def digest(key: bytes, message: bytes) -> str:
        return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()

    yield plan._replace(digest=digest)


@LOGIN_STATE.recipe(texts.LOGIN_SIGNATURE_OTHER_HMAC, algorithm="SHA1 / MD5 / SHA512")
def other_hmac(plan: LoginStatePlan) -> LoginStatePlans:
    """An HMAC by another hash."""
    for name in ("sha1", "md5", "sha512"):
        said = texts.LOGIN_SIGNATURE_OTHER_HMAC(algorithm=name.upper())
        yield plan._replace(digest=_mac(name), why=said)


@LOGIN_STATE.recipe(texts.LOGIN_SIGNATURE_SWAPPED)
def swapped(plan: LoginStatePlan) -> LoginStatePlans:
    """The message as key."""
    yield plan._replace(digest=lambda key, message: _RIGHT(message, key))


@LOGIN_STATE.recipe(texts.LOGIN_SIGNATURE_PLAIN_HASH, algorithm="SHA256 / SHA1 / MD5")
def plain_hash(plan: LoginStatePlan) -> LoginStatePlans:
    """Message and key one after the other, hashed."""
    for name in ("sha256", "sha1", "md5"):
        said = texts.LOGIN_SIGNATURE_PLAIN_HASH(algorithm=name.upper())
        for key_last in (True, False):

            def digest(
                key: bytes, message: bytes, name: str = name, key_last: bool = key_last
            ) -> str:
                both = message + key if key_last else key + message
                return hashlib.new(name, both).hexdigest()

            yield plan._replace(digest=digest, why=said)


@LOGIN_STATE.recipe(texts.LOGIN_SIGNATURE_OTHER_KEY, key="…")
def other_key(plan: LoginStatePlan) -> LoginStatePlans:
    """The session_key decoded, or another key."""
    call = plan.call
    try:
        decoded = base64.b64decode(call.session_key, validate=True)
        said = texts.LOGIN_SIGNATURE_OTHER_KEY(key=texts.SESSION_KEY_DECODED())
        yield plan._replace(key=decoded, why=said)
    except (binascii.Error, ValueError):
        pass  # this session_key is not base64: nobody can have decoded it
    for name, other in call.other_keys:
        said = texts.LOGIN_SIGNATURE_OTHER_KEY(key=name)
        yield plan._replace(key=other.encode(), why=said)


MISTYPED = text(
    "login_session_key_mistyped",
    zh="session_key 没有原样使用：{how}",
    en="the session_key is not used as it is: {how}",
)


@LOGIN_STATE.recipe(MISTYPED, how="…")
def key_mistyped(plan: LoginStatePlan) -> LoginStatePlans:
    """The session_key with more around it, with less of it, in another case or encoding."""
    key = plan.call.session_key
    for how, other in mistyped(key):
        yield plan._replace(key=other.encode(errors="replace"), why=MISTYPED(how=how))
    for other in (quote(key, safe=""), key.replace("+", " ")):
        yield plan._replace(key=other.encode(errors="replace"), why=MISTYPED(how=URL_ENCODED()))


URL_ENCODED = text(
    "session_key_url_encoded",
    zh="做了 URL 编码或解码",
    en="it was encoded for URLs, or decoded",
)
UNSET = text(
    "login_session_key_unset",
    zh="session_key 的位置上是 {value!r}：没有取到值，或还是示例里的占位文字",
    en="{value!r} stands in the place of the session_key: a value that was not there, or an"
    " example's word for it",
)


@LOGIN_STATE.recipe(UNSET, value="null / None / undefined / session_key")
def key_unset(plan: LoginStatePlan) -> LoginStatePlans:
    """What languages print where there is no value, or a word that was to be replaced."""
    for value in placeholders("session_key"):
        yield plan._replace(key=value.encode(), why=UNSET(value=value))


@LOGIN_STATE.recipe(
    text(
        "login_signature_place",
        zh="method 或 path 的写法不对：method 小写，path 先 URL 编码，不含 query",
        en="method or path is written otherwise: the method in lower case, the path URL-encoded,"
        " without its query",
    )
)
def other_place(plan: LoginStatePlan) -> LoginStatePlans:
    """The newer rule with method and path as they are not signed, with the body or without."""
    if not plan.is_first:
        return
    method, path, body = plan.call.method, plan.call.path, plan.call.body
    post = b"&" + body if method == "POST" and body else b""
    lower, upper = method.lower(), method.upper()
    encoded = quote(path, safe="")
    for verb, place, template in (
        (upper, encoded, texts.SIGN_METHOD_LOWER),
        (lower, path, texts.SIGN_PATH_ENCODED),
        (upper, path, texts.SIGN_METHOD_LOWER_PATH_ENCODED),
        (lower, encoded.lower(), texts.SIGN_PATH_UPPER_ESCAPES),
        (lower, quote(f"{path}?{plan.call.query}", safe=""), texts.SIGN_PATH_WITHOUT_QUERY),
        (lower, quote(path.strip("/"), safe=""), texts.SIGN_PATH_WITH_SLASHES),
    ):
        said, head = template(), f"{verb}&{place}".encode()
        yield plan._replace(message=head + post, why=said)
        if post:
            yield plan._replace(message=head, why=texts.SIGN_BODY_TOO(why=said))


@LOGIN_STATE.recipe(
    text(
        "login_signature_message",
        zh="签名的内容不对：POST 对 body 签名，GET 对空串签名",
        en="something else was signed: a POST is signed over its body, a GET over nothing",
    )
)
def other_message(plan: LoginStatePlan) -> LoginStatePlans:
    """Method and path without the body, nothing, the query, or an empty object."""
    if not plan.is_first:
        return
    call = plan.call
    head = f"{call.method.lower()}&{quote(call.path, safe='')}".encode()
    for message, template in (
        (head, texts.SIGN_BODY),
        (b"", texts.SIGNED_NOTHING),
        (call.query.encode(), texts.SIGNED_QUERY),
        (b"{}", texts.SIGNED_EMPTY_OBJECT),
    ):
        yield plan._replace(message=message, why=template())


@LOGIN_STATE.recipe(texts.SIGNED_OTHER_SPELLING)
def other_spelling(plan: LoginStatePlan) -> LoginStatePlans:
    """The body as other serializers write it, by either rule."""
    if not plan.is_first:
        return
    call = plan.call
    head = f"{call.method.lower()}&{quote(call.path, safe='')}&".encode()
    for spelled in _writing.respelled(call.body, printed=True):
        yield plan._replace(message=spelled)
        yield plan._replace(message=head + spelled)
