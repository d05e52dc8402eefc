"""What the folders of a collection, and its calls of the control API, are called."""

from __future__ import annotations

from mockdouyin.core.texts import text

COLLECTION = text(
    "collection", zh="抖音开放平台（mockdouyin）", en="Douyin open platform (mockdouyin)"
)
ABOUT = text(
    "collection_about",
    zh="常用接口，按顺序发送即可全部跑通：`base_url` 指向 mockdouyin，应用密钥已经填好，"
    "拿到的 code、token 由脚本存进变量。名字带 mock 的请求是控制接口，抖音上没有，"
    "代替用户的手机、平台的时间等。换成自己的应用时改变量即可。",
    en="The calls people use. Sent in order, all of them succeed: `base_url` leads to mockdouyin, "
    "the app's keys are filled in, and scripts store each code and token in a variable. Requests "
    "whose names begin with mock are of the control API, which Douyin does not have: they play "
    "the person's phone, or move the clock. For an app of your own, change the variables.",
)
HOSTS = text("collection_hosts", zh="真实域名：{hosts}", en="Real host: {hosts}")
SUCCEEDS = text("collection_succeeds", zh="成功", en="succeeds")

LOGIN = text("collection_login", zh="小程序登录", en="Mini-program login")
TOKENS = text("collection_tokens", zh="接口调用凭证", en="Tokens of an app")
PHONE_NUMBER = text("collection_phone_number", zh="手机号", en="Phone number")
CONSENT = text("collection_consent", zh="账号授权", en="Consent and user tokens")
TICKETS = text("collection_tickets", zh="票据与分享", en="Tickets and sharing")
SUBSCRIPTION = text("collection_subscription", zh="订阅消息", en="Subscription messages")
CONTENT = text("collection_content", zh="内容安全与小程序码", en="Content security and QR codes")
WEBHOOKS = text("collection_webhooks", zh="Webhook 回调", en="Webhooks")
PAYMENT = text("collection_payment", zh="担保支付", en="Guaranteed payment")
MESSAGING = text("collection_messaging", zh="私信", en="Direct messages")
CONTROL = text("collection_control", zh="控制接口", en="Control API")

TT_LOGIN = text(
    "collection_tt_login", zh="mock：用户调用 tt.login", en="mock: a person's tt.login"
)
TT_PROFILE = text(
    "collection_tt_profile",
    zh="mock：用户调用 tt.getUserProfile",
    en="mock: a person's tt.getUserProfile",
)
TT_PHONE_NUMBER = text(
    "collection_tt_phone_number",
    zh="mock：用户点击 getPhoneNumber 按钮",
    en="mock: a person gives their phone number",
)
TT_SUBSCRIBE = text(
    "collection_tt_subscribe",
    zh="mock：用户订阅消息（tt.requestSubscribeMessage）",
    en="mock: a person subscribes (tt.requestSubscribeMessage)",
)
TT_PAY = text(
    "collection_tt_pay", zh="mock：用户付款（tt.pay）", en="mock: a person pays (tt.pay)"
)
ALLOW = text("collection_allow", zh="mock：用户同意授权", en="mock: a person consents")
OTHER_PERSON = text(
    "collection_other_person", zh="mock：另一个用户的 open_id", en="mock: another person's open_id"
)

APP_CLIENT_TOKEN = text(
    "collection_app_client_token", zh="小程序的 client_token", en="The mini-program's client token"
)
WEB_CLIENT_TOKEN = text(
    "collection_web_client_token", zh="网站应用的 client_token", en="The web app's client token"
)

EVENTS = text("collection_events", zh="mock：全部事件", en="mock: list the events")
SEND_EVENT = text(
    "collection_send_event",
    zh="mock：发一条带签名的事件到 webhook_url",
    en="mock: send a signed event to webhook_url",
)
SIGNATURE = text(
    "collection_signature", zh="mock：这条事件的签名怎么算", en="mock: how it was signed"
)
REPLAY = text("collection_replay", zh="mock：原样再发一次", en="mock: send the same bytes again")
DELIVERIES = text("collection_deliveries", zh="mock：发送记录", en="mock: list the deliveries")

AFTER_REFUND = text(
    "collection_after_refund",
    zh="mock：时间前进 2 秒，退款完成",
    en="mock: two seconds later the refund is done",
)
ORDERS = text("collection_orders", zh="mock：全部订单", en="mock: list the orders")

APPS = text("collection_apps", zh="mock：应用及密钥", en="mock: list the apps with their keys")
ROWS = text("collection_rows", zh="mock：请求记录", en="mock: list what happened")
STORIES = text("collection_stories", zh="mock：按流程归组", en="mock: list the stories")
FINDINGS = text(
    "collection_findings", zh="mock：客户端哪里写错了", en="mock: what the client does wrong"
)
ADD_RULE = text(
    "collection_add_rule",
    zh="mock：加一条规则，下次登录报错 40018",
    en="mock: add a rule, the next login is refused",
)
RULES = text("collection_rules", zh="mock：规则列表", en="mock: list the rules")
REMOVE_RULE = text("collection_remove_rule", zh="mock：删除规则", en="mock: remove the rule")
DUE = text("collection_due", zh="mock：接下来什么会过期", en="mock: what expires next")
ADVANCE = text(
    "collection_advance",
    zh="mock：时间前进 2 小时 1 分，client_token 全部过期",
    en="mock: 2 h 1 min later, every client token has expired",
)
RESET = text("collection_reset", zh="mock：重置", en="mock: reset the world")
