"""Which pieces of text hold which folded forms, remembered from text to text.

Vietnamese news is written in some ten thousand different pieces between spaces, so nearly every piece of the next
article has been folded before; what is left of marking a text are set operations.
"""

from collections import defaultdict
from collections.abc import Iterable
from threading import Lock
from typing import Final

from search.text.fold import fold_text
from search.text.tokens import MAX_TOKEN, tokenize

#: Pieces remembered, about 250 bytes each; 40,000 cover 97 % of the words of news, later ones are folded anew.
LIMIT: Final = 40_000
_AROUND: Final = ".,;:!?…\"'“”‘’()[]«»"


class Pieces:
    """Pieces of text by the folded forms of their tokens.  Only grows, up to a limit; safe between threads."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit, self._lock = limit, Lock()
        self._known: dict[str, tuple[str, ...]] = {}
        self._by_form: dict[str, list[str]] = defaultdict(list)

    def having(self, forms: Iterable[str], stems: tuple[str, ...], pieces: set[str]) -> set[str]:
        """Return those of `pieces` that have a token with one of `forms`, or one that begins with one of `stems`."""
        new = self._learn(pieces.difference(self._known))
        found = {piece for piece, held in new.items() if not held.isdisjoint(forms)}
        for form in forms:
            found.update(self._by_form.get(form, ()))
        found &= pieces
        if stems:
            held_by = ((piece, new.get(piece) or self._known.get(piece, ())) for piece in pieces)
            found.update(piece for piece, held in held_by if any(form.startswith(stems) for form in held))
        return found

    def _learn(self, pieces: set[str]) -> dict[str, frozenset[str]]:
        """Remember new pieces while there is room, and return them with their forms."""
        if not pieces:
            return {}
        listed = list(pieces)
        lines = fold_text("\n".join(listed)).split("\n")
        new = {piece: frozenset(_forms(piece, line)) for piece, line in zip(listed, lines, strict=True)}
        with self._lock:
            fresh = pieces.difference(self._known)  # another thread may have learnt some meanwhile
            if len(self._known) + len(fresh) <= self._limit:
                for piece in fresh:
                    for form in new[piece]:
                        self._by_form[form].append(piece)
                    self._known[piece] = tuple(new[piece])
        return new


def _forms(piece: str, folded: str) -> Iterable[str]:
    """Return the folded forms of the tokens of a piece; a plain word is one token, and folded already."""
    word = folded.strip(_AROUND)
    if word.isascii() and word.isalnum() and len(word) <= MAX_TOKEN:
        return (word,)
    return {token.fold for token in tokenize(piece)}


PIECES: Final = Pieces()
