"""Find the mistakes in what a scenario declares, and what its rules may name all the same."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.endpoints.declared.operation import EndpointSource, ResourceSource
from mockdouyin.scenario._valid_parts import mapping, valid_part
from mockdouyin.scenario.declared_endpoints import Declarations, declaration_mistakes, extended
from mockdouyin.scenario.validation import Mistake

if TYPE_CHECKING:
    from mockdouyin.scenario.scenario import Scenario

T = TypeVar("T")

MAX_MISTAKES = 100
"""Mistakes that are looked for; each may be compared with many names."""


class DeclarationLint:
    """The endpoints and resources of a scenario that is being validated."""

    def __init__(
        self,
        value: dict[str, Any],
        shapes: list[Mistake],
        emulated: Catalogue,
        base: Scenario | None,
    ) -> None:
        self._value = value
        self._shapes = shapes
        self.mistakes: list[Mistake] = []
        """What is wrong with them, beside wrong shapes."""
        self.unusable: set[str] = set()
        """The names of endpoints with mistakes."""
        self.catalogue: Catalogue = emulated
        """The endpoints that the scenario's rules may name."""
        endpoints = self._parts("endpoints", EndpointSource, base.endpoints if base else {})
        resources = self._parts("resources", ResourceSource, base.resources if base else {})
        if endpoints or resources:
            self._check(Declarations(endpoints, resources), emulated)

    def _parts(self, name: str, kind: type[T], base: dict[str, T]) -> dict[str, T]:
        found = dict(base)
        for each, given in mapping(self._value, name).items():
            part, is_complete = valid_part(given, kind, (name, each), self._shapes)
            if not is_complete and name == "endpoints":
                self.unusable.add(each)
            if part is not None:
                found[each] = part
        return found

    def _check(self, declared: Declarations, emulated: Catalogue) -> None:
        found = declaration_mistakes(declared, emulated)
        self.mistakes += islice(found, MAX_MISTAKES)
        if len(self.mistakes) == MAX_MISTAKES:  # there may be more: then none is used
            self.unusable.update(declared.endpoints)
        for mistake in self.mistakes:
            if mistake.path[0] == "endpoints":
                self.unusable.add(str(mistake.path[1]))
        usable = {n: each for n, each in declared.endpoints.items() if n not in self.unusable}
        is_sound = all(mistake.path[0] == "endpoints" for mistake in self.mistakes)
        if usable and is_sound:
            self.catalogue = extended(Declarations(usable, declared.resources), emulated)
        elif not is_sound:
            self.unusable.update(declared.endpoints)
