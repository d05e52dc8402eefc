"""A webhook receiver that answers 200 to everything, as cheaply as possible."""

from __future__ import annotations

import asyncio
import sys

import uvloop

_OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
_LENGTH = b"content-length:"


class Receiver(asyncio.Protocol):
    """One connection; it answers each request once it is complete."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._data = b""

    def data_received(self, data: bytes) -> None:
        """Buffer bytes, and answer each request that they complete."""
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end].lower() + b"\r\n"
            place = head.find(_LENGTH)
            whole = end + 4
            if place >= 0:
                whole += int(head[place + len(_LENGTH) : head.index(b"\r\n", place)])
            if len(self._data) < whole:
                return
            self._data = self._data[whole:]
            self._transport.write(_OK)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
