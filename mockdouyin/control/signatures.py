"""The operation that explains a delivery's signature."""

from __future__ import annotations

from typing import NamedTuple

from mockdouyin.control._operations import OperationCall, operation
from mockdouyin.control._shown import Shown
from mockdouyin.core.crypto import webhook_signature
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.core.webhooks import WEBHOOK, kind_of, signing_secret
from mockdouyin.domain.message_push import APP_PUSH, GAME_PUSH
from mockdouyin.domain.payment_callbacks import ECPAY, is_signed
from mockdouyin.sandbox import deliveries

OVER_BODY = text(
    "signature_over_body",
    zh="sha1(密钥 + 收到的原始 body)，小写十六进制；不是 HMAC",
    en="sha1(secret + the exact bytes of the body), lower-case hex; not an HMAC",
)
OVER_HEADERS = text(
    "signature_over_headers",
    zh="base64(md5(排序后以 & 相连的 x- 头 name=value，接上 body 和 token))",
    en="base64(md5(the x- headers as name=value, sorted and joined by &, the body, the token))",
)
OVER_QUERY = text(
    "signature_over_query",
    zh="sha1(排序后拼接的 token、timestamp、nonce、msg)",
    en="sha1(token, timestamp, nonce and msg, sorted and joined)",
)
OVER_FOUR = text(
    "signature_over_four",
    zh="sha1(Token、timestamp、nonce、msg 四个字符串排序后拼接)，小写十六进制，"
    "在 body 的 msg_signature 里",
    en="sha1(Token, timestamp, nonce and msg, sorted and joined), in hex, as msg_signature in the"
    " body",
)
OTHER_SECRET = text(
    "signed_with_other_secret",
    zh="与应用现在的密钥不一致：发送时另给了 secret，或者应用的密钥后来改过",
    en="not the app's secret of today: another was given with the event, or it changed since",
)
TOKEN_NOT_KEPT = text(
    "token_not_kept",
    zh="签名用的 token 随推送给出，没有保存，无法再核对",
    en="the token was given with the push and is not kept, so it cannot be checked again",
)


class SignatureShown(Shown, kw_only=True):
    """What a delivery's signature is made of, and whether it is right."""

    header: str | None
    """The header that holds it; null if it is in the query, or there is none."""
    value: str | None
    covers: str
    """How it is computed."""
    secret: str | None
    """The name of what it is signed with: `client_secret`, `webhook.secret`, `payment.token` or
    `token`."""
    verifies: bool | None
    """Whether it agrees with the app's secret; null if that cannot be told."""
    why: str
    """Why it does not agree, or cannot be told."""


class _Recipe(NamedTuple):
    header: str | None
    covers: Text
    secret: str
    verifies: bool | None
    why: Text


@operation("GET", "/deliveries/{id}/signature")
def delivery_signature(call: OperationCall[None]) -> SignatureShown:
    """Explain a delivery's signature: what it covers, with which secret, whether it verifies."""
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
    if channel != WEBHOOK.name:
        return None
    signed = webhook_signature(signing_secret(app), found.body)
    agrees = found.headers.get("X-Douyin-Signature") == signed
    secret = "webhook.secret" if app.webhook and app.webhook.secret else "client_secret"
    why = NOTHING if agrees else OTHER_SECRET()
    return _Recipe("X-Douyin-Signature", OVER_BODY(), secret, agrees, why)
