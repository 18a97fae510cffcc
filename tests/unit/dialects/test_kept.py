"""Parts of list answers: kept as they are sent, displaced by what is asked for more."""

import json

from pydantic import Field

from framehouse.dialects.gateway.kept import KeptParts, list_answer
from framehouse.dialects.gateway.wire import Output


class Film(Output):
    title: str
    by_4k: str | None = Field(default=None, serialization_alias="4k")


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = KeptParts(kept_max=2)
    assert kept.get("a") is None
    first = kept.keep("a", Film(title="A"))
    kept.keep("b", Film(title="B"))
    assert kept.get("a") == first
    kept.keep("c", Film(title="C"))
    assert (kept.get("a"), kept.get("b")) == (first, None)


def test_an_answer_is_the_json_of_its_parts() -> None:
    kept = KeptParts()
    parts = [kept.keep(title, Film(title=title)) for title in ('"', "é </script>")]
    answer = list_answer({"total": 2, "next_page": None}, "films", parts)
    films = [{"title": '"', "4k": None}, {"title": "é </script>", "4k": None}]
    assert json.loads(bytes(answer.body)) == {"total": 2, "next_page": None, "films": films}
    assert answer.media_type == "application/json"
    assert json.loads(bytes(list_answer({}, "films", []).body)) == {"films": []}
