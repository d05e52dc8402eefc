"""A curl command line, as people copy it from a shell, a browser or a log, read as a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote_plus

from mockdouyin.control._signature_texts import (
    BODY_ELSEWHERE,
    BODY_IN_FILE,
    CURL_MULTIPART,
    CURL_NO_URL,
    NOT_CURL,
    OPEN_QUOTE,
)
from mockdouyin.core.errors import MockDouyinError

_ENDS = frozenset(("|", "||", ";", "&", "&&", ">", ">>", "<"))
"""What ends a command in a shell, where it is not quoted."""

_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "a": "\a",
    "e": "\x1b",
}
_CODES = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})")


class CurlRequest(NamedTuple):
    """What a command line sends."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: str


MAX_BEFORE = 2000
"""Characters in which a command line begins: before it may be a prompt, comments, other commands.

A body that is piped into it may be longer.
"""

_CURL = re.compile(r"(?:^|[\s|;&`(])(\S*\bcurl(?:\.exe)?\s.*)", re.S)
_FIRST_BYTES = ("{", "[", "<")
_HERE_DOCUMENT = re.compile(r"<<-?[ \t]{0,9}(['\"]?)(\w{1,40})\1[^\n]*\n")
_PIPED = re.compile(r"(?:^|\s)(?:echo|printf)(?:\s+-[neE]+)?\s", re.S)


def read_script(text: str) -> CurlRequest | None:
    """Read the curl command line in a script; None if there is none."""
    if text.lstrip().startswith(_FIRST_BYTES):
        return None
    found = _CURL.match(text) or _CURL.search(text, 0, MAX_BEFORE)
    if found is None and (piped := _PIPED.match(text[:MAX_BEFORE])):
        # What is printed may be long: the command is behind the pipe.
        words = list(split_words(text[piped.end() :], all_commands=True))
        pipe = words.index("|") if "|" in words[:-1] else 0
        if pipe and _is_curl(words[pipe + 1]):
            return _Arguments(words[pipe + 2 :], words[pipe - 1]).request()
    if found is None or _is_other(text, found.start(1)):
        return None
    before, command = text[: found.start(1)], text[found.start(1) :]
    return read_curl(command, _piped(before, command))


def _is_curl(word: str) -> bool:
    return word.rpartition("/")[2] in ("curl", "curl.exe")


_REQUEST = re.compile(r"\s*[A-Z]+ \S+(?: HTTP/[\d.]+)?\r?\n")


def _is_other(text: str, start: int) -> bool:
    """Whether it is raw HTTP, or a form, with the word curl in it."""
    first = text[:start].lstrip().partition(" ")[0]
    return bool(_REQUEST.match(text)) or ("=" in first and "&" in first)


def _piped(before: str, command: str) -> str | None:
    """Return what a script gives to the command's standard input; None if that is not in it."""
    text = before + command
    if begin := _HERE_DOCUMENT.search(text):
        lines = text[begin.end() :].split("\n")
        ends = (number for number, line in enumerate(lines) if line.strip() == begin[2])
        return "\n".join(lines[: next(ends, len(lines))])
    if printed := _PIPED.search(before):
        words = list(split_words(before[printed.end() :]))
        return words[-1] if words else None
    return None


def read_curl(text: str, stdin: str | None = None) -> CurlRequest:
    """Read a command line; what cannot be read is refused."""
    words = list(split_words(text))
    if not words or not _is_curl(words[0]):
        raise MockDouyinError(NOT_CURL())
    return _Arguments(words[1:], stdin).request()


# Words, as shells split them.


def split_words(text: str, *, all_commands: bool = False) -> Iterator[str]:
    """Yield the words of the first command of a line, in the quoting of sh, bash or cmd.exe.

    With `all_commands` also those of the others, and what stands between them.
    """
    if '^"' in text:
        text = re.sub(r"\^(.)", r"\1", re.sub(r"\^\r?\n", " ", text))
    elif '"{""' in text:  # cmd.exe: a quote within quotes is written twice
        text = text.replace('""', '\\"')
    at = 0
    while True:
        at = _after_blanks(text, at)
        if at >= len(text):
            return
        word, at, is_quoted = _word(text, at)
        if word in _ENDS and not is_quoted and not all_commands:
            return
        yield word


def _after_blanks(text: str, at: int) -> int:
    while at < len(text):
        if text.startswith(("\\\n", "\\\r\n", "`\n", "`\r\n"), at):  # ` in PowerShell
            at = text.index("\n", at) + 1
        elif text[at].isspace():
            at += 1
        else:
            break
    return at


_BARE = re.compile(r"[^\s'\"\\$|;&<>]+")
_OPERATOR = re.compile(r"\|\|?|&&?|>>?|;|<")


def _word(text: str, at: int) -> tuple[str, int, bool]:
    """Return a word, where it ends, and whether any of it is quoted."""
    parts: list[str] = []
    is_quoted = False
    while at < len(text) and not text[at].isspace():
        if operator := _OPERATOR.match(text, at):
            if parts or is_quoted:
                break
            return operator[0], operator.end(), False
        if text[at] in "'\"" or text.startswith("$'", at):
            part, at = _quoted(text, at)
            is_quoted = True
        elif text[at] == "\\":
            part, at = ("" if text[at + 1 : at + 2] == "\n" else text[at + 1 : at + 2]), at + 2
        else:
            bare = _BARE.match(text, at)
            part, at = (bare[0], bare.end()) if bare else (text[at], at + 1)
        parts.append(part)
    return "".join(parts), at, is_quoted


