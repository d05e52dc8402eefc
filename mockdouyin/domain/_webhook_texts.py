"""Why an answer acknowledges neither handshake nor callback, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

# The echo of a webhook's challenge.

CONTENT_TYPE = text(
    "echo_content_type",
    zh="Content-Type 是 {seen!r}，应为 application/json",
    en="Content-Type is {seen!r}, it must be application/json",
)
NO_CONTENT_TYPE = text(
    "echo_no_content_type",
    zh="没有 Content-Type，应为 application/json",
    en="there is no Content-Type, it must be application/json",
)
EMPTY = text(
    "echo_empty", zh="body 为空，应为 {wanted}", en="the body is empty, it must be {wanted}"
)
BARE = text(
    "echo_bare",
    zh="body 只有 challenge 的值，应为 {wanted}",
    en="the body is the bare challenge, it must be {wanted}",
)
NOT_JSON = text(
    "echo_not_json",
    zh="body 不是 JSON，应为 {wanted}",
    en="the body is not JSON, it must be {wanted}",
)
WRAPPED = text(
    "echo_wrapped",
    zh="challenge 外面多了一层：位于 {path}，body 里应只有 {wanted}",
    en="the challenge is wrapped: it stands at {path}, the body must be {wanted} alone",
)
NOT_OBJECT = text(
    "echo_not_object",
    zh="body 是 JSON，但不是对象，应为 {wanted}",
    en="the body is JSON but not an object, it must be {wanted}",
)
NO_CHALLENGE = text(
    "echo_no_challenge",
    zh="body 里没有 challenge，应为 {wanted}",
    en="the body has no challenge, it must be {wanted}",
)
ALTERED = text(
    "echo_altered",
    zh="返回的 challenge 是 {came}，应与发出的相同：{wanted}",
    en="the challenge came back as {came}, it must be the same as sent: {wanted}",
)
NUMBER_AS_TEXT = text(
    "echo_number_as_text",
    zh="challenge 发出时是数字，返回时成了字符串",
    en="the challenge went out as a number and came back as text",
)
COMPANY = text(
    "echo_company",
    zh="body 里除了 challenge 还有 {others}",
    en="beside the challenge the body has {others}",
)
AND = text("echo_and", zh="{first}；同时，{other}", en="{first}; and {other}")

# A mini-app's message push.

ECHOSTR = text(
    "echo_echostr",
    zh="body 应只有 echostr：{echostr}",
    en="the body must be the echostr alone: {echostr}",
)

# A callback of guaranteed payment.

CALLBACK_NOT_JSON = text(
    "callback_not_json",
    zh="body 不是 JSON；响应 {wanted} 才算收到",
    en="the body is not JSON; {wanted} acknowledges",
)
CALLBACK_WITHOUT_NUMBER = text(
    "callback_without_number",
    zh="JSON 里没有 err_no；响应 {wanted} 才算收到",
    en="the JSON has no err_no; {wanted} acknowledges",
)
CALLBACK_NOT_ZERO = text(
    "callback_not_zero",
    zh="err_no 是 {got}，不是数字 0；响应 {wanted} 才算收到",
    en="err_no is {got}, not the number 0; {wanted} acknowledges",
)
