"""Explain why a call's app key or secret was refused: what it is, if it is something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockdouyin.core import _credential_texts as credential_texts
from mockdouyin.core.credentials import CredentialKind, identify_in_apps, why_other_kind
from mockdouyin.core.errors import near_hint

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.store import Unit
    from mockdouyin.core.texts import Text
    from mockdouyin.core.world import WorldState


def why_no_app(world: WorldState, unit: Unit, client_key: str) -> Text:
    """Return why no app has this key."""
    other = why_other_kind(world, unit, client_key, CredentialKind.CLIENT_KEY)
    named = next((app for app in world.apps.values() if app.name == client_key), None)
    if named is not None:
        other = credential_texts.IS_NAME_OF_APP(key=named.client_key)
    if other:
        return credential_texts.APP_KEY_UNKNOWN_KNOWN(key=client_key, other=other)
    hint = near_hint(client_key, world.apps)
    return credential_texts.APP_KEY_UNKNOWN(key=client_key, hint=hint)


def why_wrong_secret(world: WorldState, unit: Unit, app: App, secret: str) -> Text:
    """Return why this is not the app's secret."""
    found = identify_in_apps(world, secret)
    if found is not None:
        other = found.says
    else:
        other = why_other_kind(world, unit, secret, CredentialKind.CLIENT_SECRET)
    if other:
        return credential_texts.SECRET_WRONG_KNOWN(app=app.name, other=other)
    return credential_texts.SECRET_WRONG(app=app.name)
