"""Webhooks: what happened is told to the tenants' own servers, signed and retried durably, and every try recorded.

Who is told is said by the videos and tenants (`bootstrap` hands the URLs in), what they are told is rendered by a
dialect through the port `Render`.
"""

from framehouse.webhooks.announce import DELIVER_WORK, announce, deliveries_of, redeliver
from framehouse.webhooks.deliver import Render, deliver, fail_attempt
from framehouse.webhooks.explain import tell
from framehouse.webhooks.housekeeping import forget_deliveries
from framehouse.webhooks.model import REPLACEMENT_FAILED, VIDEO_COMPLETED, VIDEO_FAILED, Delivery, DeliveryState
from framehouse.webhooks.signature import sign, signing_secret, verify

__all__ = [
    "DELIVER_WORK",
    "REPLACEMENT_FAILED",
    "VIDEO_COMPLETED",
    "VIDEO_FAILED",
    "Delivery",
    "DeliveryState",
    "Render",
    "announce",
    "deliver",
    "deliveries_of",
    "fail_attempt",
    "forget_deliveries",
    "redeliver",
    "sign",
    "signing_secret",
    "tell",
    "verify",
]
