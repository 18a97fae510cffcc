"""What all of Adilo's objects share: names in any case, windows of lists, the envelope of every answer."""

from typing import Generic, TypeVar

from pydantic import Field

from framehouse.dialects.gateway import PAGE_MAX, Input, Output

COUNT_DEFAULT = 50
COUNT_MAX = 1000
Payload = TypeVar("Payload")


class Lenient(Input):
    any_case = True


class Positions(Lenient):
    first: int = Field(1, alias="From", ge=0, le=PAGE_MAX, description="Position of the first result, from 1.")
    count: int = Field(
        COUNT_DEFAULT, alias="To", ge=1, description=f"How many results; more than {COUNT_MAX} count as {COUNT_MAX}."
    )


class Envelope(Output, Generic[Payload]):
    status: str = Field(description="`success`.")
    message: str
    payload: Payload


class Meta(Output):
    total: int = Field(description="How many there are in all.")


class ListEnvelope(Envelope[list[Payload]], Generic[Payload]):
    meta: Meta


class Deleted(Output):
    id: str
