"""Why Douyin refuses, by subject: what domain, phone and endpoints say to whoever debugs.

What is said of share links and signatures is in `_share_texts.py`.
"""

from __future__ import annotations

from mockdouyin.core.texts import text

# Words in other texts.

EMPTY_LIST = text("empty_list", zh="无", en="nothing")
EITHER = text("either", zh="{one} 或 {other}", en="{one} or {other}")

# Login codes and auth codes.

CODE_USED = text(
    "code_used", zh="code 已使用过，只能使用一次", en="the code was already used; it works once"
)
CODE_EXCHANGED = text(
    "code_exchanged",
    zh="code 已换取过 token，只能使用一次",
    en="the code was already exchanged; it works once",
)
CODE_EXPIRED = text(
    "code_expired",
    zh="code 已于 {ago} 前过期，有效期 {life}",
    en="the code expired {ago} ago; it lives {life}",
)
CODE_VOID = text(
    "code_void",
    zh="code 已失效：同一用户重新授权后换成了新 code、授权已被取消，或早已过期",
    en="the code is void: a newer consent of the same person replaced it, it was revoked, or it"
    " ended long ago",
)
CODE_OF_OTHER_APP = text(
    "code_of_other_app",
    zh="code 是为另一个应用 {app!r} 生成的",
    en="the code was made for app {app!r}",
)
CODE_SENT_AS_OTHER = text(
    "code_sent_as_other",
    zh="tt.login 返回的是 {given}，请求中却作为 {sent} 传入",
    en="tt.login gave it as {given}, it was sent as {sent}",
)

# Tokens of a person.

AUTHORIZATION_REVOKED = text(
    "authorization_revoked",
    zh="用户 {person} 已取消授权",
    en="{person} has revoked the authorization",
)
REFRESH_TOKEN_OF_OTHER_APP = text(
    "refresh_token_of_other_app",
    zh="refresh_token 属于另一个应用 {app!r}",
    en="it was given to another app, {app!r}",
)
REFRESH_TOKEN_EXPIRED = text(
    "refresh_token_expired",
    zh="refresh_token 已于 {ago} 前过期",
    en="the refresh_token expired {ago} ago",
)
REFRESH_TOKEN_RENEWED = text(
    "refresh_token_renewed",
    zh="该 refresh_token 已刷新过，只有最新的一个有效",
    en="it was renewed since: only the newest refresh_token is good",
)
RENEWALS_USED_UP = text(
    "renewals_used_up",
    zh="refresh_token 已刷新 {count} 次，次数已用完，需要用户重新授权",
    en="it was renewed {count} times already; the person has to consent again",
)
USER_TOKEN_EXPIRED = text(
    "user_token_expired",
    zh="access_token 已于 {ago} 前过期，请用 refresh_token 刷新",
    en="it expired {ago} ago; refresh it",
)
OPEN_ID_MISMATCH = text(
    "open_id_mismatch",
    zh="token 对应的是 {person} 的 open_id {open_id!r}",
    en="the token is of open_id {open_id!r}, which is {person}'s",
)
OPEN_ID_MISMATCH_KNOWN = text(
    "open_id_mismatch_known",
    zh="token 对应的是 {person} 的 open_id {open_id!r}；传入的 open_id：{sent}",
    en="the token is of open_id {open_id!r}, which is {person}'s; of the one that was sent:"
    " {sent}",
)
SCOPE_NOT_GRANTED = text(
    "scope_not_granted",
    zh="用户 {person} 未授权 {scope}，该 token 的 scope：{granted}",
    en="{person} did not grant {scope}: the token is for {granted}",
)

# Tokens of an app, and any token.

TOKEN_ABSENT = text(
    "token_absent",
    zh="请求头、query 和 body 中都没有 {token}",
    en="there is no {token} in header, query or body",
)
TOKEN_IN_OTHER_HEADER = text(
    "token_in_other_header",
    zh="请求头、query 和 body 中都没有 {token}：请求头 {sent} 不会被读取，应使用 {read}",
    en="there is no {token} in header, query or body: the header {sent} is not read, {read} is",
)
TOKEN_OF_REMOVED_APP = text(
    "token_of_removed_app",
    zh="token 所属的应用 {app!r} 已不存在",
    en="its app {app!r} no longer exists",
)
COMPONENT_TOKEN_OTHER = text(
    "component_token_other",
    zh="该 component_access_token 不是服务商 {provider!r} 的",
    en="this component_access_token is not that of the service provider {provider!r}",
)
TOKEN_REPLACED = text(
    "token_replaced",
    zh="该 token 由这里签发，已被新 token 取代",
    en="it was issued here, but newer tokens have replaced it",
)
TOKEN_KILLED = text(
    "token_killed",
    zh="此后又获取过两次新 token，第二次使它立即失效",
    en="two newer tokens were issued since, and the second killed it",
)
TOKEN_EXPIRED = text("token_expired", zh="token 已于 {ago} 前过期", en="it expired {ago} ago")
TOKEN_SUPERSEDED = text(
    "token_superseded",
    zh="获取新 token 后旧 token 只保留 5 分钟，已于 {ago} 前失效",
    en="a newer token was issued, which left this one 5m; they ended {ago} ago",
)

