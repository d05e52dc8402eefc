"""Every signature and cipher of which known input and output exist, and RSA by two other tools."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from mockdouyin.core import crypto, resources
from mockdouyin.core.ids import Ids
from mockdouyin.domain.decryption import unseal
from mockdouyin.domain.signatures import Keys, ecpay
from tests.support.ecpay import sign
from tests.support.helpers import need

VECTORS: list[dict[str, Any]] = json.loads(resources.text("vectors.json"))["vectors"]


def _seal(session_key: str, iv: str, plain: str) -> str:
    return crypto.seal(session_key, base64.b64decode(iv), plain.encode())


def _payment(params: dict[str, Any], salt: str) -> str:
    right = ecpay.plans(params, Keys((salt,)))[0].signature()
    assert sign(params, salt) == right  # what the tests sign with is the same rule
    return right


def _webhook(secret: str, body: str) -> str:
    return crypto.webhook_signature(secret, body.encode())


def _login_state(session_key: str, body: str) -> str:
    return crypto.login_state_signatures(session_key, "POST", "/any/path", body.encode())[0]


def _token_by_rule(**given: str) -> str:
    text = base64.b64encode(given["bytes"].encode())
    return (b"\x08\x01\x12\x18" + text).hex()


def _rsa(private_key: str, message: str) -> str:
    return crypto.rsa_signature(private_key, message.encode())


RULES: dict[str, Callable[..., str]] = {
    "payment_sign": _payment,
    "callback_signature": crypto.callback_signature,
    "login_state_signature": _login_state,
    "push_signature": crypto.push_signature,
    "user_info_signature": crypto.user_info_signature,
    "seal": _seal,
    "app_token": _token_by_rule,
    "webhook_signature": _webhook,
    "wallet_signature": crypto.wallet_signature,
    "seal_mobile": crypto.seal_mobile,
    "js_signature": crypto.js_signature,
    "share_signature": crypto.share_signature,
    "rsa_signature": _rsa,
}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector(vector: dict[str, Any]) -> None:
    """The rule gives the known output for the known input."""
    assert RULES[vector["rule"]](**vector["given"]) == vector["gives"]


def test_every_rule_has_a_vector() -> None:
    """No rule of signing or sealing is without a vector, and no vector is there twice."""
    assert {vector["rule"] for vector in VECTORS} == set(RULES)
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS)


def test_app_token_is_of_the_known_format() -> None:
    """An app token of ours reads like the vector: 56 hex around a base64 text of 16 bytes."""
    known = next(v["gives"] for v in VECTORS if v["rule"] == "app_token")

    for token in (known, Ids(0, "w").app_token("tt01", "ladder", 0)):
        assert re.fullmatch("08011218[0-9a-f]{48}", token)
        text = bytes.fromhex(token[8:])
        assert len(base64.b64decode(text, validate=True)) == 16
        assert base64.b64encode(base64.b64decode(text)) == text


def test_sealed_data_opens() -> None:
    """What a vector sealed, `unseal` opens."""
    vector = next(v for v in VECTORS if v["rule"] == "seal")

    plain = unseal(vector["given"]["session_key"], vector["given"]["iv"], vector["gives"])

    assert plain.decode() == vector["given"]["plain"]


def test_newer_login_state_rule() -> None:
    """The newer rule signs method, escaped path and body; GET has no body."""
    key, path = "724edcafc423d167724edcbe", "/api/apps/check"
    by_hand = hmac_hex(key, b"post&%2Fapi%2Fapps%2Fcheck&{}")

    assert crypto.login_state_signatures(key, "POST", path, b"{}")[1] == by_hand
    assert crypto.login_state_signatures(key, "GET", path, b"{}") == (
        hmac_hex(key, b""),
        hmac_hex(key, b"get&%2Fapi%2Fapps%2Fcheck"),
    )


def hmac_hex(key: str, message: bytes) -> str:
    """Return HMAC-SHA256 by its definition, without the module that the package uses."""
    block = key.encode().ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in block) + message).digest()
    return hashlib.sha256(bytes(b ^ 0x5C for b in block) + inner).hexdigest()


def test_a_fragment_is_not_signed() -> None:
    """The address that the JS SDK signs ends before its fragment."""
    vector = next(v for v in VECTORS if v["rule"] == "js_signature")
    given = {**vector["given"], "url": vector["given"]["url"] + "#/page"}

    assert crypto.js_signature(**given) == vector["gives"]


PLAIN = b'{"phoneNumber":"13800138000","purePhoneNumber":"13800138000"}'


def _sealed() -> bytes:
    """Seal with the demo key; the padding has zeros to be replaced."""
    public = resources.text("demo_public_key.pem")
    return base64.b64decode(
        crypto.rsa_seal(public, PLAIN, lambda n: bytes(i % 5 for i in range(n)))
    )


def test_rsa_opens_with_cryptography() -> None:
    """What is sealed with the demo public key opens with the demo private key."""
    key = load_pem_private_key(resources.text("demo_private_key.pem").encode(), None)

    assert isinstance(key, RSAPrivateKey)
    assert key.decrypt(_sealed(), padding.PKCS1v15()) == PLAIN


def test_rsa_opens_with_openssl(tmp_path: Path) -> None:
    """What is sealed with the demo public key opens with the openssl command."""
    need(shutil.which("openssl"), "install the openssl command")
    (tmp_path / "sealed").write_bytes(_sealed())
    private = resources.folder("fixtures") / "demo_private_key.pem"

    opened = subprocess.run(
        ["openssl", "pkeyutl", "-decrypt", "-inkey", private, "-in", tmp_path / "sealed"],
        check=True,
        capture_output=True,
    )

    assert opened.stdout == PLAIN
