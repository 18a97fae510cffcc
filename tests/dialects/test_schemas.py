"""Requests generated from each OpenAPI document, right and wrong ones: no 5xx, no status or shape unannounced."""

import asyncio
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.dialects.house import BASE, facts, open_house
from tests.dialects.things import Things, path_values

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = [(vendor, name) for vendor in ("adilo", "sproutvideo") for name in facts(vendor)["operations"]]


@pytest.mark.parametrize(("vendor", "operation"), OPERATIONS)
def test_generated_requests(migrated_file: Path, tmp_path: Path, vendor: str, operation: str) -> None:
    with asyncio.Runner() as runner:
        opened = open_house(migrated_file, tmp_path, rate_limit_per_minute=1_000_000)
        house = runner.run(opened.__aenter__())
        try:
            ids = runner.run(Things(house).fill())
            document = runner.run(house.client.get(f"/{vendor}/openapi.json")).json()
            schema = schemathesis.openapi.from_dict(document)
            method, path = operation.split(" ")

            @hypothesis.given(case=schema[path][method].as_strategy(generation_mode=GenerationMode.POSITIVE))
            @limits
            def right(case: Any) -> None:
                runner.run(check(house.client, case, vendor, house.keys(vendor), path_values(path, ids)))

            @hypothesis.given(case=schema[path][method].as_strategy(generation_mode=GenerationMode.NEGATIVE))
            @limits
            def wrong(case: Any) -> None:
                runner.run(check(house.client, case, vendor, house.keys(vendor), {}))

            right()
            if document["paths"][path][method.lower()].keys() & {"parameters", "requestBody"}:
                wrong()
        finally:
            runner.run(opened.__aexit__(None, None, None))


limits = hypothesis.settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


async def check(client: Any, case: Any, vendor: str, keys: dict[str, str], ids: dict[str, str]) -> None:
    """With things that exist where `ids` says so: more than refusals are seen."""
    case.path_parameters = {**(case.path_parameters or {}), **ids}
    wanted = case.as_transport_kwargs(base_url=f"{BASE}/{vendor}", headers=keys)
    names = ("method", "url", "params", "headers", "json", "data", "files")
    prepared = requests.Request(**{name: wanted[name] for name in names if name in wanted}).prepare()
    answer = await client.request(
        prepared.method, prepared.url, headers=dict(prepared.headers), content=prepared.body or b""
    )
    case.validate_response(answer, checks=CHECKS)
