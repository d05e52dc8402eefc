"""What expires: for each kind of records, what of it is worth telling, and to whom it belongs.

Every kind whose end a client notices is declared here, once. Whoever wants to know what expires
next, what has expired, or which credentials are valid reads tables by these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, Literal, NamedTuple, TypeVar

from mockdouyin.core.credentials import CredentialKind
from mockdouyin.core.links import Link
from mockdouyin.core.store import FOREVER, Record, RecordKey, Unit
from mockdouyin.core.texts import Text, text
from mockdouyin.core.world import WorldState
from mockdouyin.domain import tickets, tokens, uploads
from mockdouyin.domain.app_links import AppLink
from mockdouyin.domain.bills import FILE_LIFETIME, BillFile
from mockdouyin.domain.grants import AuthCode, Authorization, RefreshToken, UserToken
from mockdouyin.domain.jump_links import JumpLink
from mockdouyin.domain.logins import (
    PHONE_CODE_LIFETIME,
    SESSION_LIFETIME,
    LoginCode,
    PhoneCode,
    Session,
)
from mockdouyin.domain.merchants import LINK_LIFETIME, MerchantLink
from mockdouyin.domain.oauth_qr import QrCode
from mockdouyin.domain.orders import OpenOrder
from mockdouyin.domain.share_ids import LIFETIME, Share

R = TypeVar("R", bound=Record)

ExpiryGroup = Literal["code", "token", "ticket", "session", "share", "link", "upload", "order"]
"""What expires, roughly."""

_TICKETS_LOOKED_AT = 20
"""An app's newest open tickets that one is looked for among: they all have numbers for keys."""

QR_CODE = text("expiry_qr_code", zh="授权二维码", en="a QR code of consent")
SHARE = text("expiry_share", zh="分享的 share_id", en="a share_id")
JUMP_LINK = text("expiry_jump_link", zh="跳转链接", en="a link into the app")
OPEN_ORDER = text("expiry_open_order", zh="待支付订单", en="an order to be paid")
MERCHANT_LINK = text("expiry_merchant_link", zh="商户页面的链接", en="a link to a merchant's page")
APP_LINK = text("expiry_app_link", zh="小程序链接", en="a link into a mini-app")
BILL_FILE = text("expiry_bill_file", zh="账单的下载链接", en="a link to a bill")
UPLOAD = text("expiry_upload", zh="已上传的文件", en="an uploaded file")
PART_UPLOAD = text("expiry_part_upload", zh="分片上传", en="an upload in parts")


class Ending(NamedTuple):
    """One thing that expires."""

    at: float
    """The world's time from which it no longer counts."""
    name: str
    """What it is: `user_token`, `login_code`, …"""
    what: Text
    """The same in words."""
    lifetime: float
    """For how many seconds it counts, from when that was last decided."""
    value: str = ""
    """The credential itself."""
    scopes: tuple[str, ...] | None = None
    """What it permits, if a person granted that."""
    superseded: bool = False
    """Whether a newer one was issued, which leaves it some minutes."""
    link: Link | None = None
    """What it belongs to."""


class Expiring(Generic[R]):
    """What one kind of records tells of its end.

    `ends` and `name` are asked of every record of a table, so they only look at the record.
    """

    needs_others: ClassVar[bool] = False
    """Whether another record decides if one is void."""
    ends_in_parts: ClassVar[bool] = False
    """Whether a record holds several things, each with an end of its own."""

    def __init__(self, kind: type[R], group: ExpiryGroup, name: str) -> None:
        self.kind = kind
        self.group: ExpiryGroup = group
        self._name = name

    def name(self, record: R) -> str:
        """Return what it is that expires."""
        return self._name

    def first_end(self, record: R, now: float) -> float:
        """Return when the first thing of a record ends after now; FOREVER if none matters."""
        return FOREVER if getattr(record, "used", False) else record.expires

    def ends(self, record: R) -> tuple[float, ...]:
        """Return when each thing of a record ends."""
        return (record.expires,)

    def find(self, unit: Unit, value: str, app: str, person: str) -> tuple[str, R] | None:
        """Return the key and the record of a credential, expired or not, if it is of this kind.

        App and person are those of the call that has it, where records are found by these alone.
        """
        record = unit.find(self.kind, value)
        return None if record is None else (value, record)

    def owner(self, key: str, record: R) -> tuple[str, str]:
        """Return the client_key of its app, and its person if it has one."""
        own: Any = record
        return own.app, getattr(own, "person", "")

    def needed(self, key: str, record: R) -> RecordKey | None:
        """Return which record `is_void` or `endings` reads beside it, if there is one."""
        return None

    def is_void(self, unit: Unit, record: R) -> bool:
        """Whether it does not count any more, though it has not expired."""
        return False

    def endings(self, world: WorldState, unit: Unit, key: str, record: R) -> Iterator[Ending]:
        """Yield what ends with it."""
        raise NotImplementedError


