"""`dau serve`: the page and the endpoint on a production server."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from search.settings import index_option

if TYPE_CHECKING:
    from web.site import Site


class SiteType(click.ParamType["Site"]):
    """The table `[site]`, as dau.toml has it or as text."""

    name = "site"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> "Site":
        """Return the site.  Raises SettingsError."""
        from web.site import read

        return read(value)


@click.command()
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
@click.option("--trust-proxy", is_flag=True,
              help="Believe the X-Forwarded-* headers of the one reverse proxy in front of this server.")
@click.option("--allowed-host", "allowed_hosts", multiple=True, metavar="NAME",
              help="Answer only requests for this host (several allowed; .example.org: every name below it).")
@click.option("--cors", multiple=True, metavar="ORIGIN",
              help="Let pages of this site read the endpoint (several allowed; *: all).")
@click.option("--query-timeout", default=1.0, show_default=True, type=click.FloatRange(0.01, 60), metavar="SECONDS",
              help="Work that one search may take.")
@click.option("--searches", default=2, show_default=True, type=click.IntRange(1, 64),
              help="Searches at once in a process; a few more wait, the rest are asked to come back.")
@click.option("--cache-mb", default=150, show_default=True, type=click.IntRange(0),
              help="Memory for decoded posting lists, of all processes together.")
@click.option("--access-log", default="", metavar="FILE", help="Write a JSON object a request to FILE, - for stdout.")
@click.option("--log-queries", is_flag=True, help="Write what was searched for into the access log as well.")
@click.option("--slow-ms", default=500, show_default=True, type=click.IntRange(1), help="Report slower requests.")
@click.option("--site", type=SiteType(), default="", metavar="TOML",
              help="How the page presents itself: the table [site] of dau.toml, or the text of one.")
def serve(
    index: Path, host: str, port: int, workers: int, trust_proxy: bool, allowed_hosts: tuple[str, ...],
    cors: tuple[str, ...], query_timeout: float, searches: int, cache_mb: int, access_log: str, log_queries: bool,
    slow_ms: int, site: "Site",
) -> None:  # fmt: skip
    """Serve the search page and the JSON endpoint.

    A rebuild that finishes while the server runs is picked up within a second, between two requests.  An index that
    is not there yet, or can't be opened, is answered with 503 until it can.
    """
    from search.archive.generations import choose
    from search.errors import IndexUnusable
    from web.observing import access_log as check_log
    from web.options import ServerOptions
    from web.server import Server, free_port

    options = ServerOptions(
        trust_proxy=trust_proxy,
        allowed_hosts=allowed_hosts,
        cors=cors,
        query_timeout=query_timeout,
        searches=searches,
        cache_mb=cache_mb // workers,
        access_log=access_log,
        log_queries=log_queries,
        slow_ms=slow_ms,
        site=site,
    )
    check_log(access_log)
    port = free_port(host, port)
    try:
        choose(index)
    except IndexUnusable as error:
        click.echo(f"dau: {error} Until then every search is answered with 503.", err=True)
    Server(index, host, port, workers, options).run()
