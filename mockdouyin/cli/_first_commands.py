"""Commands to try first, which the greeting of `serve` prints."""

from __future__ import annotations

import json
import shlex

from mockdouyin.core.apps import App
from mockdouyin.core.env_vars import TOKEN_VARIABLE
from mockdouyin.sandbox import World


def is_demo(world: World, app: App) -> bool:
    """Whether an app's secret was generated here; one that the user gave may be a real one."""
    spec = world.scenario.apps.get(app.name)
    return not app.any_secret and (spec is None or spec.client_secret is None)


def curl_lines(url: str, app: App, *, needs_token: bool) -> list[str]:
    """Return two commands to paste into a shell: a login, and the exchange of its code."""
    token = f' -H "Authorization: Bearer ${TOKEN_VARIABLE}"' if needs_token else ""
    login = shlex.quote(json.dumps({"app": app.client_key}))
    body = json.dumps(
        {"appid": app.client_key, "secret": app.client_secret, "code": "'$code'"},
        separators=(",", ":"),
    )
    # The shell's quotes end before $code and begin again after it, so that it is expanded.
    return [
        f"code=$(curl -s {url}/_mock/phone/login -d {login}{token}"
        r""" | sed 's/.*"code":"\([^"]*\)".*/\1/')""",
        f"curl -s {url}/api/apps/v2/jscode2session"
        f" -H 'Content-Type: application/json' -d '{body}'",
    ]