# What an app may do.

APP_BANNED = text(
    "app_banned", zh="应用 {app!r} 被设置为已封禁（banned）", en="app {app!r} is set to banned"
)
APP_TRIAL_OVER = text(
    "app_trial_over",
    zh="测试应用 {app!r} 超过 120 天未上线",
    en="app {app!r} was not released within 120 days",
)
APP_WITHOUT_SCOPES = text(
    "app_without_scopes",
    zh="应用 {app!r} 没有任何 scope 权限",
    en="app {app!r} has no scope at all",
)
TRIAL_SCOPE_MISSING = text(
    "trial_scope_missing",
    zh="应用 {app!r} 是测试应用，scope 中缺少 {scope}",
    en="app {app!r} is on trial, and {scope} is not among the scopes",
)
PERSON_NOT_A_TESTER = text(
    "person_not_a_tester",
    zh="应用 {app!r} 是测试应用，用户 {person} 不在白名单中",
    en="app {app!r} is on trial, and {person} is not on its white list",
)

# Limits.

CALLS_TOO_FREQUENT = text(
    "calls_too_frequent",
    zh="{subject} 在 {period} 秒内第 {calls} 次调用，上限 {most} 次",
    en="call {calls} of at most {most} in {period} s for {subject}",
)
QUOTA_USED_UP = text(
    "quota_used_up",
    zh="scope {scope} 今天第 {calls} 次调用，每日上限 {quota} 次",
    en="call {calls} of at most {quota} today for scope {scope}",
)

# Consent.

FORM_TOKEN_WRONG = text(
    "form_token_wrong",
    zh="提交的不是本次请求所展示的页面：form_token 不正确，请重新打开授权链接，在该页面上操作",
    en="this answer is not from the page that was shown for this request: its form_token is"
    " wrong; open the consent link again, and answer there",
)
FORM_TOKEN_MISSING = text(
    "form_token_missing",
    zh="提交的不是本次请求所展示的页面：缺少 form_token，请重新打开授权链接，在该页面上操作",
    en="this answer is not from the page that was shown for this request: its form_token is"
    " missing; open the consent link again, and answer there",
)
CONSENT_PAGE_FOR_WEB_APPS = text(
    "consent_page_for_web_apps",
    zh="应用 {app!r} 的类型是 {kind}，此授权页只用于网站应用：小程序用 tt.showDouyinOpenAuth"
    " 请求授权，返回的 ticket 即为 code",
    en="app {app!r} is a {kind}, and this page is for web apps: a mini-app asks by"
    " tt.showDouyinOpenAuth, whose ticket is the code",
)
FIELD_TOO_LONG = text(
    "field_too_long",
    zh="{field} 长 {length} 个字符，最多 {most} 个",
    en="{field} has {length} characters; {most} is the most",
)
SCOPES_TOO_MANY = text(
    "scopes_too_many",
    zh="请求了 {count} 个 scope，最多 {most} 个",
    en="{count} scopes are asked for; {most} is the most",
)
SCOPE_MISSING = text("scope_missing", zh="缺少 scope", en="scope is missing")
SCOPE_NOT_SILENT = text(
    "scope_not_silent",
    zh="静默授权只支持 {scope}",
    en="only {scope} is granted without asking",
)
SCOPE_NOT_SILENT_JOINED = text(
    "scope_not_silent_joined",
    zh="静默授权只支持 {scope}；{why}",
    en="only {scope} is granted without asking; {why}",
)
REDIRECT_URI_MISSING = text(
    "redirect_uri_missing", zh="缺少 redirect_uri", en="redirect_uri is missing"
)
REDIRECT_URI_NOT_REGISTERED = text(
    "redirect_uri_not_registered",
    zh="应用 {app!r} 已登记的回调地址：{known}（redirect_check: {rule}）",
    en="app {app!r} has registered {known} (redirect_check: {rule})",
)
REDIRECT_URI_NOT_WHOLE = text(
    "redirect_uri_not_whole",
    zh="redirect_uri 必须是完整地址，域名前要有 https://；{registered}",
    en="redirect_uri is a whole address, with https:// before its host; {registered}",
)
SCOPE_INVALID_FOR_AUTH = text(
    "scope_invalid_for_auth",
    zh="授权失败，scope 无效：{why}",
    en="fail to auth, invalid scope: {why}",
)

