"""The speech room over a real database, storage and ffmpeg, with engines that the tests play; enqueued work is kept."""

import asyncio
import io
import json
import wave
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from framehouse import library
from framehouse.infra.database import Database
from framehouse.infra.process import run
from framehouse.infra.secretbox import SecretBox
from framehouse.infra.settings import Settings
from framehouse.infra.storage import UrlSigner, open_storage
from framehouse.infra.tools import locate_tools
from framehouse.infra.transaction import Transaction, Work
from framehouse.kernel import FakeClock, InvalidInput
from framehouse.library import Caption, CaptionOrigin, LibraryContext, Owner, Video
from framehouse.media import webvtt
from framehouse.media.cue_layout import Word
from framehouse.media.probe import probe_argv
from framehouse.media.speech_audio import milliseconds
from framehouse.speech import Language, SpeechContext, SpeechJob, SpeechKind, request_recognition, request_translation
from framehouse.speech.attempt import fail
from framehouse.speech.ports import Heard, Progress, Stretch
from framehouse.speech.recognise import recognise
from framehouse.speech.translate import translate
from framehouse.speech.workflows import reason_for
from tests.contracts.library_house import UPLOAD_EXPIRES_S, UPLOAD_MAX_BYTES, House

SENTENCE = " Good morning to you all."


@dataclass
class PlayedEngines:
    """Hears a sentence at the beginning of each stretch, translates by putting the language before each word.

    `before` is awaited with what is about to be heard or translated, and may raise.
    """

    languages: tuple[str, ...] = ("en", "es", "fr")
    silent: bool = False
    before: Callable[[object], Awaitable[None]] = lambda _what: asyncio.sleep(0)
    heard: list[int] = field(default_factory=list[int])
    name: str = "played"

    def recogniser(self, language: Language) -> "PlayedEngines":
        if language.tag not in self.languages:
            raise InvalidInput(f"{language.name}: install something", fields={"language": "is not installed"})
        return self

    def translator(self, source: Language, target: Language) -> "PlayedEngines":
        self.recogniser(source)
        return self.recogniser(target)

    async def recognise(
        self, sound: Path, stretches: Sequence[Stretch], language: Language, *, heard: Heard, progress: Progress
    ) -> None:
        assert sound.stat().st_size >= stretches[-1].end * 2
        for number, stretch in enumerate(stretches):
            await self.before(stretch.number)
            self.heard.append(stretch.number)
            start = milliseconds(stretch.first)
            words = [Word(start + n * 300, start + n * 300 + 250, f" {w}") for n, w in enumerate(SENTENCE.split())]
            await progress((number + 0.5) / len(stretches))
            await heard(stretch, [] if self.silent else words)

    async def translate(
        self, texts: Sequence[str], source: Language, target: Language, folder: Path, *, progress: Progress
    ) -> list[str]:
        assert folder.is_dir()
        await self.before(texts)
        await progress(0.5)
        return [" ".join(f"{target.tag}:{word}" for word in text.split()) for text in texts]


@dataclass
class SpeechHouse(House):
    speech: SpeechContext = field(kw_only=True)
    engines: PlayedEngines = field(kw_only=True)
    work: list[Work] = field(default_factory=list[Work], kw_only=True)

    async def spoken(self, owner: Owner, seconds: float = 2, *, inspected: bool = True) -> Video:
        """A video of a sound of that length, as its inspection leaves it."""
        video = await self.video(owner, data=a_sound(seconds))
        if inspected:
            await self.inspect(owner, video)
        return video

    async def inspect(self, owner: Owner, video: Video, **changed: object) -> None:
        async with self.database.read() as tx:
            source = await library.source_for_work(tx, owner.tenant_id, video.source_id)
        assert source is not None
        path = self.storage.local_path(source.object_key)
        assert path is not None
        probed = await run(probe_argv(self.speech.tools.ffprobe, path), limits=self.speech.decoder_limits())
        raw = {**json.loads(probed.stdout), **changed}
        async with self.database.write() as tx:
            await library.record_media_info(tx, source, raw)
        await self.processing(owner, video.id)

    async def recognition(self, owner: Owner, video: Video, language: str = "en") -> SpeechJob:
        return await request_recognition(self.context, self.engines, owner, video.id, language)

    async def translation(self, owner: Owner, video: Video, language: str, source: int | None = None) -> SpeechJob:
        caption_id = library.CaptionId(source) if source is not None else None
        return await request_translation(self.context, self.engines, owner, video.id, caption_id, language)

    async def captions(self, owner: Owner, video: Video, origin: CaptionOrigin) -> list[Caption]:
        found = await library.list_captions(self.context, owner, video.id)
        return [caption for caption in found if caption.origin is origin]

    async def text_of(self, caption: Caption) -> tuple[webvtt.Cue, ...]:
        return webvtt.parse(await library.caption_text(self.context, caption))

    async def run(self, job: SpeechJob) -> None:
        """As the durable workflow does: its error ends the job with a reason."""
        try:
            await self.attempt(job)
        except Exception as error:  # noqa: BLE001  (any error ends a workflow)
            await fail(self.speech, job.id, reason_for(error))

    async def attempt(self, job: SpeechJob) -> None:
        """Without that: what an attempt leaves when its worker dies."""
        await (recognise if job.kind is SpeechKind.RECOGNITION else translate)(self.speech, job.id)


def a_sound(seconds: float) -> bytes:
    """A WAV file with a quiet hum."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes([126, 130]) * int(seconds * 4000))
    return file.getvalue()


@asynccontextmanager
async def open_speech_house(database_url: str, folder: Path) -> AsyncGenerator[SpeechHouse]:
    clock, work = FakeClock(), list[Work]()

    async def enqueue(_tx: Transaction, new: Work) -> None:
        work.append(new)

    async def emit(_tx: Transaction, _event: object) -> None:
        return None

    database = Database(database_url, enqueue=enqueue, emit=emit)
    signer = UrlSigner(b"a secret of the tests, 16+ bytes")
    storage = open_storage(f"file://{folder}/library", signer=signer, base_url="http://127.0.0.1:1", clock=clock)
    context = LibraryContext(database, storage, SecretBox(b"k" * 32), clock, UPLOAD_MAX_BYTES, UPLOAD_EXPIRES_S)
    settings = Settings(data_dir=folder)  # type: ignore[call-arg]  # the others have defaults
    engines = PlayedEngines()
    speech = SpeechContext(context, engines, locate_tools(settings), settings, folder / "scratch")
    try:
        yield SpeechHouse(context, clock, speech=speech, engines=engines, work=work)
    finally:
        await storage.close()
        await database.close()
