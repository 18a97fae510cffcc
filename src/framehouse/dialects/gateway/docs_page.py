"""The OpenAPI document and a readable page of it, made here: no script, nothing loaded from elsewhere."""

from typing import Any

from fastapi import FastAPI, Request
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse, JSONResponse, Response

from framehouse.dialects.gateway.openapi import document
from framehouse.dialects.gateway.vendor import Vendor

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
METHODS = ("get", "post", "put", "delete")
_templates = Environment(
    loader=PackageLoader("framehouse.dialects.gateway"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


def add_docs(app: FastAPI, vendor: Vendor) -> None:
    """`/openapi.json`, `/docs` and its style sheet, beside the versioned API and without a key."""

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> JSONResponse:  # pyright: ignore[reportUnusedFunction]  # a route
        return JSONResponse(document(app, vendor, request))

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:  # pyright: ignore[reportUnusedFunction]  # a route
        page = _templates.get_template("docs.html").render(
            api=document(app, vendor, request), sections=_sections(app, vendor, request)
        )
        return HTMLResponse(
            page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Referrer-Policy": "no-referrer"}
        )

    @app.get("/docs.css", include_in_schema=False)
    async def style() -> Response:  # pyright: ignore[reportUnusedFunction]  # a route
        return Response(_templates.get_template("docs.css").render(), media_type="text/css")


def _sections(app: FastAPI, vendor: Vendor, request: Request) -> dict[str, list[dict[str, Any]]]:
    """Operations by their tag, flattened for the page."""
    api = document(app, vendor, request)
    server = api["servers"][0]["url"].rstrip("/")
    sections: dict[str, list[dict[str, Any]]] = {}
    for path, item in api["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                row = {**operation, "method": method.upper(), "address": server + path, "fields": _fields(operation)}
                row["answer"] = _answer(api, operation)
                sections.setdefault(operation["tags"][0], []).append(row)
    return sections


def _fields(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Parameters and body fields in one table."""
    rows = [
        {
            "name": p["name"],
            "place": p["in"],
            "required": p.get("required"),
            "type": _type(p["schema"]),
            "text": p.get("description", ""),
        }
        for p in operation.get("parameters", [])
    ]
    contents = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = list(contents.values())[-1]["schema"] if contents else {}  # the form, which has the file
    schema = schema.get("items", schema)
    for name, inner in schema.get("properties", {}).items():
        required = name in schema.get("required", [])
        rows.append(
            {
                "name": name,
                "place": "body",
                "required": required,
                "type": _type(inner),
                "text": inner.get("description", ""),
            }
        )
    return rows


def _type(schema: dict[str, Any]) -> str:
    kinds: list[dict[str, Any]] = schema.get("anyOf", [schema])
    names = [_name(kind) for kind in kinds if kind.get("type") != "null"]
    return " or ".join(dict.fromkeys(names)) or "any"


def _name(kind: dict[str, Any]) -> str:
    if "enum" in kind:
        return ", ".join(str(value) for value in kind["enum"])
    if kind.get("type") == "array":
        return f"array of {_type(kind.get('items', {}))}"
    return str(kind.get("format") or kind.get("type") or kind.get("$ref", "any").rpartition("/")[2])


def _answer(api: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the successful answer, one level deep."""
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    properties: dict[str, Any] = api["components"]["schemas"].get(name, {}).get("properties", {})
    return [
        {"name": field, "type": _type(inner), "text": inner.get("description", "")}
        for field, inner in properties.items()
    ]
