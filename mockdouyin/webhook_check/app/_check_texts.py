"""What the checks of an examination say of a receiver's answers, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

# What is wrong with an answer.

TOO_LONG = text(
    "probe_answer_too_long",
    zh="响应超过 {limit} 字节",
    en="the answer is longer than {limit} bytes",
)
NOTHING_CAME_BACK = text(
    "probe_nothing_came_back", zh="没有返回 challenge", en="no challenge came back"
)
OF_MESSAGE = text("probe_of_message", zh="{problem}（{message}）", en="{problem} ({message})")
# The handshake.

URL_REFUSED = text(
    "probe_url_refused",
    zh="{remark}。抖音不会接受这个 URL。",
    en="{remark:sentence} Douyin would not accept this URL.",
)
URL_DOUBTFUL = text(
    "probe_url_doubtful",
    zh="{remark}。这里算作响应正确，抖音是否接受尚不清楚。请只返回 challenge，收到什么就返回"
    "什么。",
    en="{remark:sentence} This is taken for an echo here; whether Douyin takes it is not known."
    " Answer with the challenge alone, as it came.",
)
URL_ACCEPTED = text(
    "probe_url_accepted",
    zh="challenge 原样返回，抖音会接受这个 URL。",
    en="The challenge came back as it went out: Douyin would accept this URL.",
)
TEXT_ECHOED = text(
    "probe_text_echoed",
    zh="challenge 是字符串，也原样返回了。",
    en="The challenge came back, though it was text.",
)
TEXT_NOT_ECHOED = text(
    "probe_text_not_echoed",
    zh="{remark}。对接抖音没有影响，它发的是数字；有些模拟服务发的是字符串。不论什么类型都原样返回，"
    "两种就都能用。",
    en="{remark:sentence} No harm with Douyin, which sends a number; some stand-ins send text."
    " Give back what came, of whatever type, and both work.",
)

# Signatures.

BELIEVED = text(
    "probe_believed", zh="签名正确，验签通过。", en="Believed, as its signature is right."
)
NOT_BELIEVED = text(
    "probe_not_believed", zh="被拒绝（{how}）。{hint}", en="Refused ({how}). {hint}"
)
FORGERY_BELIEVED = text(
    "probe_forgery_believed",
    zh="返回了 challenge，说明伪造的消息通过了验签。{harm}",
    en="The challenge was echoed: the message was believed. {harm}",
)
FORGED_EVENT_ACCEPTED = text(
    "probe_forged_event_accepted",
    zh="伪造的事件得到了 {status} 响应。知道 URL 的任何人都能伪造用户的操作。每个事件都要先验签，"
    "再做别的，验签失败返回 401。（如果是验签失败后静默丢弃，从外部看不出来。）",
    en="A forged event was answered with {status}. Anyone who knows the URL can invent users'"
    " actions. Check the signature of every event, before anything else, and answer 401. (If it is"
    " checked and dropped in silence, that cannot be seen from outside.)",
)
REFUSED_BY_ACCIDENT = text(
    "probe_refused_by_accident",
    zh="拒绝了，但返回的是 HTTP {status}，像是出错：请返回 401。",
    en="Refused, though with HTTP {status} as by accident: answer 401.",
)
REFUSED = text("probe_refused", zh="拒绝了，符合要求。", en="Refused, as it must be.")
UNKNOWN_WHETHER_REFUSED = text(
    "probe_unknown_whether_refused",
    zh="{error}。因此看不出是否拒绝了：请返回 401。",
    en="{error:sentence} So it cannot be told whether it was refused: answer 401.",
)
UPPERCASE_REFUSED = text(
    "probe_uppercase_refused",
    zh="拒绝了：抖音的签名只用小写。",
    en="Refused: Douyin writes signatures in lower case only.",
)
UPPERCASE_ACCEPTED = text(
    "probe_uppercase_accepted",
    zh="接受了。没有危害：算得出它的人都知道密钥。不过抖音只用小写，请原样比较，并用恒定时间的"
    "比较函数。",
    en="Accepted. No harm: whoever can compute it knows the secret. But Douyin writes lower case"
    " only: compare as it stands, in constant time.",
)

# Events.

PROBLEM_HINT = text("probe_problem_hint", zh="{problem}。{hint}", en="{problem:sentence} {hint}")
BOTH_TAKEN = text(
    "probe_both_taken_unseen", zh="两条都收下了。{task}", en="Both were taken. {task}"
)
SENT_AGAIN = text(
    "probe_sent_again",
    zh="{problem}。这样的消息抖音会重发。{task}",
    en="{problem:sentence} Douyin sends such a message again. {task}",
)
BOTH_HANDLED = text("probe_both_handled", zh="两条都处理了。", en="Both were handled.")
NEITHER_SEEN = text(
    "probe_neither_seen",
    zh="一个 challenge 都没有返回，看不出两条是否都处理了。",
    en="No challenge came back, so it cannot be told whether both were handled.",
)
SECOND_IGNORED = text(
    "probe_second_ignored",
    zh="第一条处理了，第二条没有。{hint}",
    en="The first was handled, the second was not. {hint}",
)
BIG_ID_REFUSED = text(
    "probe_big_id_refused",
    zh="{problem}。抖音的 id 最长 19 位：请用字符串或 64 位整数保存。",
    en="{problem:sentence} Douyin's ids have up to 19 digits: keep them as text, or in 64 bits.",
)
BIG_IDS_KEPT = text(
    "probe_big_ids_kept",
    zh="收下了这些 id，返回的数字一位不差。",
    en="The ids were taken, and the number came back digit for digit.",
)
BIG_ID_LOST = text(
    "probe_big_id_lost",
    zh="事件收下了，但 challenge 有问题：{remark}。目前见过的 challenge 都是八位。数字在这里丢了"
    "精度，id 也会丢；64 位的 JSON 数字超出了 JavaScript 的精度。",
    en="The event was taken. But of the challenge: {remark:sentence} The challenges seen so far"
    " have eight digits. A number that loses digits here loses them in an id, too; JSON numbers of"
    " 64 bits do not fit JavaScript's.",
)

# Of the whole examination.

COMMON_CAUSE = text(
    "report_common_cause",
    zh="签名正确的 challenge 一个都没有返回。--secret 和接收端用的密钥一样吗？接收端要求自己的"
    " client_key（--client-key）吗？这是 webhook 的路径吗？",
    en="Not one rightly signed challenge was echoed. Is --secret the one that the receiver has?"
    " Does it expect its own client_key (--client-key)? Is this the webhook's path?",
)
