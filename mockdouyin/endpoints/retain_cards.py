"""留资卡片: save, list and delete a person's cards, which the platform audits."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import card_lists, retain_cards
from mockdouyin.domain.grants import person_of_call
from mockdouyin.domain.retain_cards import RetainCard
from mockdouyin.endpoints import _group_texts as texts
from mockdouyin.endpoints.direct_messages import im
from mockdouyin.endpoints.error_tables import fan_groups as tables
from mockdouyin.endpoints.error_tables.user_apis import PERSON
from mockdouyin.endpoints.fan_groups import beside, check_numbers

_DOC = "dop/develop/openapi/interaction-management/business-tool/retain-consult-card/"
_SCOPE = "im.message_card"


class CardFields(PersonFields, kw_only=True):
    """A card; without an id a new one."""

    card_id: str = ""
    title: str = ""
    media_id: str = ""
    components: list[int] = []


class SavedCard(msgspec.Struct):
    """The id of a card."""

    card_id: str


@beside(
    "POST",
    "/im/save/retain_consult_card/",
    doc=_DOC + "create-retain-consult-card",
    basis="documented",
    errors=tables.SAVE_CARD,
    scope=_SCOPE,
)
def save_retain_card(call: Call[CardFields]) -> SavedCard:
    """Create a card that asks for ways to reach somebody, or change one; it is audited anew."""
    app, person = person_of_call(call)
    fields = call.fields
    call.need("bad_params", "title", "media_id", "components")
    check_numbers("components", fields.components, 1)
    components = tuple(fields.components)
    if fields.card_id:
        card = _card(call, app, person)
        retain_cards.change(call.unit, card, fields.title, fields.media_id, components)
        return SavedCard(card.card_id)
    if retain_cards.is_full(call.unit, app, person):
        raise DouyinError("too_many", texts.TOO_MANY_CARDS(most=retain_cards.MAX_CARDS))
    made = retain_cards.create(
        call.world, call.unit, app, person, fields.title, fields.media_id, components
    )
    return SavedCard(made.card_id)


def _card(call: Call[Any], app: App, person: str) -> RetainCard:
    card_id = call.fields.card_id
    card = retain_cards.find(call.unit, app, person, card_id)
    if card is None:
        raise DouyinError("not_found", texts.CARD_UNKNOWN(person=person, card_id=card_id))
    return card


class CardRow(msgspec.Struct):
    """A card, and 0 in review, 1 passed or 2 refused."""

    card_id: str
    components: list[int]
    media_id: str
    status: int
    title: str


class CardRows(msgspec.Struct):
    """A person's cards."""

    cards: list[CardRow]


@beside(
    "GET",
    "/im/get/retain_consult_card/",
    doc=_DOC + "query-retain-consult-card",
    basis="documented",
    errors=PERSON,
    scope=_SCOPE,
)
def list_retain_cards(call: Call[PersonFields]) -> CardRows:
    """List a person's cards, with how their audit stands."""
    app, person = person_of_call(call)
    return CardRows([_row(call, each) for each in retain_cards.cards_of(call.unit, app, person)])


def _row(call: Call[Any], card: RetainCard) -> CardRow:
    status = card_lists.audit_status(call.world, call.now, card.submitted)
    return CardRow(card.card_id, list(card.components), card.media_id, status, card.title)


class DeleteCardFields(PersonFields, kw_only=True):
    """A card."""

    card_id: str = ""


@im.endpoint(
    "GET",
    "/im/del/retain_consult_card/",
    doc=_DOC + "delete-retain-consult-card",
    basis="documented",
    errors=tables.DELETE_CARD,
    envelope=Extra(),
    malformed=2100005,
    scope=_SCOPE,
)
def delete_retain_card(call: Call[DeleteCardFields]) -> None:
    """Delete one of a person's cards."""
    app, person = person_of_call(call)
    call.need("bad_params", "card_id")
    retain_cards.delete(call.unit, _card(call, app, person))
