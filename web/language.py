"""Which language the reader wants: Vietnamese, unless the address or the browser says English."""

from typing import Final, Literal

from flask import current_app, request

from search.archive.parameters import ParameterError

Language = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")


def chosen() -> Language | None:
    """Return the language that the address names (`?lang=en`), None if it names none.  Raises ParameterError."""
    given = request.args.get("lang", "")
    if not given:
        return None
    if given not in LANGUAGES:
        raise ParameterError("lang", "Tham số “lang” là vi hoặc en.", "The parameter 'lang' is vi or en.")
    return "en" if given == "en" else "vi"


def preferred() -> Language:
    """Return the language to answer in: the address decides, then Accept-Language, then the site's own."""
    given = request.args.get("lang", "")
    usual = current_app.config["DAU_SITE"].language
    best = given if given in LANGUAGES else request.accept_languages.best_match(LANGUAGES, default=usual)
    return "en" if best == "en" else "vi"
