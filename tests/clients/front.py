"""The front end's part: puts codes from the phone into the environment of a command."""

from __future__ import annotations

import json
import os
import sys
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener


def call(path: str, **body: Any) -> Any:
    """Call an operation of this run's server."""
    token = {"Authorization": f"Bearer {os.environ['MOCKDOUYIN_CONTROL_TOKEN']}"}
    url = f"{os.environ['MOCKDOUYIN_URL']}/_mock/{path}"
    request = Request(url, json.dumps(body).encode(), token)
    with build_opener(ProxyHandler({})).open(request) as answer:
        return json.load(answer)


def main(command: list[str]) -> None:
    """Log the first person in, accept messages, consent, and execute the command."""
    game = "ttd0c500000000000002"
    for app in (None, game):
        call("phone/requestSubscribeMessage", app=app)
    consent = call("oauth/authorize", scope="user_info,h5.share")
    handed = {
        "LOGIN_CODE": call("phone/login")["code"],
        "GAME_CODE": call("phone/login", app=game)["code"],
        "AUTH_CODE": consent["code"],
    }
    os.execvpe(command[0], command, {**os.environ, **handed})


if __name__ == "__main__":
    main(sys.argv[1:])
