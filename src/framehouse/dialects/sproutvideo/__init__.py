"""SproutVideo's API over the library. For outsiders: `create`, its sub-application, and `notification`, its webhook."""

from fastapi import FastAPI
from starlette.requests import Request

from framehouse import library
from framehouse.dialects.context import DialectContext
from framehouse.dialects.gateway import Vendor, create_application, links_of_installation
from framehouse.dialects.sproutvideo import errors, translate
from framehouse.dialects.sproutvideo.routes import router
from framehouse.identity import Identity, Principal, Tenant
from framehouse.kernel import NotFound, VideoId
from framehouse.library import OutputKind, Owner

KEY_HEADER = "SproutVideo-Api-Key"


async def _authenticate(request: Request, identity: Identity) -> Principal | None:
    key = request.headers.get(KEY_HEADER)
    return await identity.authenticate_api_key(key) if key else None


def create(context: DialectContext) -> FastAPI:
    """Mount it under `/sproutvideo`."""
    vendor = Vendor(
        title="SproutVideo API on Framehouse",
        description="Requests and answers of the SproutVideo API, answered by this installation's own library.",
        who=f"an API key is needed in the header {KEY_HEADER}",
        security_schemes={
            "api_key": {
                "type": "apiKey",
                "in": "header",
                "name": KEY_HEADER,
                "description": "A credential's `api_key`.",
            }
        },
        authenticate=_authenticate,
        errors=errors.style(context.settings.sproutvideo_rate_limit_status),
    )
    return create_application(vendor, context, router)


async def notification(context: DialectContext, tenant: Tenant, video_id: VideoId) -> bytes | None:
    """What webhooks are told of a video: its object as a request for it is answered; None when it is gone."""
    try:
        video = await library.get_video(context.library, Owner(tenant.id), video_id)
    except NotFound:
        return None
    made = await library.outputs_of(context.library, [video.id], [OutputKind.DOWNLOAD])
    plays = await context.audience.play_counts.of(tenant.id, [video.id])
    links = links_of_installation(context.settings)
    answer = translate.video(context, links, video, made.get(video.id, []), plays[video.id])
    return answer.model_dump_json(by_alias=True).encode()
