"""`framehouse video`: what stands around a film in the player, for APIs that have no call for it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from framehouse import library
from framehouse.bootstrap.services import Services
from framehouse.entrypoints.explain import video_id_of
from framehouse.kernel import UNCHANGED, InvalidInput, NotFound, Unchanged, to_hex
from framehouse.library import Chapter, NewCallToAction, Owner, VideoChanges

Run = Callable[[Callable[[Services], Awaitable[Any]]], Any]
Id = Annotated[str, typer.Argument(help="A video's id in any spelling.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Chapters = Annotated[list[str] | None, typer.Option("--chapter", help='"TIME TITLE"; all of them, in any order.')]
Calls = Annotated[list[str] | None, typer.Option("--call-to-action", help='"START[-END] URL TEXT"; all of them.')]
NoChapters = Annotated[bool, typer.Option("--no-chapters", help="Remove all chapters.")]
NoCalls = Annotated[bool, typer.Option("--no-calls-to-action", help="Remove all calls to action.")]
Skippable = Annotated[bool, typer.Option(help="Whether viewers may take these calls to action away.")]
AsksEmail = Annotated[bool | None, typer.Option("--ask-email/--no-ask-email", help="The e-mail gate.")]
AsksName = Annotated[bool | None, typer.Option("--ask-name/--no-ask-name", help="The name at the gate.")]
TIMES = "times are seconds, mm:ss or hh:mm:ss"


@dataclass(frozen=True)
class Wishes:
    """What is to be set; None and UNCHANGED leave what is there."""

    chapters: tuple[Chapter, ...] | None
    calls: tuple[NewCallToAction, ...] | None
    asks_email: bool | Unchanged
    asks_name: bool | Unchanged


def commands(run: Run) -> typer.Typer:
    """The sub-commands; `run` opens the installation and ends the program with a sentence for what is wrong."""
    app = typer.Typer(help="Chapters, calls to action and the e-mail gate of a video.", no_args_is_help=True)

    @app.command("show")
    def show(content_id: Id, as_json: AsJson = False) -> None:  # pyright: ignore[reportUnusedFunction]  # typer keeps it
        """Print what stands around a video in the player."""
        _print(run(lambda services: _told(services, content_id)), as_json)

    @app.command("set")
    def change(  # pyright: ignore[reportUnusedFunction]  # as above
        content_id: Id,
        chapter: Chapters = None,
        no_chapters: NoChapters = False,
        call_to_action: Calls = None,
        no_calls_to_action: NoCalls = False,
        skippable: Skippable = True,
        ask_email: AsksEmail = None,
        ask_name: AsksName = None,
        as_json: AsJson = False,
    ) -> None:
        """Set them: chapters and calls to action that are given replace all that are there."""

        async def act(services: Services) -> dict[str, Any]:
            chapters = [] if no_chapters else chapter or None
            calls = [] if no_calls_to_action else call_to_action or None
            wishes = Wishes(
                tuple(_chapter(each) for each in chapters) if chapters is not None else None,
                tuple(_call(each, skippable) for each in calls) if calls is not None else None,
                UNCHANGED if ask_email is None else ask_email,
                UNCHANGED if ask_name is None else ask_name,
            )
            await _set(services, content_id, wishes)
            return await _told(services, content_id)

        _print(run(act), as_json)

    return app


async def _set(services: Services, text: str, wishes: Wishes) -> None:
    owner, video = await _find(services, text)
    if wishes.calls is not None:  # the strictest first: what it refuses leaves everything as it was
        await library.replace_calls_to_action(services.library, owner, video.id, wishes.calls)
    if wishes.chapters is not None:
        await library.set_chapters(services.library, owner, video.id, wishes.chapters)
    changes = VideoChanges(asks_email=wishes.asks_email, asks_name=wishes.asks_name)
    await library.change_video(services.library, owner, video.id, changes)


async def _told(services: Services, text: str) -> dict[str, Any]:
    owner, video = await _find(services, text)
    chapters = await library.chapters_of(services.library, owner, video.id)
    calls = await library.list_calls_to_action(services.library, owner, video.id)
    return {
        "id": to_hex(video.id),
        "title": video.title,
        "chapters": [{"start_s": each.start_ms / 1000, "title": each.title} for each in chapters],
        "calls_to_action": [
            {
                "start_s": each.start_ms / 1000,
                "end_s": each.end_ms / 1000 if each.end_ms is not None else None,
                "text": each.text,
                "url": each.url,
                "skippable": each.skippable,
            }
            for each in calls
        ],
        "gate": {"email": video.asks_email, "name": video.asks_name},
    }


async def _find(services: Services, text: str) -> tuple[Owner, library.Video]:
    published = await library.published_video(services.library, video_id_of(text))
    if published is None:
        raise NotFound(f"there is no video {text}")
    return Owner(published.video.tenant_id), published.video


def _print(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(told))
        return
    print(f"{told['id']}  {told['title']}")
    for each in told["chapters"]:
        print(f"chapter {each['start_s']:g} s  {each['title']}")
    for each in told["calls_to_action"]:
        end = f"{each['end_s']:g} s" if each["end_s"] is not None else "the end"
        skip = "" if each["skippable"] else ", not skippable"
        print(f"call to action {each['start_s']:g} s to {end}{skip}  {each['text']}  {each['url']}")
    asked = " and ".join(name for name in ("email", "name") if told["gate"][name])
    print(f"gate asks for {asked or 'nothing'}")


def _chapter(text: str) -> Chapter:
    time, _, title = text.strip().partition(" ")
    return Chapter(_milliseconds(time), title.strip())


def _call(text: str, skippable: bool) -> NewCallToAction:
    parts = text.split(maxsplit=2)
    if len(parts) < 3:
        raise InvalidInput(f'a call to action is "START[-END] URL TEXT", not {text!r}')
    start, _, end = parts[0].partition("-")
    return NewCallToAction(
        parts[2], parts[1], _milliseconds(start), _milliseconds(end) if end else None, skippable=skippable
    )


def _milliseconds(text: str) -> int:
    """Raises InvalidInput."""
    parts = text.split(":")
    whole = all(part.isascii() and part.isdigit() for part in parts[:-1])
    seconds = parts[-1].replace(".", "", 1)
    if len(parts) > 3 or not whole or not (seconds.isascii() and seconds.isdigit()):
        raise InvalidInput(f"{text!r} is no time: {TIMES}")
    total = 0.0
    for part in parts:
        total = total * 60 + float(part)
    return round(total * 1000)
