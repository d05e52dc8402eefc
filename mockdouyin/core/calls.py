"""Calls: the parameters that an endpoint reads, and one call of it while it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import msgspec

from mockdouyin.core._app_refusals import why_no_app, why_wrong_secret
from mockdouyin.core.absent import describe_absent
from mockdouyin.core.apps import App
from mockdouyin.core.credentials import why_nobody
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.http import Request
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import NOTHING, Text, TextTemplate
from mockdouyin.core.webhooks import emit
from mockdouyin.core.world import WorldState

if TYPE_CHECKING:
    from mockdouyin.core.endpoint import Endpoint

APP_KEYS = ("client_key", "appid", "app_id", "ma_app_id")
"""The wire's parameter names for an app's client_key."""

PROVIDER_KEYS = ("thirdparty_id", "thirdparty_component_id")
"""The wire's parameter names for a service provider (服务商)."""

CREDENTIALS = ("access_token", "refresh_token", "code", "anonymous_code", "link")
"""The wire's parameter names for credentials that we issued: their tag names the world."""


class Fields(msgspec.Struct, kw_only=True):
    """The parameters that an endpoint reads; omitted ones are empty."""

    FIRST_WHOSE: ClassVar[bool] = False
    """Whether the endpoint refuses what is malformed itself, once it knows whose call it is."""
    HINTS: ClassVar[Mapping[str, TextTemplate]] = {}
    """What else to say, after `{wrong}`, where a parameter has the wrong type."""


class TokenFields(Fields, kw_only=True):
    """Parameters of an endpoint that needs a token, which clients send in four places."""

    access_token: str = ""


class PersonFields(TokenFields, kw_only=True):
    """Parameters of an endpoint that acts on the token's person."""

    open_id: str = ""


F_co = TypeVar("F_co", bound=Fields, covariant=True)


class Call(Generic[F_co]):
    """One call of an endpoint: the request, its fields, and the world and unit it runs in."""

    __slots__ = (
        "app",
        "began",
        "denied",
        "endpoint",
        "fields",
        "now",
        "person",
        "problem",
        "request",
        "token",
        "unit",
        "world",
    )

    def __init__(
        self,
        endpoint: Endpoint,
        world: WorldState,
        unit: Unit,
        request: Request,
        fields: F_co,
        token: str,
        began: float,
        problem: Text = NOTHING,
    ) -> None:
        self.endpoint: Endpoint = endpoint
        self.world: WorldState = world
        self.unit: Unit = unit
        self.now: float = unit.now
        self.request: Request = request
        self.fields: F_co = fields
        self.token: str = token
        self.began: float = began
        """When its answer was begun, by `perf_counter`."""
        self.problem: Text = problem
        """Why the parameters could not all be read; those that could not are empty."""
        self.app: App | None = None
        """The calling app, once known; shown in the journal."""
        self.person: str = ""
        """The person whom the call is about, once known; shown in the journal."""
        self.denied: bool = False
        """Whether that person declined to consent; the journal shows the call as refused."""

    def emit(
        self,
        event: str,
        person: str,
        *,
        other: str | None = None,
        content: dict[str, Any] | None = None,
    ) -> None:
        """Send an event to the app's webhook when this call is committed."""
        if self.app is not None:
            details = content or {}
            emit(self.world, self.unit, self.app, event, person, other=other, content=details)

    def refuse_malformed(self) -> None:
        """Refuse the call if its parameters could not all be read."""
        if self.problem:
            raise DouyinError(self.endpoint.malformed, self.problem)

    def need(self, case: int | str, *names: str) -> None:
        """Refuse the call if one of these parameters is missing or empty."""
        for name in names:
            if not getattr(self.fields, name):
                why = self.problem or describe_absent(self.request, name)
                raise DouyinError(case, why, detail=f"{name} must have a value")

    def known_app(self, client_key: str, case: int | str) -> App:
        """Return the app with this key, or refuse the call."""
        app = self.world.app_of(client_key)
        if app is None:
            name = next(iter(self.endpoint.types.app_keys), APP_KEYS[0])
            if not client_key:
                raise DouyinError(case, describe_absent(self.request, name))
            raise DouyinError(case, why_no_app(self.world, self.unit, client_key))
        self.app = app
        return app

    def known_person(self, app: App, open_id: str, case: int | str) -> str:
        """Return the person whom the call is about by their open_id, or refuse the call."""
        person = self.world.people.owner(app, open_id)
        if person is None:
            raise DouyinError(case, why_nobody(self, app, open_id))
        self.person = person
        return person

    def authenticate(
        self, client_key: str, secret: str, bad_key: int | str, bad_secret: int | str
    ) -> App:
        """Return the app with this key and secret, or refuse the call."""
        app = self.known_app(client_key, bad_key)
        self.check_secret(app, secret, bad_secret)
        return app

    def check_secret(self, app: App, secret: str, case: int | str) -> None:
        """Refuse the call if the secret is not the app's; `why` says what was sent instead."""
        if secret == app.client_secret or app.any_secret:
            return
        raise DouyinError(case, why_wrong_secret(self.world, self.unit, app, secret))
