"""The languages of the pages: English is what the code says, every other one a catalogue of gettext.

A catalogue is `translations/<language>/LC_MESSAGES/messages.po`; dates, numbers and plurals are CLDR's (Babel).
Catalogues are compiled in memory when they are first asked for, so nothing that is made from them can be out of date.
"""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from babel import Locale, localedata
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = str
FOLDER: Final = Path(__file__).parent / "translations"
#: The language of the messages in the code, and its region in CLDR: the one that writes the day before the month.
SOURCE: Final = "en"
_SOURCE_LOCALE: Final = "en_GB"


def _path(language: Language) -> Path:
    return FOLDER / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def _found() -> tuple[Language, ...]:
    names = sorted(path.parts[-3] for path in FOLDER.glob("*/LC_MESSAGES/messages.po"))
    return tuple(name.replace("_", "-") for name in names if localedata.exists(name))


#: Every language that pages can be shown in, by its name in BCP 47; what CLDR does not know is none.
LANGUAGES: Final = (SOURCE, *_found())


@cache
def locale(language: Language) -> Locale:
    """Return what CLDR knows of a language."""
    return Locale.parse(_SOURCE_LOCALE if language == SOURCE else language, sep="_" if language == SOURCE else "-")


@cache
def own_name(language: Language) -> str:
    """Return what a language calls itself: `Tiếng Việt`."""
    name = Locale.parse(language, sep="-").get_display_name() or language
    return name[:1].upper() + name[1:]


@cache
def messages(language: Language) -> NullTranslations:
    """Return the messages of a language.

    A message whose placeholders are not those of the code, or that is marked as fuzzy, is left in English.
    """
    if language == SOURCE:
        return NullTranslations()
    with _path(language).open("rb") as file:
        catalogue = read_po(file, locale=language.replace("-", "_"))
    for message, wrong in list(catalogue.check()):
        if wrong:
            catalogue.delete(message.id, message.context)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
