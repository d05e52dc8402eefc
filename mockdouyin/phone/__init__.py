"""The person's side of the platform: tt APIs, consent, social acts, opening a share link.

Each function works on a world and a unit of work, as endpoints do for the app's backend. It knows
neither the endpoints nor the door that a call came through.
"""

from mockdouyin.phone import open_auth
from mockdouyin.phone import payment as _payment  # noqa: F401 - adds to APIS
from mockdouyin.phone import trade as _trade  # noqa: F401 - adds to APIS
from mockdouyin.phone._handset import Asked, Handset, PhoneApi, PhoneRefusal, Question, Sheet
from mockdouyin.phone.apis import APIS

__all__ = [
    "APIS",
    "Asked",
    "Handset",
    "PhoneApi",
    "PhoneRefusal",
    "Question",
    "Sheet",
    "open_auth",
]
