"""Certificates for servers on loopback."""

import ssl
import subprocess
from pathlib import Path


def make_certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """Return a file to trust and what a server on 127.0.0.1 shows: nobody else signed it."""
    folder.mkdir(exist_ok=True)
    line = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "key", "-out", "cert", "-days", "2", "-subj", f"/CN={name}",
            "-addext", "subjectAltName=IP:127.0.0.1"]  # fmt: skip
    subprocess.run(line, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    return folder / "cert", context
