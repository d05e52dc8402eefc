"""The person's side of the platform: what their phone does and hands to the app's front end."""

from mockdouyin.phone import open_auth
from mockdouyin.phone.apis import APIS
from mockdouyin.phone.handset import Handset, PhoneApi, PhoneRefusal

__all__ = ["APIS", "Handset", "PhoneApi", "PhoneRefusal", "open_auth"]
