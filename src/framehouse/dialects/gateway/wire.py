"""Base classes of what vendors' clients send and get, lenient on the way in and exact on the way out.

Clients write numbers as texts, booleans as 0 and 1, blanks for nothing, repeat parameters and add fields of their
own; all of that is accepted here once for every dialect. What is wrong becomes one InvalidInput with its fields.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from framehouse.kernel import InvalidInput

Model = TypeVar("Model", bound="Input")


class Several(list[Any]):
    """The values of a name that was given more than once; a field that takes one value takes the last."""


class Output(BaseModel):
    """A part of an answer. Blank fields are sent as null, never left out."""

    model_config = ConfigDict(frozen=True)


class Input(BaseModel):
    """A part of a request: query parameters, a JSON object or a form."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)
    any_case: ClassVar[bool] = False  # whether the vendor's clients may write names in any case
    also: ClassVar[Mapping[str, str]] = {}  # other names that clients use, to the documented one
    clears: ClassVar[frozenset[str]] = frozenset()  # fields that a blank clears, as null does: forms have no null

    @model_validator(mode="before")
    @classmethod
    def _accept_generously(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        wanted = {field.alias or name: field for name, field in cls.model_fields.items()}
        found: dict[str, Any] = {}
        for name, value in cls._known(cast("Mapping[Any, Any]", given), wanted):
            settled = _settle(value, wanted[name])
            if settled is _NOTHING and name in cls.clears:
                settled = None
            if settled is not _NOTHING and name not in found:
                found[name] = settled
        return found

    @classmethod
    def _known(cls, given: Mapping[Any, Any], wanted: Mapping[str, FieldInfo]) -> Iterable[tuple[str, Any]]:
        """The given values under their documented names; exact spellings before others."""
        yield from ((name, given[name]) for name in wanted if name in given)
        spellings = {**{name: name for name in wanted}, **cls.also}
        if cls.any_case:
            spellings = {spelling.casefold(): name for spelling, name in spellings.items()}
        for spelling, value in given.items():
            name = spellings.get(str(spelling).casefold() if cls.any_case else str(spelling))
            if name is not None:
                yield name, value


_NOTHING = object()


def _settle(value: Any, field: FieldInfo) -> Any:
    takes_list = _mentions(field.annotation, list)
    if isinstance(value, Several) and not takes_list:
        value = value[-1]
    if isinstance(value, str) and not value.strip() and not _mentions(field.annotation, str):
        return [] if takes_list else _NOTHING
    return value


def _mentions(annotation: Any, kind: type) -> bool:
    """Whether a value of the type may stand directly in the field; what is in a list does not count."""
    if annotation is kind or get_origin(annotation) is kind:
        return True
    return get_origin(annotation) is not list and any(_mentions(part, kind) for part in get_args(annotation))


def as_list(value: Any) -> Any:
    if isinstance(value, str | int):
        return [part.strip() for part in str(value).split(",") if part.strip()]
    return [part for part in cast("list[Any]", value) if part != ""] if isinstance(value, list) else value


def _as_names(value: Any) -> Any:
    return [value] if isinstance(value, str) and value.strip() else as_list(value)


IdList = Annotated[list[str], BeforeValidator(as_list)]  # an array, or one text with commas
_Name = Annotated[str, Field(min_length=1, max_length=255)]
NameList = Annotated[list[_Name], BeforeValidator(_as_names)]  # an array, or one name, which may have commas


def parse(model: type[Model], given: Mapping[str, Any]) -> Model:
    """Raises InvalidInput that names each wrong field in the client's own words."""
    check_text(given)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise invalid_input(error.errors(include_url=False, include_context=False, include_input=False)) from None


def parse_items(model: type[Model], given: Iterable[Any]) -> list[Model]:
    """As `parse` for each; what is wrong with any of them is told together, by its place in the list."""
    found: list[Model] = []
    wrong: dict[str, str] = {}
    for place, item in enumerate(given):
        try:
            found.append(parse(model, cast("Mapping[str, Any]", item)))
        except InvalidInput as error:
            wrong |= {f"{place}.{name}".removesuffix(".body"): text for name, text in error.fields.items()}
    if wrong:
        raise _refusal(wrong)
    return found


def invalid_input(problems: Iterable[Mapping[str, Any]], skip: int = 0) -> InvalidInput:
    """`problems` as pydantic lists them; `skip` leading parts of a location that are not the client's."""
    fields: dict[str, str] = {}
    for problem in problems:
        name = ".".join(str(part) for part in problem["loc"][skip:]) or "body"
        fields.setdefault(name, _plain(str(problem["msg"])))
    return _refusal(fields)


def _refusal(fields: Mapping[str, str]) -> InvalidInput:
    return InvalidInput("; ".join(f"{name}: {text}" for name, text in fields.items()), fields=fields)


def _plain(message: str) -> str:
    """pydantic's sentence as the end of ours: `is missing` for `Field required`."""
    if message == "Field required":
        return "is missing"
    text = message.removeprefix("Value error, ").replace("Input should be", "must be", 1)
    return text[:1].lower() + text[1:]


def check_text(value: Any, name: str = "") -> None:
    """NUL and lone surrogates are in no database's text: refuse them before anything stores them."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            where = name or "the request"
            raise InvalidInput(
                f"{where} has characters that are not text", fields={where: "has characters that are not text"}
            )
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[Any, Any]", value).items():
            check_text(key, name or "a name")
            check_text(inner, name or str(key))
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            check_text(inner, name)
