"""`connection.json`: which index of which cluster a generation has, by which rules, and what was counted of it.

It is written before the index is made, so that whatever a killed build leaves in the cluster can be found; what was
counted comes in when the index is complete.
"""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from search.engines.opensearch.schema import VERSION
from search.engines.opensearch.settings import ClusterSettings
from search.errors import IndexDamaged, IndexMissing, IndexOutdated, SettingsError
from search.text import PIPELINE

FILE: Final = "connection.json"
LENGTHS: Final = ("len", "title_len", "author_len", "source_len")


@dataclass(frozen=True, slots=True)
class Connection:
    """`index` is the name of the physical index; `count` None says that it is not complete.

    `next_number` is the number of the next document; `lengths` are the sums of those of title and body, title, author
    and source; `checksum` is the sum of those of all stored articles, `newest_day` the last day of any article.
    """

    settings: ClusterSettings
    index: str
    articles: int | None = None
    next_number: int = 0
    lengths: tuple[int, ...] = (0, 0, 0, 0)
    twins: bool = False
    newest_day: int = 0
    checksum: int = 0
    version: int = VERSION
    text: str = field(default_factory=lambda: PIPELINE.fingerprint)

    @property
    def count(self) -> int:
        """Number of articles of a complete index."""
        return self.articles or 0

    def means(self) -> dict[str, float]:
        """Return the mean lengths."""
        return {name: total / max(self.count, 1) for name, total in zip(LENGTHS, self.lengths, strict=True)}

    def complete(self, **counted: Any) -> "Connection":
        """Return the connection of the finished index."""
        return replace(self, **counted)

    def write(self, directory: Path) -> None:
        """Write the file so that it survives a power loss, in one step."""
        values = {**asdict(self), "settings": self.settings.to_json()}
        beside = directory / f"{FILE}.new"
        with beside.open("w", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(directory / FILE)


def read_connection(directory: Path) -> Connection:
    """Return the connection of a complete index.  Raises IndexMissing, IndexDamaged or IndexOutdated."""
    found = read_any_connection(directory)
    if found.articles is None:
        raise IndexMissing(f"The index of {directory} is not complete: run `dau rebuild`.")
    if found.version != VERSION or found.text != PIPELINE.fingerprint:
        raise IndexOutdated(f"The index in {directory} was built by other text rules or another schema: rebuild it.")
    return found


def read_any_connection(directory: Path) -> Connection:
    """Return the connection of an index, complete or not, of these rules or not.  Raises IndexMissing, IndexDamaged."""
    path = directory / FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        settings = ClusterSettings.from_json(values.pop("settings"))
        return Connection(settings, **{**values, "lengths": tuple(values["lengths"])})
    except FileNotFoundError:
        raise IndexMissing(f"There is no index in {directory}: run `dau rebuild`.") from None
    except (OSError, ValueError, KeyError, TypeError, SettingsError) as error:
        raise IndexDamaged(f"{path} can't be read ({error}): rebuild the index.") from error
