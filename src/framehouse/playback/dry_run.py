"""The owner's dry run: would this viewer be let in, and if not, why exactly. Nothing is counted, recorded or issued."""

from dataclasses import dataclass, replace
from datetime import datetime

from framehouse import identity
from framehouse.kernel import LoginId, NotFound
from framehouse.library import DownloadQuality, LibraryContext, PublishedVideo
from framehouse.playback.downloads import offered_downloads
from framehouse.playback.explanations import EXPLANATIONS
from framehouse.playback.model import (
    Decision,
    DenialReason,
    Denied,
    Place,
    Proofs,
    SignatureState,
    SignedIn,
    Viewer,
)
from framehouse.playback.policy import decide
from framehouse.playback.prompts import PASSWORD_PROMPTS, is_password, is_project_password
from framehouse.playback.watch import Viewing, gather_facts


@dataclass(frozen=True)
class AccessQuestion:
    """A viewer to try. What is None was not shown: no embedding site, nobody signed in, no password entered.

    `signed`: whether the embed's address is signed well, or what else its signature is worth. `at` is now by default.
    """

    place: Place
    domain: str | None = None
    address: str | None = None
    login_id: LoginId | None = None
    password: str | None = None
    signed: SignatureState | bool | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class AccessAnswer:
    """`explanation` is for the owner, the decision's message for the viewer. `downloads`: what may be downloaded."""

    decision: Decision
    explanation: str
    downloads: tuple[DownloadQuality, ...]

    @property
    def allowed(self) -> bool:
        return not isinstance(self.decision, Denied)

    @property
    def reason(self) -> DenialReason | None:
        return self.decision.reason if isinstance(self.decision, Denied) else None


async def check_access(context: LibraryContext, published: PublishedVideo, question: AccessQuestion) -> AccessAnswer:
    """NotFound for a login that the video's tenant does not have."""
    now = question.at or context.clock.now()
    right_for_project = question.password is not None and is_project_password(
        context, published.video, question.password
    )
    right_password = question.password is not None and is_password(context, published.video, question.password)
    proofs = Proofs(
        host=(question.domain or "").strip().lower() or None,
        password=right_password,
        project=right_for_project,
        login=await _signed_in(context, published, question),
    )
    viewer = Viewer(address=question.address or "", proofs=proofs)
    tenant, facts = await gather_facts(context, published, question.place, viewer, _signature(question), now)
    viewing = Viewing(published, viewer, facts, tenant, decide(facts))
    decision = viewing.decision
    if isinstance(decision, Denied) and decision.reason in PASSWORD_PROMPTS and question.password:
        decision = replace(decision, reason=DenialReason.PASSWORD_WRONG)
    allowed = "The viewer may watch."
    explanation = EXPLANATIONS[decision.reason] if isinstance(decision, Denied) else allowed
    return AccessAnswer(decision, explanation, offered_downloads(viewing))


async def _signed_in(context: LibraryContext, published: PublishedVideo, question: AccessQuestion) -> SignedIn | None:
    if question.login_id is None:
        return None
    async with context.database.read() as tx:
        login = await identity.find_login(tx, published.video.tenant_id, question.login_id)
    if login is None:
        raise NotFound("there is no such login")
    return SignedIn(login.id, login.generation)


def _signature(question: AccessQuestion) -> SignatureState:
    if isinstance(question.signed, SignatureState):
        return question.signed
    return SignatureState.VALID if question.signed else SignatureState.MISSING
