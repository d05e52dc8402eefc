"""A server in the foreground: start it, watch its scenario files, stop it on a signal."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.cli import _greeting_texts
from mockdouyin.cli._commands import print_error
from mockdouyin.cli._console import Console, greeting
from mockdouyin.cli._ready_file import remove_ready_file, write_ready_file
from mockdouyin.cli._sandbox_options import MEMORY, SandboxOptions
from mockdouyin.cli._scenario_watcher import CHECK_INTERVAL, ScenarioWatcher
from mockdouyin.cli._state import STATE_INTERVAL, OpenedSandbox, StorageOptions, open_sandbox
from mockdouyin.cli._texts import say
from mockdouyin.delivery.event_loop import new_loop
from mockdouyin.sandbox import Sandbox
from mockdouyin.server.access import Access
from mockdouyin.server.serving import Server
from mockdouyin.server.sweeper import DEFAULT_MAX_AGE, Sweeper

if TYPE_CHECKING:
    from mockdouyin.intercept.interception_setup import InterceptionSetup


class ServeOptions(NamedTuple):
    """Where to listen, where to keep state, and who may do what."""

    host: str
    port: int
    ready_file: Path | None
    quiet: bool
    state: Path | None = None
    state_interval: float = STATE_INTERVAL
    store: str = MEMORY
    access: Access = Access()
    """Who may use the control API."""
    world_age: float = DEFAULT_MAX_AGE
    """Seconds after which an unused world is dropped."""


class WorkerRole(NamedTuple):
    """The part of one process in a group of workers; alone, a process has the default role."""

    leads: bool = True
    """Whether it watches the scenario files; the others hear of a change from the store."""
    joins: bool = False
    """Whether others started before it: it uses the worlds they made, and prints no greeting."""
    listener: socket.socket | None = None
    on_ready: Callable[[str], object] = lambda url: None
    """Called with the URL once the server answers."""
    parent_pipe: int | None = None
    """A file descriptor that becomes readable when the supervisor is gone."""


def run_server(
    sandbox_options: SandboxOptions,
    options: ServeOptions,
    interception: InterceptionSetup | None = None,
    role: WorkerRole | None = None,
) -> None:
    """Serve until a signal comes."""
    role = role or WorkerRole()
    remove_ready_file(options.ready_file)
    # Takes the files' stamps before they are loaded, so that no change falls in between.
    watcher = ScenarioWatcher(sandbox_options)
    storage = StorageOptions(options.state, options.state_interval, options.store, role.joins)
    try:
        with (
            open_sandbox(sandbox_options, storage) as opened,
            asyncio.Runner(loop_factory=new_loop) as runner,
        ):
            runner.run(_serve(sandbox_options, opened, watcher, options, interception, role))
    finally:
        if interception is not None:
            interception.close()


async def _serve(
    sandbox_options: SandboxOptions,
    opened: OpenedSandbox,
    watcher: ScenarioWatcher,
    options: ServeOptions,
    interception: InterceptionSetup | None,
    role: WorkerRole,
) -> None:
    stop, sandbox = _stop_event(role), opened.sandbox
    console = None if options.quiet else Console(sandbox, asyncio.get_running_loop())
    log = console.write if console is not None and role.leads else lambda text: None
    server = Server(
        sandbox,
        options.host,
        options.port,
        proxy=interception.proxy if interception else None,
        listener=role.listener,
        access=options.access,
        sweeper=Sweeper(sandbox, options.world_age, log),
    )
    await server.start()
    if interception is not None:
        interception.open(sandbox, server.url)
    _tune_garbage_collector()
    if not role.joins:
        _greet(console, options, sandbox_options, opened, server)
    try:
        if opened.writer is not None:
            opened.writer.start()
        if options.ready_file is not None:
            write_ready_file(options.ready_file, _ready(sandbox, server))
        role.on_ready(server.url)
        interval = CHECK_INTERVAL if watcher.files and role.leads else None
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), interval)
            if interval is not None:
                await asyncio.to_thread(watcher.check, sandbox, console)
    finally:
        await server.stop()
        if console is not None:
            console.flush()
        if opened.writer is not None:
            await opened.writer.stop()


def _stop_event(role: WorkerRole) -> asyncio.Event:
    """Return an event that a signal sets, or the end of the supervisor."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C cancels this task
            loop.add_signal_handler(number, stop.set)
    if role.parent_pipe is not None:
        loop.add_reader(role.parent_pipe, stop.set)
    return stop


def _tune_garbage_collector() -> None:
    """Collect garbage seldom, and never scan what is loaded by now.

    A request leaves no reference cycles behind.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _greet(
    console: Console | None,
    options: ServeOptions,
    sandbox_options: SandboxOptions,
    opened: OpenedSandbox,
    server: Server,
) -> None:
    """Print the greeting; a quiet server prints only a token that the user has no other way to."""
    if console is not None:
        lines = greeting(sandbox_options, opened.sandbox, server, opened.note)
        console.write("\n".join(lines) + "\n")
    elif server.access.is_generated and options.ready_file is None:
        print_error(say(_greeting_texts.TOKEN_IS, token=server.access.token))


def _ready(sandbox: Sandbox, server: Server) -> dict[str, str | int]:
    """Return the content of the ready file."""
    ready: dict[str, str | int] = {"url": server.url, "pid": os.getpid()}
    if server.access.token:
        ready["token"] = server.access.token
    if sandbox.interception is not None:
        ready["proxy"] = f"http://{sandbox.interception['proxy']}"
    return ready
