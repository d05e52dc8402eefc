"""Operations on signatures: a delivery's is explained, and one of a request is checked."""

from __future__ import annotations

import re
from os.path import commonprefix
from typing import Any, NamedTuple

import msgspec

from mockdouyin.control._captured import read_request
from mockdouyin.control._error_texts import IN_BRACKETS
from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._signature_texts import (
    APP_LACKS_KEY,
    NO_RECIPE,
    NO_SIGNATURE_KIND,
    NO_SIGNATURE_SEEN,
    OR_GIVE_KEY,
    OTHER_SECRET,
    OTHER_TEXT,
    OVER_BODY,
    OVER_FOUR,
    OVER_HEADERS,
    OVER_QUERY,
    OVER_THREE_LINES,
    SAME_TEXT,
    SIGNATURE_MISSING,
    TOKEN_NOT_KEPT,
    TOO_DEEP_TO_SIGN,
)
from mockdouyin.core.crypto import webhook_signature
from mockdouyin.core.errors import MockDouyinError, NotFoundError, suggestion
from mockdouyin.core.http import Request
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.parameters import parameters_as_sent
from mockdouyin.core.texts import NOTHING, Language, Text
from mockdouyin.core.webhooks import WEBHOOK, kind_of, signing_secret
from mockdouyin.domain import trade_callbacks
from mockdouyin.domain.message_push import APP_PUSH, GAME_PUSH
from mockdouyin.domain.payment_callbacks import ECPAY, is_signed
from mockdouyin.domain.signatures import (
    KINDS,
    THOROUGH,
    TWO_MISTAKES,
    Keys,
    Kind,
    Params,
    SignaturePlan,
    Signer,
    parse,
    why,
)
from mockdouyin.domain.trade_callbacks import TRADE
from mockdouyin.sandbox import deliveries


class SignatureShown(Shown, kw_only=True):
    """What a delivery's signature is made of, and whether it is right.

    投递的签名怎样算出来，是否正确。
    """

    header: str | None
    """The header that holds it; null if it is in the query, or there is none.

    签名在哪个请求头里；在 query 里或没有则是 null。"""
    value: str | None
    covers: str
    """How it is computed.

    怎样计算。"""
    secret: str | None
    """The name of what it is signed with: `client_secret`, `webhook.secret`, `payment.token`,
    `platform_key` or `token`.

    用哪个密钥：`client_secret`、`webhook.secret`、`payment.token`、`platform_key` 或 `token`。"""
    verifies: bool | None
    """Whether it agrees with the app's secret; null if that cannot be told.

    与应用的密钥是否相符；无法判断则是 null。"""
    why: str
    """Why it does not agree, or cannot be told.

    为什么不符，或无法判断。"""


class _Recipe(NamedTuple):
    header: str | None
    covers: Text
    secret: str
    verifies: bool | None
    why: Text


@operation("GET", "/deliveries/{id}/signature")
def delivery_signature(call: OperationCall[None]) -> SignatureShown:
    """Explain a delivery's signature: what it covers, with which secret, whether it verifies.

    说明一个投递的签名：覆盖什么、用哪个密钥、是否正确。
    """
    found = deliveries.find(call.world, call.path["id"])
    recipe = _recipe(call, found)
    if recipe is None:
        return SignatureShown(
            header=None, value=None, covers="", secret=None, verifies=None, why=""
        )
    return SignatureShown(
        header=recipe.header,
        value=found.headers.get(recipe.header) if recipe.header else None,
        covers=recipe.covers.render(call.language),
        secret=recipe.secret,
        verifies=recipe.verifies,
        why=recipe.why.render(call.language),
    )


