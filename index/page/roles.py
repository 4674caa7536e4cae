"""What the elements of a page are for, by what they say of themselves: tag, role, itemprop, class and id.

Class names are read as whole words, parted at hyphens and underscores: `AllowMenuPost` is one word and no menu.
The words are in `roles.toml`.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Literal

#: `beside`: no part of an article; `comments`: what readers say of it; `meta`: about it (who, when, buttons);
#: `body`: its text, surely; `main`: the part of the page that it is in.
Role = Literal["", "beside", "comments", "meta", "caption", "body", "main"]

_BESIDE_TAGS: Final = frozenset(("nav", "aside", "footer", "menu", "dialog"))
_BESIDE_ROLES: Final = frozenset((
    "navigation", "complementary", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar", "toolbar",
    "tablist", "alert",
))  # fmt: skip
_BESIDE_ITEMS: Final = frozenset(("sitenavigationelement", "wpsidebar", "wpfooter", "breadcrumb"))
_BODY_ITEMS: Final = frozenset(("articlebody", "text"))
_META_ITEMS: Final = frozenset((
    "author", "datepublished", "datemodified", "datecreated", "publisher", "keywords", "name", "interactioncount",
))  # fmt: skip
#: Classes of what is read out only, or not at all.
_UNSEEN: Final = frozenset((
    "sr-only", "screen-reader-text", "screen-reader-only", "screenreader", "visually-hidden", "visuallyhidden",
    "visually_hidden", "u-visually-hidden", "bg-visuallyhidden", "element-invisible", "element-hidden", "is-hidden",
    "skip-link", "skiplink", "assistive-text", "a11y-hidden", "offscreen", "js-hidden", "ms-hidden", "ms-accessible",
    "sronly", "hiddentext",
))  # fmt: skip
#: Page builders call everything a widget.
_BUILDERS: Final = ("elementor", "wp-block", "vc_", "et_pb")
#: What an article quotes is part of it.
_EMBEDDED: Final = re.compile("embed|tweet|twitter-|instagram-media|blockquote")
#: `has-sidebar`, `no-promo`: what an element has around it, or has not.
_CONDITION: Final = re.compile(r"(?:^|\s)(?:no|has|have|with|without|w|hide|show|js|without)\s.*$")
_PARTS: Final = re.compile(r"[-_:/.]+")


_TABLE: Final = tomllib.loads(resources.files("index.page").joinpath("roles.toml").read_text(encoding="utf-8"))


def words_of(name: str) -> re.Pattern[str]:
    """Return the pattern of a table of words in `roles.toml`.  Raises ValueError if the table is empty."""
    words = _TABLE[name]["words"]
    if not words:
        raise ValueError(f"the table of words {name!r} is empty")
    return re.compile(r"(?<!\S)(?:" + "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words) + r")(?!\S)")


#: In the order of asking: `comment-content` is a comment, `article-body has-sidebar` no sidebar.
_BY_NAME: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (("meta", words_of("foot")), *(
    (role, words_of(role)) for role in ("comments", "beside", "caption", "body", "meta", "main")
))
_AUTHOR_NAMES: Final = words_of("author")
_NO_DISPLAY: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)


@dataclass(frozen=True, slots=True)
class Marks:
    """What an element says of itself: its role, tag and names as words, and whether it is not shown."""

    role: Role
    names: str
    hidden: bool


def marks_of(element: Any, tag: str) -> Marks:
    """Return what an lxml element says of itself."""
    get = element.get  # asking for each is faster than taking all: addresses are long
    return _marked(tag, get("class"), get("id"), get("role"), get("itemprop"), get("style"), get("hidden"))


@lru_cache(maxsize=20_000)
def _marked(tag: str, classes: str | None, name: str | None, aria: str | None, item: str | None, style: str | None,
            hidden: str | None) -> Marks:
    """Return what these attributes say; pages of a site repeat them, so that most are known."""
    return _marks(tag, (classes or "")[:200], (name or "")[:60], aria or "", (item or "")[:60], (style or "")[:200],
                  hidden is not None)


def _marks(tag: str, classes: str, name: str, aria: str, item: str, style: str, hidden: bool) -> Marks:
    names = " ".join(word for word in (tag, classes[:100].lower(), name.lower(), item.lower()) if word)
    hidden = hidden or bool(_NO_DISPLAY.search(style)) or not _UNSEEN.isdisjoint(classes.lower().split())
    return Marks(_role(tag, classes, name, aria, item), names, hidden)


def _role(tag: str, classes: str, name: str, aria: str, item: str) -> Role:
    item = item.lower().strip()
    if item in _BODY_ITEMS:
        return "body"
    if item == "comment":
        return "comments"
    if tag in _BESIDE_TAGS or aria in _BESIDE_ROLES or item in _BESIDE_ITEMS:
        return "beside"
    if tag == "figcaption":
        return "caption"
    words = _words(f"{classes} {name}") if classes or name else ""
    named: Role = next((role for role, pattern in _BY_NAME if pattern.search(words)), "") if words else ""
    if named and named != "main" and tag not in ("html", "body"):
        return named
    if item in _META_ITEMS or tag == "time":
        return "meta"
    return "main" if named or tag in ("article", "main") or aria in ("main", "article") else ""


@lru_cache(maxsize=5_000)
def names_author(names: str) -> bool:
    """Say whether the names of a block, or of the element around it, are those of a by-line."""
    return any(_AUTHOR_NAMES.search(_PARTS.sub(" ", part)) for part in names.split(" > ")[-2:])


def _words(names: str) -> str:
    """Return names as words; a dot parts names, so that a pair of words is one of a single name."""
    told = (name for name in names.lower().split() if not name.startswith(_BUILDERS) and not _EMBEDDED.search(name))
    return " . ".join(_CONDITION.sub("", _PARTS.sub(" ", name).strip()) for name in told)
