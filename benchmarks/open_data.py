"""How many requests per second the open data are answered with, once they are made.

    python -m benchmarks.open_data [--partnerships 10000] [--seconds 10]

wrk (Debian's package of that name) asks over eight connections, compressed as browsers do. Prints requests per second
and median and 99th percentile of the answer's time: for the whole file, for one that the reader has already (304), and,
for comparison, for the server's own probe.
"""

import argparse
import re
import subprocess
import tempfile
import urllib.request
from pathlib import Path

from benchmarks.generated import find_tables
from tests.serving import start_server

START_SECONDS = 180
FILE = "open-data/partnerships.geojson"
CONNECTIONS = 8
GZIP = ["-H", "Accept-Encoding: gzip"]


def ask_often(url: str, *options: str, seconds: int) -> str:
    """Run wrk; return requests per second and latencies. Raises RuntimeError when answers were no good ones."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *options, url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(told)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
    middle, slow = (re.search(rf"{share}%\s+(\S+)", told)[1] for share in (50, 99))
    sent = re.search(r"Transfer/sec:\s+(\S+)", told)[1]
    return f"{rate:10,.0f} per second   median {middle:>9}   99 % {slow:>9}   {sent:>9} per second"


def main(size: str, seconds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = find_tables(size, Path(temporary))
        environment = {"ATLAS_DATA": str(folder)}
        with start_server(environment=environment, patience=START_SECONDS) as server:
            url = f"{server.url}/{FILE}"
            request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
            with urllib.request.urlopen(request) as answer:
                tag, content = answer.headers["ETag"], answer.read()
            print(f"{FILE}, {size} partnerships, {len(content) / 1e6:.2f} MB compressed")
            print("  whole           ", ask_often(url, *GZIP, seconds=seconds))
            print("  known (304)     ", ask_often(url, *GZIP, "-H", f"If-None-Match: {tag}", seconds=seconds))
            print("  /healthz        ", ask_often(f"{server.url}/healthz", seconds=seconds))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--partnerships", default="10000")
    parser.add_argument("--seconds", type=int, default=10)
    arguments = parser.parse_args()
    main(arguments.partnerships, arguments.seconds)
