"""The process of Node that has the official SDK, and does one call after another."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from mockdouyin.core.apps import DemoApp


class Worker:
    """The process, and what the SDK has."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen(
            ["node", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.methods: dict[str, Any] = self._read()
        """Each method: its route, and the fields of its request's model by their wire names."""

    def call(self, name: str, fields: dict[str, Any]) -> Any:
        """Call a method; return its `answer` or `error`."""
        return self._ask(name=name, fields=fields)

    def app_token(self, app: DemoApp) -> str:
        """Have the credential package fetch an app token, which the SDK's own model misses."""
        own = {"clientKey": app.client_key, "clientSecret": app.client_secret}
        token: str = self._ask(credential=own)["answer"]["accessToken"]
        return token

    def end(self) -> None:
        """Let it end."""
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(timeout=10) == 0

    def _ask(self, **line: Any) -> Any:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout
        return json.loads(self._process.stdout.readline())
