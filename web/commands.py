"""`dau serve`: the page and the endpoint on a production server."""

from pathlib import Path

import click

from search.settings import index_option


@click.command()
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
@click.option("--trust-proxy", is_flag=True,
              help="Believe the X-Forwarded-* headers of the one reverse proxy in front of this server.")
def serve(index: Path, host: str, port: int, workers: int, trust_proxy: bool) -> None:
    """Serve the search page and the JSON endpoint.

    A rebuild that finishes while the server runs is picked up within a second, between two requests.
    """
    from search.archive.generations import open_current
    from web.server import Server, check_address

    open_current(index).close()  # says in one sentence what is wrong before any process is started
    check_address(host, port)
    Server(index, host, port, workers, trust_proxy).run()
