"""How a cluster is reached, and how an index of it is laid out: what `dau rebuild` is told, and a generation keeps."""

import ipaddress
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from search.errors import SettingsError

#: Environment variable of the password, for where no file may hold it.
PASSWORD: Final = "DAU_PASSWORD"
_PREFIX: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
#: Up to so many articles each one found is scored exactly; beyond, the best of each shard (`search.reader`).
EXACT_UP_TO: Final = 50_000


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """`prefix` begins the names of all indexes; `shards` and `replicas` are those of new ones.

    The password is read where it is needed and never kept: from `password_file`, or the environment (DAU_PASSWORD).
    `ca` is a file of certificates to trust instead of the system's.
    """

    urls: tuple[str, ...]
    user: str = ""
    password_file: str = ""
    ca: str = ""
    prefix: str = "dau"
    shards: int = 3
    replicas: int = 1
    exact_up_to: int = EXACT_UP_TO

    def __post_init__(self) -> None:
        """Check what was given.  Raises SettingsError."""
        if not self.urls:
            raise SettingsError("The engine opensearch needs the address of a cluster: --url https://HOST:9200.")
        for url in self.urls:
            _check_url(url)
        if not _PREFIX.fullmatch(self.prefix):
            raise SettingsError(f"--prefix {self.prefix!r} is no name of an index: small letters, digits, - and _.")

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote.  Raises SettingsError, KeyError or TypeError."""
        return cls(**{**values, "urls": tuple(values["urls"])})

    def to_json(self) -> dict[str, Any]:
        """Return all but what is secret: there is nothing secret in it."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**values, "urls": list(self.urls)}

    def password(self) -> str:
        """Return the password of `user`.  Raises SettingsError."""
        if self.password_file:
            try:
                return Path(self.password_file).read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"The password file {self.password_file} can't be read: {error}.") from error
        password = os.environ.get(PASSWORD)
        if password is None:
            raise SettingsError(f"The user {self.user!r} needs a password: --password-file FILE, or {PASSWORD}.")
        return password

    def tls(self) -> ssl.SSLContext:
        """Return what certificates are checked with.  Raises SettingsError."""
        try:
            return ssl.create_default_context(cafile=self.ca or None)
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(f"The certificates in {self.ca} can't be read: {error}.") from error


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"--url {url} is no address of a cluster; give one such as https://HOST:9200.")
    if parts.username or parts.password:
        raise SettingsError("--url holds no user and no password: give --user and --password-file.")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise SettingsError(f"--url {url}: plain http goes to this machine only; give https:// and --ca.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
