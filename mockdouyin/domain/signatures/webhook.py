"""The X-Douyin-Signature of webhooks: SHA1 over the secret and the bytes of the body."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from typing import NamedTuple

from mockdouyin.core.http import Request
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.core.webhooks import signing_secret
from mockdouyin.domain.signatures import _writing
from mockdouyin.domain.signatures._mistyped import mistyped, placeholders
from mockdouyin.domain.signatures._recipe import Digest, Keys, Kind, Params, Signed, Signer


def _secret_first(name: str) -> Digest:
    return lambda secret, body: hashlib.new(name, secret + body).hexdigest()


_RIGHT = _secret_first("sha1")


class WebhookPlan(NamedTuple):
    """How a webhook's signature is made; as it stands, as the platform makes it."""

    secret: str
    body: bytes
    other_secrets: tuple[tuple[Text, str], ...] = ()
    digest: Digest = _RIGHT
    cost: int = 1
    why: Text = NOTHING

    def signature(self) -> str:
        """Make the signature."""
        return self.digest(self.secret.encode(), self.body)

    def shown(self) -> str:
        """Return what is signed, without the secret."""
        return "<SECRET>" + self.body.decode(errors="replace")


def _recognises(request: Request, params: Params) -> bool:
    return bool(request.header(b"x-douyin-signature"))


def _read(request: Request, params: Params, keys: Keys) -> Signed[WebhookPlan]:
    cost = 2 + len(request.body) // 64
    plans = (WebhookPlan(key, request.body, keys.others, cost=cost) for key in keys.right)
    return Signed(request.header(b"x-douyin-signature"), tuple(plans))


OTHER_APP = text(
    "webhook_secret_of_other_app",
    zh="另一个应用 {app!r} 的密钥",
    en="the secret of another app, {app!r}",
)
CLIENT_SECRET = text(
    "webhook_secret_is_client_secret",
    zh="client_secret，而该应用另外设置了 webhook 密钥",
    en="the client_secret, and the app's webhook has a secret of its own",
)


def _keys(signer: Signer) -> Keys:
    right = signing_secret(signer.app)
    others = [
        (CLIENT_SECRET(), signer.app.client_secret),
        *((OTHER_APP(app=each.name), signing_secret(each)) for each in signer.other_apps()),
    ]
    return Keys((right,), tuple((what, key) for what, key in others if key != right))


WEBHOOK_SIGNATURE: Kind[WebhookPlan] = Kind(
    "webhook",
    text(
        "sign_kind_webhook",
        zh="webhook 的 X-Douyin-Signature：密钥后面直接接收到的原始 body，取 SHA1",
        en="`X-Douyin-Signature` of a webhook: SHA1 over the secret and, right after it, the bytes"
        " of the body",
    ),
    key=text(
        "sign_key_webhook",
        zh="client_secret 或 webhook 密钥",
        en="client_secret, or the webhook's own secret",
    ),
    recognises=_recognises,
    read=_read,
    keys=_keys,
    app_kinds=("web", "mini_program"),
    upper_case=text(
        "webhook_upper_case",
        zh="签名是大写的，平台发送的是小写十六进制：比较前统一转换",
        en="it is in upper case; the platform sends lower-case hex",
    ),
    in_pairs=True,
)

WebhookPlans = Iterator[WebhookPlan]

OTHER_SECRET = text("webhook_other_secret", zh="签名用的是{key}", en="it is signed with {key}")


@WEBHOOK_SIGNATURE.recipe(OTHER_SECRET, key="…")
def other_secret(plan: WebhookPlan) -> WebhookPlans:
    """Another app's secret, or the one that does not sign."""
    for what, secret in plan.other_secrets:
        yield plan._replace(secret=secret, why=OTHER_SECRET(key=what))


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_body_rewritten",
        zh="body 解析后又重新序列化了，应使用收到的原始字节",
        en="the body was parsed and written again; use the bytes as they came",
    )
)
def body_rewritten(plan: WebhookPlan) -> WebhookPlans:
    """The body as other serializers write it."""
    for written in _writing.respelled(plan.body, printed=True):
        yield plan._replace(body=written)
    yield plan._replace(body=repr(plan.body).encode())


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_body_missing",
        zh="签名时 body 是空的（流已经被框架读过，或没有取到原始 body），应使用收到的原始字节",
        en="the body was empty where it was signed: its stream was read before, or the framework"
        " does not keep it; use the bytes as they came",
    )
)
def body_missing(plan: WebhookPlan) -> WebhookPlans:
    """The secret alone, or with what languages print for a body that is not there."""
    for body in (b"", b"{}", b"null", b"None", b"undefined", b"[object Object]", b"Array"):
        yield plan._replace(body=body)


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_hmac",
        zh="用了 HMAC，平台是把密钥拼在 body 前面直接取 SHA1",
        en="it is an HMAC; the platform's is a plain SHA1 over secret and body",
    )
)
def mac(plan: WebhookPlan) -> WebhookPlans:
    """The secret as key."""
    for name in ("sha1", "sha256", "md5"):
        yield plan._replace(digest=_mac(name))


