"""The server's life in the foreground: start, watch the scenario files, stop on a signal."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.cli._commands import complain
from mockdouyin.cli._console import Console, greeting
from mockdouyin.cli._plan import MEMORY, Plan
from mockdouyin.cli._state import EVERY, Kept, Start, begun
from mockdouyin.core.errors import AwayError, MockDouyinError
from mockdouyin.sandbox import Sandbox, World
from mockdouyin.server.access import Access
from mockdouyin.server.event_loop import new_loop
from mockdouyin.server.serving import Server
from mockdouyin.server.sweeper import DEFAULT_MAX_AGE, Sweeper

if TYPE_CHECKING:
    from mockdouyin.intercept.setup import InterceptionSetup

LOOK_EVERY = 0.5
"""Seconds between two looks at the scenario files."""


class ServeTarget(NamedTuple):
    """Where to serve, whom to tell, and where to keep what is served."""

    host: str
    port: int
    ready_file: Path | None
    quiet: bool
    state: Path | None = None
    state_every: float = EVERY
    store: str = MEMORY
    access: Access = Access()
    """Who may steer it."""
    webhook_hosts: tuple[str, ...] = ()
    """Where webhooks go beside this machine and private networks."""
    world_age: float = DEFAULT_MAX_AGE
    """Seconds after which an unused world goes."""


class Role(NamedTuple):
    """What a process is there for, where several serve together."""

    leads: bool = True
    """Whether it watches the scenario files; the others hear of a change from the store."""
    joins: bool = False
    """Whether others were here before: it takes over what they share, and greets nobody."""
    listener: socket.socket | None = None
    told: Callable[[str], object] = lambda url: None
    """Told of the URL once it is answered at."""
    life: int | None = None
    """What can be read once there is nobody left to serve for."""


def run(
    plan: Plan,
    place: ServeTarget,
    takeover: InterceptionSetup | None = None,
    role: Role | None = None,
) -> None:
    """Serve until a signal comes."""
    role = role or Role()
    forget_ready(place.ready_file)
    watch = Watch(plan)  # looks at the files before they are read: no change falls between
    kept = Kept(place.state, place.state_every, place.store, role.joins)
    try:
        with (
            begun(plan, kept) as start,
            asyncio.Runner(loop_factory=new_loop) as runner,
        ):
            runner.run(_serve(plan, start, watch, place, takeover, role))
    finally:
        if takeover is not None:
            takeover.close()


async def _serve(
    plan: Plan,
    start: Start,
    watch: Watch,
    place: ServeTarget,
    takeover: InterceptionSetup | None,
    role: Role,
) -> None:
    stop, sandbox = _until_told(role), start.sandbox
    interceptor = takeover.proxy if takeover else None
    console = None if place.quiet else Console(sandbox, asyncio.get_running_loop())
    say = console.say if console is not None and role.leads else lambda text: None
    server = Server(
        sandbox,
        place.host,
        place.port,
        webhook_hosts=place.webhook_hosts,
        proxy=interceptor,
        listener=role.listener,
        access=place.access,
        sweeper=Sweeper(sandbox, place.world_age, say),
    )
    await server.start()
    if takeover is not None:
        takeover.open(sandbox, server.url)
    _spare_the_collector()
    if console is not None and not role.joins:
        console.say("\n".join(greeting(plan, sandbox, server, start.note)) + "\n")
    elif server.access.is_generated and place.ready_file is None and not role.joins:
        complain(f"other machines reach this server; its control token is {server.access.token}")
    try:
        if start.keeper is not None:
            start.keeper.start()
        if place.ready_file is not None:
            _tell_ready(place.ready_file, sandbox, server)
        role.told(server.url)
        every = LOOK_EVERY if watch.files and role.leads else None
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every)
            if every is not None:
                await asyncio.to_thread(watch.look, sandbox, console)
    finally:
        await server.stop()
        if console is not None:
            console.flush()
        if start.keeper is not None:
            await start.keeper.stop()


def _until_told(role: Role) -> asyncio.Event:
    """Give what is set once it is time to stop."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C cancels this task
            loop.add_signal_handler(number, stop.set)
    if role.life is not None:
        loop.add_reader(role.life, stop.set)
    return stop


def _spare_the_collector() -> None:
    """Let the garbage collector look seldom, and never at what is there from the start.

    A request leaves nothing behind that refers to itself.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _tell_ready(path: Path, sandbox: Sandbox, server: Server) -> None:
    """Tell where it is answered, and by whom."""
    told: dict[str, str | int] = {"url": server.url, "pid": os.getpid()}
    if server.access.token:
        told["token"] = server.access.token
    if sandbox.interception is not None:
        told["proxy"] = f"http://{sandbox.interception['proxy']}"
    tell_ready(path, told)


@contextlib.contextmanager
def _about(path: Path) -> Iterator[None]:
    """Tell of a ready file that cannot be written, in one line."""
    try:
        yield
    except OSError as error:
        raise MockDouyinError(f"--ready-file {path}: {error.strerror}") from None


def forget_ready(path: Path | None) -> None:
    """Remove the file of a server before this one, if there is any."""
    if path is not None:
        with _about(path):
            path.unlink(missing_ok=True)


def tell_ready(path: Path, told: dict[str, str | int]) -> None:
    """Write the file whole: whoever sees it can read all of it. With a token it is private."""
    with _about(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(told) + "\n")
            os.chmod(name, 0o600 if "token" in told else 0o644)
            os.replace(name, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


FileStamps = dict[Path, tuple[int, int]]


class Watch:
    """Reloads the scenario when one of its files changes; a broken one changes nothing."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.files = plan.files()
        self._seen = self._stat()

    def _stat(self) -> FileStamps | None:
        """Look at every file; None while one is away, as it is while an editor replaces it."""
        try:
            stats = {path: path.stat() for path in self.files}
        except OSError:
            return None
        return {path: (stat.st_mtime_ns, stat.st_size) for path, stat in stats.items()}

    def look(self, sandbox: Sandbox, console: Console | None) -> None:
        """Look at the files, and reload when one is not as it was."""
        now = self._stat()
        if now is None or now == self._seen:
            return
        before, self._seen = self._seen or {}, now
        changed = ", ".join(str(path) for path in now if now[path] != before.get(path))
        try:
            self._reload(sandbox.default)
            files = self._plan.files()
        except AwayError:
            self._seen = before  # the next look tries it again
            return
        except MockDouyinError as error:
            complain(str(error), f"{changed} is broken; what was loaded before stays:")
            return
        if files != self.files:
            self.files = files
            self._seen = self._stat()
        if console is not None:
            console.say(f"{changed} changed: reloaded")

    def _reload(self, world: World) -> None:
        scenario = self._plan.scenario()
        settings = self._plan.settings(scenario)
        world.transact(lambda: world.load(scenario, settings))