class _Credentials(Expiring[R]):
    """Codes, tokens and the like, which refusals name in the same words."""

    def _ending(self, record: R, at: float, lifetime: float, **more: Any) -> Ending:
        name = self.name(record)
        return Ending(at, name, CredentialKind[name.upper()].value(), float(lifetime), **more)


class _Codes(_Credentials[Any]):
    """Codes of tt.login, the phone-number button and the consent page; a used one is over."""

    def endings(self, world: WorldState, unit: Unit, key: str, record: Any) -> Iterator[Ending]:
        lifetime: float = world.settings.login_code_lifetime
        if self.kind is AuthCode:
            lifetime = world.settings.auth_code_lifetime
        elif self.kind is PhoneCode:
            lifetime = PHONE_CODE_LIFETIME
        yield self._ending(record, record.expires, lifetime, value=key, link=record.link)


class _LoginCodes(_Codes):
    """Codes of tt.login, of both kinds."""

    def name(self, record: LoginCode) -> str:
        return "anonymous_code" if record.anonymous else "login_code"


class _QrCodes(Expiring[QrCode]):
    """QR codes that nobody has answered."""

    def first_end(self, record: QrCode, now: float) -> float:
        return record.expires if record.status in ("new", "scanned") else FOREVER

    def endings(self, world: WorldState, unit: Unit, key: str, record: QrCode) -> Iterator[Ending]:
        lifetime = float(world.settings.qr_code_lifetime)
        yield Ending(record.expires, self._name, QR_CODE(), lifetime, value=key, link=record.link)


class _Sessions(_Credentials[Session]):
    """Sessions with a key; what only counts logins has none."""

    def first_end(self, record: Session, now: float) -> float:
        return record.expires if record.key else FOREVER

    def find(self, unit: Unit, value: str, app: str, person: str) -> tuple[str, Session] | None:
        key = f"{app} {person}"
        record = unit.find(Session, key)
        return (key, record) if record is not None and record.key == value else None

    def owner(self, key: str, record: Session) -> tuple[str, str]:
        app, _, person = key.partition(" ")
        return app, person

    def endings(
        self, world: WorldState, unit: Unit, key: str, record: Session
    ) -> Iterator[Ending]:
        more = {
            "value": record.key,
            "link": Link("login", *self.owner(key, record), record.logins),
        }
        yield self._ending(record, record.expires, SESSION_LIFETIME, **more)


class _AppTokens(_Credentials[tokens.AppToken]):
    """App tokens and client tokens, with the superseded ones that still count."""

    def name(self, record: tokens.AppToken) -> str:
        return f"{record.kind}_token"

    def endings(
        self, world: WorldState, unit: Unit, key: str, record: tokens.AppToken
    ) -> Iterator[Ending]:
        over = record.superseded
        lifetime = tokens.OVERLAP if over else tokens.lifetime(world, record.kind)
        yield self._ending(record, record.expires, lifetime, value=key, superseded=over)


class _UserTokens(_Credentials[Any]):
    """User tokens and refresh tokens; those of a revoked consent are void."""

    needs_others = True

    def needed(self, key: str, record: Any) -> RecordKey | None:
        return Authorization, record.authorization

    def is_void(self, unit: Unit, record: Any) -> bool:
        return bool(record.is_revoked(unit))

    def endings(self, world: WorldState, unit: Unit, key: str, record: Any) -> Iterator[Ending]:
        lifetime = world.settings.user_token_lifetime
        if self.kind is RefreshToken:
            lifetime = world.settings.refresh_token_lifetime
        more = {"value": key, "scopes": record.scopes, "link": record.link}
        yield self._ending(record, record.expires, lifetime, **more)