def _recipe(call: OperationCall[None], found: Delivery) -> _Recipe | None:
    channel = kind_of(found.event).channel.name
    if channel == GAME_PUSH.name:
        return _Recipe("x-signature", OVER_HEADERS(), "token", None, TOKEN_NOT_KEPT())
    if channel == APP_PUSH.name:
        return _Recipe(None, OVER_QUERY(), "token", None, TOKEN_NOT_KEPT())
    app = call.world.find_app(found.app)
    if channel == ECPAY.name:
        agrees = is_signed(found.body, app.payment.token)
        why = NOTHING if agrees else OTHER_SECRET()
        return _Recipe(None, OVER_FOUR(), "payment.token", agrees, why)
    if channel == TRADE.name:
        agrees = trade_callbacks.is_signed(found)
        why = NOTHING if agrees else OTHER_SECRET()
        return _Recipe("Byte-Signature", OVER_THREE_LINES(), "platform_key", agrees, why)
    if channel != WEBHOOK.name:
        return None
    signed = webhook_signature(signing_secret(app), found.body)
    agrees = found.headers.get("X-Douyin-Signature") == signed
    secret = "webhook.secret" if app.webhook and app.webhook.secret else "client_secret"
    why = NOTHING if agrees else OTHER_SECRET()
    return _Recipe("X-Douyin-Signature", OVER_BODY(), secret, agrees, why)


# The signature of a request.


MAX_SHOWN = 20_000
"""Characters that are shown of what is signed."""


