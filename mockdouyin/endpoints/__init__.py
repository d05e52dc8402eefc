"""What Douyin answers, one module for each family of its docs."""

from mockdouyin.core.endpoint import Catalogue
from mockdouyin.endpoints.login import mini_program
from mockdouyin.endpoints.microapp import microapp
from mockdouyin.endpoints.minigame import mini_game
from mockdouyin.endpoints.notifications import subscription
from mockdouyin.endpoints.oauth import oauth
from mockdouyin.endpoints.schema import schema
from mockdouyin.endpoints.share import share
from mockdouyin.endpoints.tickets import tickets
from mockdouyin.endpoints.webhooks import platform_webhook, webhook

CATALOGUE = Catalogue(
    mini_program,
    mini_game,
    oauth,
    tickets,
    share,
    microapp,
    subscription,
    schema,
    webhook,
    platform_webhook,
)
"""Every endpoint that is emulated."""

__all__ = ["CATALOGUE"]
