"""A small mail server on this machine (RFC 5321, 3207, 4954): what it was handed, and the ways in which it may refuse."""

from __future__ import annotations

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

__all__ = ["PostOffice", "certificate", "post_office"]

USER, PASSWORD = "oste@example.org", "p/w di prova"


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1, signed by itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "mail.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class PostOffice:
    """What came, in order; ``tries`` counts connections and ``logins`` the attempts to get in."""

    def __init__(self, port: int, pem: Path | None) -> None:
        self.port, self.pem = port, pem
        self.taken: list[EmailMessage] = []
        self.in_clear: list[bool] = []
        self.tries = self.logins = 0
        self.refuses: set[str] = set()  # addresses
        self.hangs_up_after_data = False  # the mail is taken, and the answer is lost


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        office: PostOffice = self.server.office  # type: ignore[attr-defined]
        office.tries += 1
        self.secure = self.known = False
        self.say("220 posta di prova")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            answer = getattr(self, f"do_{word.lower()}", None)
            if answer is None:
                self.say("502 not here")
            elif answer(office, rest) is False:
                return

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def do_ehlo(self, office: PostOffice, rest: str) -> None:
        offers = ["posta"] + (["STARTTLS"] if office.pem and not self.secure else []) + ["AUTH PLAIN"]
        for index, offer in enumerate(offers):
            self.say(f"250{' ' if index == len(offers) - 1 else '-'}{offer}")

    def do_starttls(self, office: PostOffice, rest: str) -> bool:
        assert office.pem is not None
        self.say("220 go ahead")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(office.pem)
        try:
            self.request = context.wrap_socket(self.request, server_side=True)
        except OSError:  # whoever calls does not trust us
            return False
        self.secure = True
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
        return True

    def do_auth(self, office: PostOffice, rest: str) -> None:
        office.logins += 1
        given = base64.b64decode(rest.partition(" ")[2]).decode().split("\0")[1:]
        self.known = given == [USER, PASSWORD]
        self.say("235 welcome" if self.known else "535 no")

    def do_mail(self, office: PostOffice, rest: str) -> None:
        self.say("250 ok" if self.known else "530 who are you")

    def do_rcpt(self, office: PostOffice, rest: str) -> None:
        self.say("550 nobody" if any(name in rest for name in office.refuses) else "250 ok")

    def do_data(self, office: PostOffice, rest: str) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        office.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
        office.in_clear.append(not self.secure)
        if office.hangs_up_after_data:
            return False
        self.say("250 taken")
        return True

    def do_rset(self, office: PostOffice, rest: str) -> None:
        self.say("250 ok")

    def do_quit(self, office: PostOffice, rest: str) -> bool:
        self.say("221 bye")
        return False


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no trouble."""


@contextmanager
def post_office(pem: Path | None = None) -> Iterator[PostOffice]:
    """A mail server that listens until the end of the block; with ``pem`` it offers STARTTLS."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        office = PostOffice(server.server_address[1], pem)
        server.office = office  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
