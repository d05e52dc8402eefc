"""What cannot be opened says why: which part is wrong, and what it is instead."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from mockdouyin import MockDouyinError
from mockdouyin.core import crypto, resources
from mockdouyin.domain.decryption import unseal, unseal_mobile, unseal_phone_number

KEY = base64.b64encode(b"0123456789abcdef").decode()
OTHER_KEY = base64.b64encode(b"fedcba9876543210").decode()
IV = base64.b64encode(b"abcdefghijklmnop").decode()
PLAIN = b'{"phoneNumber":"13800138000","purePhoneNumber":"13800138000","countryCode":"86"}'
DATA = crypto.seal(KEY, b"abcdefghijklmnop", PLAIN)

SECRET = "0123456789abcdef0123456789abcdef"
OTHER_SECRET = "fedcba9876543210fedcba9876543210"
MOBILE = crypto.seal_mobile(SECRET, "13800138000")


def _cut(text: str, count: int) -> str:
    return base64.b64encode(base64.b64decode(text)[:count]).decode()


def twice(text: str) -> str:
    """Encode in base64 what is base64 already."""
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("key", "iv", "data", "says"),
    [
        ("no base64!", IV, DATA, "the session_key is not base64"),
        (_cut(KEY, 12), IV, DATA, "the session_key is 12 bytes after base64, it should be 16"),
        (OTHER_KEY, IV, DATA, "the session_key does not fit the data"),
        (KEY, "键", DATA, "the iv is not base64"),
        (KEY, _cut(IV, 8), DATA, "the iv is 8 bytes after base64"),
        (KEY, KEY, DATA, "the iv does not fit the data"),
        (KEY, IV, DATA[:-2], "the data is not base64"),
        (KEY, IV, "ab cd" + DATA, "the data is not base64; its [+] became a space on the way"),
        (KEY, IV, _cut(DATA, 20), "the data is 20 bytes after base64, it should be a multiple"),
        (KEY, IV, "", "the data is 0 bytes after base64"),
    ],
)
def test_unseal_names_the_wrong_part(key: str, iv: str, data: str, says: str) -> None:
    """A failure to open names the part that is wrong."""
    with pytest.raises(MockDouyinError, match=says):
        unseal(key, iv, data)


def test_a_wrong_byte_in_the_iv_is_noticed() -> None:
    """An iv that differs in its second byte is noticed, though the text still begins as JSON."""
    iv = base64.b64encode(b"aBcdefghijklmnop").decode()

    with pytest.raises(MockDouyinError, match="the iv does not fit"):
        unseal(KEY, iv, DATA)


def test_a_failure_does_not_show_the_key() -> None:
    """No message repeats the key that was tried."""
    with pytest.raises(MockDouyinError) as caught:
        unseal(KEY[:-1] + "!", IV, DATA)

    assert KEY[:8] not in str(caught.value)


def sealed_with(key: bytes, iv: bytes) -> tuple[str, str, str]:
    """Seal with a key and an iv whose base64 has every special character."""
    text = base64.b64encode(key).decode()
    return text, base64.b64encode(iv).decode(), crypto.seal(text, iv, PLAIN)


SPECIAL = sealed_with(b"\xfb\xef\xbe\xff\xff\xff" + b"k" * 10, b"\xfb\xff\xbf" + b"i" * 13)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ((IV, KEY, DATA), "the session_key and the iv are swapped"),
        ((DATA, IV, KEY), "the session_key and the data are swapped"),
        ((KEY, DATA, IV), "the iv and the data are swapped"),
        ((twice(KEY), IV, DATA), "the session_key is base64 of base64"),
        ((KEY, twice(IV), DATA), "the iv is base64 of base64"),
        ((KEY, IV, twice(DATA)), "the data is base64 of base64"),
        (tuple(quote(part, safe="") for part in SPECIAL), "the parts are still URL-encoded"),
        (tuple(part.replace("+", " ") for part in SPECIAL), "the [+] of base64 became a space"),
        (
            tuple(part.replace("+", "-").replace("/", "_") for part in SPECIAL),
            "the parts are in URL-safe base64",
        ),
        ((SECRET, IV, MOBILE), "is an encrypt_mobile, and the session_key a client_secret"),
        ((SECRET, IV, DATA), "the session_key looks like a client_secret"),
        ((SECRET + "01234567", IV, DATA), "the session_key looks like a client_secret"),
        ((KEY, IV, MOBILE), "only 16 bytes: encrypt_mobile is as short"),
    ],
)
def test_parts_that_were_mixed_up_are_named(parts: tuple[str, str, str], says: str) -> None:
    """Swapped, twice encoded, URL-encoded and foreign parts are called what they are."""
    with pytest.raises(MockDouyinError, match=says) as caught:
        unseal(*parts)

    assert "logged in again" not in str(caught.value)


def test_every_special_character_opens_as_it_is() -> None:
    """The parts with + and / in them open when they arrive whole."""
    assert unseal(*SPECIAL) == PLAIN


def test_a_phone_number_by_code_is_not_another_login() -> None:
    """Data as long as an RSA ciphertext is told to open with the private key."""
    number = crypto.rsa_seal(resources.text("demo_public_key.pem"), PLAIN, lambda n: b"p" * n)

    with pytest.raises(MockDouyinError, match="a phone number by code .* --private-key"):
        unseal(KEY, IV, number)


@pytest.mark.parametrize("number", range(64))
def test_another_key_is_never_told_to_be_a_wrong_iv(number: int) -> None:
    """Padding that is right by chance does not make a wrong key a wrong iv."""
    wrong = base64.b64encode(bytes([number]) * 16).decode()

    with pytest.raises(MockDouyinError, match="the session_key does not fit the data"):
        unseal(wrong, IV, DATA)


def test_padding_that_is_right_by_chance() -> None:
    """A key that opens to well-padded rubbish is a wrong key, not a wrong iv."""
    rubbish = crypto.seal(KEY, b"abcdefghijklmnop", b"\xff\xfe" * 24)

    with pytest.raises(MockDouyinError, match="the session_key does not fit the data"):
        unseal(KEY, IV, rubbish)


# encrypt_mobile.


def test_a_mobile_number_opens_with_the_secret() -> None:
    """An encrypt_mobile opens with the secret it was sealed with, a mini-app's of 40 too."""
    assert unseal_mobile(SECRET, MOBILE) == "13800138000"
    long = SECRET + "01234567"
    assert unseal_mobile(long, crypto.seal_mobile(long, "13800138000")) == "13800138000"


