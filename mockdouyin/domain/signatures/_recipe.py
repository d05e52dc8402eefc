"""Kinds of signatures: how the right one is made, and the wrong recipes that are known.

A *plan* says how one signature is made, step by step. A recipe replaces a step of the right plan
by what clients do in its place, so that two recipes can be tried together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from mockdouyin.core.http import Request
from mockdouyin.core.texts import NOTHING, Parameter, Text, TextTemplate, text

if TYPE_CHECKING:
    from mockdouyin.core.apps import App, AppKind
    from mockdouyin.core.store import Unit
    from mockdouyin.core.world import WorldState

QUICK = 25_000
"""What a search may cost while a call is answered: a plan costs about one for each value that it
writes. Pairs of mistakes in a usual request are within it."""

THOROUGH = 300_000
"""What a search may cost that somebody asked for."""

MAX_OTHER_APPS = 20
"""How many other apps' keys are tried."""

MAX_MATCHES = 4
"""The most explanations that are given for one signature."""

TWO_MISTAKES = text(
    "signature_two_mistakes", zh="{first}；另外，{second}", en="{first}; and {second}"
)
EITHER = text("signature_either", zh="{first}。也可能是：{second}", en="{first}. Or: {second}")


NameValue = tuple[str, str]
"""A parameter of a request."""

Digest = Callable[[bytes, bytes], str]
"""Makes a signature of a key and a message."""


class SignaturePlan(Protocol):
    """How one signature is made."""

    @property
    def why(self) -> Text:
        """What the last recipe changed, if its general words do not say it."""

    @property
    def cost(self) -> int:
        """What one signature by this plan costs."""

    def signature(self) -> str:
        """Make the signature."""

    def shown(self) -> str:
        """Return what is signed, with a name in the place of each secret."""


P = TypeVar("P", bound=SignaturePlan)


class Recipe(NamedTuple, Generic[P]):
    """A known wrong way of signing."""

    name: str
    about: Text
    """What was done, and what to do instead."""
    vary: Callable[[P], Iterable[P]]
    """Yields the plans of a client that does this, given what it would do otherwise."""
    paired: bool = True
    """Whether it is tried together with another one."""


class Match(NamedTuple):
    """The recipe, or the two together, that lead to a signature."""

    recipes: tuple[str, ...]
    why: Text


class Keys(NamedTuple):
    """The keys that may have made a signature."""

    right: tuple[str, ...]
    others: tuple[tuple[Text, str], ...] = ()
    """Wrong ones, each with what it is."""


class Signed(NamedTuple, Generic[P]):
    """A request's signature, and the plans that lead to a right one."""

    signature: str
    plans: tuple[P, ...]


Params = Mapping[str, Any]


class Signer(NamedTuple):
    """Who may have signed a request: the app that it is about, in a world that knows its keys."""

    world: WorldState
    unit: Unit
    app: App
    request: Request
    params: Params

    def other_apps(self) -> Iterator[App]:
        """Yield other apps, whose keys may have been taken for this one's."""
        others = (app for app in self.world.apps.values() if app is not self.app)
        return islice(others, MAX_OTHER_APPS)


class Kind(Generic[P]):
    """A kind of signature: where it is, its key, its right plans and its wrong recipes."""

    def __init__(
        self,
        name: str,
        about: TextTemplate,
        *,
        key: TextTemplate,
        recognises: Callable[[Request, Params], bool],
        read: Callable[[Request, Params, Keys], Signed[P]],
        keys: Callable[[Signer], Keys],
        app_kinds: tuple[AppKind, ...] = (),
        upper_case: TextTemplate | None = None,
        in_pairs: bool = False,
    ) -> None:
        self.name = name
        self.about: Text = about()
        """What has such a signature, and how the right one is made."""
        self.key: Text = key()
        """What the key is called."""
        self.recognises = recognises
        """Whether a request seems to have such a signature."""
        self.read = read
        """Reads a request's signature, and how it would be right."""
        self.keys = keys
        """Returns the keys of an app in a world; none where the world has none."""
        self.app_kinds = app_kinds
        """The kinds of apps that have such signatures, the most usual one first."""
        self.upper_case = upper_case
        """What is wrong with hex in upper case; None if the platform takes it."""
        self.in_pairs = in_pairs
        """Whether two recipes are tried together where none leads to a signature alone."""
        self.recipes: dict[str, Recipe[P]] = {}

    def recipe(
        self, about: TextTemplate, *, paired: bool = True, **shown: Parameter
    ) -> Callable[[Callable[[P], Iterable[P]]], Callable[[P], Iterable[P]]]:
        """Declare a wrong recipe under the function's name; what it yields are its plans.

        `shown` has parameters of the words for a list of all recipes; a plan then has its own.
        """

        def declare(vary: Callable[[P], Iterable[P]]) -> Callable[[P], Iterable[P]]:
            self.add(Recipe(vary.__name__.strip("_"), about(**shown), vary, paired))
            return vary

        return declare

    def add(self, recipe: Recipe[P]) -> None:
        """Declare a wrong recipe; a name is declared once."""
        if recipe.name in self.recipes:
            raise ValueError(f"{self.name} has two recipes {recipe.name!r}")
        self.recipes[recipe.name] = recipe

    def is_right(self, signature: str, plans: Sequence[P]) -> bool:
        """Whether the platform accepts this signature."""
        given = signature if self.upper_case else signature.lower()
        return any(plan.signature() == given for plan in plans)

    def diagnose(
        self, signature: str, plans: Sequence[P], budget: int = QUICK
    ) -> tuple[Match, ...]:
        """Return the known mistakes that lead to this wrong signature."""
        return tuple(_Search(self, signature, budget).matches(plans))


