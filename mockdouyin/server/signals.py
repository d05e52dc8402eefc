"""Signals that end a wait, also when they come in the moment before it begins.

Python only notes a signal, and runs its handler when the main thread comes back from a blocking
call. A call that is entered just after the note was made is not interrupted: it blocks until it
would have ended anyway. So whoever waits here waits for the byte that each signal writes too.
"""

from __future__ import annotations

import os
import signal
import socket
import threading


def wait_for_child(pid: int = -1) -> tuple[int, int]:
    """Wait as `os.waitpid` does; handlers of signals run while it waits."""
    heard, told = _wakeup()
    former = signal.signal(signal.SIGCHLD, _note)
    try:
        while True:
            found = os.waitpid(pid, os.WNOHANG)
            if found[0]:
                return found
            heard.recv(4096)
    finally:
        signal.signal(signal.SIGCHLD, former or signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        heard.close()
        told.close()


def leave_on_interrupt() -> None:
    """Let Ctrl-C end this process with exit code 0 from now on, whatever it waits for.

    A KeyboardInterrupt would not do: one that is raised in a finalizer is dropped.
    """
    signal.signal(signal.SIGINT, _note)
    threading.Thread(target=_leave, args=_wakeup(), daemon=True).start()


def _leave(heard: socket.socket, told: socket.socket) -> None:
    heard.recv(1)
    os._exit(0)


def _note(*_: object) -> None:
    """Handle a signal: what waits for it was told already."""


def _wakeup() -> tuple[socket.socket, socket.socket]:
    """Return what is readable when a signal has come, and its other end, to be kept."""
    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    return heard, told
