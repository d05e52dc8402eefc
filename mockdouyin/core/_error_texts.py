"""What the kernel says when something is wrong, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NOT_A_DURATION = text(
    "core_error_not_a_duration",
    zh="{shown} 不是时长，应写成 90s、5m、2h1m、15d 或 200ms",
    en="{shown} is not a duration; write 90s, 5m, 2h1m, 15d or 200ms",
)
CLOCK_RANGE = text(
    "core_error_clock_range",
    zh="时钟只能在 1970 到 9987 年之间",
    en="the clock runs from 1970 to 9987, and cannot be set outside of that",
)
DURATION_TEXT = text(
    "core_error_duration_text",
    zh="时长应为文本，如 90s、5m 或 2h1m，实际是 {seen!r}",
    en="a duration is text such as 90s, 5m or 2h1m, not {seen!r}",
)
NOT_A_TIME = text(
    "core_error_not_a_time",
    zh="{text!r} 不是时间，应写成 2026-11-20T12:00:00+08:00",
    en="{text!r} is not a time; write it as 2026-11-20T12:00:00+08:00",
)
NOT_RSA = text(
    "core_error_not_rsa", zh="public_key 不是 RSA 公钥", en="the public_key is not an RSA key"
)
TOO_LONG_FOR_KEY = text(
    "core_error_too_long_for_key",
    zh="{count} 字节放不进 {bits} 位的 RSA 密钥",
    en="{count} bytes do not fit an RSA key of {bits} bits",
)
NOT_PEM = text(
    "core_error_not_pem",
    zh="public_key 不是 PEM 公钥，要包含 BEGIN PUBLIC KEY 那一行",
    en="the public_key is not a PEM public key; write it with its BEGIN PUBLIC KEY line",
)
NO_ERROR_CASE = text(
    "core_error_no_error_case",
    zh="{endpoint} 没有错误 {case!r}{hint}",
    en="{endpoint} has no error {case!r}{hint}",
)
NO_EVENT = text("core_error_no_event", zh="没有事件 {name!r}{hint}", en="no event {name!r}{hint}")
TOO_MANY_FIELDS = text(
    "core_error_too_many_fields",
    zh="JSON 对象有 {count} 个字段，最多 {most} 个",
    en="a JSON object of {count} fields; {most} is the most",
)
JSON_TOO_LONG = text(
    "core_error_json_too_long",
    zh="JSON body 有 {count} 字节，最多 {most} 字节",
    en="a JSON body of {count} bytes; {most} is the most",
)
FORM_TOO_LONG = text(
    "core_error_form_too_long",
    zh="表单或 query 有 {count} 字节，最多 {most} 字节",
    en="a form or query of {count} bytes; {most} is the most",
)
FORM_TOO_MANY = text(
    "core_error_form_too_many",
    zh="表单或 query 有 {fields} 个字段，最多 {most} 个",
    en="a form or query of {fields} fields; {most} is the most",
)
NO_PERSON = text(
    "core_error_no_person",
    zh="这个世界里没有用户 {who!r}{hint}",
    en="no person {who!r} in this world{hint}",
)
TOO_MANY_PEOPLE = text(
    "core_error_too_many_people",
    zh="世界已有 {count} 个用户，不能再多",
    en="the world has {count} people, and takes no more",
)
NO_BODY_FIELD = text(
    "core_error_no_body_field",
    zh="{kind} 没有字段 {name!r}{hint}",
    en="{kind} has no field {name!r}{hint}",
)
TOO_MANY_APPS = text(
    "core_error_too_many_apps",
    zh="世界 {name!r} 已有 {count} 个应用，不能再多",
    en="world {name!r} has {count} apps, and takes no more",
)
NO_APP = text(
    "core_error_no_app",
    zh="世界 {name!r} 里没有应用 {who!r}{hint}",
    en="no app {who!r} in world {name!r}{hint}",
)
