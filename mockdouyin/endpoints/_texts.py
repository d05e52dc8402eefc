"""Why an endpoint refused a call, or why no endpoint answered it, in Chinese and English.

Numbers that a client sent are passed as strings: reasons are stored as msgpack, which has no
integers over 64 bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from mockdouyin.core.texts import text

MAX_NAMES = 20
"""Names that a reason lists: a client may send thousands of keys."""


def shown_names(names: Iterable[str]) -> list[str]:
    """Return the first names, and an ellipsis if there are more."""
    first = list(islice(names, MAX_NAMES + 1))
    return first if len(first) <= MAX_NAMES else [*first[:MAX_NAMES], "…"]


# Login, tokens and the consent page

CODE_MISSING = text(
    "login_code_missing",
    zh="缺少 code 和 anonymous_code，至少传一个",
    en="neither code nor anonymous_code is there",
)
WEB_APP_LOGIN = text(
    "web_app_login",
    zh="{app!r} 是网站应用，没有 tt.login",
    en="{app!r} is a web app: it has no tt.login",
)
GRANT_TYPE = text(
    "grant_type_wrong",
    zh="grant_type 是 {got!r}，应为 {needed}",
    en="grant_type is {got!r}; it must be {needed}",
)
CLIENT_CREDENTIAL = text(
    "grant_type_not_client_credential",
    zh="grant_type 是 {got!r}，抖音要求 client_credential（单数）",
    en="grant_type is {got!r}; Douyin's is client_credential, in the singular",
)
RESPONSE_TYPE = text(
    "response_type_wrong",
    zh="response_type 是 {got!r}，应为 code",
    en="response_type is {got!r}; it must be code",
)
APP_ID_MISMATCH = text(
    "app_id_mismatch",
    zh="token 属于应用 {app!r}，与 app_id 不一致",
    en="the token is of {app!r}, not of the app_id",
)
QR_TOKEN_UNKNOWN = text(
    "qr_token_unknown",
    zh="token 不是该应用的授权二维码的 token",
    en="the token is not that of a QR code of the app",
)
QR_TOKEN_OTHER = text(
    "qr_token_other",
    zh="token 不是该应用的授权二维码的 token：{other}",
    en="the token is not that of a QR code of the app: {other}",
)
QR_CODE_ENDED = text(
    "qr_code_ended",
    zh="二维码状态是 {status}，需要重新获取二维码",
    en="the QR code is {status}; a new one is needed",
)
CONSENT_FROM_ELSEWHERE = text(
    "consent_from_elsewhere",
    zh="这次提交来自其他网站的页面；请打开授权链接，在授权页上操作",
    en="a page of another site sent this answer; open the consent link, and answer there",
)

# The mini-game's login state

SIG_METHOD = text(
    "sig_method_wrong",
    zh="sig_method 是 {got!r}，应为 hmac_sha256",
    en="sig_method is {got!r}, not hmac_sha256",
)
LOGIN_STATE_MISSING = text(
    "login_state_missing",
    zh="用户 {person} 没有登录过，或登录态已过期",
    en="{person} has not logged in, or the session has expired",
)
LOGIN_STATE_SIGNATURE = text(
    "login_state_signature_wrong",
    zh="签名既不是 hmac_sha256(session_key, body)，也不符合包含 method、path、body 的新规则；"
    "session_key 取用户最近一次登录的",
    en="it is neither hmac_sha256(session_key, body) nor the newer rule over method, path"
    " and body, under the key of the person's last login",
)


# Subscription messages

TEMPLATE_UNKNOWN = text(
    "template_unknown",
    zh="应用 {app!r} 没有模板 {template!r}，已有的模板：{known}",
    en="app {app!r} has no template {template!r}; it has {known}",
)
TEMPLATE_UNKNOWN_OF_NONE = text(
    "template_unknown_of_none",
    zh="应用 {app!r} 没有模板 {template!r}，它还没有任何模板",
    en="app {app!r} has no template {template!r}; it has none",
)
KEYWORDS_WRONG = text(
    "template_keywords_wrong",
    zh="data 的关键词：{got}；模板的关键词：{needed}",
    en="data has {got}; the template has {needed}",
)
SUBSCRIPTION_USED_UP = text(
    "subscription_used_up",
    zh="用户 {person} 对模板 {template} 没有剩余的订阅次数；{hint}",
    en="{person} has no message of template {template} left; {hint}",
)
SUBSCRIPTION_REJECTED = text(
    "subscription_rejected",
    zh="用户 {person} 拒绝了该模板的订阅消息",
    en="{person} has refused this template",
)
NOTIFY_TYPE = text(
    "notify_type_wrong",
    zh="notify_type 是 [{got}]，只能取 1 和 2",
    en="notify_type is [{got}]; it has 1 and 2",
)
CLASSIFICATION = text(
    "classification_wrong",
    zh="classification 是 {got}，应为 1 或 2",
    en="classification is {got}, not 1 or 2",
)
PUBLIC_TEMPLATE_UNKNOWN = text(
    "public_template_unknown",
    zh="没有公共模板 {template!r}",
    en="there is no public template {template!r}",
)
PUBLIC_TEMPLATE_KEYWORD = text(
    "public_template_keyword_unknown",
    zh="公共模板没有关键词 {keyword!r}",
    en="the public template has no keyword {keyword!r}",
)
TEMPLATE_PAGE = text(
    "template_page_out_of_range",
    zh="page_num 从 1 开始，page_size 最大为 50",
    en="page_num begins at 1, page_size is at most 50",
)

# Works, and what is uploaded for them

WORK_UNKNOWN = text("work_unknown", zh="没有这个作品", en="there is no such work")
WORK_ID_ENCODED_TWICE = text(
    "work_id_encoded_twice",
    zh="没有这个作品：item_id 做了两次 URL 编码",
    en="there is no such work: the id is escaped twice",
)
WORK_DELETED = text(
    "work_deleted",
    zh="没有这个作品，或作品已删除",
    en="there is no such work, or it was deleted",
)
WORK_OF_ANOTHER = text(
    "work_of_another",
    zh="该作品属于用户 {owner}，不属于 {person}",
    en="the work is {owner}'s, not {person}'s",
)
WORK_NOT_PUBLIC = text(
    "work_not_public",
    zh="这个作品不是公开的",
    en="the work is not public",
)
FOUND_WORK_UNKNOWN = text(
    "found_work_unknown",
    zh="没有这个作品：sec_item_id 由 /video/search/ 返回，需要单独做 URL 编码",
    en="there is no such work; /video/search/ gives a sec_item_id, and it has to be escaped",
)
NOT_JOINED = text(
    "apps_not_joined",
    zh="b_client_key 和 c_client_key 应是两个登记过的应用，token 属于其中之一；收到 {keys}",
    en="b_client_key and c_client_key are two registered apps, and the token is of one of them;"
    " these were sent: {keys}",
)
NOT_IDENTIFIED = text(
    "person_not_identified",
    zh="用户 {person} 在最近 2 小时内没有向 C 端应用 {app!r} 授权 unionauth.identification",
    en="{person} has not granted {app!r}, the C app, unionauth.identification in the last two"
    " hours",
)
ROLE_UNKNOWN = text(
    "role_unknown",
    zh="role_labels 中的 {got} 不存在，可选：{known}",
    en="there is no role {got}; role_labels takes {known}",
)
NUMBER_UNKNOWN = text(
    "douyin_number_unknown",
    zh="没有人的抖音号是 {got}；{person} 的抖音号是 {number}",
    en="nobody has the Douyin number {got}; {person}'s is {number}",
)
WORK_NOT_FOUND_FOR = text(
    "work_not_found_for",
    zh="用户 {person} 没有这个作品；请检查 item_id 是否做了 URL 编码",
    en="{person} has no such work; is item_id escaped?",
)
ITEM_ID_ENCODED_TWICE = text(
    "item_id_encoded_twice",
    zh="item_id 做了两次 URL 编码，只需一次；query 中的 + 应写成 %2B",
    en="item_id is not escaped as it should be: it is escaped twice; + is %2B in a query",
)
ITEM_ID_NOT_ENCODED = text(
    "item_id_not_encoded",
    zh="item_id 没有做 URL 编码：未编码的 + 到达时是空格；query 中的 + 应写成 %2B",
    en="item_id is not escaped as it should be: it has a space, as a bare + arrives;"
    " + is %2B in a query",
)
PRIVATE_STATUS = text(
    "private_status_wrong",
    zh="private_status 是 {got}，应为 0、1 或 2",
    en="private_status is {got}; it is 0, 1 or 2",
)
BODY_TOO_LARGE = text(
    "upload_body_too_large",
    zh="body 有 {size} 字节，超过上限",
    en="the body has {size} bytes, more than the limit",
)
FILE_EMPTY = text("upload_file_empty", zh="{name} 是空文件", en="{name} is an empty file")
FILE_TOO_LARGE = text(
    "upload_file_too_large",
    zh="{name} 有 {size} 字节，超过 {limit} MB",
    en="{name} has {size} bytes, over {limit} MB",
)

# Comments

COMMENT_UNKNOWN = text("comment_unknown", zh="没有这条评论", en="there is no such comment")
COMMENT_ID_ENCODED_TWICE = text(
    "comment_id_encoded_twice",
    zh="没有这条评论：comment_id 做了两次 URL 编码",
    en="there is no such comment: the id is escaped twice",
)
COMMENT_ELSEWHERE = text(
    "comment_elsewhere",
    zh="该评论属于另一个作品",
    en="the comment is under another work",
)
COMMENT_FORBIDDEN = text(
    "comment_forbidden_word",
    zh="评论内容含有敏感词 {word!r}",
    en="the content has the word {word!r} in it",
)
COMMENT_SORT_TYPE = text(
    "comment_sort_type_wrong",
    zh="sort_type 是 {got!r}，应为 time 或 time_asc",
    en="sort_type is {got!r}: time or time_asc",
)
COMMENT_TOP_MISSING = text(
    "comment_top_missing", zh="缺少 top，或 top 为空", en="top is missing or empty"
)
COMMENT_IS_REPLY = text(
    "comment_is_reply",
    zh="这是一条回复；只有对作品的直接评论才能置顶",
    en="it is a reply; only a comment on the work goes on top",
)

# Private messages

MSG_TYPE = text(
    "msg_type_wrong",
    zh="msg_type 是 {got}，可取的值：{known}",
    en="msg_type is {got}; it is one of {known}",
)
MESSAGE_CONTENT_MISSING = text("message_content_missing", zh="缺少 {name}", en="{name} is missing")
MESSAGE_CONTENT_INVALID = text(
    "message_content_invalid", zh="{field} 无法保存：{flaw}", en="{field} {flaw}"
)
MESSAGE_NOT_ALLOWED = text(
    "message_not_allowed",
    zh="没有传 msg_id，而用户 {person} 没有授权接收私信",
    en="there is no msg_id, and {person} allowed no messages",
)
MESSAGE_RECALLED = text(
    "message_recalled", zh="该消息此前已撤回", en="the message was recalled before"
)
MESSAGE_NOT_SENT = text(
    "message_not_sent", zh="用户 {person} 没有发送过这条消息", en="{person} sent no such message"
)
CONVERSATION_TYPE = text(
    "conversation_type_wrong",
    zh="conversation_type 是 {got}，应为 1（单聊）或 2（群聊）",
    en="conversation_type is {got}; it is 1 for two people, 2 for a group",
)

# Audience, data by the day and rankings

FOLLOWER_IS_SELF = text(
    "follower_is_self",
    zh="follower_open_id 与 open_id 相同，用户不能关注自己",
    en="follower_open_id and open_id are the same: nobody follows themselves",
)
DATE_TYPE = text(
    "date_type_wrong",
    zh="date_type 是 {got}，应为 7、15 或 30",
    en="date_type is {got}; it is 7, 15 or 30",
)
RANK_TYPE = text(
    "rank_type_wrong", zh="type 是 {got}，应为 1、2 或 3", en="type is {got}; it is 1, 2 or 3"
)
HOT_LIST_TYPE = text(
    "hot_list_type_wrong",
    zh="hot_list_type 是 {got}，应为 1 到 6",
    en="hot_list_type is {got}; it is from 1 to 6",
)

# Jump links

EXPIRE_AT_PAST = text(
    "expire_at_past",
    zh="expire_at {got} 已经过去，应晚于当前时间",
    en="expire_at {got} is past",
)
OPEN_TICKET_ENDED = text(
    "open_ticket_ended",
    zh="不是应用 {app!r} 有效的 open_ticket",
    en="it is not an open ticket of app {app!r} that still lives",
)
SHARE_MEDIA_MISSING = text(
    "share_media_missing",
    zh="缺少要分享的内容，至少传一个：{names}",
    en="none of {names} is there",
)

# Webhooks

EVENT_UNKNOWN = text("event_unknown", zh="没有事件 {event!r}", en="there is no event {event!r}")
EVENT_STATUS = text(
    "event_status_wrong",
    zh="事件 {event} 的 status 是 {got}，应为 0 或 1",
    en="status of {event} is {got}; it is 0 or 1",
)
EVENT_NAME_MISSING = text(
    "event_name_missing",
    zh="列表中有一项没有 event",
    en="an event of the list has no name",
)
EVENT_NOT_SENDABLE = text(
    "event_not_sendable",
    zh="沙盒不能发送事件 {event!r}，可以发送：{known}",
    en="the sandbox sends {known}, not {event!r}",
)
WEBHOOK_MISSING = text(
    "webhook_missing", zh="应用 {app!r} 没有配置 webhook", en="app {app!r} has no webhook"
)

# Calls that no endpoint answers; `hint` is what a run's closing report repeats.

PATH_METHOD = text(
    "path_method_wrong",
    zh="{path} 只接受 {methods}，不接受 {method}",
    en="{path} takes {methods}, not {method}",
)
DOUYIN_PATH_METHOD = text(
    "douyin_path_method_wrong",
    zh="抖音的 {path} 只接受 {methods}，不接受 {method}",
    en="Douyin's {path} takes {methods}, not {method}",
)
PATH_NOT_EMULATED = text(
    "path_not_emulated",
    zh="抖音有 {method} {path}，mockdouyin 尚未实现；{hint}",
    en="Douyin has {method} {path}, mockdouyin does not answer it yet; {hint}",
)
PATH_NAMED_NOT_EMULATED = text(
    "path_named_not_emulated",
    zh="抖音有 {method} {path}（{about}），mockdouyin 尚未实现；{hint}",
    en="Douyin has {method} {path} ({about}), mockdouyin does not answer it yet; {hint}",
)
PATH_TITLE_AND_PAGE = text("path_title_and_page", zh="{title}，{page}", en="{title}, {page}")
WAYS_TO_ANSWER = text(
    "path_ways_to_answer",
    zh="""用规则响应，可直接粘贴：

{rule}

或者在场景文件里声明这个接口，按文档补上参数（takes）和回包字段（gives）：

{scenario}""",
    en="""A rule that answers it, ready to paste:

{rule}

Or declare the endpoint in a scenario file, with its parameters (takes) and what it gives:

{scenario}""",
)
ANSWER_BY_RULE = text(
    "path_answer_by_rule",
    zh='可以用规则响应：{{on: "{method} {path}", reply: {{json: {{…}}}}}}',
    en='a rule can: {{on: "{method} {path}", reply: {{json: {{…}}}}}}',
)
PATH_UNKNOWN = text(
    "path_unknown", zh="没有接口 {method} {path}；{hint}", en="no endpoint {method} {path}; {hint}"
)
PATH_MEANT = text(
    "path_meant", zh="是否要调用 {methods} {path}？", en="did you mean {methods} {path}?"
)
LIST_ENDPOINTS = text(
    "path_list_endpoints",
    zh="`mockdouyin endpoints` 列出全部接口",
    en="`mockdouyin endpoints` lists them all",
)
