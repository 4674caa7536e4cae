"""How an institution presents its archive: the table `[site]` of dau.toml.

    [site]
    name = "Thư viện tỉnh Thanh Hóa"
    logo = "logo.svg"
    accent = "#0b4a6f"
    front = "Báo chí địa phương từ 1975"
    footer = "Số 1, đường Lê Lợi, Thanh Hóa"
    language = "vi"
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, cast

from search.errors import SettingsError
from web.catalogues import LANGUAGES

#: The contrast that WCAG 2 asks of text at AAA, and the papers of the two schemes (`dau.css`).
CONTRAST: Final = 7.0
PAPERS: Final = {"accent": "#fcfbf8", "accent_dark": "#161513"}
_TEXTS: Final = ("name", "front", "footer")
_KEYS: Final = (*_TEXTS, "logo", "language", *PAPERS)
_COLOUR: Final = re.compile("#[0-9a-fA-F]{6}")
_PICTURES: Final = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
_LARGEST: Final = 200_000
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Site:
    """What is shown in place of Dấu's own; empty texts leave it as it is.  `logo` are the bytes of a picture."""

    name: str = ""
    front: str = ""
    footer: str = ""
    language: str = "vi"
    accent: str = ""
    accent_dark: str = ""
    logo: bytes = b""
    logo_type: str = ""

    @property
    def title(self) -> str:
        """Return what pages are called after."""
        return self.name or "Dấu"

    @property
    def digest(self) -> str:
        """Return what changes with what is shown."""
        return blake2b(repr(self).encode(), digest_size=6).hexdigest()

    @property
    def colours(self) -> str:
        """Return the rules that follow Dấu's sheet."""
        light = f":root{{--accent:{self.accent};--link:{self.accent}}}" if self.accent else ""
        dark = f":root{{--accent:{self.accent_dark};--link:{self.accent_dark}}}" if self.accent_dark else ""
        kept = ":root{--accent:#f2837c;--link:#f5a69f}" if light and not dark else dark
        return f"{light}@media (prefers-color-scheme:dark){{{kept}}}" if kept else light


def read(given: object) -> Site:
    """Return the site that a table, or the text of one, describes.  Raises SettingsError that names what is wrong."""
    if isinstance(given, Site):
        return given
    table = _table(given)
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known are: {', '.join(_KEYS)}."
            raise SettingsError(f"Unknown setting 'site.{key}'. {hint}")
    texts = {key: _text(key, table[key]) for key in table}
    for key, paper in PAPERS.items():
        if key in texts:
            _check_colour(key, texts[key], paper)
    if texts.get("language", "vi") not in LANGUAGES:
        raise SettingsError(f"site.language is one of: {', '.join(LANGUAGES)}.")
    logo, kind = _logo(texts.pop("logo")) if "logo" in texts else (b"", "")
    return Site(**texts, logo=logo, logo_type=kind)


def _table(given: object) -> Mapping[str, Any]:
    if isinstance(given, Mapping):
        return {str(key).replace("-", "_"): value for key, value in cast("Mapping[str, Any]", given).items()}
    try:
        return tomllib.loads(str(given or ""))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The setting site is no table: {error}.") from error


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise SettingsError(f"site.{key} is a text of at most {_LONGEST} characters.")
    return value.strip()


def _logo(path: str) -> tuple[bytes, str]:
    kind = _PICTURES.get(Path(path).suffix.lower(), "")
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise SettingsError(f"site.logo {path} can't be read ({error.strerror}).") from error
    if not kind or len(data) > _LARGEST:
        raise SettingsError(f"site.logo is an SVG, PNG or WebP file of at most {_LARGEST // 1000} kB.")
    return data, kind


def _check_colour(key: str, colour: str, paper: str) -> None:
    if not _COLOUR.fullmatch(colour):
        raise SettingsError(f"site.{key} is a colour like #7a1319, not {colour!r}.")
    found = contrast(colour, paper)
    if found < CONTRAST:
        raise SettingsError(
            f"site.{key} {colour} has a contrast of {found:.1f} to the paper {paper}; text needs {CONTRAST:.0f}."
        )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
