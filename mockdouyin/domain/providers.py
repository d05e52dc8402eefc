"""Service providers (服务商): which apps one serves, and its own token.

A provider has no settings of its own here. It is what the payment settings of its apps say of it:
thirdparty_id, SALT, and a component_access_token, which does not expire (assumed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockdouyin.core.calls import PROVIDER_KEYS
from mockdouyin.core.credentials import CredentialKind, why_unknown
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import texts

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.calls import Call
    from mockdouyin.core.world import WorldState


def served_by(world: WorldState, provider: str) -> list[App]:
    """Return the apps that a service provider serves."""
    apps = world.apps.values() if provider else ()
    return [app for app in apps if app.payment.thirdparty_id == provider]


def app_of_provider(world: WorldState, provider: str) -> App | None:
    """Return the first app that a service provider serves, if there is one."""
    return next(iter(served_by(world, provider)), None)


def provider_of(fields: Any) -> str:
    """Return the service provider that a call names; nothing if it names none."""
    return next(filter(None, (getattr(fields, name, "") for name in PROVIDER_KEYS)), "")


def is_own_token(world: WorldState, provider: str, token: str) -> bool:
    """Whether a token is the provider's component_access_token."""
    apps = served_by(world, provider)
    return bool(token) and any(token == app.payment.component_access_token for app in apps)


def check_own_token(call: Call[Any], provider: str, token: str) -> None:
    """Refuse a call whose component_access_token is not the provider's."""
    world = call.world
    if is_own_token(world, provider, token):
        return
    if any(app.any_secret for app in served_by(world, provider)):
        return
    gone = texts.COMPONENT_TOKEN_OTHER(provider=provider)
    kind = CredentialKind.COMPONENT_TOKEN
    raise DouyinError("invalid_token", why_unknown(world, call.unit, token, kind, gone))
