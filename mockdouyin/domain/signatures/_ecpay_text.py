"""Wrong recipes of guaranteed payment: how the values are put together, and hashed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

from mockdouyin.core.texts import TextTemplate, text
from mockdouyin.domain.signatures import _writing
from mockdouyin.domain.signatures._mistyped import mistyped, placeholders
from mockdouyin.domain.signatures._orders import (
    by_chinese_culture,
    by_culture,
    descending,
    js_difference,
    js_greater,
    numbers_first,
    sorted_by_js,
    sorted_by_php,
)
from mockdouyin.domain.signatures._recipe import RARE, USUAL, NameValue
from mockdouyin.domain.signatures._writing import STYLES
from mockdouyin.domain.signatures.ecpay import (
    ECPAY,
    EcpayPlan,
    EcpayPlans,
    Order,
    by_value,
    utf8,
)

# The SALT.


OTHER_SALT = text("ecpay_other_salt", zh="签名用的是{key}", en="it is signed with {key}")


@ECPAY.recipe(OTHER_SALT, key="…", rank=USUAL)
def other_salt(plan: EcpayPlan) -> EcpayPlans:
    """Another key in the place of the SALT."""
    for what, salt in plan.other_salts:
        yield plan._replace(salt=salt, why=OTHER_SALT(key=what))


@ECPAY.recipe(
    text(
        "ecpay_salt_missing",
        zh="待签名的值里没有 SALT，SALT 要与参数值一起排序",
        en="the SALT is missing; it is sorted in with the values",
    )
)
def salt_missing(plan: EcpayPlan) -> EcpayPlans:
    """The values alone."""
    yield plan._replace(salt_at="{text}")


@ECPAY.recipe(
    text(
        "ecpay_salt_not_sorted",
        zh="SALT 拼在了最后或最前面，应与参数值一起排序",
        en="the SALT stands at the end or at the front; it is sorted in with the values",
    ),
    rank=USUAL,
)
def salt_not_sorted(plan: EcpayPlan) -> EcpayPlans:
    """The SALT after the values or before them, with or without a joint, or at both ends."""
    for place in (
        *("{text}&{salt}", "{text}{salt}", "{salt}&{text}", "{salt}{text}"),
        *("{salt}{text}{salt}", "{salt}&{text}&{salt}"),
    ):
        yield plan._replace(salt_at=place)


@ECPAY.recipe(
    text(
        "ecpay_salt_named",
        zh="SALT 以 key=… 的形式拼在最后（微信支付的写法），应只把值与参数值一起排序",
        en="the SALT stands at the end as key=…, as in WeChat Pay; it is sorted in with the"
        " values, without a name",
    ),
    rank=USUAL,
)
def salt_named(plan: EcpayPlan) -> EcpayPlans:
    """The SALT as one more pair."""
    for name in ("key", "salt", "SALT", "secret", "Key", "appsecret", "app_secret", "token"):
        yield plan._replace(salt_at=f"{{text}}&{name}={{salt}}")


MISTYPED = text(
    "ecpay_salt_mistyped",
    zh="SALT 没有原样使用：{how}",
    en="the SALT is not used as it is: {how}",
)
SIGNED_TWICE = text("salt_signed_twice", zh="放进去了两次", en="it was put in twice")


@ECPAY.recipe(MISTYPED, how="…")
def salt_mistyped(plan: EcpayPlan) -> EcpayPlans:
    """The SALT with more around it, with less of it, or in another case."""
    for how, salt in mistyped(plan.salt):
        yield plan._replace(salt=salt, why=MISTYPED(how=how))
    twice = (*plan.fields, ("salt", plan.salt))
    yield plan._replace(fields=twice, why=MISTYPED(how=SIGNED_TWICE()))


UNSET = text(
    "ecpay_salt_unset",
    zh="SALT 的位置上是 {value!r}：配置没有读到，或还是示例里的占位文字",
    en="{value!r} stands in the place of the SALT: a setting that was not read, or an example's"
    " word for it",
)


@ECPAY.recipe(UNSET, value="null / None / undefined / SALT")
def salt_unset(plan: EcpayPlan) -> EcpayPlans:
    """What languages print where there is no value, or a word that was to be replaced."""
    for value in placeholders("salt"):
        yield plan._replace(salt=value, why=UNSET(value=value))


# What is sorted, and how.


def _by(key: Callable[[str], Any]) -> Order:
    """Return what sorts by something of the values."""
    return partial(sorted, key=lambda entry: key(entry[1]))


def _name(entry: NameValue) -> Any:
    return entry[0].encode(errors="surrogatepass")


by_name: Order = partial(sorted, key=_name)


@ECPAY.recipe(
    text(
        "ecpay_keys_sorted",
        zh="按参数名排序了，应按参数值排序",
        en="sorted by the names of the fields; it is the values that are sorted",
    ),
    rank=USUAL,
)
def keys_sorted(plan: EcpayPlan) -> EcpayPlans:
    """The values in the order of their names."""
    yield plan._replace(order=by_name)


@ECPAY.recipe(
    text(
        "ecpay_unsorted",
        zh="参数值没有排序",
        en="the values are not sorted",
    ),
    rank=USUAL,
)
def unsorted(plan: EcpayPlan) -> EcpayPlans:
    """The values in the order of the body."""
    yield plan._replace(order=list)


@ECPAY.recipe(
    text(
        "ecpay_numbers_sorted",
        zh="像数字的值按数值大小排序了（PHP 的 sort() 默认如此），应按字符串排序："
        "sort($list, SORT_STRING)",
        en="values that look like numbers are sorted as numbers, as PHP's sort() does by default;"
        " sort them as text: sort($list, SORT_STRING)",
    ),
    rank=USUAL,
)
def numbers_sorted(plan: EcpayPlan) -> EcpayPlans:
    """As PHP compares texts, or numbers before all else."""
    yield plan._replace(order=partial(sorted_by_php, text_of=_text_of))
    yield plan._replace(order=_by(numbers_first))


def _text_of(entry: NameValue) -> str:
    return entry[1]


@ECPAY.recipe(
    text(
        "ecpay_compared_order",
        zh="排序用的比较函数不对（如 JavaScript 的 (a, b) => a - b，或直接比较数字和字符串），"
        "应先转成字符串再用 sort()",
        en="sorted by a comparison that does not fit texts, such as JavaScript's (a, b) => a - b,"
        " or one of numbers with texts; make texts of them and use sort() alone",
    ),
    rank=RARE,
)
def compared_order(plan: EcpayPlan) -> EcpayPlans:
    """What is no number stays where it is, or is less than any number."""
    numbers = frozenset(name for name, value in plan.fields if isinstance(value, int | float))
    if len(numbers) < 2:  # it is as if they were not sorted, or sorted as texts
        return
    for compare in (js_difference, js_greater(numbers)):
        yield plan._replace(order=partial(sorted_by_js, compare=compare))


@ECPAY.recipe(
    text(
        "ecpay_descending",
        zh="按降序排序了，应按升序排序",
        en="sorted in descending order; it is ascending",
    )
)
def backwards(plan: EcpayPlan) -> EcpayPlans:
    """The last value first, or the last name."""
    yield plan._replace(order=_by(descending))
    yield plan._replace(order=partial(sorted, key=_name, reverse=True))


@ECPAY.recipe(
    text(
        "ecpay_case_ignored",
        zh="排序时忽略了大小写或按区域文化排序（C# 的默认排序、JavaScript 的 localeCompare），"
        "应按字节排序（StringComparer.Ordinal、不带参数的 sort()）",
        en="sorted without regard to case or by culture, as C# and JavaScript's localeCompare do;"
        " sort by bytes (StringComparer.Ordinal, sort() without a function)",
    )
)
def case_ignored(plan: EcpayPlan) -> EcpayPlans:
    """Lower and upper case as one, the lower one first or as they come, or by culture."""
    for key in (
        lambda value: (value.casefold(), value.swapcase()),
        str.casefold,
        str.upper,
        by_culture,
        by_chinese_culture,
    ):
        yield plan._replace(order=_by(key))


@ECPAY.recipe(
    text(
        "ecpay_utf16_order",
        zh="按 UTF-16 编码单元排序（Java、JavaScript、C#），emoji 等字符的顺序与 UTF-8 字节序不同",
        en="sorted by UTF-16 units, as Java, JavaScript and C# do: an emoji stands elsewhere than"
        " by the bytes of UTF-8",
    )
)
def utf16_order(plan: EcpayPlan) -> EcpayPlans:
    """Characters beyond U+FFFF before those at its end."""
    yield plan._replace(order=_by(lambda value: value.encode("utf-16-be", "surrogatepass")))


@ECPAY.recipe(
    text(
        "ecpay_duplicates_removed",
        zh="相同的值只签了一次（用了 Set、TreeSet、array_unique），每个参数的值都要签",
        en="equal values were signed once, as a set or array_unique leaves them; the value of"
        " each field is signed",
    )
)
def duplicates_removed(plan: EcpayPlan) -> EcpayPlans:
    """Each value once."""
    yield plan._replace(is_distinct=True)


# How they are written together.


def pair(name: str, value: str) -> str:
    """Write a value after its name."""
    return f"{name}={value}"


def _as_written(write: Callable[[str, str], str], entry: NameValue) -> Any:
    return write(*entry).encode(errors="surrogatepass")


@ECPAY.recipe(
    text(
        "ecpay_key_value",
        zh="签了 key=value，应只签参数值",
        en="signed as key=value pairs; only the values are signed",
    ),
    rank=USUAL,
)
def key_value(plan: EcpayPlan) -> EcpayPlans:
    """Pairs, sorted as such; the SALT is one of them, or stands alone."""

    def but_salt(name: str, value: str) -> str:
        return value if name == "salt" else f"{name}={value}"

    for entry in (pair, but_salt):
        written = plan._replace(entry=entry)
        if plan.order is by_value:
            yield written._replace(order=partial(sorted, key=partial(_as_written, entry)))
            yield written._replace(order=by_name)
        yield written


@ECPAY.recipe(
    text(
        "ecpay_wechat",
        zh="这是微信支付的算法（按参数名排序的 key=value，最后拼 &key=），"
        "抖音只签参数值，SALT 与值一起排序",
        en="this is WeChat Pay's way (key=value sorted by name, &key= at the end); Douyin signs"
        " the values alone, with the SALT sorted in",
    ),
    rank=USUAL,
)
def wechat(plan: EcpayPlan) -> EcpayPlans:
    """Sorted pairs with the key at their end."""
    yield plan._replace(order=by_name, entry=pair, salt_at="{text}&key={salt}")


@ECPAY.recipe(
    text(
        "ecpay_toutiao",
        zh="这是旧版头条支付的算法（所有参数按名排序的 key=value，密钥直接拼在最后），"
        "担保支付只签参数值，SALT 与值一起排序",
        en="this is the sign of Toutiao's older payment (key=value of all fields sorted by name,"
        " the key right after them); guaranteed payment signs the values alone, with the SALT"
        " sorted in",
    ),
    rank=RARE,
)
def toutiao(plan: EcpayPlan) -> EcpayPlans:
    """Sorted pairs, app_id too, with the key right after them."""
    every = plan._replace(order=by_name, entry=pair, unsigned=frozenset(("sign",)))
    yield every._replace(salt_at="{text}{salt}")


@ECPAY.recipe(
    text(
        "ecpay_names_joined",
        zh="参数名和值直接拼接、两头加密钥（淘宝、京东开放平台的写法），抖音只签参数值，"
        "SALT 与值一起排序",
        en="names and values are joined directly, with the key at both ends or one, as for Taobao"
        " and JD; Douyin signs the values alone, with the SALT sorted in",
    ),
    rank=RARE,
)
def names_joined(plan: EcpayPlan) -> EcpayPlans:
    """Each name right before its value, sorted by name."""
    for place in ("{salt}{text}{salt}", "{text}{salt}", "{salt}{text}"):
        yield plan._replace(order=by_name, entry=str.__add__, joint="", salt_at=place)


@ECPAY.recipe(
    text(
        "ecpay_json_signed",
        zh="对整个 JSON 做了签名，应只签参数值，SALT 与值一起排序",
        en="the whole JSON was signed; it is the values alone, with the SALT sorted in",
    ),
    rank=RARE,
)
def json_signed(plan: EcpayPlan) -> EcpayPlans:
    """The fields as JSON in any spelling, with the SALT at an end, with app_id or without."""
    every = {name: value for name, value in plan.fields if name != "sign"}
    signed = {name: value for name, value in every.items() if name not in plan.unsigned}
    if _writing.is_deep(every):
        return
    places = ("{text}{salt}", "{text}&{salt}", "{salt}{text}", "{text}&key={salt}", "{text}")
    for fields in (every, signed):
        for style in STYLES[:3]:
            for write in style.writes:
                written = (("", write(fields)),)
                base = plan._replace(fields=written, left_out=frozenset(), tidy=str)
                for place in places:
                    yield base._replace(salt_at=place)


@ECPAY.recipe(
    text(
        "ecpay_other_joint",
        zh="值之间没有用 & 连接，或两头多了字符",
        en="the values are not joined by &, or there is more at the ends",
    ),
    rank=USUAL,
)
def other_joint(plan: EcpayPlan) -> EcpayPlans:
    """Nothing or something else between the values, a list as it is printed, or one more &."""
    for joint in ("", ",", "|", " "):
        yield plan._replace(joint=joint)
    for end in ("{}&", "&{}"):
        yield plan._replace(finish=end.format)


@ECPAY.recipe(
    text(
        "ecpay_list_printed",
        zh="值的列表整个转成了字符串（如 [a, b]），应以 & 连接",
        en="the list of values was printed as such, [a, b]; join the values by &",
    ),
    rank=RARE,
)
def list_printed(plan: EcpayPlan) -> EcpayPlans:
    """A list as JSON and as languages print it, or joined by what few would take."""
    for joint, frame in (
        *((", ", "[{}]"), ("', '", "['{}']"), ('","', '["{}"]'), ('", "', '["{}"]')),
        *((";", "{}"), ("\n", "{}"), ("&&", "{}"), ("=", "{}"), (", ", "{}"), ("_", "{}")),
    ):
        yield plan._replace(joint=joint, finish=frame.format)


TEXT_CHANGED = text(
    "ecpay_text_changed",
    zh="取 MD5 之前，整个待签名字符串{how}，应直接取 MD5",
    en="before it was hashed the whole text {how}; hash it as it is",
)
URL_ENCODED = text("text_url_encoded", zh="做了 URL 编码", en="was URL-encoded")
ONE_CASE = text("text_one_case", zh="转成了大写或小写", en="was set in upper or lower case")
LINE_END = text(
    "text_with_line_end",
    zh="末尾多了换行（如 echo，应用 printf %s 或 echo -n）",
    en="got a line end, as from echo: use printf %s or echo -n",
)


@ECPAY.recipe(TEXT_CHANGED, how=[URL_ENCODED(), ONE_CASE(), LINE_END()])
def text_changed(plan: EcpayPlan) -> EcpayPlans:
    """The whole text, changed before it is hashed."""
    finishes: tuple[tuple[TextTemplate, Callable[[str], str]], ...] = (
        *((URL_ENCODED, _plus), (URL_ENCODED, _percent)),
        *((ONE_CASE, str.lower), (ONE_CASE, str.upper), (LINE_END, "{}\n".format)),
    )
    for how, finish in finishes:
        yield plan._replace(finish=finish, why=TEXT_CHANGED(how=how()))


MAX_ENCODED = 4096
"""Characters of the longest text that is encoded as a whole."""


def _plus(value: str) -> str:
    return quote_plus(value[:MAX_ENCODED], errors="replace")


def _percent(value: str) -> str:
    return quote(value[:MAX_ENCODED], safe="", errors="replace")


def _encoded(charset: str) -> Callable[[str], bytes]:
    return lambda text: text.encode(charset, "replace")


@ECPAY.recipe(
    text(
        "ecpay_gbk",
        zh="待签名字符串按 GBK 编码，应为 UTF-8",
        en="the text is encoded as GBK; it is UTF-8 that is hashed",
    )
)
def gbk(plan: EcpayPlan) -> EcpayPlans:
    """Chinese characters in two bytes each."""
    yield plan._replace(encode=_encoded("gb18030"))


OTHER_CHARSET = text(
    "ecpay_other_charset",
    zh="待签名字符串不是按 UTF-8 编码的（{charset}），取 MD5 前请写明 UTF-8",
    en="it is not as UTF-8 that the text was hashed but as {charset}; name UTF-8 where you hash"
    " it",
)


@ECPAY.recipe(OTHER_CHARSET, rank=RARE, charset="UTF-16 / ISO-8859-1")
def other_charset(plan: EcpayPlan) -> EcpayPlans:
    """C#'s Encoding.Unicode, Java's default charset, old JavaScript, and what is encoded twice."""
    for charset, encode in (
        ("UTF-16LE", _encoded("utf-16-le")),
        ("UTF-16BE", _encoded("utf-16-be")),
        ("UTF-16", _encoded("utf-16")),
        ("ISO-8859-1", _encoded("latin-1")),
        ("charCodeAt & 255", _low_bytes),
        ("UTF-8 × 2", lambda text: utf8(utf8(text).decode("latin-1"))),
    ):
        yield plan._replace(encode=encode, why=OTHER_CHARSET(charset=charset))


