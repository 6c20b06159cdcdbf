"""Finds or installs nginx, and runs it with the shipped configuration before a newsroom."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.machine import MachineLacks, debian

SHIPPED = Path(__file__).resolve().parents[2] / "deploy/nginx.conf"
HOST = "localhost"
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
SECONDS_TO_START = 10

AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
worker_processes {processes};
{user}
events {{ worker_connections 1024; }}
http {{
    types {{ text/html html; text/css css; text/javascript js; image/svg+xml svg; }}
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/newsroom.conf;
}}
"""


def nginx() -> Path:
    """Return the path of an nginx, installing it where that is possible. Raises MachineLacks."""
    if found := shutil.which("nginx", path=PLACES):
        return Path(found)
    with debian.one_installer_at_a_time():
        found = shutil.which("nginx", path=PLACES)
        if not found and debian.can_install() and debian.install("nginx-light"):
            found = shutil.which("nginx", path=PLACES)
    if found:
        return Path(found)
    raise MachineLacks("The tests of deploy/nginx.conf need nginx: install it (nginx-light).")


@dataclass(frozen=True)
class Proxy:
    http: int  # its ports
    https: int
    certificate: Path
    error_log: Path


@contextmanager
def running_nginx(
    folder: Path, *, before: int, https: int, http: int, state: Path, processes: int = 1
) -> Iterator[Proxy]:
    """Run nginx with deploy/nginx.conf, but for its ports and paths, before the newsroom that
    listens at the port `before`. Raises MachineLacks where it cannot be had or does not start."""
    program = nginx()
    _write_certificate(folder)
    (folder / "newsroom.conf").write_text(
        with_places(folder, before=before, https=https, http=http, state=state)
    )
    user = "user root;" if os.geteuid() == 0 else ""
    around = AROUND.format(folder=folder, processes=processes, user=user)
    (folder / "nginx.conf").write_text(around)
    command: list[str | Path] = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
    if tried.returncode:
        raise AssertionError(f"nginx refuses deploy/nginx.conf:\n{tried.stderr}")
    process = subprocess.Popen(command, start_new_session=True)
    try:
        _wait_for(https, process)
        yield Proxy(http, https, folder / "certificate.pem", folder / "error.log")
    finally:
        process.send_signal(signal.SIGQUIT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # a connection is open
            process.terminate()
            process.wait()


def with_places(folder: Path, *, before: int, https: int, http: int, state: Path) -> str:
    """The shipped configuration, with the ports and paths of a test."""
    text = SHIPPED.read_text()
    for pattern, place in {
        r"news\.example\.org;": f"{HOST};",
        r"127\.0\.0\.1:8000": f"127.0.0.1:{before}",
        r"listen 443": f"listen 127.0.0.1:{https}",
        r"listen 80": f"listen 127.0.0.1:{http}",
        r"\n    listen \[::\]:\d+[^\n]*": "",
        r"/etc/letsencrypt/live/news\.example\.org/fullchain\.pem": f"{folder}/certificate.pem",
        r"/etc/letsencrypt/live/news\.example\.org/privkey\.pem": f"{folder}/key.pem",
        r"/srv/newsroom/var;": f"{state};",
    }.items():
        text, found = re.subn(pattern, place, text)
        assert found, f"deploy/nginx.conf no longer says {pattern}"
    return text


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise MachineLacks("nginx did not start; see its messages above.")


def _write_certificate(folder: Path) -> None:
    """One for HOST, signed by itself, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
