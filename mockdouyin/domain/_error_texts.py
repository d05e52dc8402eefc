"""What is said when data cannot be decrypted or an act is impossible, in both languages."""

from __future__ import annotations

from mockdouyin.core.texts import text

SECRET_UNFIT = text(
    "domain_error_secret_unfit",
    zh="client_secret 和数据对不上：它是别的应用的，或之后重置过",
    en="the client_secret does not fit the data: it is another app's, or it was reset since",
)
TWICE_BASE64 = text(
    "domain_error_twice_base64",
    zh="数据做了两次 base64 编码",
    en="the data is base64 of base64: it was encoded twice",
)
SECRET_LENGTH = text(
    "domain_error_secret_length",
    zh="client_secret 有 {count} 个字符；网站应用的是 32 个字符，直接用作密钥",
    en="the client_secret has {count} characters; a web app's has 32, which are the key",
)
CUT_ON_THE_WAY = text(
    "domain_error_cut_on_the_way",
    zh="数据 base64 解码后是 {count} 字节，应为 16 的倍数，可能被截断了",
    en=(
        "the data is {count} bytes after base64, it should be a multiple of 16; it was cut on"
        " the way"
    ),
)
NOT_A_MOBILE = text(
    "domain_error_not_a_mobile",
    zh=(
        "数据是 {count} 字节，encrypt_mobile 应为 16 或 32 字节；encryptedData 请用"
        " --session-key 和 --iv，用 code 换来的手机号请用 --private-key"
    ),
    en=(
        "the data is {count} bytes, an encrypt_mobile 16 or 32; an encryptedData opens with"
        " --session-key and --iv, a phone number by code with --private-key"
    ),
)
PRIVATE_NOT_RSA = text(
    "domain_error_private_not_rsa",
    zh="私钥不是 RSA 私钥",
    en="the private key is not an RSA key",
)
SEALED_WITH_OTHER = text(
    "domain_error_sealed_with_other",
    zh=(
        "数据 base64 解码后是 {count} 字节，而 {bits} 位的密钥加密出来是 {size} 字节：它用的"
        "是别的密钥，或不是用 code 换来的手机号"
    ),
    en=(
        "the data is {count} bytes after base64, a key of {bits} bits seals to {size}: it was"
        " sealed with another key, or is not a phone number by code"
    ),
)
PRIVATE_UNFIT = text(
    "domain_error_private_unfit",
    zh="私钥和数据对不上：它和应用的 public_key 不是一对",
    en="the private key does not fit the data: it is not the pair of the app's public_key",
)
PRIVATE_NOT_PEM = text(
    "domain_error_private_not_pem",
    zh="私钥不是未加密的 PEM 私钥，开头应为 -----BEGIN",
    en="the private key is not an unencrypted PEM private key; it begins with -----BEGIN",
)
NOT_BASE64 = text(
    "domain_error_not_base64",
    zh="{part} 不是 base64{hint}",
    en="the {part} is not base64{hint}",
)
IN_GROUP_ALREADY = text(
    "domain_error_in_group_already",
    zh="{person} 已经在群 {group!r} 里",
    en="{person} is in the group {group!r} already",
)
FOLLOWERS_ONLY = text(
    "domain_error_followers_only",
    zh="这个群只接受关注了 {owner} {days}的人",
    en="the group takes those who have followed {owner}{days}",
)
GROUP_FULL = text(
    "domain_error_group_full",
    zh="群里已有 {members} 人，满了",
    en="the group has {members} members, and takes no more",
)
APPLICATION_WAITS = text(
    "domain_error_application_waits",
    zh="{person} 的入群申请还在等待处理",
    en="an application of {person} waits already",
)
NOT_IN_GROUP = text(
    "domain_error_not_in_group",
    zh="{person} 不在群 {group!r} 里",
    en="{person} is not in the group {group!r}",
)
QR_CODE_NOW = text(
    "domain_error_qr_code_now",
    zh="二维码{now}，请从 /oauth/get_qrcode/ 重新获取",
    en="the QR code is {now}; fetch another from /oauth/get_qrcode/",
)
NO_TOKEN = text(
    "domain_error_no_token",
    zh="应用 {app!r} 没有支付 Token，请用 `secret` 给出",
    en="app {app!r} has no Token of payment; give it as `secret`",
)
TOO_MANY_SHEETS = text(
    "domain_error_too_many_sheets",
    zh="世界 {world!r} 里已有 {most} 个弹窗在等待，不能再多，请先回答一些",
    en="{most} sheets wait in world {world!r}, and it takes no more; answer some",
)
FOR_DAYS = text("domain_error_for_days", zh="{days} 天", en=" for {days} days")
SPACE_FOR_PLUS = text(
    "domain_error_space_for_plus",
    zh="；里面的 + 在传输中变成了空格",
    en="; its + became a space on the way",
)
KEY_LENGTH = text(
    "domain_error_key_length",
    zh="session_key base64 解码后是 {count} 字节，应为 16 字节；请原样使用 code2session 返回的",
    en=(
        "the session_key is {count} bytes after base64, it should be 16; take it as"
        " code2session returned it"
    ),
)
IV_LENGTH = text(
    "domain_error_iv_length",
    zh="iv base64 解码后是 {count} 字节，应为 16 字节",
    en="the iv is {count} bytes after base64, it should be 16",
)
IV_UNFIT = text(
    "domain_error_iv_unfit",
    zh=(
        "iv 和数据对不上：能解开，但不是 JSON，好像前 16 字节是别的；请用和这个"
        " encryptedData 一起返回的 iv"
    ),
    en=(
        "the iv does not fit the data: it opens, but it is not JSON, as if its"
        " first 16 bytes were another's; take the iv that came with this"
        " encryptedData"
    ),
)
KEY_UNFIT = text(
    "domain_error_key_unfit",
    zh="session_key 和数据对不上：{why}",
    en="the session_key does not fit the data: {why}",
)
AS_SHORT_AS_MOBILE = text(
    "domain_error_as_short_as_mobile",
    zh=(
        "解出来的内容既没有正确的填充，也不是 JSON。数据只有 {count} 字节，和"
        " encrypt_mobile 一样短；那个请用 --client-secret 解"
    ),
    en=(
        "what comes out is neither padded nor JSON. The data is only {count} bytes:"
        " encrypt_mobile is as short, which opens with --client-secret"
    ),
)
LOGGED_IN_AGAIN = text(
    "domain_error_logged_in_again",
    zh=(
        "解出来的内容既没有正确的填充，也不是 JSON。用户之后又登录过（每次 tt.login"
        " 都会更换 session_key），或者用的是别的用户的 key"
    ),
    en=(
        "what comes out is neither padded nor JSON. The user has logged in again"
        " since (tt.login makes a new session_key), or the key is another user's"
    ),
)
LOGGED_IN_AGAIN_OR_RSA = text(
    "domain_error_logged_in_again_or_rsa",
    zh=(
        "解出来的内容既没有正确的填充，也不是 JSON。用户之后又登录过（每次 tt.login"
        " 都会更换 session_key），或者用的是别的用户的 key；也可能这 {count} 字节的"
        "数据是用 code 换来的手机号（get_phonenumber_info），那个请用 --private-key"
        " 解"
    ),
    en=(
        "what comes out is neither padded nor JSON. The user has logged in again"
        " since (tt.login makes a new session_key), or the key is another user's;"
        " or the data, {count} bytes, is a phone number by code"
        " (get_phonenumber_info), which opens with --private-key"
    ),
)
MOBILE_AND_SECRET = text(
    "domain_error_mobile_and_secret",
    zh="数据是 encrypt_mobile，session_key 是 client_secret；请用 --client-secret 解",
    en=(
        "the data is an encrypt_mobile, and the session_key a client_secret; open"
        " it with --client-secret"
    ),
)
KEY_LIKE_SECRET = text(
    "domain_error_key_like_secret",
    zh=(
        "session_key 像是 client_secret：32 或 40 个十六进制字符。它应为 24 个字符"
        "的 base64；请原样使用 code2session 返回的"
    ),
    en=(
        "the session_key looks like a client_secret: 32 or 40 hex digits. It is 24"
        " characters of base64; take it as code2session returned it"
    ),
)
SWAPPED = text(
    "domain_error_swapped",
    zh="{one} 和 {other} 弄反了",
    en="the {one} and the {other} are swapped",
)
PART_TWICE_BASE64 = text(
    "domain_error_part_twice_base64",
    zh="{part} 做了两次 base64 编码",
    en="the {part} is base64 of base64: it was encoded twice",
)
STILL_URL_ENCODED = text(
    "domain_error_still_url_encoded",
    zh="参数还是 URL 编码的：%2B、%2F 和 %3D 应还原成 +、/ 和 =",
    en="the parts are still URL-encoded: %2B, %2F and %3D stand for +, / and =",
)
PLUSES_LOST = text(
    "domain_error_pluses_lost",
    zh="base64 里的 + 在传输中变成了空格，请对每个值做 URL 编码",
    en="the + of base64 became a space on the way; URL-encode each value",
)
URL_SAFE = text(
    "domain_error_url_safe",
    zh="参数是 URL 安全的 base64（- 和 _），抖音用的是标准 base64（+ 和 /）",
    en="the parts are in URL-safe base64 (- and _); Douyin's is the standard one (+ and /)",
)
