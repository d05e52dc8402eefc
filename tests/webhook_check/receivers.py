"""Receivers to examine: a correct one, the guide's, and some with a single fault each."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import NamedTuple

from tests.support.receivers import Received, Receiver, answer

SECRET = "0123456789abcdef0123456789abcdef"

KNOWN = ("verify_webhook", "create_video", "authorize", "unauthorize", "new_video_digg")


class Said(NamedTuple):
    """An answer."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    location: str = ""


Behaviour = Callable[[Received], Said]
"""What an application does with a webhook."""


def sha1(secret: str, body: bytes) -> str:
    """Sign as Douyin does."""
    return hashlib.sha1(secret.encode() + body).hexdigest()


def _json(value: object) -> bytes:
    """Write as Jackson and its like do: compact, raw UTF-8, keys in the order of the map."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _genuine(heard: Received) -> bool:
    given = heard.headers.get("x-douyin-signature", "")
    return hmac.compare_digest(given.encode(), sha1(SECRET, heard.body).encode())


def _echo(heard: Received) -> Said:
    event = json.loads(heard.body)
    if event["event"] == "verify_webhook":
        return Said(body=_json({"challenge": event["content"]["challenge"]}))
    return Said()


def correct(heard: Received) -> Said:
    """Check the signature over the raw body, echo the challenge, answer 200 to all else."""
    return _echo(heard) if _genuine(heard) else Said(401)


def guide(heard: Received) -> Said:
    """Do what the receiver of a widely copied guide does, line by line.

    It parses the body into a map, and for verify_webhook compares the header with the hash of the
    secret and that map written anew. When they differ it falls through and answers 200 with
    nothing, as it does to every other event, whose signature it never looks at. `content` is cast
    to a map before anything else: a cast that fails is answered with 500.
    """
    event = json.loads(heard.body)
    content = event.get("content")
    if content is not None and not isinstance(content, dict):
        return Said(500, b'{"status":500,"error":"Internal Server Error"}')
    if event["event"] == "verify_webhook":
        signature = heard.headers.get("x-douyin-signature")
        if sha1(SECRET, _json(event)) == signature:
            return Said(body=_json(content), content_type="application/json;charset=UTF-8")
    return Said(content_type="")


def ignores_signature(heard: Received) -> Said:
    """Believe whatever comes."""
    return _echo(heard)


def accepts_everything(heard: Received) -> Said:
    """Answer `ok` to whatever comes, unread."""
    return Said(body=b'{"err_no":0,"err_tips":"success"}')


def ignores_event_signatures(heard: Received) -> Said:
    """Check the signature of verify_webhook alone."""
    is_event = json.loads(heard.body)["event"] != "verify_webhook"
    return Said() if is_event else correct(heard)


def ignores_case(heard: Received) -> Said:
    """Compare signatures without regard to case."""
    headers = {**heard.headers}
    headers["x-douyin-signature"] = headers.get("x-douyin-signature", "").lower()
    return correct(heard._replace(headers=headers))


def wraps_echo(heard: Received) -> Said:
    """Wrap every answer, as many frameworks do."""
    said = correct(heard)
    if not said.body:
        return said
    return said._replace(body=_json({"code": 0, "data": json.loads(said.body)}))


def echoes_text(heard: Received) -> Said:
    """Echo the challenge as a string."""
    said = correct(heard)
    if not said.body:
        return said
    return said._replace(body=_json({"challenge": str(json.loads(said.body)["challenge"])}))


def wrong_content_type(heard: Received) -> Said:
    """Answer JSON as text/html."""
    return correct(heard)._replace(content_type="text/html; charset=utf-8")


def refuses_unknown_events(heard: Received) -> Said:
    """Crash on an event that it does not know."""
    said = correct(heard)
    unknown = said.status == 200 and json.loads(heard.body)["event"] not in KNOWN
    return Said(500) if unknown else said


def wants_objects(heard: Received) -> Said:
    """Crash on content that is no object."""
    said = correct(heard)
    text = said.status == 200 and isinstance(json.loads(heard.body)["content"], str)
    return Said(500) if text else said


def wants_numbers(heard: Received) -> Said:
    """Read the challenge into a 32-bit int."""
    said = correct(heard)
    if not said.body:
        return said
    challenge = json.loads(said.body)["challenge"]
    fits = isinstance(challenge, int) and challenge < 2**31
    return said if fits else Said(400)


def loses_digits(heard: Received) -> Said:
    """Read every number into a double, as JavaScript does."""
    said = correct(heard)
    if not said.body:
        return said
    challenge = json.loads(said.body)["challenge"]
    double = int(float(challenge)) if isinstance(challenge, int) else challenge
    return said._replace(body=_json({"challenge": double}))


def mends_order(heard: Received) -> Said:
    """Hash the body with its keys in the order of Douyin's docs."""
    event = json.loads(heard.body)
    order = ("event", "client_key", "from_user_id", "to_user_id", "content", "log_id", "event_id")
    known = [key for key in order if key in event]
    if list(event) == known:
        return correct(heard)
    return correct(heard._replace(body=_json({key: event[key] for key in known})))


