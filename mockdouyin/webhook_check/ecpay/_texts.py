"""What is said of a receiver's answers to payment callbacks, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

PAYMENT = text(
    "probe_ecpay_payment",
    zh="payment，订单 {number}，{amount} 分",
    en="payment, order {number}, {amount} fen",
)
AND = text("probe_ecpay_and", zh="{first}{then}", en="{first} {then}")

# Acknowledgement.

ACKNOWLEDGED = text(
    "probe_ecpay_acknowledged",
    zh="抖音会认为回调已收到。",
    en="Douyin would take the callback for acknowledged.",
)
NOT_ACKNOWLEDGED = text(
    "probe_ecpay_not_acknowledged",
    zh="{problem}。抖音会认为没有收到，在约 24 小时里再发 15 次。",
    en="{problem:sentence} Douyin would take it for lost, and send it 15 times more in a day.",
)
UNUSUAL_ANSWER = text(
    "probe_ecpay_unusual_answer",
    zh="err_no 是 0，能用；但文档里的响应是 Content-Type 为 application/json 的"
    ' {{"err_no":0,"err_tips":"success"}}，抖音是否只看 err_no 尚不清楚。',
    en="err_no is 0, which will do; but the documented answer is"
    ' {{"err_no":0,"err_tips":"success"}} as application/json, and whether Douyin looks at err_no'
    " alone is not known.",
)
TAKEN = text("probe_ecpay_taken", zh="收下了。", en="Taken.")
SAID_NO = text("probe_ecpay_said_no", zh="响应表示失败", en="the answer says that it failed")
REFUSED_SO = text(
    "probe_ecpay_refused_so",
    zh="没有响应成功：{problem}（{message}）。",
    en="Not acknowledged: {problem} ({message}).",
)
NAME_AN_ORDER = text(
    "probe_ecpay_name_an_order",
    zh="如果是因为没有这个订单才拒绝的，请给出一个待支付的订单：单号用 --order，金额（分）用"
    " --amount。",
    en="If it refuses because it does not have this order, name one that waits to be paid: its"
    " number by --order, its amount in fen by --amount.",
)
COMMON_CAUSE = text(
    "probe_ecpay_common_cause",
    zh="签名正确的回调一个都没有收下。--token 和接收端用的 Token 一样吗（不是 SALT）？订单"
    "（--order、--amount）是接收端有的吗？appid 对吗（--app-id）？四个值是按字符串排序的吗？"
    "这是支付回调的路径吗？",
    en="Not one rightly signed callback was acknowledged. Is --token the Token that the receiver"
    " has (it is not the SALT)? Does it have the order (--order, --amount) and the appid"
    " (--app-id)? Are the four values sorted as text? Is this the path of payment callbacks?",
)

# Forgeries.

FORGERY_TAKEN = text(
    "probe_ecpay_forgery_taken",
    zh="伪造的回调被当成真的（{message}）。{harm}（如果是验签失败后照样响应成功、什么也不做，从外部"
    "看不出来；请返回非 0 的 err_no。）",
    en="A forged callback was acknowledged ({message}). {harm} (If it is checked and dropped in"
    " silence, that cannot be seen from outside: answer with another err_no.)",
)
REFUSED = text("probe_ecpay_refused", zh="拒绝了，符合要求。", en="Refused, as it must be.")
REFUSED_BY_ACCIDENT = text(
    "probe_ecpay_refused_by_accident",
    zh="拒绝了，但返回的是 HTTP {status}，像是出错：请返回非 0 的 err_no。",
    en="Refused, though with HTTP {status} as by accident: answer with an err_no that is not 0.",
)
UNKNOWN_WHETHER_REFUSED = text(
    "probe_ecpay_unknown_whether_refused",
    zh="{error}。因此看不出是否拒绝了：请返回非 0 的 err_no。",
    en="{error:sentence} So it cannot be told whether it was refused: answer with an err_no that"
    " is not 0.",
)

# What must have no effect.

UNSEEN = text(
    "probe_ecpay_unseen",
    zh="响应表示收到了；有没有生效，从外部看不出来。{task}",
    en="It was acknowledged; whether it took effect cannot be seen from outside. {task}",
)
BROKE_DOWN = text(
    "probe_ecpay_broke_down",
    zh="返回了 HTTP {status}，像是出错。{task}",
    en="It was answered with HTTP {status}, as by accident. {task}",
)
REFUSED_FOR_WHAT = text(
    "probe_ecpay_refused_for_what",
    zh="拒绝了，但看不出是什么原因。{remark}",
    en="It was refused, but it cannot be told for what reason. {remark}",
)
AGAIN_REFUSED = text(
    "probe_ecpay_again_refused",
    zh="第一次的响应丢失时抖音会重发；第二次也要响应成功，否则会一直重发。",
    en="Douyin sends a callback again when its answer was lost. Acknowledge it then, too, or it"
    " goes on.",
)
EFFECT_UNSEEN = text(
    "probe_ecpay_effect_unseen",
    zh="两次都收下了。请自己确认只生效一次（只发了一次货、只加了一次余额）：更新订单时带上条件“状态"
    "还是待支付”，只有更新成功的那一次才发货。",
    en="Both were acknowledged. See for yourself that it took effect once: change the order only"
    " where it still waits to be paid, and fulfil it only if that changed a row.",
)

# A GET.

GET_BROKE_IT = text(
    "probe_ecpay_get_broke_it",
    zh="GET 返回了 HTTP {status}，像是出错：探活和爬虫会请求任何地址，请返回 405。",
    en="A GET was answered with HTTP {status}, as by accident. Health checks and crawlers ask any"
    " address: answer 405.",
)
GET_ACKNOWLEDGED = text(
    "probe_ecpay_get_acknowledged",
    zh="没有签名的 GET 也得到了成功的响应。没有危害，除非它也会处理参数：请只接受 POST，其余返回"
    " 405。",
    en="A GET without a signature was acknowledged. No harm, unless it reads parameters, too: take"
    " POST alone, and answer 405 to the rest.",
)
GET_ANSWERED = text(
    "probe_ecpay_get_answered", zh="没有当成回调。", en="It was not taken for a callback."
)