class _JsTickets(_Credentials[tickets.JsTicket]):
    """An app's JS ticket, and the one before while it counts: both in one record."""

    ends_in_parts = True

    def first_end(self, record: tickets.JsTicket, now: float) -> float:
        return min((end for end in self.ends(record) if end > now), default=record.expires)

    def ends(self, record: tickets.JsTicket) -> tuple[float, ...]:
        return (*(end for _, end in record.older), record.expires)

    def find(
        self, unit: Unit, value: str, app: str, person: str
    ) -> tuple[str, tickets.JsTicket] | None:
        record = unit.find(tickets.JsTicket, app)
        if record is None or value not in (record.ticket, *(older for older, _ in record.older)):
            return None
        return app, record

    def owner(self, key: str, record: tickets.JsTicket) -> tuple[str, str]:
        return key, ""

    def endings(
        self, world: WorldState, unit: Unit, key: str, record: tickets.JsTicket
    ) -> Iterator[Ending]:
        for value, at in record.older:
            yield self._ending(record, at, tickets.BUFFER, value=value, superseded=True)
        lifetime = world.settings.ticket_lifetime
        yield self._ending(record, record.expires, lifetime, value=record.ticket)


class _OpenTickets(_Credentials[tickets.OpenTicket]):
    """An app's open tickets: the newest one, and those that it superseded."""

    def find(
        self, unit: Unit, value: str, app: str, person: str
    ) -> tuple[str, tickets.OpenTicket] | None:
        issued = unit.find(tickets.OpenTickets, app)
        newest = issued.count if issued is not None else 0
        for number in range(newest, max(0, newest - _TICKETS_LOOKED_AT), -1):
            record = unit.find(tickets.OpenTicket, key := f"{app} {number}")
            if record is not None and record.ticket == value:
                return key, record
        return None

    def owner(self, key: str, record: tickets.OpenTicket) -> tuple[str, str]:
        return key.rpartition(" ")[0], ""

    def needed(self, key: str, record: tickets.OpenTicket) -> RecordKey | None:
        return tickets.OpenTickets, key.rpartition(" ")[0]

    def endings(
        self, world: WorldState, unit: Unit, key: str, record: tickets.OpenTicket
    ) -> Iterator[Ending]:
        app, _, number = key.rpartition(" ")
        issued = unit.find(tickets.OpenTickets, app)
        over = issued is not None and int(number) < issued.count
        lifetime = tickets.BUFFER if over else world.settings.ticket_lifetime
        more = {"value": record.ticket, "superseded": over}
        yield self._ending(record, record.expires, lifetime, **more)


class _Others(Expiring[Any]):
    """Shares, links and uploads, which all end after a fixed time."""

    def __init__(
        self, kind: type[Record], group: ExpiryGroup, what: Text, lifetime: float
    ) -> None:
        super().__init__(kind, group, group)
        self._what = what
        self._lifetime = lifetime

    def endings(self, world: WorldState, unit: Unit, key: str, record: Any) -> Iterator[Ending]:
        link = getattr(record, "link", None)
        yield Ending(record.expires, self._name, self._what, self._lifetime, key, link=link)


_DECLARED: tuple[Expiring[Any], ...] = (
    _LoginCodes(LoginCode, "code", "login_code"),
    _Codes(PhoneCode, "code", "phone_code"),
    _Codes(AuthCode, "code", "auth_code"),
    _QrCodes(QrCode, "code", "qr_code"),
    _Sessions(Session, "session", "session_key"),
    _AppTokens(tokens.AppToken, "token", "app_token"),
    _UserTokens(UserToken, "token", "user_token"),
    _UserTokens(RefreshToken, "token", "refresh_token"),
    _JsTickets(tickets.JsTicket, "ticket", "js_ticket"),
    _OpenTickets(tickets.OpenTicket, "ticket", "open_ticket"),
    _Others(Share, "share", SHARE(), LIFETIME),
    _Others(OpenOrder, "order", OPEN_ORDER(), FOREVER),
    _Others(MerchantLink, "link", MERCHANT_LINK(), LINK_LIFETIME),
    _Others(BillFile, "link", BILL_FILE(), FILE_LIFETIME),
    _Others(AppLink, "link", APP_LINK(), FOREVER),
    _Others(JumpLink, "link", JUMP_LINK(), FOREVER),
    _Others(uploads.Upload, "upload", UPLOAD(), uploads.UPLOAD_RETENTION),
    _Others(uploads.PartUpload, "upload", PART_UPLOAD(), uploads.PART_UPLOAD_LIFETIME),
)

EXPIRING: dict[type[Record], Expiring[Any]] = {each.kind: each for each in _DECLARED}
"""What is told of each kind of records whose end a client notices."""

CREDENTIALS: tuple[Expiring[Any], ...] = tuple(
    each for each in _DECLARED if each.group in ("token", "ticket")
)
"""The kinds of tokens and tickets."""
