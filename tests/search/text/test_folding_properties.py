"""Properties of folding, tone keys and tokens, for any text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from search.reading.keyboards import telex, vni
from search.text import fold, fold_text, normalize, tokenize, tone_key
from search.text.fold import letters_of
from search.text.spelling import spell

VOWELS = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
ONSETS = ["", "b", "ch", "d", "đ", "h", "kh", "l", "ng", "nh", "t", "th", "tr", "v", "x"]
RIMES = ["a", "oa", "oe", "uy", "ia", "ua", "ươ", "iê", "uyê", "ă", "â", "ơ", "ai", "oai", "uôi"]
CODAS = ["", "n", "ng", "t", "c", "m", "nh"]


@st.composite
def syllables(draw: st.DrawFn) -> str:
    rime = draw(st.sampled_from(RIMES))
    place = draw(st.integers(0, len(rime) - 1))
    marked = rime[: place + 1] + draw(st.sampled_from(TONES)) + rime[place + 1 :]
    return unicodedata.normalize("NFC", draw(st.sampled_from(ONSETS)) + marked + draw(st.sampled_from(CODAS)))


@given(st.text(max_size=200))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(max_size=200))
def test_folding_a_text_keeps_its_length(text: str) -> None:
    nfc = normalize(text)
    assert len(fold_text(nfc)) == len(nfc) or any(len(char.lower()) > 1 for char in nfc)


@given(syllables())
def test_folding_is_idempotent_and_blind_to_decomposition(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert fold(normalize(unicodedata.normalize("NFD", word))) == fold(word)


@given(syllables(), st.integers(0, 10))
def test_a_tone_key_does_not_see_where_the_tone_stands(word: str, place: int) -> None:
    tones = [char for char in unicodedata.normalize("NFD", word) if char in TONES]
    letters = [char for char in word if True]
    bare = letters_of(tone_key(word))
    vowels = [at for at, letter in enumerate(bare) if letter in VOWELS]
    at = vowels[place % len(vowels)]
    moved = unicodedata.normalize("NFC", bare[: at + 1] + "".join(tones) + bare[at + 1 :])
    assert letters and tone_key(moved) == tone_key(word)


@given(syllables())
def test_a_spelled_key_has_that_key(word: str) -> None:
    assert tone_key(spell(tone_key(word))) == tone_key(word)


def _runs() -> st.SearchStrategy[str]:
    """Runs of words with joiners: `tp.hcm`, `play-off`, `92/qđ-ubnd`, `km/h`, in small letters."""
    word = st.one_of(syllables(), st.sampled_from(["tp", "hcm", "qđ", "ubnd", "off", "km", "h", "92", "2025", "u23"]))
    joiner = st.sampled_from([".", "/", "-", "\u2013", " ", ", "])
    pairs = st.lists(st.tuples(joiner, word), max_size=6)
    return st.builds(lambda first, rest: first + "".join(map("".join, rest)), word, pairs)


@given(_runs())
def test_capitals_give_the_terms_of_small_letters(text: str) -> None:
    assert list(tokenize(text.upper())) == list(tokenize(text)) == list(tokenize(text.title()))


def test_a_run_with_joiners_is_a_term_and_so_are_its_parts() -> None:
    terms = {run: [token.fold for token in tokenize(run)] for run in ("Chi-lê", "PLAY-OFF", "TP.HCM", "92/QĐ-UBND")}
    assert terms == {
        "Chi-lê": ["chile", "chi", "le"], "PLAY-OFF": ["playoff", "play", "off"], "TP.HCM": ["tp.hcm", "tp", "hcm"],
        "92/QĐ-UBND": ["92/qd-ubnd", "92", "qd", "ubnd"],
    }  # fmt: skip


@given(st.text(max_size=300))
def test_the_text_under_every_token_folds_to_its_term(text: str) -> None:
    nfc = normalize(text)
    for token in tokenize(nfc):
        if not token.whole:
            surface = nfc[token.start : token.end]
            assert (fold(surface), tone_key(surface)) == (token.fold, token.key)


@given(st.text(max_size=40))
def test_reading_keystrokes_never_raises(word: str) -> None:
    telex(word)
    vni(word)


def test_telex_and_vni_keystrokes_give_the_word_they_mean() -> None:
    assert [spell(telex(word) or "") for word in ("ddoosi", "ngoaij", "nguwowif", "dduwowcj", "ngoaji")] == [
        "đối", "ngoại", "người", "được", "ngoại",
    ]  # fmt: skip
    assert [spell(vni(word) or "") for word in ("d9o61i", "ngoai5", "ngu7o7i2")] == ["đối", "ngoại", "người"]


def test_words_that_no_key_changes_are_left_alone() -> None:
    assert [telex(word) for word in ("nam", "thanh", "vinh")] == [None, None, None]
    assert [vni(word) for word in ("u20", "g20", "5g", "2025")] == [None, None, None, None]


def test_tones_stand_where_old_style_spelling_puts_them() -> None:
    keys = ["hoa^1", "thuy^2", "hoan^1", "khoe^2", "quy^4", "gia^4", "nguyên^3", "ngoai^5", "cua^2", "tuôi^2"]
    words = ["hòa", "thủy", "hoàn", "khỏe", "quý", "giá", "nguyễn", "ngoại", "của", "tuổi"]
    assert [spell(key) for key in keys] == words
