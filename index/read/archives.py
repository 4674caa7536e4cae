"""The files in a ZIP archive and the pages in a WARC, bounded in size, number and depth."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, cast

from index.read.encoding import Stream, take
from index.read.kinds import is_known, is_passed_over
from index.read.packed import Guarded
from index.read.records import Broken, NoArticle, Piece, too_big

#: Members of one archive.
MAX_MEMBERS: Final = 200_000
#: An archive within an archive is read, one within that is not.
MAX_DEPTH: Final = 2
#: All members of an archive together may unpack to so many bytes.
MAX_UNPACKED: Final = 1 << 34
#: A name that only one kind of file has in it -> what that is.
_OFFICE: Final = {
    "xl/workbook.xml": "an Excel workbook; save it as CSV", "ppt/presentation.xml": "a PowerPoint presentation",
    "META-INF/container.xml": "an EPUB book", "META-INF/MANIFEST.MF": "a program",
}  # fmt: skip
#: Media types of the answers in a WARC that may be articles.
_PAGES: Final = ("text/html", "application/xhtml", "text/plain", "application/pdf", "multipart/related",
                 "application/vnd.openxmlformats-officedocument.wordprocessingml",
                 "application/vnd.oasis.opendocument.text")
_TOLD: Final = 4

#: Reads one member: its name, its content, its packed size.
Reader = Callable[[str, BinaryIO, int], Iterator[Piece]]


def zip_pieces(file: BinaryIO, read: Reader, tell: Callable[[str], None]) -> Iterator[Piece]:
    """Yield what is in the members of a ZIP archive.  Raises Broken if it is none, or another program's file."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Broken(f"the ZIP archive is damaged: {str(error)[:100]}") from error
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _refuse(members)
        ignored: Counter[str] = Counter()
        for member in sorted(members, key=lambda member: member.filename):
            name = _name(member)
            hidden = any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
            if hidden or (is_passed_over(name) and not is_known(name)):
                ignored[_suffix(name)] += 1
                continue
            yield from _member(archive, member, name, read)
        if ignored:
            tell(_left_out(sum(ignored.values()), "files of the archive", ignored))


def _refuse(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename for member in members}
    for name, kind in _OFFICE.items():
        if name in names:
            raise NoArticle(f"it is {kind}")
    if len(members) > MAX_MEMBERS:
        raise Broken(f"the archive holds {len(members):,} files, more than {MAX_MEMBERS:,}")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Broken(f"the archive unpacks to more than {MAX_UNPACKED >> 30} GB")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, read: Reader) -> Iterator[Piece]:
    place = f"#{name}"
    if member.flag_bits & 1:
        yield Piece(place, reason="it is encrypted; unpack it with its password first")
        return
    try:
        with archive.open(member) as stream:
            content = cast(BinaryIO, _Member(stream, member.compress_size))
            for piece in read(name, content, member.file_size):
                yield Piece(place + piece.place, piece.data, piece.record, piece.reason)
    except Broken as error:
        yield Piece(place, reason=str(error))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        yield Piece(place, reason=f"it can't be unpacked: {str(error)[:100]}")


class _Member(io.RawIOBase):
    """A member's content as a file, with a limit on how far it expands."""

    def __init__(self, stream: Stream, packed: int) -> None:
        self._stream = Guarded(stream, packed)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(size)


def _name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; one that is not marked as UTF-8 often is it all the same."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def warc_pieces(stream: Stream, limit: int, tell: Callable[[str], None]) -> Iterator[Piece]:
    """Yield the pages of a WARC (or ARC) with their addresses.  Raises Broken if it can't be read on."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    seen: Counter[str] = Counter()
    ignored: Counter[str] = Counter()
    try:
        for record in ArchiveIterator(stream, no_record_parse=False):
            kind = _page_type(record)
            if not kind.startswith(_PAGES):
                ignored[kind] += 1
                continue
            address = record.rec_headers.get_header("WARC-Target-URI") or record.rec_headers.get_header("uri") or ""
            seen[address] += 1
            place = f"#{address}" + (f" ({seen[address]})" if seen[address] > 1 else "")
            data = take(record.content_stream(), limit + 1)
            if len(data) > limit:
                yield Piece(place, reason=too_big(len(data), limit))
            elif data.strip():
                yield Piece(place, data, {"url": address})
    except (ArchiveLoadFailed, EOFError, zlib.error, ValueError, UnicodeDecodeError, AttributeError) as error:
        raise Broken(f"the WARC can't be read on: {str(error)[:100]}") from error
    if ignored:
        tell(_left_out(sum(ignored.values()), "records", ignored))
    if not seen:
        raise NoArticle("there is no page in it")


def _page_type(record: "object") -> str:
    """Return the media type of an answer that was a success, else what kind of record it is."""
    kind = str(getattr(record, "rec_type", ""))
    headers = getattr(record, "http_headers", None)
    if kind not in ("response", "resource"):
        return kind
    if headers is None:
        return str(getattr(record, "content_type", "") or kind).split(";")[0].strip().lower()
    status = headers.get_statuscode() or "200"
    if status != "200":
        return f"status {status}"
    return str(headers.get_header("Content-Type") or "text/html").split(";")[0].strip().lower()


def _left_out(count: int, what: str, kinds: Counter[str]) -> str:
    told = ", ".join(f"{kind or 'no ending'} {number}" for kind, number in kinds.most_common(_TOLD))
    return f"{count} {what} are no articles ({told}{', ...' if len(kinds) > _TOLD else ''})"


def _suffix(name: str) -> str:
    last = name.rsplit("/", 1)[-1]
    return "." + last.rsplit(".", 1)[-1].lower() if "." in last else ""
