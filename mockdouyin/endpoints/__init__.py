"""The emulated endpoints, in modules by subject; a family may have several, and some share one.

An endpoint is one declared function: its path, docs page, basis and errors are written there and
nowhere else. It returns the bare payload or raises `DouyinError`; envelopes, doors and rules are
applied around it.

Operations that are data are in `catalog/`, a file for each family; `declared/` answers them.
"""

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.domain import life_certificates as _certificates  # noqa: F401 - declared endpoints write its records
from mockdouyin.domain import resource_records as _records  # noqa: F401 - and these
from mockdouyin.endpoints import applet_templates as _templates  # noqa: F401 - adds to im
from mockdouyin.endpoints import bills as _bills  # noqa: F401 - adds to ecpay and merchant
from mockdouyin.endpoints import business_oauth as _business  # noqa: F401 - adds to oauth
from mockdouyin.endpoints import catalog, consent, oauth_qr
from mockdouyin.endpoints import data_external_item as _item_data  # noqa: F401 - adds to data_external
from mockdouyin.endpoints import ecpay_refunds as _refunds  # noqa: F401 - adds to ecpay
from mockdouyin.endpoints import ecpay_returns as _returns  # noqa: F401 - adds to ecpay
from mockdouyin.endpoints import ecpay_settlements as _settlements  # noqa: F401 - adds to ecpay
from mockdouyin.endpoints import group_entries as _entries  # noqa: F401 - adds to im, as fan_groups does
from mockdouyin.endpoints import group_messages as _group_messages  # noqa: F401 - adds to im
from mockdouyin.endpoints import link_page as _link_page  # noqa: F401 - adds to links
from mockdouyin.endpoints import merchant_onboarding as _onboarding  # noqa: F401 - adds to both, too
from mockdouyin.endpoints import merchant_page as _merchant_page  # noqa: F401 - adds to ecpay
from mockdouyin.endpoints import publishing as _publishing  # noqa: F401 - adds to video
from mockdouyin.endpoints import rankings as _rankings  # noqa: F401 - adds to hot
from mockdouyin.endpoints import retain_cards as _retain_cards  # noqa: F401 - adds to im
from mockdouyin.endpoints import uploads as _uploads  # noqa: F401 - adds to video
from mockdouyin.endpoints._merchant_calls import merchant
from mockdouyin.endpoints.comments import enterprise_comment, item_comment
from mockdouyin.endpoints.content_security import newer as content_security
from mockdouyin.endpoints.content_security import older as content_security_toutiao
from mockdouyin.endpoints.data_external import data_external
from mockdouyin.endpoints.direct_messages import im, tool
from mockdouyin.endpoints.douyin_accounts import business_auth, douyin_accounts
from mockdouyin.endpoints.ecpay import ecpay
from mockdouyin.endpoints.fans import fans
from mockdouyin.endpoints.hot import hot
from mockdouyin.endpoints.item_data import item_data, item_data_bc, videos
from mockdouyin.endpoints.links import links
from mockdouyin.endpoints.links_game import game as links_game
from mockdouyin.endpoints.links_toutiao import older as links_toutiao
from mockdouyin.endpoints.microapp import microapp
from mockdouyin.endpoints.mini_game import mini_game
from mockdouyin.endpoints.mini_program import mini_program
from mockdouyin.endpoints.oauth import oauth
from mockdouyin.endpoints.order_push import order_push
from mockdouyin.endpoints.qr_codes import newer as qr_codes
from mockdouyin.endpoints.qr_codes import older as qr_codes_toutiao
from mockdouyin.endpoints.schema import schema
from mockdouyin.endpoints.share import share
from mockdouyin.endpoints.silent import silent
from mockdouyin.endpoints.subscription import subscription
from mockdouyin.endpoints.tickets import tickets
from mockdouyin.endpoints.trade_orders import trade
from mockdouyin.endpoints.user_data import user_data, user_data_bc
from mockdouyin.endpoints.video import video
from mockdouyin.endpoints.video_search import video_search
from mockdouyin.endpoints.webhooks import platform_webhook, webhook

WRITTEN = Catalogue(
    mini_program,
    mini_game,
    oauth,
    silent,
    tickets,
    share,
    microapp,
    subscription,
    ecpay,
    merchant,
    order_push,
    trade,
    video,
    fans,
    data_external,
    item_comment,
    enterprise_comment,
    item_data,
    item_data_bc,
    user_data,
    user_data_bc,
    videos,
    video_search,
    douyin_accounts,
    business_auth,
    im,
    tool,
    hot,
    schema,
    webhook,
    platform_webhook,
    content_security_toutiao,
    content_security,
    qr_codes_toutiao,
    qr_codes,
    links_toutiao,
    links,
    links_game,
)
"""The endpoints that are functions."""

CATALOGUE = Catalogue(*WRITTEN.families, more=catalog.families)
"""Every emulated endpoint: those, and the declared ones, which are read when one is needed."""

HOSTS = sorted(
    {
        *WRITTEN.hosts,
        "developer-product.zijieapi.com",
        "open-platform-qa.byted.org",
        "open.microapp.bytedance.com",
        "webcast.bytedance.com",
    }
)
"""Every host that official SDKs call; all are intercepted, so that no call leaves by accident."""

__all__ = ["CATALOGUE", "HOSTS", "WRITTEN", "consent", "oauth_qr"]