def _low_bytes(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")[::2]


# The hash.


def _hashed(name: str) -> Callable[[bytes, bytes], str]:
    return lambda message, salt: hashlib.new(name, message).hexdigest()


def _mac(name: str) -> Callable[[bytes, bytes], str]:
    return lambda message, salt: hmac.new(salt, message, name).hexdigest()


OTHER_HASH = text(
    "ecpay_other_hash",
    zh="签名算法是 {algorithm}，平台用 MD5",
    en="it is {algorithm}; the platform's is MD5",
)


@ECPAY.recipe(
    text(
        "ecpay_hashed_twice",
        zh="取了两次 MD5，应只取一次",
        en="it was hashed by MD5 twice; once is right",
    ),
    rank=RARE,
)
def hashed_twice(plan: EcpayPlan) -> EcpayPlans:
    """The digest hashed again, or the digest of the values with the SALT."""
    for place in ("{inner}", "{inner}{salt}", "{salt}{inner}"):
        digest = partial(_hashed_twice, place)
        yield plan._replace(digest=digest)
        yield plan._replace(digest=digest, salt_at="{text}")


def _hashed_twice(place: str, message: bytes, salt: bytes) -> str:
    inner = hashlib.md5(message).hexdigest()
    text = place.format(inner=inner, salt=salt.decode(errors="replace"))
    return hashlib.md5(text.encode()).hexdigest()


@ECPAY.recipe(OTHER_HASH, algorithm="SHA1 / SHA256 / SHA512", rank=USUAL)
def other_hash(plan: EcpayPlan) -> EcpayPlans:
    """A longer digest."""
    for name in ("sha1", "sha256", "sha512", "sha224", "sha384"):
        why = OTHER_HASH(algorithm=name.upper())
        yield plan._replace(digest=_hashed(name), why=why)


@ECPAY.recipe(
    text(
        "ecpay_hmac",
        zh="用了以 SALT 为密钥的 HMAC，平台用的是 MD5，SALT 与参数值一起排序",
        en="it is an HMAC with the SALT as its key; the platform's is a plain MD5, with the SALT"
        " sorted in with the values",
    )
)
def mac(plan: EcpayPlan) -> EcpayPlans:
    """The SALT as key, and perhaps among the values too."""
    for name in ("md5", "sha256", "sha1"):
        yield plan._replace(digest=_mac(name), salt_at="{text}")
        yield plan._replace(digest=_mac(name))


@ECPAY.recipe(
    text(
        "ecpay_hmac_pairs",
        zh="用了以 SALT 为密钥的 HMAC，签的是所有参数的 key=value；平台用 MD5，只签参数值，"
        "SALT 与值一起排序",
        en="it is an HMAC of key=value of all fields, with the SALT as its key; the platform's is"
        " a plain MD5 over the values alone, with the SALT sorted in",
    ),
    rank=RARE,
)
def mac_of_pairs(plan: EcpayPlan) -> EcpayPlans:
    """As other platforms sign: sorted pairs, app_id too."""
    every = plan._replace(order=by_name, entry=pair, unsigned=frozenset(("sign",)))
    for name in ("md5", "sha256", "sha1"):
        yield every._replace(digest=_mac(name), salt_at="{text}")


def _base64(message: bytes, salt: bytes) -> str:
    return base64.b64encode(hashlib.md5(message).digest()).decode()


def _short(message: bytes, salt: bytes) -> str:
    return hashlib.md5(message).hexdigest()[8:24]


def _url_safe(message: bytes, salt: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.md5(message).digest()).decode().rstrip("=")


def _hex_in_base64(message: bytes, salt: bytes) -> str:
    return base64.b64encode(hashlib.md5(message).hexdigest().encode()).decode()


def _without_zeros(message: bytes, salt: bytes) -> str:
    return "".join(f"{byte:x}" for byte in hashlib.md5(message).digest())


def _as_number(message: bytes, salt: bytes) -> str:
    return hashlib.md5(message).hexdigest().lstrip("0")


@ECPAY.recipe(
    text(
        "ecpay_other_form",
        zh="MD5 的写法不对（base64、16 位，或每个字节没有补零），应为 32 位小写十六进制",
        en="the MD5 is in base64, cut to 16 characters, or without the zero of a byte below 16; it"
        " is 32 characters of lower-case hex",
    )
)
def other_form(plan: EcpayPlan) -> EcpayPlans:
    """The right hash, written otherwise."""
    for digest in (_base64, _short, _url_safe, _hex_in_base64, _without_zeros, _as_number):
        yield plan._replace(digest=digest)
