"""Speech: subtitles recognised from a video's sound, and subtitles translated, as durable jobs.

Engines are those that the operator has installed (`InstalledEngines`); they run in confined children. Captions
themselves are the library's.
"""

from framehouse.speech.context import SpeechContext
from framehouse.speech.engines import NOT_INSTALLED, InstalledEngines, LanguageSupport, supported
from framehouse.speech.explain import tell
from framehouse.speech.languages import LANGUAGES, Language, language_of
from framehouse.speech.model import SpeechJob, SpeechKind, SpeechState
from framehouse.speech.ports import Engines
from framehouse.speech.request import job_of, jobs_of, request_recognition, request_translation
from framehouse.speech.sound import media_is_known, media_is_refused, media_is_replaced
from framehouse.speech.stop import stop_speech
from framehouse.speech.workflows import register

__all__ = [
    "LANGUAGES",
    "NOT_INSTALLED",
    "Engines",
    "InstalledEngines",
    "Language",
    "LanguageSupport",
    "SpeechContext",
    "SpeechJob",
    "SpeechKind",
    "SpeechState",
    "job_of",
    "jobs_of",
    "language_of",
    "media_is_known",
    "media_is_refused",
    "media_is_replaced",
    "register",
    "request_recognition",
    "request_translation",
    "stop_speech",
    "supported",
    "tell",
]
