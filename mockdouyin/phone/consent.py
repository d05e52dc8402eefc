"""Consent without a browser: what a person does on the consent page and with a QR code."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.texts import NOTHING
from mockdouyin.core.world import WorldState
from mockdouyin.domain import act_texts, oauth_qr
from mockdouyin.domain.consent import ConsentRequest, allow, check, denied, read_options, visitor
from mockdouyin.domain.grants import revoke as revoke_grant
from mockdouyin.phone._error_texts import NOTHING_GRANTED


class Consent(msgspec.Struct, forbid_unknown_fields=True):
    """What an app asks for, who answers, and how.

    应用申请什么，谁来回答，怎么回答。
    """

    client_key: str = ""
    """The app that asks; by default the web app.

    申请授权的应用，默认是网站应用。"""
    scope: str = "user_info"
    """The scopes that are asked for, with commas between.

    申请的 scope，用逗号隔开。"""
    optional_scope: str = ""
    """As `optionalScope` of the page: those with a 1 are granted, unless `tick` names others.

    与授权页的 `optionalScope` 相同：带 1 的会授予，除非 `tick` 另行指定。"""
    tick: list[str] | None = None
    """The optional scopes that the person ticks.

    用户勾选的可选 scope。"""
    redirect_uri: str = ""
    """Where to lead back; by default the app's first address.

    跳回的地址，默认是应用的第一个。"""
    state: str = ""
    """Goes back with the code, as it is.

    原样随 code 一起带回。"""
    person: str | None = None
    """Who answers; by default the first person.

    谁来回答，默认是第一个用户。"""
    decision: Literal["allow", "deny"] = "allow"
    """Allow, or deny.

    同意还是拒绝。"""


def authorize(world: WorldState, given: Consent) -> dict[str, Any]:
    """Answer the consent page for a person; return the address it redirects to, and the code."""
    app = world.find_app(given.client_key or None, "web")
    who = visitor(world, given.person or "")
    redirect_uri = given.redirect_uri or next(iter(app.redirect_uris), "")
    options = read_options(given.optional_scope)
    asked = ConsentRequest(app, given.scope, redirect_uri, given.state, options)
    unit = world.store.unit(world.clock.now())
    check(world, asked, unit.now)
    result: dict[str, Any]
    if given.decision == "deny":
        redirects = world.settings.on_denial == "redirect"
        result = {"location": denied(asked) if redirects else None, "code": None}
        kind, says = "consent.deny", act_texts.DECLINED(person=who)
        why = says
    else:
        location, code = allow(world, unit, asked, who, _ticked(given.tick, options))
        result = {"location": location, "code": code}
        scopes = list(asked.scopes)
        says = act_texts.ALLOWED(person=who, app=app.name, scopes=scopes)
        kind, why = "consent.allow", NOTHING
    unit.commit()
    world.note(
        unit,
        kind,
        says,
        app=app.client_key,
        person=who,
        why=why,
        given=_shown(given),
        result=result,
    )
    return result


def _shown(given: msgspec.Struct) -> Any:
    return msgspec.to_builtins(given)


def _ticked(named: list[str] | None, options: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    if named is not None:
        return tuple(named)
    return tuple(scope for scope, on in options if on)


class QrScan(msgspec.Struct, forbid_unknown_fields=True):
    """What a person's phone does with a QR code: scan it, and perhaps answer.

    用户的手机对二维码做什么：扫码，也可以直接回答。
    """

    token: str
    """The QR code's token.

    二维码的 token。"""
    person: str | None = None
    """Who scans; by default the first person.

    谁扫码，默认是第一个用户。"""
    decision: Literal["allow", "deny"] | None = None
    """Also answer: allow, or deny.

    同时回答：同意还是拒绝。"""
    tick: list[str] | None = None
    """The optional scopes that are granted; by default those that are ticked at first.

    授予的可选 scope，默认是一开始就勾选的。"""


def scan(world: WorldState, given: QrScan) -> dict[str, Any]:
    """Scan a QR code of /oauth/get_qrcode/ on a person's phone; answer if `decision` is set."""
    who = visitor(world, given.person or "")
    unit = world.store.unit(world.clock.now())
    code = oauth_qr.open_code(unit, given.token)
    if given.decision == "allow":
        ticked = _ticked(given.tick, code.optional)
        code = oauth_qr.confirm(world, unit, given.token, who, ticked)
    elif given.decision == "deny":
        code = oauth_qr.refuse(unit, given.token, who)
    else:
        code = oauth_qr.scan(unit, given.token, code, who)
    unit.commit()
    result = {
        "status": code.status,
        "person": who,
        "code": code.code or None,
        "location": code.location or None,
    }
    says = act_texts.SCANNED(person=who, app=world.find_app(code.app).name, status=code.status)
    world.note(
        unit,
        "consent.scan",
        says,
        app=code.app,
        person=who,
        given=_shown(given),
        result=result,
    )
    return result


class Revocation(msgspec.Struct, forbid_unknown_fields=True):
    """Which person revokes what they granted which app.

    哪个用户取消对哪个应用的授权。
    """

    client_key: str = ""
    """The app; by default the web app.

    应用，默认是网站应用。"""
    person: str | None = None
    """The person; by default the first one.

    用户，默认是第一个。"""


def revoke(world: WorldState, given: Revocation) -> dict[str, Any]:
    """Revoke what a person granted an app: its tokens are invalid at once."""
    app = world.find_app(given.client_key or None, "web")
    who = visitor(world, given.person or "")
    unit = world.store.unit(world.clock.now())
    revoked = revoke_grant(world, unit, app, who)
    unit.commit()
    if revoked is None:
        raise NotFoundError(NOTHING_GRANTED(who=who, app=app.name))
    says = act_texts.REVOKED(person=who, app=app.name, scopes=list(revoked.scopes))
    world.note(unit, "consent.revoke", says, app=app.client_key, person=who)
    return {"revoked": True, "person": who, "scopes": list(revoked.scopes)}
