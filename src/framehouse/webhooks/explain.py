"""A delivery in words, for people."""

from framehouse.infra.outgoing import shown_url
from framehouse.kernel import to_hex
from framehouse.webhooks.model import Delivery, DeliveryState


def tell(delivery: Delivery) -> str:
    """One line: what was told to whom, and what it waits for or why it ended. No secrets of the URL."""
    tries = f"{delivery.attempts} attempt" + ("" if delivery.attempts == 1 else "s")
    if delivery.state is DeliveryState.DELIVERED:
        how = f"delivered, answered {delivery.status_code} ({tries})"
    elif delivery.state is DeliveryState.FAILED:
        how = f"given up after {tries} — {delivery.error}"
    elif delivery.next_attempt_at is not None and delivery.error:
        how = f"{tries} — {delivery.error}; the next one at {delivery.next_attempt_at:%Y-%m-%d %H:%M:%S}Z"
    else:
        how = "waits for a worker"
    return f"webhook {to_hex(delivery.id)} {delivery.event} to {shown_url(delivery.url)}: {how}"
