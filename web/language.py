"""Which language the reader wants: what the address says, else the browser, else the site."""

from flask import current_app, request

from search.archive.parameters import ParameterError
from web.catalogues import LANGUAGES, Language


def chosen() -> Language | None:
    """Return the language that the address names (`?lang=en`), None if it names none.  Raises ParameterError."""
    given = request.args.get("lang", "")
    if given and given not in LANGUAGES:
        listed = ", ".join(LANGUAGES)
        raise ParameterError(
            "lang", f"Tham số “lang” là một trong: {listed}.", f"The parameter 'lang' is one of: {listed}."
        )
    return given or None


def preferred() -> Language:
    """Return the language to answer in: the address decides, then Accept-Language, then the site's own."""
    given = request.args.get("lang", "")
    usual = str(current_app.config["DAU_SITE"].language)
    return given if given in LANGUAGES else request.accept_languages.best_match(LANGUAGES, default=usual)
