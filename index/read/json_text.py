"""Take the values of JSON text one by one, each within a limit, from a stream of any length."""

import ast
import json
import re
from collections.abc import Callable
from json.decoder import JSONDecodeError, JSONDecoder
from typing import Any, Final

from index.read.encoding import CHUNK, Stream
from index.read.records import too_big

#: Where the next object may begin after one that is broken.
_NEXT_OBJECT: Final = re.compile(r'\{\s*"')
#: Objects tried for that before the rest of the file is given up.
_MAX_TRIES: Final = 20_000
#: Between values: white space, commas of lists, and the record separator of RFC 7464.
_BETWEEN: Final = re.compile(r"[ \t\r\n,\x1e]*")
_SPACE: Final = re.compile(r"[ \t\r\n]*")


class BadValue(Exception):
    """A value that can't be read; the text is the reason.

    `ends`: the text ends within it, as that of a file which was cut off; `end`: where it ends, if that is known.
    """

    def __init__(self, reason: str, *, ends: bool = False, end: int | None = None) -> None:
        super().__init__(reason)
        self.ends = ends
        self.end = end


class JsonText:
    """A window on JSON text that grows only as far as one value needs; `limit` in characters."""

    def __init__(self, stream: Stream, decode: Callable[[bytes, bool], str], limit: int) -> None:
        self._stream = stream
        self._decode = decode
        self._limit = limit
        self._window = ""
        self._at = 0
        self._raw_decode = JSONDecoder(strict=False).raw_decode

    def next(self) -> str:
        """Return the sign that the next value begins with, after what stands between values; `""` at the end."""
        while (end := _end(_BETWEEN, self._window, self._at)) == len(self._window):
            if not self._more():
                return ""
        self._at = end
        return self._window[end]

    def skip(self, sign: str) -> bool:
        """Take one sign if it comes next."""
        found = self.next() == sign
        if found:
            self._at += 1
        return found

    def follows(self, sign: str, first: str) -> bool:
        """Say whether `sign` and then `first` come next, without taking them."""
        if self.next() != sign:
            return False
        while (end := _end(_SPACE, self._window, self._at + 1)) == len(self._window):
            if not self._more():
                return False
        return self._window[end] == first

    def value(self) -> Any:
        """Take the next value.  Raises BadValue and stays where it is if the value is broken or too big."""
        self.next()
        while True:
            try:
                value, end = self._raw_decode(self._window, self._at)
            except JSONDecodeError as error:
                if not _cut_off(error, self._window):
                    raise BadValue(f"no valid JSON: {str(error)[:120]}") from error
                if len(self._window) - self._at > self._limit:
                    raise BadValue(too_big(len(self._window) - self._at, self._limit)) from error
                if not self._more():
                    raise BadValue(f"no valid JSON, the file ends early: {str(error)[:120]}", ends=True) from error
            except RecursionError as error:
                raise BadValue("no valid JSON: nested too deep") from error
            else:
                if end - self._at > self._limit:
                    raise BadValue(too_big(end - self._at, self._limit), end=end)
                self._at = end
                return value

    def pass_over(self, bad: BadValue) -> bool:
        """Move behind a value that was refused just now, if it is known where it ends."""
        if bad.end is not None:
            self._at = bad.end
        return bad.end is not None

    def recover(self, is_record: Callable[[Any], bool]) -> Any:
        """Return the next object that is a whole record, None if there is none; what is before it is passed over."""
        self._at += 1
        for _ in range(_MAX_TRIES):
            while not (found := _NEXT_OBJECT.search(self._window, self._at)):
                brace = self._window.rstrip().endswith("{")
                self._at = self._window.rindex("{") if brace else len(self._window)
                if not self._more():
                    return None
            self._at = found.start()
            try:
                value = self.value()
            except BadValue:
                self._at += 1
                continue
            if is_record(value):
                return value
        return None

    def _more(self) -> bool:
        """Read at least as much again as is left to read: trying anew then costs linear time in all."""
        self._window, self._at = self._window[self._at:], 0
        before = len(self._window)
        while len(self._window) <= 2 * before:
            data = self._stream.read(CHUNK)
            self._window += self._decode(data, not data)
            if not data:
                break
        return len(self._window) > before


def _end(passed: re.Pattern[str], window: str, start: int) -> int:
    found = passed.match(window, start)
    return found.end() if found else start


def _cut_off(error: JSONDecodeError, window: str) -> bool:
    """Return whether the error may come only of the window's end."""
    return error.msg.startswith("Unterminated string") or error.pos >= len(window) - len("-Infinity\\uD83D")


def loads(line: str) -> Any:
    """Return the value of one line, JSON or, as careless scripts print it, a Python dict.  Raises BadValue."""
    try:
        return json.loads(line, strict=False)
    except RecursionError as error:
        raise BadValue("no valid JSON: nested too deep") from error
    except ValueError as error:
        if line.lstrip().startswith("{'"):
            try:
                return ast.literal_eval(line.strip())
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                pass
        raise BadValue(f"no valid JSON: {str(error)[:120]}") from error
