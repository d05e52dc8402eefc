"""The encryption of userInfo, compared with the cipher alone."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

from benchmarks.bench import Bench
from benchmarks.inside import rates
from benchmarks.results import Measured, Row, at_least, ratios

ROWS: tuple[Row, ...] = (
    Row("sealed", "userInfo sealed (AES, sha1, JSON), by the cipher alone", at_least(0.7)),
    Row("user_info", "tt.getUserInfo as a whole, its session and its records"),
)


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Measure both in turn within one process."""
    size = bench.size
    found = bench.inside("sealing", rounds=size.rounds, repeats=size.repeats)
    for row in ROWS:
        if row.name in wanted:
            took, floor = 1e6 / max(found[row.name]), 1e6 / max(found["cipher"])
            note = f"{took:.1f} µs, the cipher {floor:.1f} µs"
            yield Measured(row.name, ratios(found[row.name], found["cipher"]), note)


def inside(rounds: int, repeats: int) -> dict[str, list[float]]:
    """Return calls per second of each, per round."""
    return rates(_acts(), rounds, repeats)


def _acts() -> dict[str, Callable[[], object]]:
    import msgspec
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    from benchmarks.contenders import stock
    from mockdouyin import Sandbox
    from mockdouyin.core import crypto
    from mockdouyin.domain.decryption import unseal
    from mockdouyin.domain.phone_number import Watermark
    from mockdouyin.phone.apis import RawData, SealedProfile

    box = Sandbox()
    stock.phone(box, "login")
    who = box.default.people.profile(box.default.people.first)
    about = (who.nickname, who.avatar, who.gender)
    raw = RawData(*about, who.city, who.province, who.country, "zh_CN")
    mark = Watermark(stock.PROGRAM.client_key, 1_800_000_000)
    open_id = "_000" + "a" * 32
    key, iv = bytes(range(16)), bytes(range(16, 32))
    text_key = base64.b64encode(key).decode()

    def sealed() -> tuple[str, str]:
        profile = SealedProfile(
            open_id, *about, who.country, who.province, who.city, "zh_CN", mark
        )
        text = msgspec.json.encode(raw).decode()
        data = crypto.seal(text_key, iv, msgspec.json.encode(profile))
        return crypto.user_info_signature(text, text_key), data

    plain = unseal(text_key, base64.b64encode(iv).decode(), sealed()[1])
    padded = plain + b"\x10" * (16 - len(plain) % 16)

    def cipher() -> object:
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        return encryptor.update(padded) + encryptor.finalize()

    def user_info() -> object:
        return stock.phone(box, "getUserInfo")

    return {"cipher": cipher, "sealed": sealed, "user_info": user_info}