class SignatureToCheck(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request whose signature is checked, and what is known of it.

    要检查签名的请求，以及已知的情况。
    """

    text: str
    """A JSON body, a curl command line, a raw HTTP request, a HAR file or entry, or a link.

    JSON body、curl 命令、HTTP 原文、HAR 文件或其中一条，或者链接。"""
    kind: str = ""
    """The kind of signature; the one that the request seems to have if it is left out.

    签名的种类，没写就按请求判断。"""
    key: str = ""
    """What it is signed with (SALT, Token, secret, ticket …); else the app's own.

    签名用的密钥（SALT、Token、secret、ticket 等），没写就用应用自己的。"""
    app: str = ""
    """The app by key or name; else the one that the request names, or the first of its kind.

    应用的 key 或名称；没写就用请求里的，或第一个种类相符的。"""
    signature: str = ""
    """Another signature than the one in the request: what your code made of it.

    代替请求里的签名：你的代码算出来的。"""
    signed: str = ""
    """The text that your code signed: where it differs from the platform's is told.

    你的代码签的原文，会指出和平台的哪里不同。"""
    path: str = ""
    """The path that was called, if the text has none.

    调用的路径，如果文本里没有。"""
    method: str = ""
    """The method, if the text has none.

    方法，如果文本里没有。"""
    entry: int = 0
    """Which entry of a HAR file; 0 is the first that has a signature.

    HAR 文件的第几条；0 是第一条有签名的。"""


class MatchShown(Shown, kw_only=True):
    """A known mistake that leads to a signature, or two that do so together.

    会得到这个签名的一种已知错误，或同时犯的两种。
    """

    recipes: list[str]
    """Their names, as in docs/signatures.md.

    错误写法的名称，见 docs/signatures.md。"""
    why: str


class SignatureVerdict(Shown, kw_only=True):
    """Whether a signature is right, and if not, what made it.

    签名是否正确；不对的话，是怎么造成的。
    """

    kind: str
    covers: str
    """What has such a signature, and how the right one is made.

    什么请求有这种签名，正确的怎么算。"""
    key: str
    """What it is signed with.

    用什么密钥。"""
    right: bool
    signature: str
    expected: str
    """The platform's own.

    平台算出来的签名。"""
    signed: str
    """What the platform signs, with a name in the place of each secret.

    平台签的原文，密钥用名称代替。"""
    matches: list[MatchShown]
    why: str
    """What is wrong, and what to do; empty if it is right.

    哪里不对，怎么改；正确则是空的。"""
    differs: str
    """Where the text that your code signed differs, if it was given.

    给出了你签的原文的话：哪里不同。"""


@operation("POST", "/signatures/check", long=True)
def check_signature(call: OperationCall[SignatureToCheck]) -> SignatureVerdict:
    """Check a request's signature; if it is wrong, tell which known mistake made it.

    检查请求的签名；如果不对，指出是哪种已知的错误造成的。
    """
    given = call.given
    request = read_request(
        given.text,
        entry=given.entry,
        path=given.path,
        method=given.method,
        wanted=lambda each: _seems_signed(given.kind, each),
    )
    params, problem = _params(request)
    kind = _kind(given.kind, request, params, problem)
    keys = _keys(call, kind, request, params)
    try:
        read = kind.read(request, params, keys)
        signature = given.signature.strip() or read.signature
        unsigned = kind.why_unsigned(request)
        verdict = _verdict(kind, signature, read.plans, unsigned, call.language)
    except RecursionError:
        raise MockDouyinError(TOO_DEEP_TO_SIGN()) from None
    if given.signed:
        differs = _difference(given.signed, read.plans[0].shown(), keys.right[0])
        verdict.differs = differs.render(call.language)
    return verdict


def _params(request: Request) -> tuple[Params, Text]:
    """Return a request's parameters, or why it has none that can be read."""
    try:
        return parameters_as_sent(request), NOTHING
    except Malformed as error:
        return {}, error.why


def _seems_signed(name: str, request: Request) -> bool:
    params, _ = _params(request)
    kinds = [KINDS[name]] if name in KINDS else KINDS.values()
    return any(kind.recognises(request, params) for kind in kinds)


_MARK = re.compile("<(?:SALT|TOKEN|SECRET|TICKET)>")
_SHOWN_AROUND = 24
"""Characters that are shown from where two texts differ."""


def _difference(yours: str, ours: str, key: str) -> Text:
    """Tell where two texts begin to differ; the key is masked in both."""
    if mark := _MARK.search(ours):
        yours = yours.replace(key, mark[0])
    if yours == ours:
        return SAME_TEXT()
    place = len(commonprefix((yours, ours)))
    end = place + _SHOWN_AROUND
    return OTHER_TEXT(place=place + 1, yours=yours[place:end], ours=ours[place:end])


def _kind(name: str, request: Request, params: Params, problem: Text) -> Kind[Any]:
    """Return the kind that is named, or the one that a request seems to have."""
    if name:
        if name not in KINDS:
            raise MockDouyinError(NO_SIGNATURE_KIND(name=name[:60], hint=suggestion(name, KINDS)))
        return KINDS[name]
    for kind in KINDS.values():
        if kind.recognises(request, params):
            return kind
    said = IN_BRACKETS(reason=problem) if problem else NOTHING
    raise MockDouyinError(NO_SIGNATURE_SEEN(said=said, kinds=list(KINDS)))


def _keys(
    call: OperationCall[SignatureToCheck], kind: Kind[Any], request: Request, params: Params
) -> Keys:
    """Return the key that is given, or else the app's own, and what is often taken for it."""
    given, unit = call.given, call.world.store.unit(call.world.clock.now())
    try:
        app = call.world.find_app(given.app or _named_app(params), *kind.app_kinds)
    except NotFoundError as error:
        if given.key:
            return Keys((given.key,))
        raise NotFoundError(OR_GIVE_KEY(error=error.says, what=kind.key)) from None
    kept = kind.keys(Signer(call.world, unit, app, request, params))
    if given.key:
        others = tuple((what, key) for what, key in kept.others if key != given.key)
        return Keys((given.key,), others)
    if not all(kept.right) or not kept.right:
        raise MockDouyinError(APP_LACKS_KEY(app=app.name, what=kind.key))
    return kept


def _named_app(params: Params) -> str:
    """Return the app that a request or a callback names, if it names one."""
    msg = params.get("msg")
    inner = parse(msg) if isinstance(msg, str) else msg
    for source in (params, inner):
        for name in ("app_id", "appid", "client_key"):
            if isinstance(source, dict) and isinstance(found := source.get(name), str):
                return found
    return ""


def _verdict(
    kind: Kind[Any],
    signature: str,
    plans: tuple[SignaturePlan, ...],
    unsigned: Text,
    language: Language,
) -> SignatureVerdict:
    first = plans[0]
    is_made_right = kind.is_right(signature, plans)
    right = is_made_right and not unsigned
    matches = () if is_made_right else kind.diagnose(signature, plans, THOROUGH)
    signed = first.shown()[:MAX_SHOWN]
    said = why(matches) or (NO_RECIPE(signed=signed) if signature else SIGNATURE_MISSING())
    if unsigned:
        said = unsigned if is_made_right else TWO_MISTAKES(first=said, second=unsigned)
    return SignatureVerdict(
        kind=kind.name,
        covers=kind.about.render(language),
        key=kind.key.render(language),
        right=right,
        signature=signature[:MAX_SHOWN],
        expected=first.signature(),
        signed=signed,
        matches=[
            MatchShown(recipes=list(match.recipes), why=match.why.render(language))
            for match in matches
        ],
        why="" if right else said.render(language),
        differs="",
    )
