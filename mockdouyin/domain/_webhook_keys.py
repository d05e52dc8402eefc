"""The keys of events that webhooks get, in the order in which Douyin sends them."""

from __future__ import annotations

PLAIN = ("event", "client_key", "from_user_id", "content", "log_id", "event_id")
TO_USER = ("event", "client_key", "from_user_id", "to_user_id", "content")
TO_USER_LOG = (*TO_USER, "log_id")
MESSAGE = ("event", "client_key", "from_user_id", "to_user_id", "log_id", "content")
