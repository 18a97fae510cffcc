"""Taking a player's report: opened, judged fact by fact, completed by what the server knows, durable, answered."""

from urllib.parse import urlsplit

from framehouse.audience import rows, wire
from framehouse.audience.context import AudienceContext
from framehouse.audience.devices import TEXT_MAX, device_of
from framehouse.audience.model import Receipt, Sender, Watching
from framehouse.audience.places import truncated


async def receive_report(context: AudienceContext, body: bytes, sender: Sender) -> Receipt:
    """Raises ReportInvalid for what is no report, ReportRefused for a ticket that is not ours or too old, IntakeFull
    when it cannot be stored now, RateLimited for too many at once. Sending it again changes nothing."""
    report = wire.decode(body)
    now_ms = context.now_ms()
    watching = context.tickets.open(report.ticket, now_ms)
    page = f"{watching.video_id} {watching.impression}"
    context.rates.spend(page, sender.address, max(1, len(report.facts)), now_ms)
    taken, refused = wire.believable(report, watching, now_ms)
    if taken:
        location = context.places.find(sender.address)
        address = truncated(sender.address, context.keep_address if watching.personal else "truncated")
        known = Sender(address, sender.user_agent[:TEXT_MAX], _page(report.page, watching))
        lines = rows.rows(taken, watching, int(report.client), known, device_of(sender.user_agent), location, now_ms)
        await context.intake.take(lines, len(taken))
    return Receipt(len(taken), tuple(refused), now_ms)


def _page(claimed: str, watching: Watching) -> str:
    """The page around the player as it says itself, if it is on the site that the server saw; else that site."""
    try:
        parts = urlsplit(claimed)
        if parts.scheme in ("http", "https") and parts.hostname == watching.host:
            return claimed
    except ValueError:  # brackets that do not match
        pass
    return f"//{watching.host}/" if watching.host else ""
