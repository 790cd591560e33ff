"""A small load generator: a process of its own, threads with keep-alive, one address, a fixed time."""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time

CONNECTIONS = 8


def hammer(port: int, address: str, seconds: float) -> float:
    """Return answered requests a second from CONNECTIONS clients on loopback; every answer must be 200."""
    done: list[int] = []
    ends = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        count = 0
        while time.perf_counter() < ends:
            connection.request("GET", address)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise SystemExit(f"{address} answered {response.status}")
            count += 1
        done.append(count)

    threads = [threading.Thread(target=client) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(done) != CONNECTIONS:
        raise SystemExit("a client failed")
    return sum(done) / (time.perf_counter() - started)


if __name__ == "__main__":
    print(json.dumps(hammer(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))))
