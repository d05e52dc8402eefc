"""What to do about an error, in Chinese and English; many errors share one remedy."""

from __future__ import annotations

from mockdouyin.core.texts import TextTemplate, text


def _fix(name: str, zh: str, en: str) -> TextTemplate:
    return text(f"remedy_{name}", zh=zh, en=en)


AGAIN_LATER = _fix(
    "again_later",
    "平台一侧的问题。隔一会儿用同样的参数重试；会产生结果的接口，先查询上一次有没有成功。",
    "It is the platform's side. Repeat the same request after a while; where the call has an"
    " effect, first query whether the last one succeeded.",
)
SLOW_DOWN = _fix(
    "slow_down",
    "降低调用频率，按退避间隔重试；token、ticket 要缓存，不要每次调用都取。",
    "Call less often and retry with growing pauses; keep tokens and tickets, do not fetch one for"
    " every call.",
)
TOMORROW = _fix(
    "tomorrow",
    "当天的配额已用完，北京时间零点重新计；不够就在开放平台控制台申请提高。",
    "The day's quota is used up and counts anew at midnight in Beijing; ask for more in the"
    " console.",
)
READ_PAGE = _fix(
    "read_page",
    "对照接口文档检查参数的名字、类型、必填和取值；GET 的参数放在 query，POST 的放在 body，"
    "Content-Type 要一致。",
    "Compare the names, types and values of the parameters with the endpoint's page; those of a"
    " GET go into the query, those of a POST into the body, with the fitting Content-Type.",
)
NEW_TOKEN = _fix(
    "new_token",
    "重新获取 access_token 再调；检查用的是不是这个应用、这类接口要的那种 token（client_token、"
    "应用 access_token、用户 access_token 不能混用），有没有别的进程取新 token 把它顶掉。",
    "Fetch a new access_token and call again. Check that it is of this app and of the kind that"
    " the endpoint wants (client, app and user tokens are not the same), and that no other"
    " process superseded it.",
)
REFRESH = _fix(
    "refresh",
    "应用的 token 重新获取；用户的 token 用 refresh_token 刷新，刷新也失败就让用户重新授权。"
    "在 expires_in 到期之前更换。",
    "Fetch the app's token anew; refresh a user's with its refresh_token, and if that fails, have"
    " the person consent again. Replace it before its expires_in is over.",
)
CONSENT_AGAIN = _fix(
    "consent_again",
    "让用户重新授权，拿到新的 code 再换 token。",
    "Have the person consent again, and exchange the new code.",
)
NEW_CODE = _fix(
    "new_code",
    "code 只能用一次，有效期很短：重新 tt.login 或重新授权，拿到新 code 再调；不要用同一个 code"
    " 重试，并检查 code 与应用是否一致。",
    "A code works once and for minutes: get a new one by tt.login or another consent. Do not"
    " retry with the same code, and check that code and app belong together.",
)
CHECK_APP = _fix(
    "check_app",
    "核对 appid（client_key）与 secret：是不是同一个应用的，有没有写错或多了空格，密钥是否重置过，"
    "小程序和网站应用不要混用。",
    "Compare appid (client_key) and secret: both of one app, without typing errors or blanks, the"
    " secret not reset meanwhile; a mini-program's are not a web app's.",
)
APPLY_SCOPE = _fix(
    "apply_scope",
    "在开放平台控制台申请这项能力（scope），通过后重新获取 token 再调。",
    "Apply for the scope in the open platform's console; once it is granted, fetch a new token.",
)
ASK_PERSON = _fix(
    "ask_person",
    "授权时带上这个接口需要的 scope，让用户勾选并同意，再用新的 token 调。",
    "Ask for the endpoint's scope in the consent, and have the person allow it; then call with the"
    " new token.",
)
OWN_OPEN_ID = _fix(
    "own_open_id",
    "open_id 因应用而异：用同一个应用换来的 open_id，和 token 一起存、一起用。",
    "An open_id is another one in each app: use the one that came with the token, from the same"
    " app, and store both together.",
)
SIGN_RIGHT = _fix(
    "sign_right",
    "用 `mockdouyin sign check` 查是哪一步签错；常见的是用错环境的 SALT、漏掉或多算字段、"
    "数字与空值的写法不同。",
    "`mockdouyin sign check` tells which step went wrong; often the SALT is another environment's,"
    " a field is missing or too many, or a number or an empty value is written otherwise.",
)
LOOK_UP = _fix(
    "look_up",
    "核对 id：是不是这个应用、这个用户、这个环境（生产或沙盒）的，有没有删除或过期，"
    "长整数有没有丢精度。",
    "Check the id: of this app, this person and this environment (production or sandbox), neither"
    " deleted nor expired, and no digits lost of a long number.",
)
OTHER_STATE = _fix(
    "other_state",
    "先查询当前状态，再决定下一步；同一操作做两遍时，把这个错误当作已经完成来核对。",
    "Query the state first and go on from there; if the same was done twice, check whether it is"
    " done already.",
)
ASK_PLATFORM = _fix(
    "ask_platform",
    "代码改不了：查看站内信和开放平台控制台里的处罚或审核，按提示申诉或等待。",
    "No code helps: look for notices, penalties and reviews in the console, appeal or wait.",
)
TELL_PERSON = _fix(
    "tell_person",
    "换用户的哪个 token 都没用：提示用户账号的情况，不要重试。",
    "No other token helps: tell the person what is wrong with the account, and do not retry.",
)
REGISTER = _fix(
    "register",
    "在开放平台控制台登记授权回调域，redirect_uri 与登记的一致，用 https，并做一次 URL 编码。",
    "Register the address in the console; send the same one as redirect_uri, with"
    " https, URL-encoded once.",
)
SUBSCRIBE = _fix(
    "subscribe",
    "让用户在手机上再订阅一次这个模板；一次性订阅每次只能发一条。",
    "Have the person subscribe to the template again; a one-time subscription allows one message.",
)
OTHER_WORDS = _fix(
    "other_words",
    "修改内容后再发；发布前先用内容安全接口检查。",
    "Change the content and send it again; check it by content security first.",
)
NEW_NUMBER = _fix(
    "new_number",
    "查询这个单号的状态；确认失败之后才换新的单号重新发起。",
    "Query the state under this number; take a new number only once it is known to have failed.",
)
SMALLER = _fix(
    "smaller",
    "压缩或拆分后再传，大视频用分片上传。",
    "Send less: compress it, or upload a big video in parts.",
)
ADD_TESTER = _fix(
    "add_tester",
    "把用户加入测试应用的白名单，授权时带上 trial.whitelist。",
    "Put the person on the trial app's white list, and ask for trial.whitelist in the consent.",
)
RELEASE = _fix(
    "release",
    "测试应用只能用 120 天：上线应用，或新建一个测试应用。",
    "A trial app works for 120 days: release the app, or make another trial app.",
)
BIND = _fix(
    "bind",
    "先建立授权或绑定关系（服务商与小程序、商家与应用），再调。",
    "First establish the relation (provider and mini-program, merchant and app), then call.",
)
CALL_ANOTHER = _fix(
    "call_another",
    "接口已下线或路径不对：看文档换成现行的接口。",
    "The endpoint was taken offline or the path is wrong: move to the one that the docs name now.",
)
SET_UP = _fix(
    "set_up",
    "先在开放平台控制台或用接口设好（回调地址、密钥等），再调。",
    "First set it up in the console or by its endpoint (the callback's address, the secret …).",
)
PERSON_TRIES_AGAIN = _fix(
    "person_tries_again",
    "在 fail 里提示用户，让用户再试一次。",
    "Tell the person in `fail`, and let them try again.",
)
LOG_IN_AGAIN = _fix(
    "log_in_again",
    "重新调用 tt.login，再做这一步。",
    "Call tt.login again, then repeat the step.",
)
EXPLAIN_WHY = _fix(
    "explain_why",
    "不要反复弹窗：说明用途，用户再点时再请求；需要的话引导到设置里打开。",
    "Do not ask over and over: say what it is for, ask when they tap again, or lead them to the"
    " settings.",
)
BIND_TO_TAP = _fix(
    "bind_to_tap",
    "在 bindtap 等点击回调里直接调用，不要放到异步请求之后。",
    "Call it right in the handler of a tap, not after an asynchronous request.",
)
CHECK_HOST = _fix(
    "check_host",
    "先用 tt.canIUse 判断，低版本或别的宿主走另外的流程。",
    "Ask tt.canIUse first, and go another way in older versions or other host apps.",
)
