"""OpenAPI for what the gateway reads by hand: query parameters and bodies, from the same models that parse them."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request

from framehouse.dialects.gateway.vendor import Vendor
from framehouse.dialects.gateway.wire import Input

BODY_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
FORM_TYPE = "multipart/form-data"


def takes(
    *,
    query: type[Input] | None = None,
    body: type[Input] | None = None,
    items: type[Input] | None = None,
    file: str | None = None,
    optional_file: str | None = None,
    required: bool = False,
) -> dict[str, Any]:
    """The `openapi_extra` of a route: a `body` of fields, or a JSON array of `items`. A body with a `file` is multipart
    only, one with an `optional_file` may also be JSON or a form without it."""
    extra: dict[str, Any] = {}
    if query is not None:
        schema = inlined(query)
        needed = schema.get("required", [])
        extra["parameters"] = [
            {"in": "query", "name": name, "required": name in needed, "schema": inner, "description": _text(inner)}
            for name, inner in schema["properties"].items()
        ]
    if body is not None:
        content = {content_type: {"schema": inlined(body)} for content_type in BODY_TYPES}
        form = content[FORM_TYPE]["schema"]
        if name := file or optional_file:
            form.setdefault("properties", {})[name] = {
                "type": "string",
                "format": "binary",
                "description": "The file itself.",
            }
        if file is not None:
            form["required"] = [*form.get("required", []), file]
            content = {FORM_TYPE: content[FORM_TYPE]}
        extra["requestBody"] = {"content": content, "required": required or file is not None}
    if items is not None:
        array = {"type": "array", "items": inlined(items)}
        extra["requestBody"] = {"content": {"application/json": {"schema": array}}, "required": required}
    return extra


def inlined(model: type[Input]) -> dict[str, Any]:
    """A model's JSON schema without references, since FastAPI does not know these models."""
    schema = model.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs", {})

    def resolve(node: Any) -> Any:
        if isinstance(node, dict):
            reference: Any = node.get("$ref")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
            if isinstance(reference, str):
                return resolve(definitions[reference.rpartition("/")[2]])
            return {key: resolve(inner) for key, inner in node.items()}  # pyright: ignore[reportUnknownVariableType]  # JSON
        return [resolve(inner) for inner in node] if isinstance(node, list) else node  # pyright: ignore[reportUnknownVariableType]  # JSON

    return resolve(schema)


def _text(schema: dict[str, Any]) -> str:
    return str(schema.get("description", ""))


def document(app: FastAPI, vendor: Vendor, request: Request) -> dict[str, Any]:
    """The OpenAPI document, with the server address that this caller used."""
    if not hasattr(app.state, "openapi"):
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        components = schema.setdefault("components", {})
        components["securitySchemes"] = {name: dict(scheme) for name, scheme in vendor.security_schemes.items()}
        schema["security"] = [{name: [] for name in vendor.security_schemes}]
        app.state.openapi = schema
    at_vendor_host = request.scope.get("state", {}).get("vendor_host_prefix")
    root = "" if at_vendor_host else str(request.scope.get("root_path", ""))
    return {**app.state.openapi, "servers": [{"url": root or "/"}]}
