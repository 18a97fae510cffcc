"""Contacts: who left an address at a file's gate."""

from pydantic import Field

from framehouse.dialects.gateway import Output


class Contact(Output):
    id: int
    contact_id: int
    name: str | None
    email: str
    consent: bool = Field(description="Whether the viewer agreed to be written to.")
    file_id: str | None = Field(description="The file at whose gate the address was left; null when it is gone.")
    file_title: str | None
    created_at: str = Field(description='"YYYY-MM-DD HH:MM:SS" in UTC.')


class ContactsDownload(Output):
    url: str = Field(description="A CSV file, for whoever has the URL.")
    expires_at: str = Field(description='"YYYY-MM-DD HH:MM:SS" in UTC.')
