"""A small archive of made-up articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.archive.archive import Archive
from search.archive.building import ArchiveBuilder
from search.article import Article, ArticleDate

TEXTS = {
    "a1": (
        "Hội nghị tổng kết công tác đối ngoại",
        "Sở Ngoại vụ tỉnh Thanh Hoá tổ chức hội nghị tổng kết công tác đối ngoại.",
    ),
    "a2": ("Đường cao tốc Bắc Nam thông xe", "Tuyến đường cao tốc Bắc Nam dài 60 km. Đường mới giúp xe chạy nhanh."),
    "a3": ("Gia đình họ Dương đoàn tụ", "Ông Dương gặp lại anh em sau 40 năm ở Thanh Hóa."),
    "a4": ("Giá đường tăng", "Nhà máy đường mua mía của nông dân. Giá đường tăng 5 phần trăm."),
    "a5": ("Quyết định 92/QĐ-UBND", "Ủy ban nhân dân tỉnh ban hành Quyết định 92/QĐ-UBND ngày 26/12."),
    "a6": ("Tin khong dau", "Tin nay viet khong dau: duong cao toc bac nam da thong xe."),
    "a7": ("Phú Yên đón khách", "Tỉnh Phú Yên đón khách du lịch. Khách đến từ nhiều nước."),
    "a8": ("Tỷ giá hôm nay", "Tỷ giá trung tâm giảm. Một tỉ đồng đổi được ít hơn."),
    "a9": ("Đối ngoại nhân dân", "Công tác đối ngoại nhân dân được đẩy mạnh, hội nghị bàn về đối ngoại."),
}


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory = tmp_path_factory.mktemp("archive") / "small"
    articles = [
        Article(name, "", title, body, date=ArticleDate(f"2024-0{number}-01", "day", "given"))
        for number, (name, (title, body)) in enumerate(sorted(TEXTS.items()), 1)
    ]
    with ArchiveBuilder(directory) as builder:
        builder.add(articles)
    opened = Archive.open(directory)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    directory: Path = tmp_path_factory.mktemp("archive") / "empty"
    with ArchiveBuilder(directory) as builder:
        builder.add([])
    opened = Archive.open(directory)
    yield opened
    opened.close()
