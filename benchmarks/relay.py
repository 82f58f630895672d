"""A relay between browser and server that counts what goes over the wire, compressed as it is."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CHUNK = 65536


class Relay:
    """Hands everything on. `url`: where a browser finds the server by way of it; `bytes`: so many have passed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname, parts.port)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._counting = threading.Lock()
        self.bytes = 0
        self.url = parts._replace(netloc=f"127.0.0.1:{self._door.getsockname()[1]}").geturl()
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        while True:
            try:
                browser, _ = self._door.accept()
            except OSError:
                return  # closed
            try:
                server = socket.create_connection(self._server)
            except OSError:
                browser.close()  # the server has stopped; a page that is still open asks for it
                continue
            for pair in ((browser, server), (server, browser)):
                for end in pair:
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._hand_on, args=pair, daemon=True).start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while chunk := source.recv(CHUNK):
                with self._counting:
                    self.bytes += len(chunk)
                target.sendall(chunk)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            target.close()  # the other end is gone

    def close(self) -> None:
        """Accept nobody else."""
        self._door.close()


@contextmanager
def relay(url: str) -> Iterator[Relay]:
    """Stand between browser and server until the block ends."""
    between = Relay(url)
    yield between
    between.close()
