"""Everything that Dấu raises on purpose.

DauError
├── RebuildFailed         a rebuild had to stop, the index is as it was                      (exit code 70)
└── UserError             the user can mend it; the text is safe to show, names the thing, says what to do
    ├── SettingsError     an option, a key of dau.toml or a DAU_* variable is wrong          (exit code 2)
    ├── BadRequest        a parameter of a search is wrong                                   (HTTP 400)
    ├── NotFound          no such article                                                    (HTTP 404)
    ├── IndexUnusable     the index directory can't be served                                (HTTP 503)
    │   ├── IndexMissing  no index there, or something else is there
    │   ├── IndexDamaged  a file of the generation is altered, cut off or missing
    │   ├── IndexOutdated built by other text rules or another schema: rebuild
    │   └── EngineUnavailable the cluster that keeps the index does not answer, or not with all of it
    ├── QueryTimeout      a search took more work than one may                               (HTTP 503)
    ├── RebuildRunning    another rebuild holds the lock                                     (exit code 75)
    └── EngineMissing     the engine's extra is not installed
"""


class DauError(Exception):
    """Base of every error of Dấu."""


class RebuildFailed(DauError):
    """A rebuild had to stop (a full disk, workers that can't start); the index is as it was."""


class UserError(DauError):
    """The user can mend this; `str(error)` is one sentence that names the thing and says what to do."""


class SettingsError(UserError):
    """An option, a key of dau.toml or an environment variable is wrong."""


class BadRequest(UserError):
    """A search parameter is wrong; `parameter` names it."""

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class NotFound(UserError):
    """There is no such article in the archive."""


class IndexUnusable(UserError):
    """The index directory can't be served."""


class IndexMissing(IndexUnusable):
    """There is no index in the directory, or something that is not Dấu's."""


class IndexDamaged(IndexUnusable):
    """A file of the index is altered, cut off or missing."""


class IndexOutdated(IndexUnusable):
    """The index was built by other text rules or another schema."""


class EngineUnavailable(IndexUnusable):
    """The cluster that keeps the index does not answer, or not with all of it; it may in a while."""


class QueryTimeout(UserError):
    """A search took more work than one may; there is no answer, never a part of one.  `vi` says so in Vietnamese."""

    def __init__(self, message: str, vi: str) -> None:
        super().__init__(message)
        self.vi = vi


class RebuildRunning(UserError):
    """Another rebuild holds the lock of the index directory."""


class EngineMissing(UserError):
    """An engine was asked for whose packages are not installed."""
