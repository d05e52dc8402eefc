"""Further families of a catalogue: looked at when needed, and never in another one's way."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockdouyin import MockDouyinError
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Family
from tests.core.test_endpoint import declare, family


class Looks:
    """Further families, and how often they were looked at."""

    def __init__(self, *families: Family) -> None:
        self.families = families
        self.count = 0

    def __call__(self) -> Iterable[Family]:
        """Look at them."""
        self.count += 1
        return self.families


def having(name: str, *paths: str) -> Family:
    """Make a family with one endpoint at these paths."""
    made = family(name)
    declare(made, *paths)
    return made


def test_a_known_route_needs_no_further_family() -> None:
    """Whoever calls what the first families have never looks at the others."""
    more = Looks(having("more", "/more/"))
    catalogue = Catalogue(having("shop", "/shop/"), more=more)

    assert catalogue.find("GET", "/shop") is not None
    assert catalogue.named("shop.sell") is not None
    assert catalogue.named("") is None
    assert catalogue.routes.get(("GET", "/more/")) is None
    assert more.count == 0


def test_an_unknown_route_looks_once() -> None:
    """The further families are looked at once, whatever is asked for after that."""
    more = Looks(having("more", "/more/"))
    catalogue = Catalogue(having("shop", "/shop/"), more=more)
    found = catalogue.find("POST", "/more")

    assert found is not None
    assert found.full_name == "more.sell"
    assert catalogue.find("POST", "/nothing") is None
    assert catalogue.named("more.sell") is found
    assert catalogue.named("more.nothing") is None
    assert list(catalogue.endpoints) == ["shop.sell", "more.sell"]
    assert [each.name for each in catalogue.families] == ["shop", "more"]
    assert more.count == 1


def test_the_first_one_at_a_route_answers() -> None:
    """A further endpoint gives way where another one has its route, and is in no list."""
    catalogue = Catalogue(
        having("shop", "/same/"), more=Looks(having("more", "/same"), having("other", "/other/"))
    )

    assert [each.full_name for each in catalogue] == ["shop.sell", "other.sell"]
    assert catalogue.routes["GET", "/same"].full_name == "shop.sell"


def test_two_further_ones_at_a_route() -> None:
    """Of two further families that have one route the first answers, too."""
    catalogue = Catalogue(more=Looks(having("one", "/same/"), having("two", "/same/")))

    assert [each.full_name for each in catalogue] == ["one.sell"]


def test_a_name_is_given_once() -> None:
    """Two endpoints of one name are a mistake, in whichever families."""
    catalogue = Catalogue(having("shop", "/one/"), more=Looks(having("shop", "/two/")))

    with pytest.raises(MockDouyinError, match=r"shop\.sell is declared twice"):
        list(catalogue)


def test_many_threads_at_once() -> None:
    """Threads that need the further families at the same moment all find them, read once."""
    more = Looks(*(having(f"more{n}", f"/more{n}/") for n in range(50)))
    catalogue = Catalogue(having("shop", "/shop/"), more=more)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: catalogue.find("GET", f"/more{n % 50}"), range(200)))

    assert None not in found
    assert more.count == 1
