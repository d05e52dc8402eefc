"""What is wrong with a signature or a share link, and what was expected in its place."""

from __future__ import annotations

from mockdouyin.core.texts import text

# Signatures of tickets.

SIGNATURE_UPPER_CASE = text(
    "signature_upper_case",
    zh="签名是大写的，平台用小写十六进制",
    en="it is in upper case; the platform's is lower-case hex",
)
SIGNATURE_SHA1 = text(
    "signature_sha1",
    zh="签名用了 SHA1（微信的算法），抖音用 MD5",
    en="it is SHA1, as in WeChat; the platform's is MD5",
)
SIGNATURE_UNSORTED = text(
    "signature_unsorted",
    zh="签名参数的顺序是 {names}，应按参数名的字典序排列",
    en="the parts are unsorted: {names}; sort them by name",
)
SIGNATURE_URL_ENCODED = text(
    "signature_url_encoded",
    zh="签名用了 URL 编码后的值：应先用原值签名，再编码",
    en="it was signed over URL-encoded values; sign them as they are, encode them after",
)
SIGNATURE_OTHER_NAME = text(
    "signature_other_name",
    zh="待签名串中写的是 {wrong}=…，这里的参数名应为 {right}",
    en="the signed text says {wrong}=…; here the name is {right}",
)
SIGNATURE_OF_SECONDS = text(
    "signature_of_seconds",
    zh="签名用的 timestamp 以秒为单位，与发送的不一致",
    en="it was signed over the timestamp in seconds, and another one was sent",
)
SIGNATURE_OF_MILLISECONDS = text(
    "signature_of_milliseconds",
    zh="签名用的 timestamp 以毫秒为单位，与发送的不一致",
    en="it was signed over the timestamp in milliseconds, and another one was sent",
)
SIGNATURE_WITH_FRAGMENT = text(
    "signature_with_fragment",
    zh="签名时 url 带上了 # 之后的部分，应只签 # 之前的部分",
    en="the url was signed with its fragment; sign it up to the #",
)
SIGNATURE_OF_EXPIRED_TICKET = text(
    "signature_of_expired_ticket",
    zh="签名用的 ticket 已过期",
    en="it is made with a ticket that has expired",
)
SIGNATURE_OF_SUPERSEDED_TICKET = text(
    "signature_of_superseded_ticket",
    zh="签名用的 ticket 已被取代：每次调用 /open/getticket/ 都会返回新 ticket，"
    "旧 ticket 5 分钟后失效",
    en="it is made with a superseded ticket: each call of /open/getticket/ gives another,"
    " and five minutes later the one before is dead",
)
SIGNATURE_OF_JS_TICKET = text(
    "signature_of_js_ticket",
    zh="签名用了 /js/getticket/ 的 ticket，分享应使用 /open/getticket/ 的 ticket",
    en="it is made with a JS ticket (/js/getticket/); a share needs /open/getticket/'s",
)
SIGNATURE_OF_OPEN_TICKET = text(
    "signature_of_open_ticket",
    zh="签名用了 /open/getticket/ 的 ticket，网页应使用 /js/getticket/ 的 ticket",
    en="it is made with an open ticket; pages need /js/getticket/'s",
)
SIGNATURE_OF_NO_TICKET = text(
    "signature_of_no_ticket",
    zh="用该应用的任何一个 ticket 和这里的 {names} 都得不到这个签名",
    en="it fits no ticket of the app with this {names}",
)
OPEN_TICKET_NEVER_FETCHED = text(
    "open_ticket_never_fetched",
    zh="该应用从未获取过 open ticket（/open/getticket/）",
    en="the app never asked for an open ticket (/open/getticket/)",
)
JS_TICKET_NEVER_FETCHED = text(
    "js_ticket_never_fetched",
    zh="该应用从未获取过 JS ticket（/js/getticket/）",
    en="the app never asked for a JS ticket (/js/getticket/)",
)
EXPECTED_MD5 = text("expected_md5", zh="对 {names} 计算的 MD5", en="the MD5 over {names}")
SIGNED_TEXT_TOO_LONG = text(
    "signed_text_too_long",
    zh="内容过长，不再比对签名",
    en="no signature is looked for over so long a text",
)

# Signatures of a user's login state.

