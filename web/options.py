"""How the application is to serve: one record of everything that `dau serve` can be told."""

from dataclasses import dataclass, field

from web.site import Site


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Settings of the web application; every default is safe without a proxy in front.

    `trust_proxy` believes the X-Forwarded-* headers of one reverse proxy.  `allowed_hosts` are the names that the
    Host header may say, with a leading dot for every name below; none means any.  At most `searches` are worked on
    at once in a process, and `queue` more may wait, each at most `patience` seconds; one search may take
    `query_timeout` seconds of work.

    `cors` are the origins of other sites whose pages may read the endpoint.  Decoded posting lists may take
    `cache_mb` in a process; None leaves it to the engine.

    `access_log` is a file, `-` for standard output, `""` for none; what was searched for is written only with
    `log_queries`.  Requests that took `slow_ms` or more are marked as slow.

    `site` is how the institution presents its archive.
    """

    trust_proxy: bool = False
    allowed_hosts: tuple[str, ...] = ()
    cors: tuple[str, ...] = ()
    searches: int = 2
    queue: int = 32
    patience: float = 2.0
    query_timeout: float = 1.0
    cache_mb: int | None = None
    access_log: str = ""
    log_queries: bool = False
    slow_ms: int = 500
    site: Site = field(default_factory=Site)
