"""What is wrong with a link into a mini-app or a QR code, and what is told of one."""

from mockdouyin.core.texts import text

LINK_UNKNOWN = text(
    "app_link_unknown",
    zh="{got!r} 不是这里生成的链接",
    en="{got!r} is no link that was made here",
)
LINK_OF_OTHER = text(
    "app_link_of_other",
    zh="这个链接是应用 {app!r} 生成的",
    en="the link was made by the app {app!r}",
)
LINK_EXPIRED = text("app_link_expired", zh="链接已过期 {ago}", en="the link expired {ago} ago")
LINK_EXPIRY = text(
    "app_link_expiry",
    zh="expire_time 是 {got}，应晚于现在（{now}），且不超过 180 天；单位是秒",
    en="expire_time is {got}; it must be after now ({now}) by at most 180 days, in seconds",
)
LINKS_USED_UP = text(
    "app_links_used_up",
    zh="已生成 {used} 个，配额 {most} 个（设置 link_quota）",
    en="the app has made {used}, and its quota is {most} (the setting link_quota)",
)
LINK_QUERY = text(
    "app_link_query",
    zh="query 应为 JSON 对象的字符串，没有参数时传 {{}}",
    en="query must be a JSON object in a string, {{}} if there are no parameters",
)
LINK_QUERY_CHARACTER = text(
    "app_link_query_character",
    zh="query 中有 {got!r}；只支持数字、大小写英文和部分特殊字符，中文等需先编码",
    en="query has {got!r} in it; only digits, Latin letters and some signs are allowed: encode it",
)
LINK_TOO_LONG = text(
    "app_link_too_long",
    zh="{name} 有 {length} 个字符，最多 {most} 个",
    en="{name} has {length} characters; {most} are the most",
)
LINK_PATH = text(
    "app_link_path",
    zh="path 中不能带参数，参数放在 query 里",
    en="path has parameters in it: they belong into query",
)
LINK_HOST = text(
    "app_link_host",
    zh="{name} 是 {got!r}，应为以下之一：{known}",
    en="{name} is {got!r}; it must be one of {known}",
)
QR_WIDTH = text(
    "app_qr_width",
    zh="width 是 {got}，应在 {low} 到 {high} 之间",
    en="width is {got}; it must be from {low} to {high}",
)
QR_COLOUR = text(
    "app_qr_colour",
    zh="{name} 的 {part} 是 {got}，应在 0 到 255 之间",
    en="{part} of {name} is {got}; it must be from 0 to 255",
)
LINK_OPENED = text(
    "act_link_opened",
    zh="{person} 打开 {app} 的{kind}，进入 {path}",
    en="{person} opens {kind} of {app}, which leads to {path}",
)
HOME = text("app_link_home", zh="首页", en="its home page")
KINDS = {
    "url_link": text("app_link_url_link", zh="短链（URL Link）", en="a URL link"),
    "schema": text("app_link_schema", zh="跳转链接（schema）", en="a schema"),
    "qr_code": text("app_link_qr_code", zh="小程序码", en="a QR code"),
}
"""What each kind of link is called."""