def _mac(name: str) -> Digest:
    return lambda secret, body: hmac.new(secret, body, name).hexdigest()


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_secret_last",
        zh="密钥拼在了 body 后面，应在前面",
        en="the secret stands after the body; it comes first",
    )
)
def secret_last(plan: WebhookPlan) -> WebhookPlans:
    """The body, then the secret."""
    yield plan._replace(digest=lambda secret, body: hashlib.sha1(body + secret).hexdigest())


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_secret_missing",
        zh="只对 body 做了 SHA1，前面要拼上密钥",
        en="it is the SHA1 of the body alone; the secret comes before it",
    )
)
def secret_missing(plan: WebhookPlan) -> WebhookPlans:
    """The body alone."""
    yield plan._replace(digest=lambda secret, body: hashlib.sha1(body).hexdigest())


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_joined",
        zh="密钥和 body 之间加了分隔符或 client_key，或排了序，应直接拼接",
        en="there is something between secret and body, or the client_key, or both were sorted;"
        " the body stands right after the secret",
    )
)
def joined(plan: WebhookPlan) -> WebhookPlans:
    """A character between the two, in their order or the other one."""
    for joint in (b"&", b"\n", b".", b" ", b","):
        yield plan._replace(digest=_between(joint, secret_first=True))
        yield plan._replace(digest=_between(joint, secret_first=False))
    value = _writing.parse(plan.body.strip())
    client_key = value.get("client_key") if isinstance(value, dict) else None
    if isinstance(client_key, str):
        key = client_key.encode(errors="replace")
        yield plan._replace(
            digest=lambda secret, body: hashlib.sha1(key + secret + body).hexdigest()
        )
        yield plan._replace(
            digest=lambda secret, body: hashlib.sha1(secret + key + body).hexdigest()
        )


def _between(joint: bytes, *, secret_first: bool) -> Digest:
    def digest(secret: bytes, body: bytes) -> str:
        parts = (secret, body) if secret_first else (body, secret)
        return hashlib.sha1(joint.join(parts)).hexdigest()

    return digest


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_content_signed",
        zh="只对 body 里的 content 做了签名，应对整个 body 的原始字节签名",
        en="the content alone was signed; the bytes of the whole body are",
    )
)
def content_signed(plan: WebhookPlan) -> WebhookPlans:
    """The content as it is, or written again."""
    value = _writing.parse(plan.body.strip())
    content = value.get("content") if isinstance(value, dict) else None
    if isinstance(content, str):
        yield plan._replace(body=content.encode(errors="replace"))
    if content:
        for written in _writing.respelled(_writing.compact(content).encode(errors="replace")):
            yield plan._replace(body=written)


MISTYPED = text(
    "webhook_secret_mistyped",
    zh="密钥没有原样使用：{how}",
    en="the secret is not used as it is: {how}",
)


@WEBHOOK_SIGNATURE.recipe(MISTYPED, how="…")
def secret_mistyped(plan: WebhookPlan) -> WebhookPlans:
    """The secret with more around it, with less of it, or in another case."""
    for how, secret in mistyped(plan.secret):
        yield plan._replace(secret=secret, why=MISTYPED(how=how))


UNSET = text(
    "webhook_secret_unset",
    zh="密钥的位置上是 {value!r}：配置没有读到，或还是示例里的占位文字",
    en="{value!r} stands in the place of the secret: a setting that was not read, or an example's"
    " word for it",
)


@WEBHOOK_SIGNATURE.recipe(UNSET, value="null / None / undefined / secret")
def secret_unset(plan: WebhookPlan) -> WebhookPlans:
    """What languages print where there is no value, or a word that was to be replaced."""
    for value in (*placeholders("secret"), *placeholders("client_secret")):
        if value:
            yield plan._replace(secret=value, why=UNSET(value=value))


OTHER_HASH = text(
    "webhook_other_hash",
    zh="签名算法是 {algorithm}，平台用 SHA1",
    en="it is {algorithm}; the platform's is SHA1",
)


@WEBHOOK_SIGNATURE.recipe(OTHER_HASH, algorithm="MD5 / SHA256 / SHA512")
def other_hash(plan: WebhookPlan) -> WebhookPlans:
    """Secret and body by another digest."""
    for name in ("md5", "sha256", "sha512"):
        why = OTHER_HASH(algorithm=name.upper())
        yield plan._replace(digest=_secret_first(name), why=why)


def _base64(secret: bytes, body: bytes) -> str:
    return base64.b64encode(hashlib.sha1(secret + body).digest()).decode()


def _mac_in_base64(name: str) -> Digest:
    return lambda secret, body: base64.b64encode(hmac.digest(secret, body, name)).decode()


@WEBHOOK_SIGNATURE.recipe(
    text(
        "webhook_base64",
        zh="签名是 base64，平台用小写十六进制，也不是 HMAC",
        en="it is in base64; the platform's is lower-case hex, and no HMAC",
    )
)
def in_base64(plan: WebhookPlan) -> WebhookPlans:
    """The right hash, written otherwise, or an HMAC."""
    for digest in (_base64, _mac_in_base64("sha1"), _mac_in_base64("sha256")):
        yield plan._replace(digest=digest)
