"""The kinds of receivers that can be examined: an entry for each, with its probes and options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from mockdouyin.core.apps import App, AppKind
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import MockDouyinError, NotFoundError, suggestion
from mockdouyin.core.texts import Text, TextTemplate
from mockdouyin.core.webhooks import signing_secret
from mockdouyin.domain.orders import MAX_AMOUNT
from mockdouyin.webhook_check._error_texts import (
    AMOUNT_RANGE,
    EXAMINATION,
    NO_OPTION,
    NO_PROBE,
    NO_RECEIVER_KIND,
    OPTION_NEEDED,
    ORDER_NEEDS_AMOUNT,
)
from mockdouyin.webhook_check.app import _check_texts as app_texts
from mockdouyin.webhook_check.app import checks as app_checks
from mockdouyin.webhook_check.app import probes as app_probes
from mockdouyin.webhook_check.app.messages import MessageFactory
from mockdouyin.webhook_check.ecpay import _texts as ecpay_texts
from mockdouyin.webhook_check.ecpay import checks as ecpay_checks
from mockdouyin.webhook_check.ecpay import probes as ecpay_probes
from mockdouyin.webhook_check.ecpay.messages import CallbackFactory, PaidOrder
from mockdouyin.webhook_check.probe import Factory, Probe, ProbeExchange

Options = Mapping[str, Any]
"""What an examination is told of a receiver, by name; an empty value is none."""


class ReceiverKind(NamedTuple):
    """What is examined, and how."""

    name: str
    app_kind: AppKind
    """Whose receiver it is if no app is named."""
    probes: tuple[Probe, ...]
    needs: tuple[str, ...]
    """The options without which there is nothing to sign with."""
    takes: tuple[str, ...]
    """The options that it takes beside those."""
    write: Callable[[Options, Clock], Factory]
    """Makes the factory of its messages."""
    registered: Callable[[App], tuple[str, Options]]
    """Returns an app's receiver of this kind, and the options that follow from the app."""
    was_believed: Callable[[ProbeExchange], bool | None]
    """Whether a message was taken for genuine; None if its answer does not show that."""
    common_cause: TextTemplate
    """What to ask oneself if no genuine message was."""

    def exam(self, given: Options, only: Iterable[str] = ()) -> Exam:
        """Return an examination with these options, of all probes or only of some."""
        options = {name: value for name, value in given.items() if value}
        known = (*self.needs, *self.takes)
        for name in options:
            if name not in known:
                raise MockDouyinError(
                    NO_OPTION(kind=self._said, name=name, hint=suggestion(name, known))
                )
        for name in self.needs:
            if name not in options:
                raise MockDouyinError(
                    OPTION_NEEDED(kind=self._said, name=name, option=name.replace("_", "-"))
                )
        return Exam(self, self.write(options, Clock()), select(self.probes, only))

    @property
    def _said(self) -> Text:
        return EXAMINATION(name=self.name)


class Exam(NamedTuple):
    """The probes for one receiver, and what writes their messages."""

    kind: ReceiverKind
    factory: Factory
    probes: tuple[Probe, ...]


def select(probes: tuple[Probe, ...], names: Iterable[str]) -> tuple[Probe, ...]:
    """Return the probes with these names, in the table's order; all if no name is given."""
    wanted = set(names)
    known = [probe.name for probe in probes]
    for name in sorted(wanted.difference(known)):
        raise NotFoundError(NO_PROBE(name=name, hint=suggestion(name, known)))
    return tuple(probe for probe in probes if not wanted or probe.name in wanted)


def _app_messages(options: Options, clock: Clock) -> Factory:
    return MessageFactory(options["secret"], options["client_key"], clock)


def _webhook_of(app: App) -> tuple[str, Options]:
    url = app.webhook.url if app.webhook else ""
    return url, {"secret": signing_secret(app), "client_key": app.client_key}


def _callbacks(options: Options, clock: Clock) -> Factory:
    amount = options.get("amount", 0)
    if options.get("order") and not amount:
        raise MockDouyinError(ORDER_NEEDS_AMOUNT())
    if amount and not 0 < amount <= MAX_AMOUNT:
        raise MockDouyinError(AMOUNT_RANGE(amount=amount, most=MAX_AMOUNT))
    given = {name: options[name] for name in PaidOrder.__struct_fields__ if name in options}
    return CallbackFactory(options["token"], options["client_key"], PaidOrder(**given), clock)


def _notify_url_of(app: App) -> tuple[str, Options]:
    payment = app.payment
    return payment.notify_url, {"token": payment.token, "client_key": app.client_key}


APP = ReceiverKind(
    "app",
    app_kind="web",
    probes=app_probes.PROBES,
    needs=("secret", "client_key"),
    takes=(),
    write=_app_messages,
    registered=_webhook_of,
    was_believed=app_checks.was_believed,
    common_cause=app_texts.COMMON_CAUSE,
)

ECPAY = ReceiverKind(
    "ecpay",
    app_kind="mini_program",
    probes=ecpay_probes.PROBES,
    needs=("token", "client_key"),
    takes=PaidOrder.__struct_fields__,
    write=_callbacks,
    registered=_notify_url_of,
    was_believed=ecpay_checks.was_believed,
    common_cause=ecpay_texts.COMMON_CAUSE,
)

KINDS = {kind.name: kind for kind in (APP, ECPAY)}


def find_kind(name: str) -> ReceiverKind:
    """Return a kind by its name."""
    if name not in KINDS:
        raise NotFoundError(NO_RECEIVER_KIND(name=name, hint=suggestion(name, KINDS)))
    return KINDS[name]
