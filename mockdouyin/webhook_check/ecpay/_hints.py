"""What to do where a receiver of payment callbacks fails a probe, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import TextTemplate, text


def _hint(code: str, zh: str, en: str) -> TextTemplate:
    return text(f"probe_ecpay_hint_{code}", zh=zh, en=en)


RIGHT_SIGNATURE = _hint(
    "right_signature",
    "签名是正确的：把 Token、timestamp、nonce、msg 四个字符串按字典序排序，直接拼接，取 sha1 的"
    "小写十六进制。用的是 Token，不是 SALT。",
    "Its signature was right: sha1 in lower-case hex over Token, timestamp, nonce and msg, sorted"
    " as text and joined by nothing. It is the Token, not the SALT.",
)
FORGERY = _hint(
    "forgery",
    "知道 URL 的任何人不付钱就能让订单变成已支付：请先验签，再做别的。",
    "Anyone who knows the URL can have orders paid for nothing: compare the signature before all"
    " else.",
)
TAMPERED = _hint(
    "tampered",
    "请对收到的 msg 字符串算签名，不要对别处存的、或解析后挑出来的内容算。",
    "Hash the very string msg that came, and nothing that was picked out of it.",
)
WHOLE_SIGNATURE = _hint(
    "whole_signature",
    "请比较完整的 40 个字符（如 hash_equals、hmac.compare_digest），不要只比较前缀或判断包含。",
    "Compare all 40 characters, as by hash_equals or hmac.compare_digest, and neither a beginning"
    " nor whether one is within the other.",
)
UPPER_CASE = _hint(
    "upper_case",
    "收下了：没有危害，能算出大写签名的人也知道 Token。",
    "Taken. No harm: whoever can make it in upper case has the Token.",
)
TOKEN_UNSET = _hint(
    "token_unset",
    "知道 URL 的任何人不付钱就能让订单变成已支付：只用支付设置里的 Token 验签，没有读到 Token 时"
    "要报错，不要当作空字符串。",
    "Anyone who knows the URL can have orders paid for nothing: check with the Token of the"
    " payment settings alone, and fail where it is not set instead of taking it for empty.",
)
OTHER_APP = _hint(
    "other_app",
    "请确认这个订单没有发货：多个应用共用一个 Token 或一个地址时，还要比较 appid。",
    "See for yourself that this order is not fulfilled: where apps share a Token or a URL, compare"
    " the appid, too.",
)
AMOUNT = _hint(
    "amount",
    "请确认这个订单没有发货：发货之前先比较 total_amount 和订单的金额（单位是分）。",
    "See for yourself that this order is not fulfilled: compare total_amount with what the order"
    " costs, in fen, before you do.",
)
STATUS = _hint(
    "status",
    "请确认这个订单没有发货：只有 status 是 SUCCESS 才算支付成功。",
    "See for yourself that this order is not fulfilled: only the status SUCCESS means paid.",
)
NOT_FULFILLED = _hint(
    "not_fulfilled",
    "拒绝了，看来没有发货。",
    "Refused, and so hopefully not fulfilled.",
)
UNORDERED = _hint(
    "unordered",
    "请确认订单的状态没有乱：对应的支付到达以后，订单仍要能变成已支付。",
    "See for yourself that the order is not confused: it must still become paid once its payment"
    " comes.",
)
TOLD_AGAIN = _hint(
    "told_again",
    "拒绝了：抖音会重发，那时支付已经到达。",
    "Refused: Douyin tells it again, and by then the payment has come.",
)
SORTED_AS_TEXT = _hint(
    "sorted_as_text",
    "四个值要按字符串的字节顺序排序，不是按数字大小，也不是固定的先后；nonce 和 way 是字符串。",
    "The four values are sorted by their bytes as text, not as numbers, and not in a fixed order;"
    " nonce and way are strings.",
)
NUMBERS = _hint(
    "numbers",
    "抖音现在发的是字符串，所以没有影响。先转成字符串再排序，两种都能收。",
    "No harm, for today Douyin sends strings. Turn them into text before they are sorted, and both"
    " work.",
)
MSG_AS_IT_CAME = _hint(
    "msg_as_it_came",
    "签名对收到的 msg 是正确的。把 msg 解析后再序列化，算签名的字符串就变了：先对 msg 字符串验签，"
    "再解析它。",
    "The signature was right for the msg that was sent. A receiver that parses msg and writes it"
    " again hashes another string: check the string, then parse it.",
)
BODY_PARSED = _hint(
    "body_parsed",
    "签名只算四个值，和 body 的空格、顺序无关：请用 JSON 解析器取值，不要截取字符串。",
    "The signature covers four values, and neither blanks nor order of the body: read it with a"
    " JSON parser, and do not cut it out of the text.",
)
OPTIONAL_KEYS = _hint(
    "optional_keys",
    "msg 里的字段会多会少，extra 也不一定是 JSON 对象：只读用得到的，别的都当作可有可无。",
    "Keys of msg come and go, and extra is not always a JSON object: read what you need, and let"
    " the rest be missing or new.",
)
CP_EXTRA = _hint(
    "cp_extra",
    "cp_extra 是下单时传的，原样返回，什么字符都可能有：先验签，再用 JSON 解析器取值。",
    "cp_extra is what create_order was given, and may hold any character: check msg as it came,"
    " then read it with a JSON parser.",
)
NO_ORDER = _hint(
    "no_order",
    "抖音不会再通知了。如果只是订单还没有落库，这笔钱就对不上账了：没有找到订单时返回非 0 的"
    " err_no，并告警。",
    "Douyin will not tell it again. If the order was merely not stored yet, nobody cares for this"
    " money any more: answer with another err_no where there is no order, and raise an alarm.",
)
NO_ORDER_REFUSED = _hint(
    "no_order_refused",
    "拒绝了：抖音会再通知，订单落库以后就能处理。",
    "Refused: Douyin tells it again, and by then the order may be stored.",
)
UNKNOWN_TYPE = _hint(
    "unknown_type",
    "抖音会增加回调类型，同一个地址也会收到退款、分账、提现的回调。没有响应成功的会重发 15 次："
    "验签通过、不认识的类型也响应 err_no 0。",
    "Douyin adds types, and one URL may get refunds, settlements and withdrawals, too. What is not"
    " acknowledged is sent 15 times more: answer err_no 0 to a type that you do not know, once its"
    " signature is checked.",
)
MANY_AT_ONCE = _hint(
    "many_at_once",
    "重发和多台机器会让同一笔支付的回调同时到达：用数据库的条件更新或唯一约束排队，不要报错。",
    "Retries and several machines make callbacks of one payment meet: let the database decide by a"
    " conditional update or a unique key, and do not fail.",
)
ALL_TAKEN = _hint(
    "all_taken",
    "都收下了。请自己确认只生效一次。",
    "All were taken. See for yourself that it took effect once.",
)
