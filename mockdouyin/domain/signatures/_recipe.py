"""Kinds of signatures: how the right one is made, and the wrong recipes that are known.

A *plan* says how one signature is made, step by step. A recipe replaces a step of the right plan
by what clients do in its place, so that two recipes can be tried together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar, cast

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

USUAL, KNOWN, RARE = range(3)
"""How usual a mistake is."""

MAX_MATCHES = 4
"""The most explanations that are given for one signature."""

TWO_MISTAKES = text(
    "signature_two_mistakes", zh="{first}；另外，{second}", en="{first}; and {second}"
)
EITHER = text("signature_either", zh="{first}。也可能是：{second}", en="{first}. Or: {second}")
MORE_THAN_DIGEST = text(
    "signature_more_than_digest",
    zh="签名前后或中间多了别的字符（空白、引号、连字符、命令的输出等），只应有签名本身",
    en="there is more than the digest in it: blanks, quotes, hyphens, or what a command prints"
    " beside it; send the digest alone",
)


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


Vary: TypeAlias = Callable[[P], Iterable[P]]
"""Yields the plans of a client that makes a mistake, given what it would do otherwise."""


class Recipe(NamedTuple, Generic[P]):
    """A known wrong way of signing."""

    name: str
    about: Text
    """What was done, and what to do instead."""
    vary: Vary[P]
    rank: int = KNOWN
    """How usual it is: pairs are tried by the sum of their ranks."""


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
        why_unsigned: Callable[[Request], Text] = lambda request: NOTHING,
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
        self.why_unsigned = why_unsigned
        """Returns why a request counts as unsigned, even if its signature is right."""
        self.recipes: dict[str, Recipe[P]] = {}

    def recipe(
        self, about: TextTemplate, *, rank: int = KNOWN, **shown: Parameter
    ) -> Callable[[Vary[P]], Vary[P]]:
        """Declare a wrong recipe under the function's name; what it yields are its plans.

        `shown` has parameters of the words for a list of all recipes; a plan then has its own.
        """

        def declare(vary: Vary[P]) -> Vary[P]:
            self.add(Recipe(vary.__name__.strip("_"), about(**shown), vary, rank))
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


def recipe_of(*kinds: Kind[P]) -> Callable[..., Callable[[Vary[P]], Vary[P]]]:
    """Return what `Kind.recipe` is, for kinds that have a recipe in common."""

    def recipe(
        about: TextTemplate, *, rank: int = KNOWN, **shown: Parameter
    ) -> Callable[[Vary[P]], Vary[P]]:
        def declare(vary: Vary[P]) -> Vary[P]:
            for kind in kinds:
                kind.recipe(about, rank=rank, **shown)(vary)
            return vary

        return declare

    return recipe


def why(matches: Sequence[Match]) -> Text:
    """Return one text for all matches; NOTHING if there are none."""
    said = NOTHING
    for match in matches:
        said = EITHER(first=said, second=match.why) if said else match.why
    return said


_HEX = frozenset("0123456789abcdefABCDEF")
_DRESSED = re.compile(
    r"\s*(?:b?[\"']|0x|(?:(?:HMAC-)?(?:MD5|SHA\d+(?:-\d+)?))?(?:\(\w*\))?\s?[=:]\s?)?"
    r"([0-9A-Fa-f]{2}(?:[-: ]?[0-9A-Fa-f]{2}){7,63})(?:[\"']|\s+\*?-)?\s*",
    re.I,
)
"""A digest in quotes, in pairs, or as md5sum and openssl print it."""


def _forms(signature: str, upper: TextTemplate | None) -> dict[str, tuple[tuple[str, Text], ...]]:
    """Return the signatures that may have been meant, each with what is wrong with its form."""
    forms: dict[str, tuple[tuple[str, Text], ...]] = {signature: ()}
    found = _DRESSED.fullmatch(signature) if len(signature) < 400 else None
    bare = re.sub("[-: ]", "", found[1]) if found else signature.strip()
    dressed = ("more_than_digest", MORE_THAN_DIGEST())
    forms.setdefault(bare, (dressed,))
    for written, wrong in tuple(forms.items()):
        if set(written) <= _HEX:
            forms.setdefault(
                written.lower(), (*wrong, ("upper_case", upper())) if upper else wrong
            )
    return forms


class _Search(Generic[P]):
    """The search for what leads to one signature; it ends when it has cost too much."""

    def __init__(self, kind: Kind[P], signature: str, budget: int) -> None:
        self.kind = kind
        self.forms = _forms(signature, kind.upper_case)
        self.left = budget

    def matches(self, plans: Sequence[P]) -> list[Match]:
        """Return what leads to the signature: one mistake, or else two."""
        right = {plan.signature() for plan in plans}
        found: list[Match] = []
        for made in right & self.forms.keys():
            if self.forms[made]:
                self._keep(found, made)
            return found
        tried: dict[str, tuple[int, Recipe[P], P, frozenset[str]]] = {}
        numbered = list(enumerate(self.kind.recipes.values()))
        for number, recipe in sorted(numbered, key=lambda each: each[1].rank):
            for base, plan, made in self._varied(recipe, plans):
                if made in self.forms:
                    self._keep(found, made, (recipe.name, _words(recipe, base, plan)))
                elif made not in right:
                    tried.setdefault(made, (number, recipe, plan, _replaced(base, plan)))
        if not found and self.kind.in_pairs:
            for rank in range(KNOWN + RARE + 1):
                self._pairs(tuple(tried.values()), found, rank)
        return found

    def _pairs(
        self,
        tried: Iterable[tuple[int, Recipe[P], P, frozenset[str]]],
        found: list[Match],
        rank: int,
    ) -> None:
        """Try the pairs of mistakes of which one is so usual and the other so rare."""
        later = list(self.kind.recipes.values())
        for number, first, base, steps in tried:
            for second in later[number + 1 :]:
                if first.rank + second.rank != rank:
                    continue
                for _, plan, made in self._varied(second, [base], steps):
                    if made in self.forms:
                        said = base.why or first.about
                        other = (second.name, _words(second, base, plan))
                        self._keep(found, made, (first.name, said), other)

    def _varied(
        self, recipe: Recipe[P], bases: Sequence[P], steps: frozenset[str] = frozenset()
    ) -> Iterator[tuple[P, P, str]]:
        """Yield what a recipe makes of plans, unless it undoes the steps of the first recipe."""
        for base in bases:
            if self.left < base.cost:
                return
            for plan in recipe.vary(base):
                changes = plan != base and not steps & _replaced(base, plan)
                self.left -= plan.cost if changes else 1
                if self.left < 0:
                    return
                if changes:
                    yield base, plan, plan.signature()

    def _keep(self, found: list[Match], made: str, *mistakes: tuple[str, Text]) -> None:
        (_, said), *more = every = (*mistakes, *self.forms[made])
        for _, then in more:
            said = TWO_MISTAKES(first=said, second=then)
        match = Match(tuple(name for name, _ in every), said)
        if said not in (each.why for each in found) and len(found) < MAX_MATCHES:
            found.append(match)


def _replaced(base: SignaturePlan, plan: SignaturePlan) -> frozenset[str]:
    """Return the steps that were replaced: of two recipes for one the second undoes the first.

    What consists of parts (fields, a body) can be changed by both.
    """
    fields: tuple[str, ...] = cast("Any", plan)._fields
    pairs = zip(fields, cast("Any", base), cast("Any", plan), strict=True)
    return frozenset(
        name
        for name, old, new in pairs
        if old is not new and not isinstance(new, tuple | frozenset | dict | bytes | Text)
    )


def _words(recipe: Recipe[P], base: P, plan: P) -> Text:
    """Return what a plan says that the recipe changed, or else the recipe's general words."""
    return recipe.about if plan.why == base.why else plan.why
