"""What the probes ask of a receiver, and what they send, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import TextTemplate, text

# What a message is.

CHALLENGE = text(
    "probe_message_challenge",
    zh="verify_webhook，challenge 为 {challenge}",
    en="verify_webhook, challenge {challenge}",
)


def _how(code: str, zh: str, en: str) -> TextTemplate:
    return text(f"probe_sent_{code}", zh=zh, en=en)


SIGNATURE_RIGHT = _how("right", "签名正确", "signature right")
OTHER_SECRET = _how("other_secret", "用别的密钥签名", "signed with another secret")
NO_SIGNATURE = _how("unsigned", "没有 X-Douyin-Signature", "no X-Douyin-Signature")
UPPER_CASE = _how("uppercase", "签名正确但是大写", "signature right but in upper case")
CHANGED = _how("changed", "签名之后被改动", "changed after it was signed")
OTHER_ORDER = _how("other_order", "键的顺序不同", "keys in another order")
SPACED = _how("spaced", "分隔符后有空格", "spaces after separators")
RAW_UTF8 = _how("raw_utf8", "中文是原样的 UTF-8", "Chinese as raw UTF-8")
ESCAPED = _how("escaped", r"中文写成 \uXXXX", r"Chinese as \uXXXX")
NEWLINE = _how("newline", "JSON 之后有换行", "a newline after the JSON")
LONG_ID = _how("long_id", "video_id 有 19 位", "a video_id of 19 digits")
LONG_NUMBER = _how("long_number", "64 位的数字", "a number of 64 bits")
OBJECT = _how("object", "content 是对象", "content is an object")
STRING = _how("string", "content 是 JSON 字符串", "content is a string of JSON")
SAME_AGAIN = _how("same_again", "字节和 Msg-Id 都与上一条相同", "the same bytes and Msg-Id again")
SAME_LOG_ID = _how("same_log_id", "Msg-Id 不同，log_id 相同", "another Msg-Id, the same log_id")
AFTER_IT = _how("after_it", "同一用户，后到", "of the same person, after it")
AT_ONCE = _how("at_once", "与另一条同时", "at once with another")
THE_OTHER = _how("the_other", "另一条", "the other")

# What a probe asks.

_ABOUT = {
    "challenge-int": (
        '设置 URL：challenge 是数字，应返回 `{{"challenge": …}}`。',
        'The URL is being set: the challenge, a number, must come back as `{{"challenge": …}}`.',
    ),
    "challenge-string": (
        "同上，但 challenge 是字符串，有些模拟服务这样发。",
        "The same with a challenge that is text, as some stand-ins send it.",
    ),
    "good-signature": (
        "签名正确，应验签通过；响应的形式在这一项里不计。",
        "A right signature must be believed; the form of the echo does not matter here.",
    ),
    "wrong-signature": (
        "用别的密钥签名，必须拒绝。",
        "A signature made with another secret must be refused.",
    ),
    "missing-signature": (
        "没有签名的消息必须拒绝。",
        "A message without a signature must be refused.",
    ),
    "uppercase-signature": (
        "签名正确但是大写：抖音不会这样发，接受或拒绝都没有危害。",
        "A right signature in upper case: Douyin never sends that; refusing and accepting do no"
        " harm.",
    ),
    "tampered-body": (
        "签名之后 body 被改动，必须拒绝。",
        "A body that was changed after it was signed must be refused.",
    ),
    "forged-event": (
        "不只是 challenge，签名错误的事件也必须拒绝。",
        "An event with a wrong signature must be refused, not only a challenge.",
    ),
    "key-order": (
        "键的顺序不同，签名正确：必须接受。",
        "Rightly signed with its keys in another order: must be accepted.",
    ),
    "spaces": (
        "逗号和冒号之后有空格，签名正确：必须接受。",
        "Rightly signed with spaces after commas and colons: must be accepted.",
    ),
    "raw-utf8": (
        "中文是原样的 UTF-8，签名正确：必须接受。",
        "Rightly signed with Chinese as raw UTF-8: must be accepted.",
    ),
    "unicode-escapes": (
        r"中文写成 `\uXXXX`，签名正确：必须接受。",
        r"Rightly signed with Chinese as `\uXXXX`: must be accepted.",
    ),
    "trailing-newline": (
        "末尾有换行，签名正确：必须接受。",
        "Rightly signed with a newline at the end: must be accepted.",
    ),
    "big-id": (
        "64 位的 id 必须收下，并且不应丢失精度。",
        "Ids of 64 bits must be taken, and should lose no digits.",
    ),
    "content-object": (
        "content 是对象的事件必须收下。",
        "An event whose content is an object must be taken.",
    ),
    "content-string": (
        "content 是 JSON 字符串的事件必须收下。",
        "An event whose content is a string of JSON must be taken.",
    ),
    "same-msg-id": (
        "同一条消息发两次：必须幂等，只生效一次；这一点从外部看不出来。",
        "The same message twice: it must take effect once, which cannot be seen from outside.",
    ),
    "same-log-id": (
        "两条消息的 log_id 相同，Msg-Id 不同：都必须处理。",
        "Two messages that share a log_id, each with a Msg-Id of its own: both must be handled.",
    ),
    "unauthorize-first": (
        "unauthorize 先于 authorize 到达：顺序没有保证；处理得对不对从外部看不出来。",
        "unauthorize before authorize: their order is not guaranteed, and cannot be seen from"
        " outside.",
    ),
    "unknown-event": (
        "还不认识的事件也必须返回 200。",
        "An event that is not known yet must be answered with 200 all the same.",
    ),
    "two-at-once": (
        "同时到达的两个事件都必须收下。",
        "Two events at the same time must both be taken.",
    ),
    "slow-answer": (
        "抖音 5 秒后断开：整个检验中的每个响应都必须在此之前到达。",
        "Douyin hangs up after 5 s: every answer of the examination must have come by then.",
    ),
}

ABOUT = {
    name: text(f"probe_{name.replace('-', '_')}", zh=zh, en=en)
    for name, (zh, en) in _ABOUT.items()
}
"""What each probe asks, by its name."""

# What to do about a failure.

SIGNED_BYTES = text(
    "probe_hint_signed_bytes",
    zh="但签名对发出的字节是正确的。先解析 body 再重新序列化，算签名的字节就变了：请先对收到的原始"
    " body 验签，再解析。",
    en="But the signature was right for the bytes that were sent. A receiver that parses the body"
    " and writes it again hashes other bytes: hash the body as it came, then parse it.",
)
SIGNED_LINES = text(
    "probe_hint_signed_lines",
    zh="{hint}按行读取也会丢掉换行。",
    en="{hint} Reading it line by line drops the newline, too.",
)
RIGHT_SIGNATURE = text(
    "probe_hint_right_signature",
    zh="但签名是正确的：对密钥和原始 body 拼接的字节做 sha1，十六进制小写。",
    en="But the signature was right: sha1 in hex over the secret and the body as it was sent.",
)
FORGERY = text(
    "probe_hint_forgery",
    zh="知道 URL 的任何人都能伪造事件：请先验签，再做别的。",
    en="Anyone who knows the URL can invent events: compare the signature before all else.",
)
TAMPERED = text(
    "probe_hint_tampered",
    zh="途中被改过的 body 也通过了验签：请对密钥和完整的 body 计算签名。",
    en="A body that was changed on the way is believed: hash the secret and the whole body.",
)
CONTENT_OBJECT = text(
    "probe_hint_content_object",
    zh="create_video 的 content 是对象。",
    en="create_video has its content as an object.",
)
CONTENT_STRING = text(
    "probe_hint_content_string",
    zh="抖音约有一半事件的 content 是 JSON 字符串，不是对象。用之前先看它的类型。",
    en="About half of Douyin's events have their content as a string of JSON, and not as an"
    " object. Look at its type before you use it.",
)
SAME_MSG_ID = text(
    "probe_hint_same_msg_id",
    zh="响应丢失时抖音会重发。请自己确认第二次没有生效：按 Msg-Id 去重。",
    en="Douyin delivers again when an answer was lost. See for yourself that the second took no"
    " effect: remember the Msg-Id.",
)
DEDUPLICATED_BY_LOG_ID = text(
    "probe_hint_same_log_id",
    zh="它因为 log_id 相同被当成了重复消息。请按请求头 Msg-Id 去重：抖音重发时不变的是它；log_id"
    " 标识的是一次请求。",
    en="It is taken for a repetition by its log_id. Deduplicate by the Msg-Id header: that is what"
    " stays the same when Douyin delivers again; a log_id names a request.",
)
UNORDERED = text(
    "probe_hint_unordered",
    zh="抖音不保证事件的顺序。请自己看看现在数据里这个用户的状态；log_id 以时间开头。",
    en="Douyin does not guarantee the order of events. See for yourself what your data says of"
    " this person now; the log_id begins with the time.",
)
UNKNOWN_EVENT = text(
    "probe_hint_unknown_event",
    zh="抖音会不打招呼地增加事件。没有返回 200 的会重发，最后可能取消订阅：不认识的事件也返回"
    " 200。",
    en="Douyin adds events without asking. What is not answered with 200 is sent again, and in the"
    " end the subscription may be cancelled: answer 200 to what you do not know.",
)
TWO_AT_ONCE = text(
    "probe_hint_two_at_once",
    zh="同时到达的两个事件都必须返回 200。",
    en="Of two events at the same time both must be answered with 200.",
)

# What to say where all was well.

TAKEN = text("probe_taken", zh="收下了。", en="Taken.")
TAKEN_AND_IGNORED = text(
    "probe_taken_and_ignored",
    zh="收下了，想必也忽略了。",
    en="Taken, and hopefully ignored.",
)
BOTH_TAKEN = text("probe_both_taken", zh="两条都收下了。", en="Both were taken.")
