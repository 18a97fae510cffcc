"""The dry run of access, and webhook deliveries."""

from framehouse.dialects.sproutvideo import schemas
from framehouse.dialects.sproutvideo.translate import ids
from framehouse.dialects.sproutvideo.translate.values import timestamp, timestamp_or_none
from framehouse.kernel import to_hex
from framehouse.playback import AccessAnswer, AccessQuestion, Place
from framehouse.webhooks import Delivery


def access_question(given: schemas.AccessQuery) -> AccessQuestion:
    return AccessQuestion(
        place=Place(given.place),
        domain=given.domain or None,
        address=given.ip or None,
        login_id=ids.login_id(given.login_id) if given.login_id else None,
        password=given.password or None,
        signed=given.signed,
        at=given.at,
    )


def access(answer: AccessAnswer) -> schemas.Access:
    return schemas.Access(
        allowed=answer.allowed,
        reason=answer.reason.value if answer.reason is not None else None,
        message=answer.explanation,
        downloads=[quality.value for quality in answer.downloads],
    )


def delivery(found: Delivery) -> schemas.Delivery:
    return schemas.Delivery(
        id=to_hex(found.id),
        event=found.event,
        url=found.url,
        state=found.state,
        attempts=found.attempts,
        status_code=found.status_code,
        error=found.error,
        created_at=timestamp(found.created_at),
        attempted_at=timestamp_or_none(found.attempted_at),
        next_attempt_at=timestamp_or_none(found.next_attempt_at),
    )