def hashes_escaped(heard: Received) -> Said:
    r"""Hash what PHP's json_encode makes of the body: compact, with \\uXXXX and \\/."""
    written = json.dumps(json.loads(heard.body), separators=(",", ":")).replace("/", "\\/")
    genuine = sha1(SECRET, written.encode()) == heard.headers.get("x-douyin-signature")
    return _echo(heard) if genuine else Said(401)


def reads_lines(heard: Received) -> Said:
    """Drop the ends of lines before hashing, as Douyin's own sample in Java does."""
    return correct(heard._replace(body=b"".join(heard.body.splitlines())))


def wants_text(heard: Received) -> Said:
    """Parse the content of events as if it were always a string of JSON."""
    said = correct(heard)
    if said.status != 200 or said.body:
        return said
    return said if isinstance(json.loads(heard.body)["content"], str) else Said(500)


def counts_in_32_bits(heard: Received) -> Said:
    """Read video ids into a 32-bit int."""
    said = correct(heard)
    if said.status != 200 or b"create_video" not in heard.body:
        return said
    return said if int(json.loads(heard.body)["content"]["video_id"]) < 2**31 else Said(500)


def rejects_everything(heard: Received) -> Said:
    """Believe nothing, as a receiver that has another secret."""
    return Said(403)


def redirects(heard: Received) -> Said:
    """Send everybody elsewhere."""
    return Said(302, location="/elsewhere")


class OneAtATime:
    """A receiver that turns away whoever comes while it is at work."""

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self._met = threading.Event()

    def __call__(self, heard: Received) -> Said:
        """Work until somebody else was turned away, so that a test need not hope for it."""
        if not self._busy.acquire(blocking=False):
            self._met.set()
            return Said(503)
        with self._busy_until_met():
            return correct(heard)

    @contextmanager
    def _busy_until_met(self) -> Iterator[None]:
        try:
            yield
            self._met.wait(10)
        finally:
            self._busy.release()


class Once:
    """A receiver that knows a Msg-Id when it comes again, and says so with a 409."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, heard: Received) -> Said:
        """Answer like the correct one, but 409 to a repeated message."""
        said = correct(heard)
        message_id = heard.headers["msg-id"]
        repeated = said.status == 200 and message_id in self._seen
        self._seen.add(message_id)
        return Said(409) if repeated else said


class OncePerLogId:
    """A receiver that takes a message for a repetition by the log_id of its body."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, heard: Received) -> Said:
        """Answer like the correct one, but with nothing to a log_id that it knows."""
        said = correct(heard)
        log_id = json.loads(heard.body)["log_id"]
        repeated = said.status == 200 and log_id in self._seen
        self._seen.add(log_id)
        return Said() if repeated else said


def after(seconds: float, behaviour: Behaviour) -> Behaviour:
    """Delay the answers to events, but not to the challenge."""
    never = threading.Event()

    def late(heard: Received) -> Said:
        if b"verify_webhook" not in heard.body:
            never.wait(seconds)
        return behaviour(heard)

    return late


@contextmanager
def running(behaviour: Behaviour) -> Iterator[str]:
    """Run a receiver on a free port; yield its URL."""

    def respond(handler: BaseHTTPRequestHandler, received: Received) -> None:
        said = behaviour(received)
        location = {"Location": said.location} if said.location else {}
        answer(handler, said.body, said.status, said.content_type or None, **location)

    with Receiver(respond) as receiver:
        yield receiver.url


Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def talking(talk: Talk) -> Iterator[str]:
    """Run a server that reads a request and then does what it likes; yield its URL.

    The event is set when the test is over.
    """
    over = threading.Event()

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            # Read it whole: closing a socket with unread data resets it, whatever was answered.
            head, _, body = _until(self.request, b"\r\n\r\n").partition(b"\r\n\r\n")
            length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])  # type: ignore[index]
            while len(body) < length:
                body += self.request.recv(65536)
            with suppress(OSError):
                talk(self.request, over)

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/hook"
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _until(connection: socket.socket, mark: bytes) -> bytes:
    data = b""
    while mark not in data:
        data += connection.recv(65536)
    return data
