"""The Flask application: made by a factory, opens nothing when it is imported.

    request -> params -> archive of the current generation -> HTML (pages) or JSON (api)
"""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from search.archive.generations import LiveArchive
from web import api, feed, headers, pages, problems
from web.targets import EscapedQuery


def create_app(index_dir: Path | str, *, trust_proxy: bool = False) -> Flask:
    """Return the application that serves the index in `index_dir`.

    Opens the index, so a server that forks makes it in its workers.  Raises IndexUnusable.
    `trust_proxy` believes the X-Forwarded-* headers of one reverse proxy in front.
    """
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    pages.teach(app.jinja_env)
    app.extensions["dau"] = LiveArchive(Path(index_dir))
    app.wsgi_app = EscapedQuery(app.wsgi_app)  # type: ignore[method-assign]
    if trust_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1, x_prefix=1)  # type: ignore[method-assign]
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(feed.blueprint)
    headers.install(app)
    problems.install(app)
    return app
