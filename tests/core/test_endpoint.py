"""Declaring endpoints: what is derived from a declaration, and which mistakes it refuses."""

from __future__ import annotations

import msgspec
import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import DOCS, Endpoint, Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import ErrorCase, suggestion

BAD = ErrorCase(7, "bad_params", "参数")
ALSO = ErrorCase(7, "bad_code", "参数")


class Asked(TokenFields, kw_only=True):
    """What the endpoint reads."""

    code: str = ""
    app_id: str = ""


class Answer(msgspec.Struct):
    """What the endpoint answers."""

    token: str


def family(name: str = "shop") -> Family:
    """Make a family without endpoints."""
    return Family(
        name, hosts=("b.test", "a.test"), envelope=Gateway(), malformed=7, errors=(BAD, ALSO)
    )


def declare(
    to: Family,
    *paths: str,
    errors: tuple[ErrorCase, ...] | None = None,
    malformed: int | None = None,
) -> Endpoint:
    """Declare an endpoint, as modules do with a decorator."""

    @to.endpoint(
        "GET POST", *paths, doc="some/page", basis="assumed", errors=errors, malformed=malformed
    )
    def sell(call: Call[Asked]) -> Answer:
        """Sell something.

        And more of it.
        """
        raise NotImplementedError

    return to.endpoints[-1]


def test_a_declaration_tells_everything() -> None:
    """Names, page, fields, reply and errors come from the one declaration."""
    endpoint = declare(family(), "/sell/")

    assert (endpoint.name, endpoint.full_name) == ("sell", "shop.sell")
    assert endpoint.about == "Sell something."
    assert endpoint.doc == DOCS + "some/page"
    types = endpoint.types
    assert (types.fields, types.reply) == (Asked, Answer)
    assert (types.app_keys, types.credentials) == (("app_id",), ("access_token", "code"))
    assert types.takes_token
    assert endpoint.find_case(7) is BAD
    assert endpoint.case("bad_code") is ALSO
    assert endpoint.find_case("none") is None


def test_an_endpoint_can_be_data() -> None:
    """Many endpoints share a handler, each with its own name, types, text and errors."""
    shop, asked = family(), []

    def handle(call: Call[Asked]) -> Answer:
        raise NotImplementedError

    def types() -> tuple[type, type]:
        asked.append("types")
        return msgspec.defstruct("Sold", [("open_id", str, "")], bases=(TokenFields,)), Answer

    first, second = (
        shop.add(name, "POST", f"/{name}", handler=handle, types=types,
                 about=f"Do {name}.", doc="", basis="assumed", errors=(BAD,))
        for name in ("sell", "vend")
    )  # fmt: skip

    assert shop.endpoints == [first, second]
    assert (first.full_name, second.full_name) == ("shop.sell", "shop.vend")
    assert (first.about, second.about) == ("Do sell.", "Do vend.")
    assert first.handler is second.handler
    assert first.errors == (BAD,)
    assert asked == []
    assert first.types.fields.__struct_fields__ == ("open_id", "access_token")
    assert first.types.reply is Answer
    assert first.types.takes_token
    assert asked == ["types"]


def test_an_unknown_error_is_a_mistake_of_ours() -> None:
    """To refuse with an error that is not declared is a bug, told with the nearest name."""
    with pytest.raises(MockDouyinError, match=r"shop.sell has no error 'bad_cod'; did you mean"):
        declare(family(), "/sell/").case("bad_cod")


def test_the_error_of_a_malformed_request_is_declared() -> None:
    """The number for a request that cannot be read is one of the endpoint's errors."""
    with pytest.raises(MockDouyinError, match="has no error '8'; known: 7, bad_code, bad_params"):
        declare(family(), "/sell/", malformed=8)


def test_an_error_is_declared_once() -> None:
    """Two errors of one name are refused."""
    with pytest.raises(MockDouyinError, match="has two error cases 'bad_params'"):
        declare(family(), "/sell/", errors=(BAD, BAD))


def test_a_route_is_declared_once() -> None:
    """Two endpoints at one path are refused, with and without the slash at its end."""
    shop, other = family(), family("other")
    declare(shop, "/sell/", "/vend")
    declare(other, "/sell")

    with pytest.raises(MockDouyinError, match="GET /sell is declared twice"):
        Catalogue(shop, other)


def test_a_catalogue_lists_everything() -> None:
    """A catalogue has every endpoint by name and route, every path and every host."""
    shop = family()
    endpoint = declare(shop, "/sell/", "/vend")

    known = Catalogue(shop)

    assert list(known) == [endpoint]
    assert known.endpoints == {"shop.sell": endpoint}
    assert sorted(known.routes) == sorted(
        (method, path)
        for method in ("GET", "POST")
        for path in ("/sell", "/sell/", "/vend", "/vend/")
    )
    assert known.paths() == {"/sell/": ["GET", "POST"], "/vend": ["GET", "POST"]}
    assert known.hosts == ["a.test", "b.test"]


def test_a_page_elsewhere_keeps_its_address() -> None:
    """A page that is not among Douyin's docs is named whole, and none is none."""
    shop = family()
    for doc in ("https://other.example.test/page", ""):

        @shop.endpoint("GET", f"/{len(doc)}", doc=doc, basis="observed")
        def ask(call: Call[Fields]) -> None:
            """Ask."""

        assert shop.endpoints[-1].doc == doc
        assert not shop.endpoints[-1].types.takes_token


@pytest.mark.parametrize(
    ("word", "known", "says"),
    [
        ("rulse", ["rules", "name"], "; did you mean rules?"),
        ("x", ["b", "a"], "; known: a, b"),
        ("x", [str(n) for n in range(10, 30)], "; known: 10, 11, 12, 13, 14, 15, 16, 17, 18, 19"),
        ("x", [], ""),
    ],
)
def test_did_you_mean(word: str, known: list[str], says: str) -> None:
    """A slip of the pen is answered with the nearest word, another word with what is known."""
    assert suggestion(word, known).render("en").startswith(says)
    assert not suggestion("x", known, ask=False)
