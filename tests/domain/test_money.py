"""Money is never made or lost, whatever is done to orders and in whatever order."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from mockdouyin.core.clock import DAY
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.store import Unit
from mockdouyin.domain.ledger import Account, Place, Purse, booked, held, move
from mockdouyin.domain.orders import Order
from mockdouyin.domain.refunds import Refund
from mockdouyin.domain.settlements import ReceiverShare, Settlement
from mockdouyin.domain.share_returns import ShareReturn
from mockdouyin.sandbox.deliveries import claim_due, record
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import NOTIFY, operation, sharing

MERCHANTS = ("70000000000000000001", "70000000000000000002", "third")
"""The app's own merchant and two others, each of which may sell or get a share."""

WAYS = ("wx", "alipay", "douyin")

TOTALS = (1000, 1990, 1)

amounts = st.sampled_from((1, 10, 60, 500, 990, 994, 1000, 1978, 1990))
"""Amounts that go into an order's total once or a few times, with the fee and without."""

PERCENT = (1, 10, 49, 51, 99, 100)
"""Parts of what an order has in transit that a receiver may be given; with the fee, or without."""

picks = st.integers(0, 5)
"""Which of the numbers that were used is used again; most are new."""


class Money(RuleBasedStateMachine):
    """Everything that backends, people, receivers and time do to money."""

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene()
        self.used: dict[str, list[str]] = {}

    @initialize(
        rake=st.sampled_from((0.006, 0.0, 0.1)),
        after=st.sampled_from((0.0, 7 * DAY)),
        is_strict=st.integers(0, 9),
    )
    def begin(self, rake: float, after: float, is_strict: int) -> None:
        """Choose the world's settings; one in ten wants orders to be used, and perhaps older."""
        self.scene.set(rake=rake)
        if is_strict == 9:
            self.scene.set(settle_after=after, settle_needs_fulfilment=True)

    def ask(self, name: str, **fields: Any) -> None:
        """Call an operation, which may refuse."""
        answer = operation(self.scene, name, **{k: v for k, v in fields.items() if v is not None})
        assert answer["err_no"] in (0, 2000, 2010, 2014), answer

    def number(self, what: str, pick: int) -> str:
        """Return a number: one that was used before, or more often a new one."""
        used = self.used.setdefault(what, [])
        if pick and len(used) >= pick:
            return used[-pick]
        used.append(f"{what}-{len(used)}")
        return used[-1]

    @property
    def paid(self) -> list[Order]:
        """The orders that were paid and are not settled to their end."""
        found = [each for each in self.records(Order) if each.paid and not each.is_finished]
        return sorted(found, key=lambda order: order.out_order_no)

    @property
    def shared(self) -> list[tuple[str, ReceiverShare]]:
        """The settlements that succeeded, each with the share of a receiver."""
        made = sorted(self.records(Settlement), key=lambda each: each.created)
        # A settlement that finishes has the seller last, who has nothing to give back.
        shares = [(each, each.shares[:-1] if each.finishes else each.shares) for each in made]
        return [(each.out_settle_no, share) for each, some in shares for share in some]

    def some(self, pick: int) -> Order:
        """Return one of them."""
        return self.paid[-1 - pick % len(self.paid)]

    @rule(
        pick=picks,
        total=st.sampled_from(TOTALS),
        seller=st.sampled_from(MERCHANTS[:2]),
        way=st.sampled_from(WAYS),
        is_paid=st.integers(0, 4),
    )
    def order(self, pick: int, total: int, seller: str, way: str, is_paid: int) -> None:
        """A backend makes an order, and mostly a person pays it."""
        number = self.number("O", pick if pick == 1 else 0)
        self.ask(
            "create_order",
            out_order_no=number,
            total_amount=total,
            subject="s",
            body="b",
            valid_time=900,
            notify_url=NOTIFY,
            store_uid=seller,
        )
        if is_paid:
            self.scene.phone("pay", order=number, way=way)

    @precondition(lambda self: self.paid)
    @rule(pick=picks)
    def use(self, pick: int) -> None:
        """An order is used."""
        order = self.some(pick)
        self.write(order.key, replace(order, is_fulfilled=True))

    @precondition(lambda self: self.records(Order))
    @rule(of=picks, pick=picks, amount=amounts, all_settle=st.integers(0, 1))
    def refund(self, of: int, pick: int, amount: int, all_settle: int) -> None:
        """A backend refunds an order, whatever its state."""
        every = sorted(each.out_order_no for each in self.records(Order))
        order = every[-1 - of % len(every)]
        fields = {"refund_amount": amount, "all_settle": all_settle, "reason": "r"}
        number = self.number("R", pick if pick == 1 else 0)
        self.ask("create_refund", out_order_no=order, out_refund_no=number, **fields)

    @precondition(lambda self: self.paid)
    @rule(
        of=picks,
        pick=picks,
        shares=st.lists(
            st.tuples(st.sampled_from(MERCHANTS), st.sampled_from(PERCENT)), max_size=2
        ),
        finish=st.sampled_from(("true", "false", "false", None)),
        pause=st.sampled_from((2.0, 2.0, 2.0, 0.0)),
    )
    def settle(
        self,
        of: int,
        pick: int,
        shares: list[tuple[str, int]],
        finish: str | None,
        pause: float,
    ) -> None:
        """A backend settles, and mostly waits until that is done."""
        number = self.number("S", pick if pick == 1 else 0)
        chosen = self.some(of)
        order = chosen.out_order_no
        named = [
            (merchant, max(1, chosen.in_transit * percent // 100))
            for merchant, percent in shares
            if merchant != chosen.seller
        ]
        params = sharing(*named) if named else None
        numbered = {"out_order_no": order, "out_settle_no": number, "settle_desc": "d"}
        self.ask("settle", **numbered, settle_params=params, finish=finish)
        self.wait_for(pause)

    @precondition(lambda self: self.shared)
    @rule(pick=picks, parts=st.sampled_from((1, 1, 2)), times=st.integers(1, 2))
    def take_back(self, pick: int, parts: int, times: int) -> None:
        """A receiver gives back its share of one of the last settlements, or tries to twice."""
        settlement, share = self.shared[-1 - pick % len(self.shared)]
        amount = max(1, share.amount // parts)
        fields = {"merchant_uid": share.merchant, "return_amount": amount, "return_desc": "d"}
        for _ in range(times):
            number = self.number("B", 0)
            self.ask("create_return", out_return_no=number, out_settle_no=settlement, **fields)

    @rule(merchant=st.sampled_from(MERCHANTS))
    def withdraw(self, merchant: str) -> None:
        """A merchant withdraws all that it has."""
        unit, balance = self.unit(), Purse(Place.BALANCE, merchant)
        move(unit, held(unit, balance), balance, Purse(Place.WITHDRAWN, merchant))
        unit.commit()

    @rule(seconds=st.sampled_from((0.5, 2.0, 900.0, 7 * DAY, 150 * DAY)))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.wait_for(seconds)

    def wait_for(self, seconds: float) -> None:
        """Move the clock, and do what falls due."""
        self.scene.box.deliverer.advance(self.scene.world, seconds).result()

    @rule(answer=st.sampled_from(('{"err_no":0}', '{"err_no":1}', "")))
    def receive(self, answer: str) -> None:
        """A backend answers the callbacks that are due."""
        for delivery in claim_due(self.scene.world):
            record(self.scene.world, delivery, Attempt(status=200, body=answer))

    # What always holds.

    def unit(self) -> Unit:
        """Begin to read."""
        return self.scene.world.store.unit(self.scene.world.clock.now())

    def write(self, key: str, record: Any) -> None:
        """Change a record."""
        unit = self.unit()
        unit.write(key, record)
        unit.commit()

    def records(self, kind: type[Any]) -> list[Any]:
        """Return every record of a kind."""
        return [each for _, each in self.unit().scan(kind)]

    def accounts(self) -> Counter[str]:
        """Return what is at each place."""
        found: Counter[str] = Counter()
        for key, account in self.unit().scan(Account):
            found[key.split(" ")[1]] += account.held(self.scene.world.clock.now())
        return found

    def done(self) -> list[Settlement]:
        """Return the settlements that are done and did not fail."""
        now = self.scene.world.clock.now()
        return [each for each in self.records(Settlement) if each.status(now) == "SUCCESS"]

    def under_way(self) -> list[Settlement]:
        """Return those that will succeed, whose money is in transit still."""
        now = self.scene.world.clock.now()
        return [e for e in self.records(Settlement) if e.done > now and not e.failure]

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        """All accounts together are zero, and only those who pay are ever below it."""
        assert sum(self.accounts().values()) == 0
        now = self.scene.world.clock.now()
        for key, account in self.unit().scan(Account):
            times = (now, *(change.at for change in account.later))
            least = min(account.held(max(now, each)) for each in times)
            assert least >= 0 or key.split(" ")[1] == Place.PAYERS

    @invariant()
    def what_was_paid_is_somewhere(self) -> None:
        """It is in transit, with merchants or their banks, is the fee, or was given back."""
        places, orders = self.accounts(), self.records(Order)
        paid = sum(each.total_amount for each in orders if each.paid)
        given_back = sum(each.amount for each in self.records(Refund) if not each.failure)
        fees = sum(each.rake for each in self.done())
        merchants = places[Place.BALANCE] + places[Place.WITHDRAWN] + places[Place.RETURNING]
        assert -places[Place.PAYERS] == paid - given_back
        assert places[Place.FEES] == fees
        assert paid == places[Place.TRANSIT] + merchants + fees + given_back

    @invariant()
    def transit_is_what_orders_say(self) -> None:
        """Each seller has in transit what its orders have, and no order is below zero."""
        transit: Counter[str] = Counter()
        for order in self.records(Order):
            transit[order.seller] += order.in_transit
            under_way = [e for e in self.under_way() if e.out_order_no == order.out_order_no]
            transit[order.seller] += sum(each.amount for each in under_way)
            assert 0 <= order.in_transit <= order.total_amount
            assert 0 <= order.refundable <= order.total_amount
        for key, account in self.unit().scan(Account):
            _, place, seller = key.split(" ")
            if place == Place.TRANSIT:
                assert account.held(self.scene.world.clock.now()) == transit[seller]

    @invariant()
    def settlements_add_up(self) -> None:
        """What left transit is the shares and the fee; nobody gave back more than it got."""
        now = self.scene.world.clock.now()
        for each in self.records(Settlement):
            assert each.status(now) in ("PROCESSING", "SUCCESS", "FAIL")
            if each.failure:
                assert (each.rake, each.shares) == (0, ())
                continue
            assert each.amount == each.rake + sum(share.amount for share in each.shares)
            assert all(0 <= share.returned <= share.amount for share in each.shares)
        returned = sum(each.amount for each in self.records(ShareReturn) if not each.failure)
        shares = [share for each in self.records(Settlement) for share in each.shares]
        assert returned == sum(share.returned for share in shares)

    @invariant()
    def the_book_has_every_movement(self) -> None:
        """Payments, refunds, settlements and returns are each booked once, and nothing else."""
        unit, app = self.unit(), self.scene.app("mini_program").client_key
        done = {
            "payment": [each.key for each in self.records(Order) if each.paid],
            "refund": [each.key for each in self.records(Refund) if not each.failure],
            "settle": [each.key for each in self.records(Settlement) if not each.failure],
            "return": [each.key for each in self.records(ShareReturn) if not each.failure],
        }
        today = int(self.scene.world.clock.now() // DAY)
        for kind, keys in done.items():
            found = [
                e.key for day in range(FIRST_DAY, today + 2) for e in booked(unit, app, day, kind)
            ]
            assert sorted(found) == sorted(keys)

    @invariant()
    def only_what_can_be_settled_is_planned(self) -> None:
        """An order has a plan to be settled exactly if money of it is in transit, unfinished."""
        planned = {each.id for each in self.records(Delivery) if each.state == "planned"}
        open_orders = [e for e in self.records(Order) if e.in_transit and not e.is_finished]
        assert planned == {f"auto_settlement {each.key}" for each in open_orders}


FIRST_DAY = 20454
"""New Year's Day 2026, when a scene begins."""

Money.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestMoney = Money.TestCase
