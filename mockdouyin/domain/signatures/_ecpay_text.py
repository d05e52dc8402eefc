"""Wrong recipes of guaranteed payment: how the values are put together, and hashed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, quote_plus

from mockdouyin.core.texts import text
from mockdouyin.domain.signatures._ecpay_order import by_name
from mockdouyin.domain.signatures._recipe import NameValue
from mockdouyin.domain.signatures._values import trimmed
from mockdouyin.domain.signatures.ecpay import ECPAY, EcpayPlan, EcpayPlans, by_value

# The SALT.


OTHER_SALT = text("ecpay_other_salt", zh="签名用的是{key}", en="it is signed with {key}")


@ECPAY.recipe(OTHER_SALT, key="…")
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
    )
)
def salt_not_sorted(plan: EcpayPlan) -> EcpayPlans:
    """The SALT after the values or before them, with or without a joint."""
    for place in ("{text}&{salt}", "{text}{salt}", "{salt}&{text}", "{salt}{text}"):
        yield plan._replace(salt_at=place)


@ECPAY.recipe(
    text(
        "ecpay_salt_named",
        zh="SALT 以 key=… 的形式拼在最后（微信支付的写法），应只把值与参数值一起排序",
        en="the SALT stands at the end as key=…, as in WeChat Pay; it is sorted in with the"
        " values, without a name",
    )
)
def salt_named(plan: EcpayPlan) -> EcpayPlans:
    """The SALT as one more pair."""
    for name in ("key", "salt", "SALT", "secret"):
        yield plan._replace(salt_at=f"{{text}}&{name}={{salt}}")


# How they are written together.


def pair(name: str, value: str) -> str:
    """Write a value after its name."""
    return f"{name}={value}"


def _as_written(write: Callable[[str, str], str], entry: NameValue) -> Any:
    return write(*entry).encode(errors="replace")


@ECPAY.recipe(
    text(
        "ecpay_key_value",
        zh="签了 key=value，应只签参数值",
        en="signed as key=value pairs; only the values are signed",
    )
)
def key_value(plan: EcpayPlan) -> EcpayPlans:
    """Pairs, sorted as such; the SALT is one of them, or stands alone."""

    def but_salt(name: str, value: str) -> str:
        return value if name == "salt" else f"{name}={value}"

    for entry in (pair, but_salt):
        written = plan._replace(entry=entry)
        if plan.order is by_value:
            yield written._replace(order=partial(_as_written, entry))
            yield written._replace(order=by_name)
        yield written


@ECPAY.recipe(
    text(
        "ecpay_wechat",
        zh="这是微信支付的算法（按参数名排序的 key=value，最后拼 &key=），"
        "抖音只签参数值，SALT 与值一起排序",
        en="this is WeChat Pay's way (key=value sorted by name, &key= at the end); Douyin signs"
        " the values alone, with the SALT sorted in",
    )
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
    paired=False,
)
def toutiao(plan: EcpayPlan) -> EcpayPlans:
    """Sorted pairs, app_id too, with the key right after them."""
    every = plan._replace(order=by_name, entry=pair, unsigned=frozenset(("sign",)))
    yield every._replace(salt_at="{text}{salt}")


@ECPAY.recipe(
    text(
        "ecpay_other_joint",
        zh="值之间没有用 & 连接",
        en="the values are not joined by &",
    )
)
def other_joint(plan: EcpayPlan) -> EcpayPlans:
    """Nothing or another character between the values."""
    for joint in ("", ",", "|", " ", "\n"):
        yield plan._replace(joint=joint)


@ECPAY.recipe(
    text(
        "ecpay_joint_left",
        zh="待签名字符串的首尾多了一个 &（循环拼接后没有去掉）",
        en="there is one & too many at the end or at the front, as a loop leaves it",
    )
)
def joint_left(plan: EcpayPlan) -> EcpayPlans:
    """A joint after the last value, or before the first."""
    for around in ("{}&", "&{}"):
        yield plan._replace(around=around.format(plan.around))


@ECPAY.recipe(
    text(
        "ecpay_line_end",
        zh="待签名字符串末尾多了换行（如 echo … | md5sum，应该用 printf '%s' 或 echo -n）",
        en="a line end was hashed with the text, as by echo … | md5sum; use printf '%s' or"
        " echo -n",
    )
)
def line_end(plan: EcpayPlan) -> EcpayPlans:
    """What is hashed ends as a line does."""
    yield plan._replace(around=plan.around + "\n")


def _plus(value: str) -> str:
    return quote_plus(trimmed(value))


def _percent(value: str) -> str:
    return quote(trimmed(value), safe="")


@ECPAY.recipe(
    text(
        "ecpay_url_encoded",
        zh="对 URL 编码后的值做了签名，应使用原值",
        en="the values are URL-encoded; they are signed as they are",
    )
)
def url_encoded(plan: EcpayPlan) -> EcpayPlans:
    """Percent signs for what is not a letter, with plus signs for blanks or without."""
    for encode in (_percent, _plus):
        yield plan._replace(tidy=encode)


@ECPAY.recipe(
    text(
        "ecpay_gbk",
        zh="待签名字符串按 GBK 编码，应为 UTF-8",
        en="the text is encoded as GBK; it is UTF-8 that is hashed",
    )
)
def gbk(plan: EcpayPlan) -> EcpayPlans:
    """Chinese characters in two bytes each."""
    yield plan._replace(charset="gb18030")


OTHER_CHARSET = text(
    "ecpay_other_charset",
    zh="待签名字符串按 {charset} 编码，应为 UTF-8（Java 用 getBytes(StandardCharsets.UTF_8)）",
    en="the text is encoded as {charset}; it is UTF-8 that is hashed, in Java by"
    " getBytes(StandardCharsets.UTF_8)",
)


@ECPAY.recipe(OTHER_CHARSET, paired=False, charset="ASCII / UTF-16")
def other_charset(plan: EcpayPlan) -> EcpayPlans:
    """Question marks for Chinese, as by Java where the locale has none; C#'s Unicode."""
    for name, charset in (("ASCII", "ascii"), ("UTF-16", "utf-16-le")):
        yield plan._replace(charset=charset, why=OTHER_CHARSET(charset=name))


def _decoded_twice(value: str) -> str:
    try:
        return trimmed(value).encode("latin-1").decode()
    except UnicodeError:
        return trimmed(value)


@ECPAY.recipe(
    text(
        "ecpay_encoded_twice",
        zh="发送的中文编码了两次（UTF-8 字节被当作 Latin-1 又编码了一次），变成了乱码",
        en="the text was encoded twice before it was sent: its UTF-8 was taken for Latin-1",
    ),
    paired=False,
)
def encoded_twice(plan: EcpayPlan) -> EcpayPlans:
    """Each byte of what was signed came as a character."""
    yield plan._replace(tidy=_decoded_twice)


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


@ECPAY.recipe(OTHER_HASH, algorithm="SHA1 / SHA256 / SHA512")
def other_hash(plan: EcpayPlan) -> EcpayPlans:
    """A longer digest."""
    for name in ("sha1", "sha256", "sha512"):
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
    paired=False,
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


@ECPAY.recipe(
    text(
        "ecpay_other_form",
        zh="MD5 的写法不对（base64 或 16 位），应为 32 位小写十六进制",
        en="the MD5 is in base64, or cut to 16 characters; it is 32 characters of lower-case hex",
    )
)
def other_form(plan: EcpayPlan) -> EcpayPlans:
    """The right hash, written otherwise."""
    for digest in (_base64, _short):
        yield plan._replace(digest=digest)
