"""What cannot be opened, sealed or read says why."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mockdouyin import MockDouyinError
from mockdouyin.core import crypto, resources
from tests.support.ecpay import sign


@pytest.mark.parametrize(
    ("value", "like"),
    [(2.0, "2"), (7, "7"), (True, "true"), ('" quoted "', "quoted"), (" spaced ", "spaced")],
)
def test_payment_values_are_spelled_as_json(value: object, like: str) -> None:
    """A value is signed as Douyin spells it: no `.0`, lower-case true, quotes and spaces gone."""
    assert sign({"a": value}, "salt") == sign({"a": like}, "salt")


@pytest.mark.parametrize("value", [None, "", "null", '""', "  "])
def test_empty_payment_values_are_not_signed(value: object) -> None:
    """Null and empty values do not take part in a payment's sign; zero does."""
    empty = sign({}, "salt")

    assert sign({"a": value}, "salt") == empty
    assert sign({"a": 0}, "salt") != empty


def test_a_secret_of_a_mini_app_seals_a_mobile_number() -> None:
    """A secret of 40 characters is a key by its first 32, a short one is filled up."""
    long = "0123456789abcdef0123456789abcdef01234567"

    assert crypto.seal_mobile(long, "13800138000") == "RJRBlQT3IEhRh6PPOsIyEw=="
    assert crypto.seal_mobile("short", "138") == crypto.seal_mobile("short" + "0" * 27, "138")


def test_rsa_needs_a_pem_public_key() -> None:
    """A public key that is not PEM, or not RSA, is refused with what to do."""
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    pem = curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    with pytest.raises(MockDouyinError, match="not a PEM public key; write it with its BEGIN"):
        crypto.load_public_key("MIIBIjANBgkqhkiG9w0")
    with pytest.raises(MockDouyinError, match="not an RSA key"):
        crypto.load_public_key(pem)


def test_rsa_refuses_what_does_not_fit() -> None:
    """More bytes than one block of the key holds are refused, with both sizes."""
    small = rsa.generate_private_key(65537, 1024).public_key()
    pem = small.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    with pytest.raises(MockDouyinError, match="118 bytes do not fit an RSA key of 1024 bits"):
        crypto.rsa_seal(pem, b"x" * 118, bytes)
    assert len(base64.b64decode(crypto.rsa_seal(pem, b"x" * 117, bytes))) == 128


def test_rsa_padding_is_derived() -> None:
    """The same padding gives the same bytes, other padding others."""
    public = resources.text("demo_public_key.pem")

    assert crypto.rsa_seal(public, b"x", bytes) == crypto.rsa_seal(public, b"x", bytes)
    assert crypto.rsa_seal(public, b"x", bytes) != crypto.rsa_seal(public, b"x", b"\2".__mul__)
