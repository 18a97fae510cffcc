"""What a name, a slug, an e-mail address and a password must look like; each check answers the stored form.

All raise InvalidInput with the field's name. Nothing here asks the database.
"""

import re
import unicodedata

from framehouse.kernel import InvalidInput

NAME_LENGTH_MAX = 200
EMAIL_LENGTH_MAX = 254  # RFC 5321 section 4.5.3.1.3: a path of 256 octets less its brackets
PASSWORD_LENGTH_MIN = 10
PASSWORD_LENGTH_MAX = 1024
SECRET_LENGTH_MAX = 256
DEFAULT_PRIVACIES = ("public", "private", "login")  # a password cannot be a default: each video has its own

_SLUG = re.compile(r"[a-z0-9-]{1,64}")
# RFC 5321's dot-string, with the letters of RFC 6531. Quoted local parts and address literals are refused; a
# domain of one label is taken, since installations live in private networks too.
_EMAIL = re.compile(
    r"(?=.{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?\.)*[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
)


def refuse(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{field} {problem}", fields={field: problem})


def is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None


def checked_slug(slug: str) -> str:
    if not is_slug(slug):
        raise refuse("slug", "must be 1 to 64 lower-case letters, digits and hyphens")
    return slug


def checked_name(name: str) -> str:
    """1 to 200 characters after trimming; control characters and lone surrogates cannot be stored everywhere."""
    trimmed = name.strip()
    if not 1 <= len(trimmed) <= NAME_LENGTH_MAX:
        raise refuse("name", f"must have 1 to {NAME_LENGTH_MAX} characters")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in trimmed):
        raise refuse("name", "must not contain control characters")
    return trimmed


def canonical_email(email: str) -> str | None:
    """Lower case and composed (NFC), as it is stored and compared; None for what is no address."""
    folded = unicodedata.normalize("NFC", email.strip()).lower()
    return folded if len(folded) <= EMAIL_LENGTH_MAX and _EMAIL.fullmatch(folded) else None


def checked_email(email: str) -> str:
    canonical = canonical_email(email)
    if canonical is None:
        raise refuse("email", "must be an e-mail address such as name@example.com")
    return canonical


def checked_password(password: str) -> str:
    if len(password) < PASSWORD_LENGTH_MIN:
        raise refuse("password", f"must have at least {PASSWORD_LENGTH_MIN} characters")
    if len(password) > PASSWORD_LENGTH_MAX:
        raise refuse("password", f"must have at most {PASSWORD_LENGTH_MAX} characters")
    return password


def could_be_secret(text: str) -> bool:
    """Whether a presented key is worth a query: databases refuse NUL and lone surrogates with errors of their own."""
    return 1 <= len(text) <= SECRET_LENGTH_MAX and text.isascii() and text.isprintable()
