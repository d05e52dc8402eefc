"""A family that a test declares, and calls of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.endpoints import WRITTEN
from mockdouyin.endpoints.declared.family import DeclaredFamily
from tests.endpoints.calls import SEED, Ask, Scene

HEAD = "about: 示例\nhost: open.douyin.com\nenvelope: {envelope}\ntoken: {token}\n\n"

SCOPES = ("user_info", "video.list")


class Made(Scene):
    """A world with one more family, `made`, which YAML declares."""

    def __init__(
        self,
        folder: Path,
        yaml: str,
        *,
        envelope: str = "N",
        token: str = "client",
        box: Callable[..., Sandbox] = Sandbox,
        **settings: Any,
    ) -> None:
        path = folder / "made.yaml"
        path.write_text(HEAD.format(envelope=envelope, token=token) + yaml, encoding="utf-8")
        catalogue = Catalogue(*WRITTEN.families, more=lambda: [DeclaredFamily(path)])
        super().__init__(box(clock=ManualClock, seed=SEED, settings=settings, catalogue=catalogue))
        self.held = self.token(token)

    def token(self, kind: str) -> str:
        """Return a valid token of a kind; empty if none is needed."""
        if kind == "none":
            return ""
        if kind == "app":
            return self.app_token()
        if kind == "user":
            return str(self.tokens(scopes=SCOPES)["access_token"])
        return self.client_token()

    def call(self, method: str, path: str, /, token: str | None = None, **fields: Any) -> Any:
        """Make a call; give the JSON of the answer."""
        held = self.held if token is None else token
        headers = {"access-token": held} if held else {}
        if method == "GET":
            query = {name: str(value) for name, value in fields.items()}
            return self.ask(Ask("GET", path, query, headers))
        return self.ask(Ask("POST", path, {}, headers, fields))

    def post(self, path: str, /, **fields: Any) -> Any:
        """Make a call with a body of JSON."""
        return self.call("POST", path, **fields)

    def get(self, path: str, /, **fields: Any) -> Any:
        """Make a call with a query."""
        return self.call("GET", path, **fields)

    def why(self) -> str:
        """Return why the last call was refused."""
        return self.world.journal.newest(1)[0].why.render("en")
