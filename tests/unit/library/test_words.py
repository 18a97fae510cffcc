"""Words of titles, titles of files: text as the library takes it."""

import pytest

from framehouse.library import title_from
from framehouse.library.receive import TITLE_MAX
from framehouse.library.store.shelves import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Morning run", ["morning", "run"]),
        ("Zürich Straße", ["zurich", "strasse"]),
        ("holiday_2024-final.mp4", ["holiday", "2024", "final", "mp4"]),
        ('run" OR "late', ["run", "or", "late"]),
        ("ﬁlm ①", ["film", "1"]),  # compatibility forms, as PDF and Japanese text have them
        ("100% & (<->) :* ' \\ \x00", ["100"]),
        ("日本の夏", ["日本の夏"]),
        ("İstanbul", ["istanbul"]),
        ("", []),
    ],
)
def test_words_have_neither_case_nor_accents_nor_syntax(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("file_name", "title"),
    [
        ("film.mp4", "film"),
        ("C:\\Users\\me\\My film.final.mov", "My film.final"),
        ("/tmp/film", "film"),
        (".mp4", ".mp4"),
        ("", "Untitled"),
        ("/", "Untitled"),
        ("x" * 3000 + ".mp4", "x" * TITLE_MAX),
    ],
)
def test_a_title_is_the_files_name_without_folder_and_extension(file_name: str, title: str) -> None:
    assert title_from(file_name) == title
