"""Inputs made to stop a rebuild, and real pages mutated at random."""

import gzip
import io
import json
import lzma
import os
import random
import socket
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from index.read.records import RawDocument
from index.workers.pool import Task, Workers

_TEXT = ("Sở Ngoại vụ tỉnh vừa tổ chức hội nghị tổng kết công tác năm với sự tham dự của nhiều đại biểu. "
         "Hội nghị đánh giá kết quả đã đạt được và bàn nhiệm vụ của năm tới. ") * 4
_PAGE = f"<html><body><h1>Hội nghị tổng kết</h1><div><p>{_TEXT}</p></div></body></html>"


def _many(part: str, count: int) -> bytes:
    return (part * count).encode()


def _pack_bomb(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(b'{"title": "a", "text": "' + b"b" * 150_000_000)


def _gzip_of(data: bytes) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as file:
        file.write(data)
    return packed.getvalue()


#: Name -> bytes, or what makes it at a path.  A file must be rejected, or be indexed where the comment says so.
FILES: dict[str, Callable[[], bytes]] = {
    "deep.html": lambda: _many("<div>", 300_000),
    "tables.html": lambda: _many("<table><tr><td>", 20_000) + _PAGE.encode(),
    "attributes.html": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">" + _PAGE.encode(),
    "unclosed.html": lambda: _many("<p>tin", 200_000),
    "bomb.html": lambda: _many("<b><i><u><a>", 50_000) + b"tin",
    "fifty.txt": lambda: b"tin tuc " * 6_500_000,
    "fifty.html": lambda: _PAGE.encode() * 60_000,
    "nul.txt": lambda: b"\0" * 100_000,
    "nul_inside.html": lambda: _PAGE.replace("Hội", "H\0ội").encode(),  # indexed
    "charset.html": lambda: b'<meta charset="iso-8859-1">' + _PAGE.encode(),  # indexed
    "utf16.txt": lambda: ("Hội nghị tổng kết\n\n" + _TEXT).encode("utf-16"),  # indexed
    "utf16.jsonl": lambda: '{"title": "a", "text": "b"}\n'.encode("utf-16"),
    "binary.txt": lambda: random.Random(4).randbytes(200_000),
    "pdf.html": lambda: b"%PDF-1.7\n" + random.Random(5).randbytes(50_000),
    "empty.txt": lambda: b"",
    "cut.jsonl.gz": lambda: _gzip_of(json.dumps({"title": "a", "text": _TEXT}).encode() * 50)[:-40],
    "cut.jsonl.xz": lambda: lzma.compress(json.dumps({"title": "a", "text": _TEXT}).encode() * 50)[:-40],
    "bomb.jsonl.gz": lambda: _pack_bomb(_gzip_of),
    "bomb.json.xz": lambda: _pack_bomb(lambda data: lzma.compress(data, preset=0)),
    "noise.jsonl.xz": lambda: random.Random(6).randbytes(10_000),
    "deep.json": lambda: b"[" * 1_000_000,
    "deep.jsonl": lambda: b'{"a":' * 200_000 + b"\n",
    "wrong.json": lambda: b'{"title": "a", "text": ',
    "types.jsonl": lambda: b'{"title": ["a"], "text": {"b": 1}}\n[]\n"x"\nnull\n1e999\n',
    "spaces.txt": lambda: b" \n" * 5_000_000,
    "line.txt": lambda: b"a" * 15_000_000,
    "marks.txt": lambda: ("e" + "\u0301" * 400_000 + "\n" + _TEXT).encode(),
    "zlib.html": lambda: zlib.compress(_PAGE.encode() * 100),
}


def write_hostile(folder: Path) -> set[str]:
    """Write all hostile files, links and special files under `folder`; return the names that count as inputs."""
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content())
    os.mkfifo(folder / "fifo.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "circle").symlink_to(".", target_is_directory=True)
    (folder / "outside.html").symlink_to("/etc/passwd")
    (folder / "out").symlink_to("/etc", target_is_directory=True)
    (folder / "folder.html").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        place = os.open(folder, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{place}/socket.txt")
        os.close(place)
    secret = folder / "secret.txt"
    secret.write_text(_TEXT)
    secret.chmod(0)
    Path(os.fsdecode(os.fsencode(folder) + b"/t\xean l\xe1.txt")).write_text("Hội nghị tổng kết\n\n" + _TEXT)  # indexed
    return {*FILES, "fifo.txt", "loop.txt", "outside.html", "out", "socket.txt", "secret.txt", "t\\xean l\\xe1.txt"}


def mutate(pages: list[bytes], count: int, seed: int = 7) -> Iterator[bytes]:
    """Yield pages with bytes flipped, cut out, repeated, moved, or markup thrown in."""
    random_ = random.Random(seed)
    scraps = (b"<", b">", b"<!--", b"]]>", b"\xff\xfe", b"\0", b"<table>", b"</html>", b"&#x110000;", b"<script>", b'"')
    for _ in range(count):
        page = bytearray(random_.choice(pages))
        for _ in range(random_.randint(1, 20)):
            at, size = random_.randrange(len(page) or 1), random_.randint(1, 2000)
            kind = random_.randrange(4)
            if kind == 0 and page:
                page[at] = random_.randrange(256)
            elif kind == 1:
                del page[at:at + size]
            elif kind == 2:
                page[at:at] = page[at:at + size] * random_.randint(1, 20)
            else:
                page[at:at] = random_.choice(scraps) * random_.randint(1, 50)
        yield bytes(page[:5_000_000])


def fuzz(pages: list[bytes], count: int) -> list[str]:
    """Extract mutated pages as the rebuild does; return what crashed, hung or failed."""
    tasks = (Task("extract", str(number).encode(), RawDocument(f"{number}.html", f"{number}.html", data=page))
             for number, page in enumerate(mutate(pages, count)))
    with Workers(2, 20.0, 1024) as workers:
        answers = list(workers.run(tasks))
    assert len(answers) == count
    return [f"{done.key.decode()}: {done.reason}" for done in answers if done.reason.startswith("extraction")]