def why(matches: Sequence[Match]) -> Text:
    """Return one text for all matches; NOTHING if there are none."""
    said = NOTHING
    for match in matches:
        said = EITHER(first=said, second=match.why) if said else match.why
    return said


_HEX = frozenset("0123456789abcdefABCDEF")

_PRINTED = re.compile(r"(?:\S+ ?= ?)?([0-9a-fA-F]{32,128})(?: [ *]\S+)?", re.ASCII)
"""A digest as `md5sum` and `openssl` print it: `… *-`, `MD5(stdin)= …`."""

SURROUNDED = text(
    "signature_surrounded",
    zh="签名前后有多余的内容（换行、空格，或 md5sum、openssl 一起输出的 -、(stdin)=），"
    "只应是签名本身",
    en="there is more than the signature: a line end or a blank, or what md5sum and openssl print"
    " beside it",
)


def _bare(signature: str) -> str:
    """Return a signature without what stands around it."""
    signature = signature.strip()
    printed = _PRINTED.fullmatch(signature[:_MAX_PRINTED])
    return printed[1] if printed else signature


_MAX_PRINTED = 400


class _Search(Generic[P]):
    """The search for what leads to one signature; it ends when it has cost too much."""

    def __init__(self, kind: Kind[P], signature: str, budget: int) -> None:
        self.kind = kind
        self.given = _bare(signature)
        self.is_bare = self.given == signature
        self.folded = self.given.lower() if set(self.given) <= _HEX else self.given
        self.left = budget

    def matches(self, plans: Sequence[P]) -> list[Match]:
        """Return what leads to the signature: one mistake, or else two."""
        right = [plan.signature() for plan in plans]
        if self.folded in right:
            written = self._as_written(self.folded)
            return [Match((*written,), _joined([*written.values()]))] if written else []
        tried: dict[str, tuple[int, Recipe[P], P]] = {}
        found: list[Match] = []
        for number, recipe in enumerate(self.kind.recipes.values()):
            for base, plan, made in self._varied(recipe, plans):
                if made in (self.given, self.folded):
                    self._keep(found, (recipe.name,), _words(recipe, base, plan), made)
                elif made not in right and recipe.paired:
                    tried.setdefault(made, (number, recipe, plan))
        if not found and self.kind.in_pairs:
            self._pairs(tried.values(), found)
        return found

    def _pairs(self, tried: Iterable[tuple[int, Recipe[P], P]], found: list[Match]) -> None:
        recipes = list(self.kind.recipes.values())
        for number, first, base in tried:
            for second in (each for each in recipes[number + 1 :] if each.paired):
                for _, plan, made in self._varied(second, [base]):
                    if made in (self.given, self.folded):
                        said = base.why or first.about
                        both = TWO_MISTAKES(first=said, second=_words(second, base, plan))
                        self._keep(found, (first.name, second.name), both, made)

    def _varied(self, recipe: Recipe[P], bases: Sequence[P]) -> Iterator[tuple[P, P, str]]:
        for base in bases:
            if self.left < base.cost:
                return
            for plan in recipe.vary(base):
                changes = plan != base
                self.left -= plan.cost if changes else 1
                if self.left < 0:
                    return
                if changes:
                    yield base, plan, plan.signature()

    def _keep(self, found: list[Match], names: tuple[str, ...], said: Text, made: str) -> None:
        written = self._as_written(made)
        match = Match((*names, *written), _joined([said, *written.values()]))
        if match not in found and len(found) < MAX_MATCHES:
            found.append(match)

    def _as_written(self, made: str) -> dict[str, Text]:
        """Return what is wrong with how a signature is written: its letters, what is around it."""
        upper, wrong = self.kind.upper_case, {}
        if upper and made != self.given:
            wrong["upper_case"] = upper()
        if not self.is_bare:
            wrong["surrounded"] = SURROUNDED()
        return wrong


def _joined(said: Sequence[Text]) -> Text:
    """Return several mistakes as one text."""
    first, *others = said
    for other in others:
        first = TWO_MISTAKES(first=first, second=other)
    return first


def _words(recipe: Recipe[P], base: P, plan: P) -> Text:
    """Return what a plan says that the recipe changed, or else the recipe's general words."""
    return recipe.about if plan.why == base.why else plan.why
