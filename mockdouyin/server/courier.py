"""The courier: posts a parcel to a receiver, and tells what came back; it never raises."""

from __future__ import annotations

from mockdouyin.outbound import Outbound
from mockdouyin.sandbox.deliveries import Courier, Parcel, Posted


def courier(allowed_hosts: tuple[str, ...] = ()) -> Courier:
    """Give a courier that reaches this machine, private addresses, and the hosts named."""
    outbound = Outbound(allowed_hosts)

    def post(parcel: Parcel) -> Posted:
        answer = outbound.send(parcel.method, parcel.url, parcel.headers, parcel.body)
        return Posted(
            answer.status, answer.content_type, answer.text, answer.error, answer.took_ms
        )

    return post
