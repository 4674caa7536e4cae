"""Texts that show what the rules of text do: each rule has its case among them.

Equal results on all of them stand for equal rules: see `search.text.pipeline` and `search.archive.fingerprint`.  A rule
that is added gets a probe; so does one that is found to have none.
"""

from typing import Final

PROBES: Final = (
    # Both styles of tone placement, misplaced tones, every tone, every letter with a quality mark, capitals.
    "Hòa hoà HÒA gía quý qúy ngoèo khuỷu già giã giả giạ gìn thủy thuỷ khoẻ khỏe của cuả",
    "ă â ê ô ơ ư đ Ă Â Ê Ô Ơ Ư Đ ắ ằ ẳ ẵ ặ ấ ầ ẩ ẫ ậ ế ề ể ễ ệ ố ồ ổ ỗ ộ ớ ờ ở ỡ ợ ứ ừ ử ữ ự ý ỳ ỷ ỹ ỵ",
    # Decomposed letters, marks in the wrong order and twice, the twin marks, eth for đ.
    "Vie\u0323\u0302t Vie\u0302\u0323t e\u0301\u0302 a\u0323\u0303 y\u0301\u0301",
    "a\u0340 a\u0341 \u00d0a\u0306\u0301k \u00f0i \u0189",
    # What is dropped, mended or shown: soft hyphens, zero width, directions, controls, halves of pairs, no characters.
    "tỉnh\u00ad\u200bThanh \u202eHóa\u202c \ufeffx\u0000y\u001b[0m a\u000bb\u0085c \ud83d \ufffe \ufdd0 \u061c",
    "một\u00a0hai\u3000ba\u2003bốn\tnăm\nsáu\r\nbảy",
    # Compounds in parts and as a whole, with every joiner; numbers, dates, decrees, abbreviations, quarters.
    "92/QĐ-UBND 26/12/2025 2025-2030 TP.HCM Đ/c T.Ư 4.313 11.561.360 1,9 24/7 III/II Q.1 COVID-19 3G/4G",
    "Bô-li-khăm-xay Chi–lê Pê‑ru PLAY-OFF e-mail Nội.Hôm a/b/c/d/e/f/g/h/i -đầu cuối- .giữa. x--y 1.-2",
    # Words of other scripts, ligatures, letters that fold to several, letters that lower to several, apostrophes.
    "Straße İstanbul œuvre ﬁnance 北京 Москва naïve São Ørsted Łódź Ñuñoa ½ № O'Neil l'eau don’t snake_case",
    # The longest tokens, compounds of too many parts.
    "a" * 70 + " " + "ă" * 65 + " " + "-".join("abcdefghijkl") + " " + "/".join(["dài"] * 20),
    "\U0001f600 \U0001d400 \u1e9e e\u0323\u0302\u0301 \u0301đầu x\u0301\u0302\u0303",
    # Names with capitals, at the beginning of a sentence and within one, cut short and going on.
    "Ông Trần Khánh Thục, Giám đốc Sở Ngoại vụ Phú Yên. Tại Hà Nội, Bộ Công an và Bộ Công Thương họp. UBND TP Huế!",
)
