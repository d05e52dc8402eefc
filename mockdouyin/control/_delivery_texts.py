"""What operations on events and deliveries say when they refuse, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

APP_LACKS_RECEIVER = text(
    "control_error_app_lacks_receiver",
    zh="应用 {app!r} 没有 {what}，请用 `url` 指定接收端",
    en="app {app!r} has no {what}; say `url` which receiver",
)
IS_PUSH = text(
    "control_error_is_push",
    zh="{event} 是推送：请用 POST …/pushes 发送，或用 replay 重放",
    en="{event} is a push: send it by POST …/pushes, or replay it",
)
ONE_BODY = text(
    "control_error_one_body",
    zh="content、msg 和 raw 只能有一个",
    en="content, msg and raw exclude one another: keep one",
)
NOT_A_CALLBACK = text(
    "control_error_not_a_callback",
    zh="{id} 发送的不是回调，请用 `raw` 给出整个 body",
    en="what {id} sent is no callback; give the whole body as `raw`",
)
NOT_AN_OBJECT = text(
    "control_error_not_an_object",
    zh="{id} 发送的不是 JSON 对象，请用 `raw`",
    en="what {id} sent is no JSON object; give `raw`",
)
NO_MSG = text(
    "control_error_no_msg",
    zh="{event} 没有 msg：只有支付回调才有",
    en="{event} has no msg: only a payment callback has",
)
NO_CONTENT = text(
    "control_error_no_content",
    zh="{id} 的 {event} 没有可以修改的 content",
    en="{event} of {id} has no content to edit",
)
NO_DELIVERY_BEFORE = text(
    "control_error_no_delivery_before",
    zh="没有投递 {before!r}，无法列出更早的",
    en="no delivery {before!r} to list earlier ones of",
)
APP_LACKS_TARGET = text(
    "control_error_app_lacks_target",
    zh="应用 {app!r} 没有 {what}，请用 `to`（命令行里是 --to）指定 URL",
    en="app {app!r} has no {what}; say which URL with `to` (--to on the command line)",
)
CONTENT_ONLY = text(
    "control_error_content_only",
    zh="{event} 只接受 `content`，不接受 `fields` 和 `form`",
    en="{event} takes `content`, and no `fields` and no `form`",
)
NO_EVENT = text(
    "control_error_no_event", zh="没有事件 {event!r}{hint}", en="no event {event!r}{hint}"
)
PLATFORM_SIGNS = text(
    "delivery_platform_signs",
    zh="{event} 由平台的私钥签名，不需要 secret；公钥见 GET /_mock/platform-key",
    en="{event} is signed by the platform's key and takes no secret; GET /_mock/platform-key has"
    " the public key",
)