# Subscription messages.

HOW_TO_CONSENT = text(
    "how_to_consent",
    zh="需由用户的手机发起订阅授权：`{command}`",
    en="their phone has to ask them: `{command}`",
)

# Wrong keys that a user's login state is often signed with.

EARLIER_SESSION_KEY = text(
    "earlier_session_key",
    zh="之前登录的 session_key，应使用最近一次登录的",
    en="the session_key of an earlier login",
)
APP_SECRET_AS_KEY = text(
    "app_secret_as_key",
    zh="应用的 secret，应使用用户的 session_key",
    en="the app's secret; the key is the person's session_key",
)
ACCESS_TOKEN_AS_KEY = text(
    "access_token_as_key",
    zh="access_token，应使用用户的 session_key",
    en="the access_token; the key is the person's session_key",
)
OPENID_AS_KEY = text(
    "openid_as_key",
    zh="openid，应使用用户的 session_key",
    en="the openid; the key is the person's session_key",
)

# Pages of a list.

CURSOR_INVALID = text(
    "cursor_invalid",
    zh="cursor 是 {cursor}，应为 0 或上一次返回的 cursor",
    en="cursor is {cursor}; it is 0, or the last answer's",
)
COUNT_INVALID = text(
    "count_invalid",
    zh="count 是 {count}，应在 1 到 {most} 之间",
    en="count is {count}; it is from 1 to {most}",
)

# A game's storage.

STORAGE_PAIR_TOO_LONG = text(
    "storage_pair_too_long",
    zh="{key!r} 的 key 和 value 共 {size} 字节，最多 {most} 字节",
    en="{key!r} and its value are {size} bytes, at most {most}",
)
STORAGE_FULL = text(
    "storage_full",
    zh="写入后该用户将有 {count} 对 KV 数据，最多 {most} 对",
    en="the user would have {count} pairs of {most}",
)
STORAGE_KEY_TOO_LONG = text(
    "storage_key_too_long",
    zh="key 长 {size} 字节，最多 {most} 字节",
    en="a key is {size} bytes, at most {most}",
)
STORAGE_BAD_RANKING = text(
    "storage_bad_ranking",
    zh="{key!r} 的 ttgame 数据中没有整数 score",
    en="{key!r} has a ttgame value with no whole-number score",
)

# Uploads.

MEDIA_KINDS = {
    "video": text("media_video", zh="视频", en="video"),
    "image": text("media_image", zh="图片", en="image"),
}
UPLOAD_UNKNOWN = text(
    "upload_unknown",
    zh="没有上传过 ID 为 {file_id!r} 的{kind}",
    en="no {kind} was uploaded here as {file_id!r}",
)
UPLOAD_OF_OTHERS = text(
    "upload_of_others",
    zh="该文件由用户 {person} 在应用 {app!r} 中上传",
    en="it was uploaded by {person} in {app!r}",
)
UPLOAD_EXPIRED = text(
    "upload_expired", zh="文件上传已超过一天", en="it was uploaded more than a day ago"
)
UPLOAD_USED = text(
    "upload_used",
    zh="该文件已用于创建作品，请重新上传",
    en="a work was made of it already; upload it again",
)
PART_UPLOAD_UNKNOWN = text(
    "part_upload_unknown",
    zh="用户 {person} 没有 upload_id 为 {upload_id!r} 的分片上传",
    en="no upload of {person} is under way as {upload_id!r}",
)
PART_UPLOAD_EXPIRED = text(
    "part_upload_expired",
    zh="upload_id 已超过两小时有效期",
    en="the upload_id was given more than two hours ago",
)
PART_NUMBER_INVALID = text(
    "part_number_invalid",
    zh="part_number 是 {number}，应在 1 到 {most} 之间",
    en="part_number is {number}; it is from 1 to {most}",
)
PARTS_INCOMPLETE = text(
    "parts_incomplete",
    zh="已上传的分片编号：{numbers}，应从 1 开始连续编号",
    en="the parts are {numbers}; they have to be numbered from 1 on, without a gap",
)
NO_PARTS = text("no_parts", zh="无", en="none")
PART_TOO_SHORT = text(
    "part_too_short",
    zh="第 {number} 个分片小于 5 MB，只有最后一个分片可以",
    en="part {number} is under 5 MB, and is not the last",
)
VIDEO_TOO_LARGE = text(
    "video_too_large",
    zh="视频共 {size} 字节，超过 4 GB",
    en="the video has {size} bytes, over 4 GB",
)
