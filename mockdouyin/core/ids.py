"""Derive every id, code, token, key and padding from the world's seed and name.

A value is a keyed hash of its purpose: the record that it belongs to, and how many values that
record was given before. So the same seed and world produce the same bytes in any process, and no
counter is shared. Every credential carries its world's tag, eight hex characters, at the head of
its random part: a token alone tells which world issued it.
"""

from __future__ import annotations

import base64
import hashlib

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_URL64 = _BASE62 + b"-_"
_LOWER36 = b"0123456789abcdefghijklmnopqrstuvwxyz"


def _table(alphabet: bytes) -> bytes:
    return bytes(alphabet[i % len(alphabet)] for i in range(256))


_TO_62, _TO_64, _TO_36, _TO_10 = map(_table, (_BASE62, _URL64, _LOWER36, b"0123456789"))

TAG_LENGTH = 8
"""Characters at the head of a credential's random part that identify its world."""

LOGIN_CODE_LENGTH = 123
"""Characters of a code of tt.login."""


class Ids:
    """One world's source of ids."""

    def __init__(self, seed: int, world: str) -> None:
        self._key = hashlib.sha256(f"mockdouyin\0{seed}\0{world}".encode()).digest()
        self.tag: str = self._raw("tag", 4).hex()
        self._upper_tag = self.tag.upper()

    def _raw(self, purpose: str, length: int) -> bytes:
        return hashlib.shake_128(self._key + purpose.encode()).digest(length)

    def raw(self, length: int, *purpose: object) -> bytes:
        """Return derived bytes; the purpose names the record and the count of its values."""
        return self._raw("\0".join(map(str, purpose)), length)

    def hex(self, length: int, *purpose: object) -> str:
        """Return lower-case hex characters."""
        return self.raw((length + 1) // 2, *purpose).hex()[:length]

    def base62(self, length: int, *purpose: object) -> str:
        """Return letters and digits."""
        return self.raw(length, *purpose).translate(_TO_62).decode()

    def url64(self, length: int, *purpose: object) -> str:
        """Return characters of the URL-safe base64 alphabet."""
        return self.raw(length, *purpose).translate(_TO_64).decode()

    def digits(self, length: int, *purpose: object) -> str:
        """Return decimal digits, the first of which is not 0."""
        text = self.raw(length, *purpose).translate(_TO_10).decode()
        return ("7" if text[0] == "0" else text[0]) + text[1:]

    def number(self, below: int, *purpose: object) -> int:
        """Return a number from 0 up to, but not including, `below`."""
        return int.from_bytes(self.raw(8, *purpose)) % below

    def uuid(self, *purpose: object) -> str:
        """Return a UUID of version 4."""
        octets = bytearray(self.raw(16, *purpose))
        octets[6] = octets[6] & 0x0F | 0x40  # the version
        octets[8] = octets[8] & 0x3F | 0x80  # the variant
        text = octets.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    # The shapes of Douyin's own values, as captured: see docs/platform.md, "Shapes".

    def open_id(self, *purpose: object) -> str:
        """Return an open_id: `_000` and 32 URL-safe characters."""
        return "_000" + self.url64(32, "open_id", *purpose)

    def login_code(self, *purpose: object) -> str:
        """Return 123 URL-safe characters, as tt.login and the phone button hand out."""
        return self.tag + self.url64(LOGIN_CODE_LENGTH - TAG_LENGTH, "login_code", *purpose)

    def session_key(self, *purpose: object) -> str:
        """Return a session_key: 16 bytes in base64."""
        return base64.b64encode(self.raw(16, "session_key", *purpose)).decode()

    def auth_code(self, *purpose: object) -> str:
        """Return the code of a consent: 16 hex characters, and 20 letters and digits."""
        tail = self.base62(20, "auth_code", *purpose)
        return self.tag + self.hex(8, "auth_code.head", *purpose) + tail

    def app_token(self, *purpose: object) -> str:
        """Return `08011218` and the hex of a base64 text of 16 bytes: it always ends in 3d3d."""
        text = self.tag + self.base62(13, "app_token", *purpose) + "g=="
        return "08011218" + text.encode().hex()

    def token(self, prefix: str, *purpose: object, long: bool = False) -> str:
        """Return an `act.`, `rft.` or `clt.` token, or a `bus_act.` or `bus_rft.` one.

        It has 32 hex characters and 28 letters and digits, or the long form of 2023.
        """
        if long:
            version = "2." if prefix == "clt" else "3."
            return f"{prefix}.{version}{self.tag}{self.url64(175, prefix, *purpose)}="
        raw = self.raw((32 - TAG_LENGTH) // 2 + 28, prefix, *purpose)
        head, tail = raw[:-28].hex(), raw[-28:].translate(_TO_62).decode()
        return f"{prefix}.{self.tag}{head}{tail}"

    def js_ticket(self, *purpose: object) -> str:
        """Return a JS ticket: 30 letters and digits."""
        return self.tag + self.base62(30 - TAG_LENGTH, "js_ticket", *purpose)

    def open_ticket(self, *purpose: object) -> str:
        """Return an open ticket: `@` and the base64 of a few bytes, 33 characters in all."""
        return "@" + self.tag + self.base62(21, "open_ticket", *purpose) + "g=="

    def sealed(self, length: int, *purpose: object) -> str:
        """Return `@` and bytes in base64, the form of the ids of videos, comments and messages."""
        return "@" + base64.b64encode(self.raw(length, *purpose)).decode()

    def snowflake(self, now: float, *purpose: object) -> str:
        """Return 19 digits, as orders and refunds have: the second, and 32 derived bits."""
        return str(int(now) << 32 | int.from_bytes(self.raw(4, "snowflake", *purpose)))

    def log_id(self, stamp: str, exchange: int) -> str:
        """Return a log id of 34 characters: Beijing's time to the second and 20 upper-case hex."""
        return f"{stamp}{self._upper_tag}{exchange:012X}"


def restore_plus_signs(sealed: str) -> str:
    """Return a sealed id with its `+` restored, which an unescaped query turns into spaces."""
    return sealed.replace(" ", "+")


def is_mangled(sealed: str) -> bool:
    """Whether a sealed id was sent in a query unescaped, or escaped twice."""
    return " " in sealed or "%" in sealed


def world_tag(credential: str) -> str:
    """Return the text where a credential of ours carries its world's tag, whoever issued it."""
    if credential.startswith(("act.", "rft.", "clt.", "bus_act.", "bus_rft.")):
        start = credential.index(".") + 1
        start += 2 if credential[start : start + 2] in ("2.", "3.") else 0
        return credential[start : start + TAG_LENGTH]
    if credential.startswith("isvact."):
        return credential[7 : 7 + TAG_LENGTH]
    if credential.startswith("08011218"):
        try:
            return bytes.fromhex(credential[8 : 8 + 2 * TAG_LENGTH]).decode("ascii")
        except ValueError:
            return ""
    return (
        credential[1 : 1 + TAG_LENGTH] if credential.startswith("@") else credential[:TAG_LENGTH]
    )
