"""One request to a foreign server: only to public addresses, only for so long, only the head.

The name is resolved once, every address is looked at, and the connection goes to the very address
that was looked at: a name that leads elsewhere a moment later leads nowhere (DNS rebinding). Host
and certificate are those of the name.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlsplit

from django.conf import settings

SECONDS = 20
"""For one request, whatever the other side does: it may send one letter a second."""
CONNECT_SECONDS = 8
MOST_ADDRESSES = 3
PORTS = {"http": 80, "https": 443}
OTHER_PORTS = {8080, 8443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20", "5f00::/16")
]
"""Special by IANA's registries; not every Python that we run on knows that."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """An address that no request may go to. The message says why."""


class NoAnswer(Exception):
    """Nothing came back, or nothing that is HTTP. `is_gone`: there is no such server at all."""

    def __init__(self, message: str, *, is_gone: bool = False) -> None:
        self.is_gone = is_gone
        super().__init__(message)


@dataclass(frozen=True)
class Answer:
    """The head of an answer."""

    status: int
    location: str
    """Where a redirect leads, as it was written; empty for none."""


@dataclass(frozen=True)
class Target:
    """An address of the web, taken apart. Host and path are ASCII, as they are sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The value of the header Host (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target(url: str) -> Target:
    """Return the parts of an address. Raises Forbidden for what we do not ask for."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
        if ":" not in host:
            host = host.encode("idna").decode("ascii")
    except ValueError as error:  # UnicodeError is one
        raise Forbidden(f"This is no address: {url[:100]}") from error
    if parts.scheme not in PORTS or not host:
        raise Forbidden(f"This is no address of the web: {url[:100]}")
    if parts.username or parts.password:
        raise Forbidden("The address has a name or a password in it.")
    usual = PORTS[parts.scheme]
    allowed = {*PORTS.values(), *OTHER_PORTS}
    if port not in {None, *allowed} and not settings.LINK_CHECK_LOOPBACK:
        raise Forbidden(f"The port {port} is not one of the web.")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    return Target(parts.scheme, host, port or usual, path)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, also the IPv4 address inside an IPv6 one."""
    if address.is_loopback and settings.LINK_CHECK_LOOPBACK:
        return True
    if isinstance(address, ipaddress.IPv6Address):
        inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in NAT64:
            inside.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if int(address) < 1 << 32:  # ::a.b.c.d, no longer in use
            return False
        if any(one is not None and not is_public(one) for one in inside):
            return False
        if address in NAT64 or address.ipv4_mapped:
            return True
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    known = any(address in network for network in NOT_PUBLIC if network.version == address.version)
    return address.is_global and not special and not known


def resolve(to: Target) -> list[str]:
    """Return the addresses of a name. Raises NoAnswer, or Forbidden if one of them is not public.

    One is enough: a name that leads into our own network and out of it is up to something.
    """
    try:
        found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        is_gone = error.errno == socket.EAI_NONAME
        message = "There is no server of this name." if is_gone else "Its name cannot be resolved."
        raise NoAnswer(message, is_gone=is_gone) from error
    except (OSError, UnicodeError) as error:
        raise NoAnswer("Its name cannot be resolved.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        # A zone ("fe80::1%eth0") names a network card of ours.
        if "%" in address or not is_public(ipaddress.ip_address(address)):
            raise Forbidden(f"{to.host} leads to {address}, which is not public.")
    return addresses


@cache
def context() -> ssl.SSLContext:
    """Return how servers have to prove who they are: as browsers ask it of them."""
    return ssl.create_default_context()


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at, in the name of the host."""

    def __init__(self, to: Target, address: str, end: float) -> None:
        super().__init__(to.host, to.port)
        self._to, self._address, self._end = to, address, end

    def connect(self) -> None:
        """Connect. Raises OSError."""
        seconds = min(CONNECT_SECONDS, max(0.1, self._end - time.monotonic()))
        self.sock = socket.create_connection((self._address, self._to.port), seconds)
        if self._to.scheme == "https":
            self.sock = context().wrap_socket(self.sock, server_hostname=self._to.host)
        self.sock.settimeout(max(0.1, self._end - time.monotonic()))

    def abort(self) -> None:
        """End the connection from another thread."""
        with contextlib.suppress(OSError, TypeError):
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def request(method: str, url: str, agent: str) -> Answer:
    """Ask for an address and return the head of the answer; the body is never read.

    Raises Forbidden or NoAnswer.
    """
    to = target(url)
    end = time.monotonic() + SECONDS
    problem = NoAnswer("It has no address.")
    for address in resolve(to)[:MOST_ADDRESSES]:
        connection = _Connection(to, address, end)
        watchdog = threading.Timer(max(0.1, end - time.monotonic()), connection.abort)
        watchdog.daemon = True
        watchdog.start()
        try:
            connection.putrequest(method, to.path, skip_host=True, skip_accept_encoding=True)
            for name, value in _headers(to, agent):
                connection.putheader(name, value)
            connection.endheaders()
            with contextlib.closing(connection.getresponse()) as answer:
                if time.monotonic() >= end:  # what was cut off may look like an end
                    raise TimeoutError
                return Answer(answer.status, answer.headers.get("Location", "").strip())
        except (OSError, http.client.HTTPException, ValueError) as error:
            problem = NoAnswer(_reason(error, is_late=time.monotonic() >= end))
            if not isinstance(error, (ConnectionError, TimeoutError)) or time.monotonic() >= end:
                break
        finally:
            watchdog.cancel()
            connection.close()
    raise problem


def _headers(to: Target, agent: str) -> list[tuple[str, str]]:
    return [
        ("Host", to.host_header),
        ("User-Agent", agent),
        ("Accept", "text/html, */*;q=0.5"),
        ("Connection", "close"),
    ]


def _reason(error: Exception, *, is_late: bool) -> str:
    """Return what went wrong, for people."""
    if is_late:
        return f"It took more than {SECONDS} seconds."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Browsers warn of its certificate: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return "No safe connection could be made."
    if isinstance(error, TimeoutError):
        return "It does not answer."
    if isinstance(error, ConnectionRefusedError):
        return "It refuses connections."
    if isinstance(error, (ConnectionError, http.client.RemoteDisconnected)):
        return "It hung up."
    if isinstance(error, OSError):
        return f"It cannot be reached: {error.strerror or error}."[:200]
    return "It does not speak HTTP."
