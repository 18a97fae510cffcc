"""The analytics engine: ClickHouse's SQL over its HTTP interface, or embedded in this process by chDB.

Both are the same port and run the same text. chDB is imported only where `embedded` is (the audience process), since it
costs memory and forbids to fork afterwards.
"""

from framehouse.infra.analytics.clickhouse import ClickHouse, Location, parse_location
from framehouse.infra.analytics.engine import (
    AnalyticsEngine,
    EngineRefusal,
    EngineUnavailable,
    Parameter,
    Row,
    escape_tsv,
    parameter_text,
)

__all__ = [
    "AnalyticsEngine",
    "ClickHouse",
    "EngineRefusal",
    "EngineUnavailable",
    "Location",
    "Parameter",
    "Row",
    "escape_tsv",
    "parameter_text",
    "parse_location",
]