_ESCAPE = re.compile(
    r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|.)", re.S
)
_IN_DOUBLE = re.compile(r'\\(\r?\n|[\\"$`])')


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Return what stands in quotes, and where they end."""
    if text[at] == "'":
        end = text.find("'", at + 1)
        _check_closed(end)
        return text[at + 1 : end], end + 1
    start = at + (2 if text[at] == "$" else 1)
    mark = "'" if text[at] == "$" else '"'
    end = start
    while end < len(text) and text[end] != mark:
        end += 2 if text[end] == "\\" else 1
    _check_closed(end if end < len(text) else -1)
    inner = text[start:end]
    if mark == "'":
        return _ESCAPE.sub(_unescaped, inner), end + 1
    return _IN_DOUBLE.sub(lambda found: "" if "\n" in found[1] else found[1], inner), end + 1


def _unescaped(found: re.Match[str]) -> str:
    r"""Return the character of an escape in $'…', as bash and browsers write it."""
    code = found[1]
    if numbered := _CODES.fullmatch(code):
        digits = next(filter(None, numbered.groups()))
        number = int(digits, 8 if numbered[4] else 16)
        return chr(number) if number < 0x110000 else ""
    return _ESCAPES.get(code, code)


def _check_closed(end: int) -> None:
    if end < 0:
        raise MockDouyinError(OPEN_QUOTE())


# Options of curl.

_DATA = ("-d", "--data", "--data-raw", "--data-ascii", "--data-binary")
_NAMES = """
-A --user-agent -b --cookie -c --cookie-jar -e --referer -E --cert -K --config -m --max-time -o
--output -u --user -w --write-out -x --proxy -y -Y -z -C -D --dump-header -P -Q -r -t -U --cacert
--capath --ciphers --connect-timeout --connect-to --interface --key --limit-rate --max-redirs
--noproxy --oauth2-bearer --pass --proto --proxy-user --resolve --retry --retry-delay
--retry-max-time --stderr --tls-max --trace --trace-ascii --unix-socket --dns-servers
--hostpubkey --keepalive-time --local-port --socks5 --socks5-hostname
"""
_WITH_VALUE = frozenset(_NAMES.split())
"""Options with a value that says nothing of what is signed."""
_ELSEWHERE = frozenset(("-F", "--form", "--form-string", "-T", "--upload-file"))
_OWN = ("--data-urlencode", "--json", "-H", "--header", "-X", "--request", "--url")
_TAKES_VALUE = frozenset((*_DATA, *_OWN, *_WITH_VALUE, *_ELSEWHERE))


class _Arguments:
    """The options of a command line, one after the other."""

    def __init__(self, words: list[str], stdin: str | None = None) -> None:
        self.stdin = stdin
        self.method = ""
        self.url = ""
        self.headers: list[tuple[str, str]] = []
        self.data: list[str] = []
        self.in_query = False
        left = iter(words)
        for word in left:
            self._take(word, left)

    def _take(self, word: str, left: Iterator[str]) -> None:
        if not word.startswith("-") or word == "-":
            self.url = self.url or word
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            if equals and name in _TAKES_VALUE:
                self._set(name, value)
            else:
                self._set(word, next(left, "") if word in _TAKES_VALUE else "")
        else:  # short ones stand together, and the value of the last may follow at once
            for place, letter in enumerate(word[1:], 2):
                if f"-{letter}" in _TAKES_VALUE:
                    self._set(f"-{letter}", word[place:] or next(left, ""))
                    return
                self._set(f"-{letter}", "")

    def _set(self, option: str, value: str) -> None:
        if option in ("-X", "--request"):
            self.method = value.upper()
        elif option == "--url":
            self.url = value
        elif option in ("-H", "--header"):
            name, _, rest = value.partition(":")
            self.headers.append((name.strip().lower(), rest.strip()))
        elif option in ("-G", "--get"):
            self.in_query = True
        elif option in ("-I", "--head"):
            self.method = "HEAD"
        elif option in _ELSEWHERE:
            raise MockDouyinError(CURL_MULTIPART(option=option))
        elif option in _DATA or option == "--json":
            if value.startswith("@") and option != "--data-raw":
                if value not in _STDIN or self.stdin is None:
                    raise MockDouyinError(BODY_IN_FILE(place=value[:80]))
                value = self.stdin if option == "--data-binary" else _without_lines(self.stdin)
            self.data.append(_unescaped_json(value))
        elif option == "--data-urlencode":
            self.data.append(_url_encoded(value))

    def request(self) -> CurlRequest:
        if not self.url:
            raise MockDouyinError(CURL_NO_URL())
        body, url = "&".join(self.data), self.url
        if self.in_query and body:
            url, body = f"{url}{'&' if '?' in url else '?'}{body}", ""
        method = self.method or ("POST" if body else "GET")
        return CurlRequest(method, url, self.headers, body)


_STDIN = ("@-", "@/dev/stdin")


def _without_lines(value: str) -> str:
    """Take away line ends, as curl does with a file of `-d`."""
    return value.replace("\r", "").replace("\n", "")


def _unescaped_json(value: str) -> str:
    r"""Read `{\"a\":1}`, which older PowerShells want within single quotes, as JSON."""
    is_escaped = re.match(r'\s*[{\[]\s*\\"', value)
    return re.sub(r'\\(["\\])', r"\1", value) if is_escaped else value


def _url_encoded(value: str) -> str:
    name, equals, content = value.partition("=")
    if not equals:
        if "@" in value:
            raise MockDouyinError(BODY_ELSEWHERE(place=value[:80]))
        return quote_plus(value)
    return f"{name}={quote_plus(content)}" if name else quote_plus(content)
