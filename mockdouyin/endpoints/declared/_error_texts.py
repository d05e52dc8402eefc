"""What is wrong with a declaration of endpoints, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_ENVELOPE = text(
    "endpoints_declared_error_no_envelope",
    zh="没有响应格式 {name!r}{hint}",
    en="there is no envelope {name!r}{hint}",
)
NOT_A_CALL = text(
    "endpoints_declared_error_not_a_call",
    zh="{call!r} 不是接口调用，应写方法和路径，如 GET /api/points/v1/query",
    en="{call!r} is no call: write its method and its path, such as GET /api/points/v1/query",
)
NOT_A_SHAPE = text(
    "endpoints_declared_error_not_a_shape",
    zh="{given!r} 不是字段格式，应写格式名、数组或对象",
    en="{given!r} is no shape: write a format, a list or an object",
)
NOT_FIELDS = text(
    "endpoints_declared_error_not_fields",
    zh="{given!r} 不是带字段的对象",
    en="{given!r} is no object with fields",
)
NOT_A_LIST = text(
    "endpoints_declared_error_not_a_list",
    zh="{given!r} 不是数组，应写成 [item] 或 [item, 1..50]",
    en="{given!r} is no list: write [item] or [item, 1..50]",
)
NOT_A_FORMAT = text(
    "endpoints_declared_error_not_a_format",
    zh="{name!r} 不是格式名{hint}",
    en="{name!r} is no format{hint}",
)
NOT_A_RANGE = text(
    "endpoints_declared_error_not_a_range",
    zh="{given!r} 不是范围，应写成 1..50、1.. 或 ..50",
    en="{given!r} is no range: write 1..50, 1.. or ..50",
)
NO_PLAIN_KEY = text(
    "endpoints_declared_error_no_plain_key",
    zh="资源 {name} 没有普通字段 {key!r}",
    en="the resource {name} has no plain field {key!r}",
)
ONE_VERB = text(
    "endpoints_declared_error_one_verb",
    zh="`does` 应为 {verbs} 之一，实际是 {named}",
    en="`does` has one of {verbs}, not {named}",
)
NO_RESOURCE = text(
    "endpoints_declared_error_no_resource",
    zh="{name}：没有资源 {resource!r}{hint}",
    en="{name}: there is no resource {resource!r}{hint}",
)
NO_RESOURCE_FIELD = text(
    "endpoints_declared_error_no_resource_field",
    zh="{name}：没有字段 {field!r}{hint}",
    en="{name}: no field {field!r}{hint}",
)
NOT_AN_ERROR = text(
    "endpoints_declared_error_not_an_error",
    zh="{text!r} 不是错误，应写错误码、名称和文案",
    en="{text!r} is no error: write its number, a name, a text",
)
