"""What the probes of payment callbacks ask, and what they send, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import TextTemplate, text

# What is special about a message.


def _how(code: str, zh: str, en: str) -> TextTemplate:
    return text(f"probe_ecpay_sent_{code}", zh=zh, en=en)


RIGHT = _how("right", "签名正确", "rightly signed")
MORE = _how("more", "金额比订单多 1 分", "1 fen more than the order costs")
LESS = _how("less", "金额比订单少 1 分", "1 fen less than the order costs")
FAILED = _how("failed", "status 是 FAIL", "its status is FAIL")
MADE_UP = _how("made_up", "签名是编的", "a signature that is made up")
NO_KEY = _how("no_key", "没有 msg_signature", "no msg_signature")
EMPTY = _how("empty", "msg_signature 是空的", "an empty msg_signature")
OF_OTHER = _how("of_other", "签名是另一条回调的", "the signature of another callback")
TAMPERED = _how("tampered", "签名之后换了单号", "another order put in after it was signed")
OTHER_TOKEN = _how("other_token", "用别的 Token 签名", "signed with another Token")
NO_TOKEN = _how("no_token", "用空的 Token 签名", "signed with an empty Token")
LAST_DIFFERS = _how(
    "last_differs", "签名只有最后一个字符不同", "only the last character of its signature differs"
)
BEGINNING = _how(
    "beginning", "只有签名的前 8 个字符", "the first 8 characters of its signature alone"
)
UPPER_CASE = _how("upper_case", "签名是大写的", "its signature in upper case")
OTHER_APP = _how("other_app", "appid 是 {app}", "its appid is {app}")
UNPAID = _how("unpaid", "{kind}，订单还没有支付", "{kind}, of the order before it was paid")
SAME_AGAIN = _how("same_again", "一个字节都不变，再发一次", "the same bytes again")
RETRIED = _how(
    "retried",
    "msg 不变，timestamp、nonce、签名是新的",
    "the same msg with a fresh timestamp, nonce and signature",
)
NONCE = _how("nonce", "nonce 是 {nonce}，way 是 {way!r}", "nonce {nonce}, way {way!r}")
NUMBERS = _how(
    "numbers", "timestamp、nonce、way 是数字", "timestamp, nonce and way as JSON numbers"
)
SPACED = _how("spaced", "msg 里分隔符后有空格", "spaces after separators in msg")
ESCAPED = _how("escaped", r"msg 里的中文写成 \uXXXX", r"Chinese in msg as \uXXXX")
REORDERED = _how("reordered", "msg 里键的顺序不同", "keys of msg in another order")
BODY_SPACED = _how("body_spaced", "body 里分隔符后有空格", "spaces after separators in the body")
BODY_REORDERED = _how("body_reordered", "body 里键的顺序不同", "keys of the body in another order")
NO_ITEM_ID = _how("no_item_id", "没有 item_id", "without item_id")
EXTRA_NULL = _how("extra_null", 'extra 是字符串 "null"', 'extra is the string "null"')
EXTRA_CPS = _how("extra_cps", "extra 里有 CPS 信息", "extra has details of a CPS")
NEW_KEY = _how("new_key", "msg 里多了不认识的字段", "a key in msg that is not known yet")
CP_EXTRA = _how("cp_extra", "cp_extra 是 {value}", "cp_extra is {value}")
UNKNOWN = _how("unknown", "接收端没有这个订单", "an order that the receiver does not have")
TYPE = _how("type", "type 是 {kind}", "type {kind}")
GET = _how("get", "GET，没有 body", "GET without a body")
AT_ONCE = _how("at_once", "同时发出的第 {number} 条", "number {number} of those sent at once")

# What a probe asks.

_ABOUT = {
    "amount-differs": (
        "签名正确，但金额与订单不符：不应发货。",
        "Rightly signed, but the amount is not the order's: it must not be fulfilled.",
    ),
    "not-success": (
        "签名正确，但 status 不是 SUCCESS：不应发货。",
        "Rightly signed, but its status is not SUCCESS: it must not be fulfilled.",
    ),
    "wrong-signature": ("签名是编的，必须拒绝。", "A signature that is made up must be refused."),
    "missing-signature": (
        "没有签名，或签名是空的，必须拒绝。",
        "A callback without a signature, or with an empty one, must be refused.",
    ),
    "other-message": (
        "签名本身是真的，但属于另一条回调，必须拒绝。",
        "A signature that is right, but for another callback, must be refused.",
    ),
    "tampered-msg": (
        "签名之后把单号换成了这个订单，必须拒绝：否则付一次 1 分钱就能拿走任何商品。",
        "A msg into which this order was put after it was signed must be refused: or who pays 1"
        " fen once gets everything.",
    ),
    "partial-signature": (
        "签名只对了一部分，必须拒绝。",
        "A signature of which only a part is right must be refused.",
    ),
    "other-token": (
        "用别的 Token 或空的 Token 签名，必须拒绝。",
        "A callback that is signed with another Token, or an empty one, must be refused.",
    ),
    "uppercase-signature": (
        "正确的签名写成大写：抖音不会这样发，拒绝或收下都没有危害。",
        "A right signature in upper case: Douyin never sends that; refusing and accepting do no"
        " harm.",
    ),
    "other-app": (
        "签名正确，但 appid 是另一个应用：不应发货。",
        "Rightly signed, but its appid is another app's: it must not be fulfilled.",
    ),
    "refund-first": (
        "退款回调先于支付回调到达：顺序没有保证，不应把订单弄乱。",
        "A refund before the payment: the order of callbacks is not guaranteed, and it must not"
        " confuse the order.",
    ),
    "settle-first": (
        "分账回调先于支付回调到达：同样不应把订单弄乱。",
        "A settlement before the payment: it must not confuse the order either.",
    ),
    "right-signature": (
        "签名正确，应收下；响应的形式在这一项里不计。",
        "A right signature must be believed; the form of the answer does not matter here.",
    ),
    "acknowledgement": (
        '响应必须是 HTTP 200，JSON 里 err_no 是数字 0：{{"err_no":0,"err_tips":"success"}}。',
        "The answer must be HTTP 200 and JSON with the number 0 as err_no:"
        ' {{"err_no":0,"err_tips":"success"}}.',
    ),
    "same-callback": (
        "同一条回调发两次：两次都应收下，只生效一次；是否生效从外部看不出来。",
        "The same callback twice: it must be acknowledged twice and take effect once, which cannot"
        " be seen from outside.",
    ),
    "fresh-duplicate": (
        "重发的回调 msg 不变，timestamp、nonce、签名是新的：必须收下。",
        "A retry, with the same msg and a fresh timestamp, nonce and signature, must be taken.",
    ),
    "nonces": (
        "nonce 长短不一，可能以 0 开头，way 有 1、2、10，都是字符串：四个值按字符串排序再算签名，"
        "必须收下。",
        "A nonce of one or four digits, or with zeros at its front, a way of 1, 2 or 10, all as"
        " strings: the four values are sorted as text to be signed, and must be taken.",
    ),
    "numbers": (
        "timestamp、nonce、way 是 JSON 数字，早先的文档这样写；抖音现在发的是字符串。",
        "timestamp, nonce and way as JSON numbers, as the docs had them once; today Douyin sends"
        " strings.",
    ),
    "msg-notation": (
        "msg 里的 JSON 换了写法，签名正确：必须收下。",
        "Rightly signed over a msg whose JSON is written in another way: must be taken.",
    ),
    "body-notation": (
        "body 的 JSON 换了写法，值都不变，签名正确：必须收下。",
        "A body whose JSON is written in another way, its values the same: must be taken.",
    ),
    "item-id-missing": (
        "msg 里没有 item_id：必须收下。",
        "A msg without item_id must be taken.",
    ),
    "extra": (
        'extra 是字符串 "null" 或一段 JSON：必须收下。',
        'An extra that is the string "null", or JSON, must be taken.',
    ),
    "new-key": (
        "msg 里有还不认识的字段：必须收下。",
        "A msg with a key that is not known yet must be taken.",
    ),
    "cp-extra": (
        "cp_extra 里有引号、中文、空格、换行、表情，签名正确：必须收下。",
        "Rightly signed with quotes, Chinese, spaces, newlines and emoji in cp_extra: must be"
        " taken.",
    ),
    "unknown-order": (
        "签名正确，但没有这个订单：不能当作已经处理好了。",
        "Rightly signed, for an order that the receiver does not have: it is not simply done.",
    ),
    "unknown-type": (
        "不认识的回调类型（settle_finish、将来的类型）也必须响应成功。",
        "A type that is not handled (settle_finish, one of the future) must be acknowledged all"
        " the same.",
    ),
    "get": (
        "用 GET 请求回调地址：不应出错，也不应当成回调。",
        "A GET on the URL must neither break the receiver nor be taken for a callback.",
    ),
    "many-at-once": (
        "同一笔支付的 8 条回调同时到达：都应收下，只生效一次。",
        "Eight callbacks of one payment at the same time must all be taken, and take effect once.",
    ),
    "slow-answer": (
        "5 秒没有响应就算失败（推定）：整个检验中的每个响应都必须在此之前到达。",
        "After 5 s a callback counts as failed (assumed): every answer of the examination must"
        " have come by then.",
    ),
}

ABOUT = {
    name: text(f"probe_ecpay_{name.replace('-', '_')}", zh=zh, en=en)
    for name, (zh, en) in _ABOUT.items()
}
"""What each probe asks, by its name."""
