"""Whom a credential is about: the person and the login or consent that it belongs to."""

from __future__ import annotations

from mockdouyin.core.store import Unit
from mockdouyin.domain.grants import AuthCode, RefreshToken, UserToken
from mockdouyin.domain.logins import LoginCode, PhoneCode

PersonalCredential = LoginCode | PhoneCode | AuthCode | UserToken | RefreshToken

_KINDS: tuple[type[PersonalCredential], ...] = (
    LoginCode,
    PhoneCode,
    AuthCode,
    UserToken,
    RefreshToken,
)


def find_credential(unit: Unit, credential: str) -> PersonalCredential | None:
    """Return the record of a code or token that was issued for a person, valid or not."""
    for kind in _KINDS:
        record = unit.find(kind, credential)
        if record is not None:
            return record
    return None