LOGIN_SIGNATURE_BASE64 = text(
    "login_signature_base64",
    zh="签名是 base64，平台用小写十六进制",
    en="it is in base64; the platform's is lower-case hex",
)
LOGIN_SIGNATURE_OTHER_HMAC = text(
    "login_signature_other_hmac",
    zh="签名算法是 HMAC-{algorithm}，平台用 HMAC-SHA256",
    en="it is HMAC-{algorithm}; the platform's is HMAC-SHA256",
)
LOGIN_SIGNATURE_SWAPPED = text(
    "login_signature_swapped",
    zh="密钥与消息颠倒了：HMAC 的密钥应为 session_key",
    en="key and message are swapped: the key of the HMAC is the session_key",
)
LOGIN_SIGNATURE_PLAIN_HASH = text(
    "login_signature_plain_hash",
    zh="对 body 和 session_key 直接做了 {algorithm}，平台用的是 HMAC",
    en="it is a plain {algorithm} over body and session_key; the platform's is an HMAC",
)
LOGIN_SIGNATURE_OTHER_KEY = text(
    "login_signature_other_key",
    zh="签名密钥有误，所用密钥：{key}",
    en="it is signed with {key}",
)
SESSION_KEY_DECODED = text(
    "session_key_decoded",
    zh="base64 解码后的 session_key，应直接使用 session_key 原文",
    en="the session_key decoded from base64; it is used as the text that it is",
)
SIGN_METHOD_LOWER = text(
    "sign_method_lower",
    zh="method 应以小写参与签名",
    en="the method is signed in lower case",
)
SIGN_PATH_ENCODED = text(
    "sign_path_encoded",
    zh="path 应先 URL 编码再参与签名：每个 / 写成 %2F",
    en="the path is URL-encoded before it is signed: %2F for each slash",
)
SIGN_METHOD_LOWER_PATH_ENCODED = text(
    "sign_method_lower_path_encoded",
    zh="method 应以小写参与签名，path 应先 URL 编码",
    en="the method is signed in lower case, and the path URL-encoded",
)
SIGN_PATH_UPPER_ESCAPES = text(
    "sign_path_upper_escapes",
    zh="path 的 URL 编码应为大写：%2F",
    en="the path's escapes are upper case: %2F",
)
SIGN_PATH_WITHOUT_QUERY = text(
    "sign_path_without_query",
    zh="只有 path 参与签名，不含 query",
    en="only the path is signed, without its query",
)
SIGN_PATH_WITH_SLASHES = text(
    "sign_path_with_slashes",
    zh="path 参与签名时应保留首尾的 /",
    en="the path is signed with its slashes",
)
SIGN_BODY_TOO = text(
    "sign_body_too", zh="{why}；body 也要参与签名", en="{why}; and the body is signed too"
)
SIGN_BODY = text(
    "sign_body", zh="签名内容中缺少 body", en="the body is missing from what was signed"
)
SIGNED_NOTHING = text(
    "signed_nothing",
    zh="签名内容为空，POST 请求应对 body 签名",
    en="nothing was signed; a POST is signed over its body",
)
SIGNED_QUERY = text(
    "signed_query",
    zh="对 query 做了签名，GET 请求应对空串签名",
    en="it is signed over the query; a GET is signed over nothing",
)
SIGNED_EMPTY_OBJECT = text(
    "signed_empty_object",
    zh="对 {{}} 做了签名，GET 请求应对空串签名",
    en="it is signed over {{}}; a GET is signed over nothing",
)
SIGNED_OTHER_SPELLING = text(
    "signed_other_spelling",
    zh="签名时的 body 与发送的写法不同，应对实际发送的字节签名",
    en="it is signed over another spelling of the body; sign the very bytes that are sent",
)

# A link as a whole.

SEEN_CHARACTERS = text("seen_characters", zh="{count} 个字符", en="{count} characters")
EXPECTED_AT_MOST_CHARACTERS = text(
    "expected_at_most_characters", zh="最多 {most} 个字符", en="{most} characters at most"
)
LINK_TOO_LONG = text(
    "link_too_long", zh="链接过长，没有应用能打开", en="no app opens so long a link"
)
LINK_OTHER_ADDRESS = text(
    "link_other_address", zh="该地址不能打开分享", en="another address opens nothing"
)
LINK_CUT = text(
    "link_cut",
    zh="链接在第一个参数后就断了：在 shell 中 & 会截断链接，须加引号",
    en="it ends after its first parameter: a shell cuts a link at & unless it is quoted",
)
EXPECTED_WHOLE_LINK = text(
    "expected_whole_link", zh="加引号的完整链接", en="the whole link, in quotes"
)

# Parameters of a link.

