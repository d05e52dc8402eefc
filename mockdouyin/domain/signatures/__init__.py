"""Is a signature right, and if not, which known wrong recipe made it: one module for each kind.

A kind declares how its right signatures are made, and its wrong recipes, each once. Everything
else (why a call was refused, `mockdouyin sign check`, the control API, the docs) is derived.
"""

from typing import Any

from mockdouyin.domain.signatures import (  # noqa: F401 they declare
    _ecpay_fields,
    _ecpay_text,
    _ecpay_values,
)
from mockdouyin.domain.signatures._recipe import (
    MORE_THAN_DIGEST,
    THOROUGH,
    TWO_MISTAKES,
    Keys,
    Kind,
    Match,
    Params,
    Recipe,
    SignaturePlan,
    Signed,
    Signer,
    why,
)
from mockdouyin.domain.signatures._writing import parse
from mockdouyin.domain.signatures.callback import ECPAY_CALLBACK, GAME_CALLBACK
from mockdouyin.domain.signatures.ecpay import ECPAY
from mockdouyin.domain.signatures.login_state import LOGIN_STATE
from mockdouyin.domain.signatures.share import JS, SHARE
from mockdouyin.domain.signatures.wallet import GAME
from mockdouyin.domain.signatures.webhook import WEBHOOK_SIGNATURE

__all__ = [
    "KINDS",
    "MORE_THAN_DIGEST",
    "THOROUGH",
    "TWO_MISTAKES",
    "Keys",
    "Kind",
    "Match",
    "Params",
    "SignaturePlan",
    "Recipe",
    "Signed",
    "Signer",
    "parse",
    "why",
]

KINDS: dict[str, Kind[Any]] = {
    kind.name: kind
    for kind in (
        ECPAY,
        ECPAY_CALLBACK,
        GAME,
        GAME_CALLBACK,
        LOGIN_STATE,
        WEBHOOK_SIGNATURE,
        JS,
        SHARE,
    )
}
"""Every kind by its name; the first one that recognises a request is taken for its kind."""
