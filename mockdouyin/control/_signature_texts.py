"""What reading and checking a signed request says, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_REQUEST = text(
    "control_error_no_request",
    zh="没有请求：内容是空的",
    en="there is no request: the text is empty",
)
NOT_A_URL = text("control_error_not_a_url", zh="{url!r} 不是 URL", en="{url!r} is not a URL")
NOT_A_HEADER = text(
    "control_error_not_a_header", zh="{line!r} 不是请求头", en="{line!r} is not a header line"
)
HAR_NO_REQUEST = text(
    "control_error_har_no_request",
    zh="HAR 的这一条里没有完整的请求",
    en="the HAR's entry has no whole request in it",
)
HAR_ENTRY = text(
    "control_error_har_entry",
    zh="HAR 里有 {count} 条请求，没有第 {number} 条",
    en="the HAR has {count} entries; there is no {number}",
)
NOT_CURL = text(
    "control_error_not_curl",
    zh="命令不是以 curl 开头",
    en="the command line does not begin with curl",
)
OPEN_QUOTE = text(
    "control_error_open_quote",
    zh="命令里有没闭合的引号",
    en="the command line has a quote that is not closed",
)
CURL_NO_URL = text(
    "control_error_curl_no_url", zh="命令里没有 URL", en="the command line has no URL"
)
FETCH_OPTIONS = text(
    "control_error_fetch_options",
    zh="fetch 的第二个参数不是 JSON：请用浏览器的“以 fetch 格式复制”，或给出 body",
    en="the second argument of fetch is not JSON: copy it by a browser's Copy as fetch, or give"
    " the body",
)
BODY_ELSEWHERE = text(
    "control_error_body_elsewhere",
    zh="body 在 {place} 里，请把内容写进命令",
    en="the body is in {place}; give its content in the command",
)
CURL_MULTIPART = text(
    "control_error_curl_multipart",
    zh="{option} 发送文件或 multipart，没有签名的做法",
    en="{option} sends files or multipart, which nobody signs",
)
BODY_IN_FILE = text(
    "control_error_body_in_file",
    zh="body 在 {place} 里，请给出这个文件，或把内容写进命令",
    en="the body is in {place}; give that file, or its content in the command",
)
NO_SIGNATURE_SEEN = text(
    "control_error_no_signature_seen",
    zh="里面没有认得出的签名{said}；请写明 kind：{kinds}",
    en="what is given shows no signature that is known{said}; name its kind: {kinds}",
)
APP_LACKS_KEY = text(
    "control_error_app_lacks_key",
    zh="应用 {app!r} 在这里没有{what}，请给出检查用的密钥",
    en="app {app!r} has no {what} here; give the key to check with",
)
TOO_DEEP_TO_SIGN = text(
    "control_error_too_deep_to_sign",
    zh="请求里有嵌套太深、无法签名的值",
    en="a value of the request is nested too deeply to be signed",
)
NO_SIGNATURE_KIND = text(
    "control_error_no_signature_kind",
    zh="没有 {name!r} 这种签名{hint}",
    en="no kind of signature {name!r}{hint}",
)
OR_GIVE_KEY = text(
    "control_error_or_give_key", zh="{error}；或者给出{what}", en="{error}; or give the {what}"
)
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
OVER_THREE_LINES = text(
    "signature_over_three_lines",
    zh="SHA256-RSA2048 签名“Byte-Timestamp、Byte-Nonce-Str、原始 body 各占一行，每行以换行结尾”，"
    "base64；用平台公钥验签",
    en="SHA256-RSA2048 over Byte-Timestamp, Byte-Nonce-Str and the exact body, a line each with"
    " its newline, in base64; verified with the platform's public key",
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
NO_RECIPE = text(
    "signature_unexplained",
    zh="不是已知的错误写法；请核对密钥，并与平台的待签名字符串逐项比对：{signed}",
    en="no known mistake leads to it; check the key, and compare what your code signs with what"
    " the platform signs: {signed}",
)
SIGNATURE_MISSING = text(
    "signature_not_there", zh="请求里没有签名", en="there is no signature in it"
)
SAME_TEXT = text(
    "signed_text_same",
    zh="你的待签名字符串与平台的相同：请核对签名算法和编码",
    en="what your code signed is what the platform signs: look at the hash and the encoding",
)
OTHER_TEXT = text(
    "signed_text_differs",
    zh="待签名字符串从第 {place} 个字符起不同：你的是 {yours!r}，平台的是 {ours!r}",
    en="what was signed differs from character {place} on: yours has {yours!r}, the platform's"
    " {ours!r}",
)
