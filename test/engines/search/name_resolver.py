"""A name service on this machine, which astropy asks in place of Sesame: the tests need no network."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from astropy.coordinates.name_resolve import sesame_url

#: The source of the sample project, with its position in degrees (ICRS).
NAME = "NGC9999"
RA, DEC = 150.5725, -31.2347


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.path.endswith(NAME)
        text = f"# {NAME}\n%J {RA} {DEC} = x\n" if known else "#! Nothing found\n"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def use_local_resolver():
    """Starts the service for the life of this process, and makes astropy use it."""
    server = HTTPServer(("127.0.0.1", 0), _Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sesame_url.set([f"http://127.0.0.1:{server.server_port}/"])
