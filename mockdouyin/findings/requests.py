"""Findings about a request's host, path and parameters."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import parse_qsl

from mockdouyin.core.clock import MINUTE
from mockdouyin.core.exchange_view import unread
from mockdouyin.core.parameters import snake
from mockdouyin.findings._table import Hit, SeenExchange, by_endpoint, finding, grouped, times

_NOWHERE = ("localhost", "local", "test", "invalid", "example", "internal")
"""Top-level domains that no host of Douyin's can have: a test's own base URL has one."""


@finding(
    source="{doc} ({basis})",
    fix="Ask the host that the page names.",
)
def wrong_host(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A path is asked at a host of Douyin's that does not serve it."""
    strays = ((_stray(each), each) for each in seen if each.endpoint is not None)
    groups = grouped(((each.called.full_name, host), each) for host, each in strays if host)
    for (_, host), group in groups.items():
        latest = group[-1]
        hosts = latest.called.family.hosts
        yield Hit(
            latest,
            f"{latest.request.path} was asked at {host} {times(len(group))};"
            f" it is served by {' and '.join(hosts)}",
            f"Ask https://{hosts[0]}{latest.request.path}.",
        )


def _stray(seen: SeenExchange) -> str:
    """Return the host that the request was for if it does not serve the endpoint, else nothing."""
    host = seen.request.host.lower()
    name = host if host.count(":") > 1 else host.partition(":")[0].rstrip(".")
    if not name or name in seen.called.family.hosts or _is_nowhere(name):
        return ""
    return name


def _is_nowhere(name: str) -> bool:
    """Whether the name can only be a test server's: an IP address, a local or a reserved name."""
    if "." not in name or name.rpartition(".")[2] in _NOWHERE:
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


_COMMON_PATHS = ("/", "/favicon.ico", "/robots.txt")
"""Paths that browsers, probes and people with curl request from any server."""


@finding(
    source="the endpoints that mockdouyin has, see `mockdouyin endpoints` (assumed)",
    fix="Compare method and path with the docs' page. Where they are right, mockdouyin does not"
    " have the endpoint yet: a rule can answer, `on` with method and path, and a `reply`.",
)
def unknown_path(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A method and path are called that no endpoint answers."""
    lost = [each for each in seen if each.exchange.is_unanswered and not _is_idle(each)]
    groups = grouped(((each.request.method, each.request.path), each) for each in lost)
    for (method, path), group in groups.items():
        why = group[-1].exchange.why.render("en")
        yield Hit(group[-1], f"{method} {path} was called {times(len(group))}: {why}")


def _is_idle(seen: SeenExchange) -> bool:
    path = seen.request.path
    return path in _COMMON_PATHS or path.startswith(("/apple-touch-icon", "/.well-known/"))


@finding(
    source="{doc} ({basis})",
    fix="Leave it out, or look its name up: Douyin ignores what it does not know.",
)
def unread_field(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A parameter is sent that the endpoint does not read."""
    pairs = (
        ((each.called.full_name, name), each)
        for each in seen
        if each.endpoint is not None
        for name in unread(each.exchange)[:_MAX_UNREAD]
    )
    for (endpoint, name), group in grouped(pairs).items():
        near = _near(name, group[-1])
        yield Hit(
            group[-1],
            f"{name} was sent to {endpoint} {times(len(group))}, and is not read there"
            + (f"; did you mean {near}?" if near else ""),
            f"Send it as {near}." if near else "",
        )


_MAX_UNREAD = 20
"""Unread parameters of one request that are reported."""

_MAX_COMPARED = 100
"""Characters of a name up to which similar names are searched for."""


def _near(name: str, seen: SeenExchange) -> str:
    """Return the field that may have been meant: a similar one that was not sent."""
    if len(name) > _MAX_COMPARED:
        return ""
    known = seen.called.types.fields.__struct_fields__
    free = [field for field in known if field not in seen.given]
    for form in (snake(name), name.lower()):
        near = difflib.get_close_matches(form, free, n=1, cutoff=0.75)
        if near:
            return near[0]
    return ""


_SECRETS = ("client_secret", "secret")


@finding(
    source="{doc} (documented)",
    fix="Send it in the body of a POST: addresses are written to the logs of every proxy.",
)
def secret_in_query(seen: list[SeenExchange]) -> Iterator[Hit]:
    """The app's secret travels in the address where the docs want it in the body of a POST."""
    for endpoint, group in by_endpoint(filter(_shows_secret, seen)):
        how_often = times(len(group))
        yield Hit(group[-1], f"{endpoint} was called {how_often} with the secret in the query")


def _shows_secret(seen: SeenExchange) -> bool:
    if seen.endpoint is None or "POST" not in seen.endpoint.methods or not seen.request.query:
        return False
    query = dict(parse_qsl(seen.request.query.decode("utf-8", "replace")))
    known = seen.endpoint.types.fields.__struct_fields__
    return any(query.get(name) and name in known for name in _SECRETS)


_FUTILE = (
    "bad_params",
    "missing_params",
    "bad_grant_type",
    "bad_appid",
    "bad_client_key",
    "bad_secret",
    "bad_client_secret",
)
"""Errors that the same request will always get."""

_LOOP_LENGTH = 3
"""Identical requests that count as a loop: two may have been in flight together."""


@finding(
    source="{doc} ({error})",
    fix="Do not repeat what was refused for what it says: log the error, and correct the request.",
)
def refused_again(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A request is repeated, unchanged, that was refused for what it says."""
    futile = [each for each in seen if each.refusal in _FUTILE and not each.called.is_page]
    for group in grouped((each.identity, each) for each in futile).values():
        if _is_loop(group):
            latest = group[-1]
            yield Hit(
                latest,
                f"the same request of {latest.called.full_name} was refused {times(len(group))}"
                f" with {latest.error}",
            )


def _is_loop(group: list[SeenExchange]) -> bool:
    """Whether several requests follow each other too closely to be made by a person."""
    pairs = zip(group, group[_LOOP_LENGTH - 1 :], strict=False)
    return any(last.time - first.time <= MINUTE for first, last in pairs)