@pytest.mark.parametrize(
    ("secret", "data", "says"),
    [
        (OTHER_SECRET, MOBILE, "the client_secret does not fit the data: it is another app's"),
        (SECRET, twice(MOBILE), "the data is base64 of base64"),
        (SECRET, "no base64!", "the data is not base64"),
        (SECRET, _cut(MOBILE, 5), "the data is 5 bytes after base64"),
        (SECRET, DATA, "an encryptedData opens with --session-key"),
        ("short", MOBILE, "the client_secret has 5 characters"),
    ],
)
def test_a_mobile_number_that_does_not_open(secret: str, data: str, says: str) -> None:
    """What does not open says which part is wrong, and never repeats the secret."""
    with pytest.raises(MockDouyinError, match=says) as caught:
        unseal_mobile(secret, data)

    assert secret not in str(caught.value)


# The phone number by code.

PRIVATE = resources.text("demo_private_key.pem")
NUMBER = crypto.rsa_seal(resources.text("demo_public_key.pem"), PLAIN, lambda n: b"p" * n)
ANOTHER = rsa.generate_private_key(65537, 2048).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
)
CURVE = ec.generate_private_key(ec.SECP256R1())


def test_a_phone_number_opens_with_the_private_key() -> None:
    """A phone number by code opens with the pair of the app's public key."""
    assert unseal_phone_number(PRIVATE, NUMBER) == PLAIN


@pytest.mark.parametrize(
    ("key", "data", "says"),
    [
        (ANOTHER.decode(), NUMBER, "the private key does not fit the data"),
        (PRIVATE, twice(NUMBER), "the data is base64 of base64"),
        (PRIVATE, MOBILE, "the data is 16 bytes after base64, a key of 2048 bits seals to 256"),
        (resources.text("demo_public_key.pem"), NUMBER, "is not an unencrypted PEM private key"),
        ("", NUMBER, "is not an unencrypted PEM private key"),
        (
            CURVE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            NUMBER,
            "the private key is not an RSA key",
        ),
    ],
)
def test_a_phone_number_that_does_not_open(key: str, data: str, says: str) -> None:
    """A key that does not fit, is not one, or data of another length is named."""
    with pytest.raises(MockDouyinError, match=says):
        unseal_phone_number(key, data)
