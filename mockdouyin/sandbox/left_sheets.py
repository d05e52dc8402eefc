"""Sheets that stay open on a phone after their call has returned, such as a cashier left open."""

from __future__ import annotations

from mockdouyin.domain import act_texts as texts
from mockdouyin.domain import sheets
from mockdouyin.domain.sheets import OPENED, WaitingSheet
from mockdouyin.sandbox._phone_call import PhoneCall


def leave_open(call: PhoneCall) -> None:
    """Leave the sheet of a call open, if that is what the person did: they can answer it later."""
    sheet = call.api.sheet
    if sheet is None or call.is_refused or not sheet.stays_open(call.args):
        return
    question = sheet.question(call.handset)
    if question is None:
        return
    world, unit, app = call.world, call.unit, call.app
    number, now = world.journal.next_number, world.clock.real_time()
    unit.link(sheets.sheet_link(app.client_key, call.person, number))
    kept = {name: value for name, value in call.args.items() if name not in sheet.stays}
    args = {**kept, **question.pins}
    for key, each in list(unit.scan(WaitingSheet)):
        if each.is_left and each.person == call.person and each.details == question.details:
            unit.drop(WaitingSheet, key)  # it is the same one
    left = WaitingSheet(
        number=number,
        api=call.api.name,
        app=app.client_key,
        person=call.person,
        args=args,
        says=question.says,
        details=dict(question.details),
        rule=call.rule,
        links=unit.links,
        opened=unit.now,
        until=now + sheets.LEFT_FOR,
        is_left=True,
    )
    sheets.open_sheet(unit, left, world.name, now)
    unit.commit()
    says = texts.SHEET_LEFT_OPEN(
        app=app.name, person=call.person, asks=question.says, api=call.api.name
    )
    world.note(unit, OPENED, says, app=left.app, person=left.person, given=args)