SEEN_PARAMETERS = text("seen_parameters", zh="{count} 个参数", en="{count} parameters")
EXPECTED_AT_MOST_PARAMETERS = text(
    "expected_at_most_parameters", zh="最多 {most} 个", en="{most} at most"
)
PARAMETERS_IGNORED = text(
    "parameters_ignored", zh="只检查排在前面的参数", en="only the first ones are looked at"
)
PARAMETER_TWICE = text("parameter_twice", zh="参数出现了两次", en="it is there twice")
EXPECTED_EACH_ONCE = text("expected_each_once", zh="每个参数只出现一次", en="each parameter once")
PARAMETER_UNKNOWN = text(
    "parameter_unknown",
    zh="没有这个参数；可能是它前面某个参数的值没有做 URL 编码",
    en="no such parameter; a value before it may not be URL-encoded",
)
PARAMETER_MISSPELT = text(
    "parameter_misspelt",
    zh="没有这个参数；是不是 {meant}？",
    en="no such parameter; did you mean {meant}?",
)
EXPECTED_ONE_OF = text("expected_one_of", zh="{names} 之一", en="one of {names}")
PARAMETER_MISSING = text("parameter_missing", zh="缺少该参数", en="it is missing")
EXPECTED_VALUE = text("expected_value", zh="非空值", en="a value")
VALUE_NOT_ENCODED = text(
    "value_not_encoded",
    zh="值没有做 URL 编码，应对每个值单独编码",
    en="the value is not URL-encoded; encode each value by itself",
)
EXPECTED_PERCENT_ENCODING = text(
    "expected_percent_encoding",
    zh="除字母、数字和 -._~ 外都写成 %XX",
    en="%XX for all but letters, digits and -._~",
)
VALUE_ENCODED_TWICE = text(
    "value_encoded_twice",
    zh="做了两次 URL 编码，每个值只编码一次",
    en="it is URL-encoded twice; encode each value once",
)
SHARE_TYPE_NOT_H5 = text("share_type_not_h5", zh="share_type 只能是 h5", en="it has to be h5")
NOT_AN_ARRAY_OF_STRINGS = text(
    "not_an_array_of_strings",
    zh="不是由字符串组成的 JSON 数组",
    en="it is not a JSON array of strings",
)
NOT_AN_OBJECT = text("not_an_object", zh="不是 JSON 对象", en="it is not a JSON object")
TIMESTAMP_BY_HTML = text(
    "timestamp_by_html",
    zh="HTML 页面把 &timestamp 中的 &times 显示成了 ×，应写成 &amp;timestamp",
    en="an HTML page read the &times of &timestamp as ×; write &amp;timestamp there",
)
TIMESTAMP_NOT_SECONDS = text(
    "timestamp_not_seconds",
    zh="不是秒级时间戳",
    en="it is not a number of seconds since 1970",
)
TIMESTAMP_IN_MILLISECONDS = text(
    "timestamp_in_milliseconds",
    zh="单位是毫秒，签名和发送都应使用秒",
    en="it is in milliseconds; sign and send seconds",
)
TIMESTAMP_OLD = text(
    "timestamp_old",
    zh="timestamp 落后世界时钟 {by}，最多可相差 {most}",
    en="it is {by} old; it may be {most} away from the world's time at most",
)
TIMESTAMP_AHEAD = text(
    "timestamp_ahead",
    zh="timestamp 超前世界时钟 {by}，最多可相差 {most}",
    en="it is {by} ahead; it may be {most} away from the world's time at most",
)

# What is shared.

MEDIA_MISSING = text("media_missing", zh="没有可分享的内容", en="there is nothing to share")
ALBUM_EMPTY = text("album_empty", zh="列表中没有图片", en="there is no picture in it")
MEDIA_NOT_PUBLIC = text(
    "media_not_public",
    zh="抖音 App 要下载该文件，需要公网可访问的 http 或 https 地址",
    en="the Douyin app downloads it: it needs a public http or https address",
)
PUBLISH_NEEDS_VIDEO = text(
    "publish_needs_video",
    zh="只有单个视频可以直达发布页",
    en="only a single video goes straight to the publish page",
)
EXPECTED_VIDEO_PATH = text("expected_video_path", zh="video_path 参数", en="a video_path")

# The app of a link or a page.

APP_UNKNOWN = text("app_unknown", zh="这个世界里没有该应用", en="no app of this world has it")
EXPECTED_CLIENT_KEY = text(
    "expected_client_key", zh="某个应用的 client_key", en="the key of an app"
)
SHARE_SCOPE_MISSING = text(
    "share_scope_missing",
    zh="应用 {app!r} 缺少 {scope}，没有它不能分享；抖音 App 缺少 scope 时显示"
    " `verify signature fail`",
    en="app {app!r} lacks {scope}, without which nothing is shared; the Douyin app shows a"
    " missing scope as `verify signature fail`",
)
SECOND_SHARE_SCOPE_MISSING = text(
    "second_share_scope_missing",
    zh="应用 {app!r} 缺少 {scopes}，抖音 30.5.0 起除 h5.share 外还需要它；抖音 App 缺少"
    " scope 时显示 `verify signature fail`",
    en="app {app!r} lacks {scopes}, which Douyin 30.5.0 and newer want beside h5.share; the"
    " Douyin app shows a missing scope as `verify signature fail`",
)
