"""Read keystrokes of the Vietnamese typing methods that no editor has turned into letters.

`ddoosi` (Telex) and `d9o61i` (VNI) both mean đối.  The result is a tone key, so where the tone stands does
not matter.  Rules: the Telex and VNI conventions of Unikey, also with late marks (`duongwf`).
"""

from typing import Final

from search.text.fold import TONE_SEPARATOR

_TELEX_TONES: Final = {"f": "1", "r": "2", "x": "3", "s": "4", "j": "5"}
_VNI_TONES: Final = {"2": "1", "3": "2", "4": "3", "1": "4", "5": "5"}
_ROUND: Final = {"a": "â", "e": "ê", "o": "ô"}
_HORN: Final = {"o": "ơ", "u": "ư"}
_VOWELS: Final = frozenset("aeiouyăâêôơư")
LONGEST: Final = 12


def telex(word: str) -> str | None:
    """Return the tone key that ASCII keystrokes mean in Telex, None if no key of it makes a mark."""
    if not word.isascii() or not word.isalpha() or not 2 <= len(word) <= LONGEST:
        return None
    letters: list[str] = []
    tone = ""
    for char in word.lower():
        vowels = any(letter in _VOWELS for letter in letters)
        if char in _TELEX_TONES and vowels:
            if tone:
                return None
            tone = _TELEX_TONES[char]
        elif not (
            (char == "w" and _horn_or_breve(letters))
            or (char in _ROUND and _replace_last(letters, char, _ROUND[char]))
            or (char == "d" and letters[:1] == ["d"] and _replace_first(letters))
        ):
            letters.append("ư" if char == "w" else char)
    return _key(letters, tone, word)


def vni(word: str) -> str | None:
    """Return the tone key that letters and digits mean in VNI, None if they make no marked word."""
    if not (word.isascii() and word.isalnum() and word[0].isalpha()) or word.isalpha() or not 2 <= len(word) <= LONGEST:
        return None
    letters: list[str] = []
    tone = ""
    for char in word.lower():
        if not char.isdigit():
            letters.append(char)
        elif char in _VNI_TONES:
            if tone:
                return None
            tone = _VNI_TONES[char]
        elif not _vni_mark(letters, char):
            return None
    return _key(letters, tone, word)


def _key(letters: list[str], tone: str, word: str) -> str | None:
    joined = "".join(letters)
    if joined.endswith("ươ"):  # ends no syllable: `thuowr` is thuở
        joined = f"{joined[:-2]}uơ"
    if joined == word.lower() or not any(letter in _VOWELS for letter in letters):
        return None
    return f"{joined}{TONE_SEPARATOR}{tone}" if tone else joined


def _vni_mark(letters: list[str], digit: str) -> bool:
    if digit == "6":
        return any(_replace_last(letters, plain, _ROUND[plain]) for plain in "oea" if plain in letters)
    if digit == "7":
        return _horn(letters)
    if digit == "8":
        return _replace_last(letters, "a", "ă")
    return digit == "9" and letters[:1] == ["d"] and _replace_first(letters)


def _horn_or_breve(letters: list[str]) -> bool:
    return _horn(letters) or _replace_last(letters, "a", "ă")


def _horn(letters: list[str]) -> bool:
    """Put horns on `uo`, else on the last o or u; say whether there was one."""
    for at in range(len(letters) - 1, 0, -1):
        if letters[at] in "oơ" and letters[at - 1] == "u" and letters[max(at - 2, 0)] != "q":
            letters[at - 1 : at + 1] = ["ư", "ơ"]
            return True
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] in _HORN:
            letters[at] = _HORN[letters[at]]
            return True
    return False


def _replace_last(letters: list[str], plain: str, marked: str) -> bool:
    """Mark the last `plain`; for Telex only if no vowel of another syllable stands between."""
    for at in range(len(letters) - 1, -1, -1):
        if letters[at] == plain:
            letters[at] = marked
            return True
    return False


def _replace_first(letters: list[str]) -> bool:
    letters[0] = "đ"
    return True
