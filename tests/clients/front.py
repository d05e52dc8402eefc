"""The front end's part: what a phone hands over, given to the command that follows."""

from __future__ import annotations

import json
import os
import sys
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener


def order(path: str, **body: Any) -> Any:
    """Return one order to the server of this run."""
    token = {"Authorization": f"Bearer {os.environ['MOCKDOUYIN_CONTROL_TOKEN']}"}
    url = f"{os.environ['MOCKDOUYIN_URL']}/_mock/{path}"
    request = Request(url, json.dumps(body).encode(), token)
    with build_opener(ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def main(command: list[str]) -> None:
    """Let the first person log in, accept messages and consent; then become the command."""
    game = "ttd0c500000000000002"
    for app in (None, game):
        order("phone/requestSubscribeMessage", app=app)
    consent = order("oauth/authorize", scope="user_info,h5.share")
    handed = {
        "LOGIN_CODE": order("phone/login")["code"],
        "GAME_CODE": order("phone/login", app=game)["code"],
        "AUTH_CODE": consent["code"],
    }
    os.execvpe(command[0], command, {**os.environ, **handed})


if __name__ == "__main__":
    main(sys.argv[1:])
