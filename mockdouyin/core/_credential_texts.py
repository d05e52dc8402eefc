"""What a credential is and why it is refused, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

# Kinds of credentials, as they are named in the reasons below. Each Chinese name begins with a
# Chinese word, so that it follows 这是 or 需要 without a space.

LOGIN_CODE = text("kind_login_code", zh="登录 code（tt.login）", en="a code of tt.login")
ANONYMOUS_CODE = text(
    "kind_anonymous_code",
    zh="匿名登录 anonymousCode（tt.login）",
    en="an anonymousCode of tt.login",
)
PHONE_CODE = text(
    "kind_phone_code", zh="手机号按钮的 code", en="a code of the phone-number button"
)
AUTH_CODE = text("kind_auth_code", zh="用户授权的 code", en="the code of a consent")
USER_TOKEN = text("kind_user_token", zh="用户 access_token（act.）", en="a user token (act.)")
REFRESH_TOKEN = text(
    "kind_refresh_token", zh="用户 refresh_token（rft.）", en="a refresh_token (rft.)"
)
CLIENT_TOKEN = text(
    "kind_client_token", zh="应用 client_token（clt.）", en="a client token (clt.)"
)
APP_TOKEN = text(
    "kind_app_token", zh="应用 access_token（08011218…）", en="an app token (08011218…)"
)
PROVIDER_TOKEN = text(
    "kind_provider_token",
    zh="服务商 token（isvact.）",
    en="a service provider's token (isvact.)",
)
COMPONENT_TOKEN = text(
    "kind_component_token",
    zh="服务商的 component_access_token",
    en="a service provider's component_access_token",
)
PROVIDER_REFRESH_TOKEN = text(
    "kind_provider_refresh_token",
    zh="服务商 refresh_token（isvrft.）",
    en="a service provider's refresh token (isvrft.)",
)
BUSINESS_TOKEN = text(
    "kind_business_token",
    zh="经营授权的 biz_token（bus_act.）",
    en="a business token (bus_act.)",
)
BUSINESS_REFRESH_TOKEN = text(
    "kind_business_refresh_token",
    zh="经营授权的 biz_refresh_token（bus_rft.）",
    en="a business refresh token (bus_rft.)",
)
OPEN_TICKET = text("kind_open_ticket", zh="分享用的 open_ticket", en="an open ticket")
JS_TICKET = text("kind_js_ticket", zh="网页用的 js_ticket", en="a JS ticket")
SESSION_KEY = text("kind_session_key", zh="登录态的 session_key", en="a session_key")
CLIENT_KEY = text("kind_client_key", zh="应用的 client_key", en="a client_key")
CLIENT_SECRET = text("kind_client_secret", zh="应用的 client_secret", en="a client_secret")
OPEN_ID = text("kind_open_id", zh="用户的 open_id", en="an open_id")
UNION_ID = text("kind_union_id", zh="用户的 union_id", en="a union_id")
TEMPLATE_ID = text("kind_template_id", zh="消息模板的 ID", en="the id of a message template")
SEALED_ID = text(
    "kind_sealed_id",
    zh="作品、评论、私信或上传文件的 ID",
    en="the id of a work, a comment, a message or an upload",
)

# Where a client gets a credential.

FROM_LOGIN = text(
    "from_login", zh="由 tt.login 返回，字段为 {field}", en="tt.login gives it as {field}"
)
FROM_PHONE_BUTTON = text(
    "from_phone_button",
    zh="由手机号按钮返回，在 e.detail.code 中",
    en="the phone-number button gives it, in e.detail.code",
)
FROM_CONSENT = text(
    "from_consent",
    zh="由授权页回调返回；小程序中由 tt.showDouyinOpenAuth 返回，字段为 ticket",
    en="the consent page gives it, and to a mini-program tt.showDouyinOpenAuth does, as ticket",
)
FROM_AUTH_CODE = text(
    "from_auth_code",
    zh="用授权 code 调用 /oauth/access_token/ 获取",
    en="/oauth/access_token/ gives it for the code of a consent",
)
FROM_USER_TOKEN = text(
    "from_user_token",
    zh="由 /oauth/access_token/ 与 access_token 一起返回",
    en="/oauth/access_token/ gives it beside the user token",
)
FROM_PATH = text("from_path", zh="调用 {path} 获取", en="{path} gives it")

# What a value is. Each is a clause that stands alone, or after a colon.

IS_KIND = text("value_is_kind", zh="这是{kind}", en="it is {kind}")
LOOKS_LIKE_KIND = text(
    "value_looks_like_kind", zh="从格式看像是{kind}", en="it is of the form of {kind}"
)
IS_KEY_OF_APP = text(
    "value_is_client_key",
    zh="这是应用 {app!r} 的 client_key",
    en="it is the client_key of app {app!r}",
)
IS_SECRET_OF_APP = text(
    "value_is_client_secret",
    zh="这是应用 {app!r} 的 client_secret",
    en="it is the client_secret of app {app!r}",
)
IS_WEBHOOK_SECRET = text(
    "value_is_webhook_secret",
    zh="这是应用 {app!r} 的 webhook secret",
    en="it is the webhook secret of app {app!r}",
)
IS_PAYMENT_SECRET = text(
    "value_is_payment_secret",
    zh="这是应用 {app!r} 支付设置里的 SALT 或 Token",
    en="it is a SALT or the Token of the payment settings of app {app!r}",
)
IS_COMPONENT_TOKEN = text(
    "value_is_component_token",
    zh="这是应用 {app!r} 的服务商的 component_access_token",
    en="it is the component_access_token of the service provider of {app!r}",
)
IS_PROVIDER_TOKEN = text(
    "value_is_provider_token",
    zh="这是服务商代应用 {app!r} 调用时用的 token",
    en="it is the service provider's token for {app!r}",
)
IS_TEMPLATE_OF_APP = text(
    "value_is_template_id",
    zh="这是应用 {app!r} 的消息模板 ID",
    en="it is the id of a template of app {app!r}",
)
IS_OPEN_ID_OF = text(
    "value_is_open_id",
    zh="这是用户 {person} 在应用 {app!r} 中的 open_id",
    en="it is {person}'s open_id in app {app!r}",
)
IS_OPEN_ID_OF_NOBODY = text(
    "value_is_open_id_of_nobody",
    zh="这是 open_id，但不属于这个世界里的任何用户",
    en="it is an open_id of nobody in this world",
)
IS_NAME_OF_APP = text(
    "value_is_app_name",
    zh="这是应用的名称，该应用的 key 是 {key!r}",
    en="it is the name of an app, whose key is {key!r}",
)

# Mistakes that a value shows by itself.

NO_VALUE = text(
    "value_of_no_value",
    zh="传入的是文本 {value!r}，程序里的变量没有值时会写成这样",
    en="it is the text {value!r}, which a program writes where it has no value",
)
OBJECT_REPR = text(
    "value_is_object_repr",
    zh="传入的是程序里某个对象的打印形式，而不是其中的字符串",
    en="it is how a program spells an object of its own, not the text in it",
)
WITH_BEARER = text(
    "value_with_bearer",
    zh="以 'Bearer ' 开头，应只传 token 本身",
    en="it begins with 'Bearer ': the token is sent alone",
)
WHOLE_JSON = text(
    "value_is_whole_json",
    zh="传入的是整段 JSON，而不是其中某个字段的值",
    en="it is a whole piece of JSON, not the value of one of its fields",
)
PLACEHOLDER = text(
    "value_is_placeholder",
    zh="传入的是占位符，没有替换成实际的值",
    en="it is a placeholder that nothing was put in the place of",
)
ELIDED = text(
    "value_elided",
    zh="中间有一段被省略了，像是从日志里复制的",
    en="a part of it is left out, as logs do",
)
SPACE_AROUND = text(
    "value_with_space_around",
    zh="首尾有空格或换行",
    en="a space or a line end stands around it",
)
IN_QUOTES = text(
    "value_in_quotes",
    zh="首尾有引号，应去掉引号再传",
    en="it stands in quotes: it is sent without them",
)
NAME_AND_VALUE = text(
    "value_with_name",
    zh="传入的是名称和值，应只传值",
    en="it is a name with a value, not the value alone",
)
TRUNCATED = text(
    "value_truncated",
    zh="末尾被截断：传入 {length} 个字符，签发时有 {issued} 个",
    en="its end is missing: it has {length} characters, and was issued with {issued}",
)

# Why a value is not the credential that is needed.

OTHER_KIND = text(
    "credential_other_kind",
    zh="{found}，此处需要{wanted}",
    en="{found}, where {wanted} is needed",
)
OTHER_KIND_FROM = text(
    "credential_other_kind_from",
    zh="{found}，此处需要{wanted}：{source}",
    en="{found}, where {wanted} is needed: {source}",
)
OF_OTHER_WORLD = text(
    "credential_of_other_world",
    zh="由世界 {issuer!r} 签发，而这里是世界 {world!r}",
    en="it was issued by world {issuer!r}, and this is world {world!r}",
)
NOT_OF_FORM = text(
    "credential_not_of_form",
    zh="不是世界 {world!r} 签发的，格式也不像{wanted}{hint}",
    en="it was not issued by world {world!r}, and has not the form of {wanted}{hint}",
)
NOT_ISSUED_HERE = text(
    "credential_not_issued_here",
    zh="世界 {world!r} 和这里的其他世界都没有签发过：它来自真实的抖音，或来自已结束的世界{hint}",
    en="it was not issued by world {world!r} nor by another that lives here: it is Douyin's own,"
    " or of a world that ended{hint}",
)
ADMIT_HINT = text(
    "credential_admit_hint",
    zh="；真机的 code 可用 `serve --accept-unknown` 放行",
    en="; codes of a real phone are admitted by `serve --accept-unknown`",
)
GONE = text(
    "credential_gone",
    zh="过期太久，已不再保留记录；或在传递中被改动过",
    en="it ended so long ago that it is no longer held, or it was changed on its way",
)
OPEN_ID_UNKNOWN = text(
    "open_id_unknown",
    zh="应用 {app!r} 中没有用户的 open_id 是 {open_id!r}",
    en="nobody has the open_id {open_id!r} in app {app!r}",
)
OPEN_ID_UNKNOWN_KNOWN = text(
    "open_id_unknown_known",
    zh="应用 {app!r} 中没有用户的 open_id 是 {open_id!r}：{other}",
    en="nobody has the open_id {open_id!r} in app {app!r}: {other}",
)

# The app's key and secret.

SECRET_WRONG = text(
    "secret_wrong",
    zh="secret 与应用 {app!r} 的不一致",
    en="the secret is not that of app {app!r}",
)
SECRET_WRONG_KNOWN = text(
    "secret_wrong_known",
    zh="secret 与应用 {app!r} 的不一致：{other}",
    en="the secret is not that of app {app!r}: {other}",
)
APP_KEY_UNKNOWN = text(
    "app_key_unknown",
    zh="没有 key 为 {key!r} 的应用{hint}；启动 `serve` 或 `run` 时加"
    " `--app {key}:SECRET` 登记，或加 `--accept-unknown` 接受任意 key",
    en="no app has the key {key!r}{hint}; start `serve` or `run` with `--app {key}:SECRET`"
    " to register it, or with `--accept-unknown` to admit any",
)
APP_KEY_UNKNOWN_KNOWN = text(
    "app_key_unknown_known",
    zh="没有 key 为 {key!r} 的应用：{other}",
    en="no app has the key {key!r}: {other}",
)
