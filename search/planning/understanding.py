"""What a plain query asks for beyond its letters: initials written out, blanks put right, a last word completed.

Each is said in a notice that leads back to the words as typed.  Queries with operators or quotation marks are searched
as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search.lexicon.lexicon import Lexicon
from search.planning.relaxation import EXACTLY
from search.query.notices import Notice
from search.query.syntax import Parsed, is_plain, rewritten
from search.reading.blanks import Change, Names, changes
from search.reading.half_typed import completion
from search.reading.initials import Abbreviated, written_out
from search.text import Token


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A query to be searched instead of the one typed, and what is said of it."""

    text: str
    notice: Notice


def understood(parsed: Parsed, lexicon: Lexicon, names: Names, abbreviated: Abbreviated) -> Rewriting | None:
    """Return a query with a name written out, its blanks put right or its last word completed.

    None if it is good as it is.
    """
    words = parsed.words if is_plain(parsed) else ()
    if not words:
        return None
    if found := written_out(words, parsed.text, names, abbreviated):
        return _searched("initials", parsed, _changed(parsed, words, found))
    if found := changes(lexicon, words, parsed.text, names):
        return _searched("blanks", parsed, _changed(parsed, words, found))
    whole = completion(lexicon, words, parsed.text, names)
    if whole is None:
        return None
    return _searched("completed", parsed, rewritten(parsed, [(words[-1].start, words[-1].end, whole)]))


def _changed(parsed: Parsed, words: Sequence[Token], found: Sequence[Change]) -> str:
    return rewritten(
        parsed, [(words[change.first].start, words[change.last - 1].end, change.text) for change in found]
    )


def _searched(code: str, parsed: Parsed, shown: str) -> Rewriting:
    vi = f"Hiển thị kết quả cho {shown} — tìm đúng {parsed.text}"
    en = f"Showing results for {shown} — search exactly {parsed.text}"
    return Rewriting(shown, Notice(code, vi, en, EXACTLY))
