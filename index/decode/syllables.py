"""Which words are Vietnamese syllables, by the rules of the language's spelling: onset, rhyme, tone.

No word list: the 27 onsets, about 160 rhymes and five tone marks make every syllable, and the rules of
spelling say which go together (Đoàn Thiện Thuật, Ngữ âm tiếng Việt, 1977).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from search.text.normalize import TONE_MARKS

_ONSETS: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYMES: Final = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo
    ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach
    oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi
    uôm uôn uông uôt up ut uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương
    ươp ươt ươu ưt ưu ưm ưn y yêm yên yêng yêt yêu
"""
#: Rhymes without the u that belongs to qu: quy, quyên, quýnh.
_RHYMES_OF_QU: Final = "y yên yêt ynh ych yt yu yp ya yêu êch ênh"
ONSETS: Final = tuple(sorted(_ONSETS.split(), key=len, reverse=True))
RHYMES: Final = frozenset(_RHYMES.split())
_AFTER_QU: Final = frozenset(_RHYMES_OF_QU.split()) | RHYMES
#: Before front vowels k, gh and ngh stand for c, g and ng.
_FRONT: Final = ("i", "e", "ê", "y")
_SHARP_CODA: Final = re.compile(r"(?:c|ch|p|t)$")
#: Syllables that end in a stop have the sharp or the heavy tone.
_STOP_TONES: Final = frozenset("\u0301\u0323")


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Say whether a word is a well-formed Vietnamese syllable, in any case and with either tone placement."""
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", word.lower()):
        (tones if char in TONE_MARKS else letters).append(char)
    if len(tones) > 1 or len(letters) > 12:
        return False
    toneless = unicodedata.normalize("NFC", "".join(letters))
    if toneless == "gi":
        return True
    return any(_rhymes(toneless[len(onset):], onset, tones) for onset in (*ONSETS, "") if toneless.startswith(onset))


def _rhymes(rhyme: str, onset: str, tones: list[str]) -> bool:
    if rhyme not in (_AFTER_QU if onset == "qu" else RHYMES):
        # gi swallows the i of a rhyme: giêng, gin
        return onset == "gi" and f"i{rhyme}" in RHYMES and (not tones or _tone_fits(rhyme, tones))
    front = rhyme.startswith(_FRONT)
    if onset in ("k", "gh", "ngh") and not front:
        return False
    if onset in ("c", "ng", "g") and front and not (onset == "g" and rhyme.startswith("i")):
        return False
    return _tone_fits(rhyme, tones)


def _tone_fits(rhyme: str, tones: list[str]) -> bool:
    return not _SHARP_CODA.search(rhyme) or (bool(tones) and tones[0] in _STOP_TONES)


_WORD_EDGE: Final = re.compile(r"[\s!-/:-@\[-`{-~\d“”‘’–—…•°©®«»·\u00a0]+")
#: So many marked words tell what a text is.
SAMPLE_WORDS: Final = 3_000


def marked_words(text: str) -> list[str]:
    """Return the words that hold a letter beyond ASCII, the first thousands of them."""
    return [word for word in _WORD_EDGE.split(text) if word and not word.isascii()][:SAMPLE_WORDS]


def vietnamese_share(words: Iterable[str]) -> float:
    """Return the share of words that are Vietnamese syllables, 0..1; of no words, 0."""
    found = [is_syllable(word) for word in words]
    return sum(found) / len(found) if found else 0.0
