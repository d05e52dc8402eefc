"""A person's 留资卡片: what they save, and the platform audits."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace

from mockdouyin.core.apps import App
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import card_lists

MAX_CARDS = 100
"""Cards of a person."""


class RetainCard(Record, frozen=True):
    """A 留资卡片: a card that asks whoever gets it for ways to reach them."""

    TABLE: ClassVar[str] = "RetainCard"

    card_id: str
    app: str
    person: str
    title: str
    media_id: str
    components: tuple[int, ...]
    submitted: float

    @property
    def shelf(self) -> str:
        """The key of the list that it is in."""
        return f"{self.app} {self.person}"


def is_full(unit: Unit, app: App, person: str) -> bool:
    """Whether a person has as many cards as there can be."""
    return len(card_lists.listed(unit, f"{app.client_key} {person}").ids) >= MAX_CARDS


def create(
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    title: str,
    media_id: str,
    components: tuple[int, ...],
) -> RetainCard:
    """Create a card, and submit it for audit."""
    shelf = f"{app.client_key} {person}"
    made = card_lists.listed(unit, shelf).made
    card = RetainCard(
        card_id=world.ids.sealed(48, "retain_card", app.client_key, person, made),
        app=app.client_key,
        person=person,
        title=title,
        media_id=media_id,
        components=components,
        submitted=unit.now,
    )
    unit.write(card.card_id, card)
    card_lists.append(unit, shelf, card.card_id)
    return card


def change(
    unit: Unit, card: RetainCard, title: str, media_id: str, components: tuple[int, ...]
) -> None:
    """Change a card, which is audited anew."""
    changed = replace(
        card, title=title, media_id=media_id, components=components, submitted=unit.now
    )
    unit.write(card.card_id, changed)


def find(unit: Unit, app: App, person: str, card_id: str) -> RetainCard | None:
    """Return one of a person's cards by its id."""
    card = unit.read(RetainCard, restore_plus_signs(card_id))
    own = card is not None and (card.app, card.person) == (app.client_key, person)
    return card if own else None


def cards_of(unit: Unit, app: App, person: str) -> list[RetainCard]:
    """Return a person's cards, oldest first."""
    ids = card_lists.listed(unit, f"{app.client_key} {person}").ids
    unit.expect(RetainCard, ids)
    return [card for each in ids if (card := unit.read(RetainCard, each)) is not None]


def delete(unit: Unit, card: RetainCard) -> None:
    """Delete a card."""
    unit.drop(RetainCard, card.card_id)
    card_lists.remove(unit, card.shelf, card.card_id)
