"""An app's 小程序引导卡片: templates of cards that lead into a mini-program."""

from __future__ import annotations

from typing import ClassVar

from mockdouyin.core.apps import App
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import card_lists

MAX_TEMPLATES = 200
"""Templates of an app."""


class AppletTemplate(Record, frozen=True):
    """A template of cards that lead into a mini-program."""

    TABLE: ClassVar[str] = "AppletTemplate"

    template_id: str
    app: str
    mini_program: str
    """The mini-program's client_key, as it was given."""
    kind: int
    """`card_type`."""
    title: str
    content: str
    media_id: str
    created: float
    submitted: float

    @property
    def shelf(self) -> str:
        """The key of the list that it is in."""
        return self.app


class SameTemplate(Record, frozen=True):
    """The template that has some content: set once more, it is the same one."""

    TABLE: ClassVar[str] = "SameTemplate"

    template_id: str


def is_full(unit: Unit, app: App) -> bool:
    """Whether an app has as many templates as there can be."""
    return len(card_lists.listed(unit, app.client_key).ids) >= MAX_TEMPLATES


def _content_key(world: WorldState, template: AppletTemplate) -> str:
    told = (template.mini_program, template.kind, template.title, template.content)
    return world.ids.hex(32, "applet_content", template.app, *told, template.media_id)


def find_same(world: WorldState, unit: Unit, template: AppletTemplate) -> AppletTemplate | None:
    """Return the app's template that has the same content as this one."""
    same = unit.read(SameTemplate, _content_key(world, template))
    return None if same is None else unit.read(AppletTemplate, same.template_id)


def next_id(world: WorldState, unit: Unit, app: App) -> str:
    """Return the id that the app's next template will have."""
    made = card_lists.listed(unit, app.client_key).made
    return world.ids.sealed(48, "applet_template", app.client_key, made)


def create(world: WorldState, unit: Unit, template: AppletTemplate) -> None:
    """Create a template, and submit it for audit."""
    card_lists.append(unit, template.shelf, template.template_id)
    _write(world, unit, template)


def change(
    world: WorldState, unit: Unit, before: AppletTemplate, template: AppletTemplate
) -> None:
    """Change a template, which is audited anew."""
    _forget_content(world, unit, before)
    _write(world, unit, template)


def _write(world: WorldState, unit: Unit, template: AppletTemplate) -> None:
    unit.write(template.template_id, template)
    same = SameTemplate(template_id=template.template_id)
    unit.write(_content_key(world, template), same)


def _forget_content(world: WorldState, unit: Unit, template: AppletTemplate) -> None:
    key = _content_key(world, template)
    same = unit.read(SameTemplate, key)
    if same is not None and same.template_id == template.template_id:
        unit.drop(SameTemplate, key)


def find(unit: Unit, app: App, template_id: str) -> AppletTemplate | None:
    """Return one of an app's templates by its id."""
    template = unit.read(AppletTemplate, restore_plus_signs(template_id))
    return template if template is not None and template.app == app.client_key else None


def templates_of(unit: Unit, app: App) -> list[AppletTemplate]:
    """Return an app's templates, oldest first."""
    ids = card_lists.listed(unit, app.client_key).ids
    unit.expect(AppletTemplate, ids)
    return [made for each in ids if (made := unit.read(AppletTemplate, each)) is not None]


def delete(world: WorldState, unit: Unit, template: AppletTemplate) -> None:
    """Delete a template."""
    _forget_content(world, unit, template)
    unit.drop(AppletTemplate, template.template_id)
    card_lists.remove(unit, template.shelf, template.template_id)
