"""Waits that a signal ends, even one that arrives just before the wait begins.

Python's C handler only sets a flag; the handler in Python runs once the main thread is back from a
blocking call. A call that is entered just after the flag was set is not interrupted, and blocks
until it would have ended anyway. So these waits read a socket to which each signal writes a byte
(`signal.set_wakeup_fd`).
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable


def wait_for_child(pid: int = -1) -> tuple[int, int]:
    """Wait as `os.waitpid` does, but let signal handlers run meanwhile."""
    # First the socket, then the handler, then the look at the child: no end goes unnoticed.
    reader, writer = _wakeup()
    previous = signal.signal(signal.SIGCHLD, _ignore)
    try:
        while True:
            found = os.waitpid(pid, os.WNOHANG)
            if found[0]:
                return found
            reader.recv(4096)
    finally:
        signal.signal(signal.SIGCHLD, previous or signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        reader.close()
        writer.close()


def exit_on_interrupt() -> Callable[[], None]:
    """Make Ctrl-C end this process with exit code 0, whatever it waits for; return the undoing."""
    # KeyboardInterrupt is not reliable: one that is raised in a finalizer is dropped.
    reader, writer = _wakeup()
    previous = signal.signal(signal.SIGINT, _ignore)
    threading.Thread(target=_exit_on_byte, args=(reader, writer), daemon=True).start()

    def undo() -> None:
        signal.signal(signal.SIGINT, previous)
        signal.set_wakeup_fd(-1)
        writer.shutdown(socket.SHUT_RDWR)  # ends the thread

    return undo


def _exit_on_byte(reader: socket.socket, writer: socket.socket) -> None:
    with reader, writer:
        if reader.recv(1):
            os._exit(0)


def _ignore(*_: object) -> None:
    """Do nothing: the byte that wakes the wait was written before."""


def _wakeup() -> tuple[socket.socket, socket.socket]:
    """Return a socket that becomes readable with a signal, and its other end, to be kept open."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)  # set_wakeup_fd demands it: a full buffer must not block a signal
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    return reader, writer
