"""The Flask application: made by a factory, opens nothing when it is imported.

    request -> params -> archive of the current generation -> HTML (pages) or JSON (api)
"""

from pathlib import Path

from flask import Flask

from search.archive.live import LiveArchive
from web import about, api, archive, compression, cors, description, export, feed, headers, observing, pages, problems
from web.admission import Admission
from web.forwarded import Forwarded
from web.options import ServerOptions
from web.targets import EscapedQuery


def create_app(index_dir: Path | str, options: ServerOptions | None = None) -> Flask:
    """Return the application that serves the index in `index_dir`.

    Opens the index, so a server that forks makes it in its workers.  An index that can't be opened is no error here:
    requests are answered with 503 until it can.
    """
    options = options or ServerOptions()
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config["TRUSTED_HOSTS"] = list(options.allowed_hosts) or None
    app.config["DAU_QUERY_TIMEOUT"] = options.query_timeout
    app.config["DAU_SITE"] = options.site
    pages.teach(app.jinja_env, options.site)
    live = LiveArchive(Path(index_dir), cache_mb=options.cache_mb)
    archive.install(app, live, Admission(options.searches, options.queue, options.patience))
    app.wsgi_app = EscapedQuery(app.wsgi_app)  # type: ignore[method-assign]
    if options.trust_proxy:
        app.wsgi_app = Forwarded(app.wsgi_app)  # type: ignore[method-assign]
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(export.blueprint)
    app.register_blueprint(feed.blueprint)
    app.register_blueprint(description.blueprint)
    app.register_blueprint(about.blueprint)
    compression.install(app)  # the last to see an answer: the first to be installed
    cors.install(app, options.cors)
    headers.install(app)
    observing.install(app, live, options)
    problems.install(app)
    return app
