"""The service as a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2 as httpx


@dataclass
class Service:
    url: str
    process: subprocess.Popen[str]

    def answers(self, path: str, status: int) -> httpx.Response:
        """Ask until the answer has this status, for 30 s at most."""
        deadline = time.monotonic() + 30
        last = "nothing was tried"
        while time.monotonic() < deadline:
            try:
                response = httpx.get(self.url + path)
                if response.status_code == status:
                    return response
                last = f"status {response.status_code}: {response.text}"
            except httpx.TransportError as error:
                last = repr(error)
            time.sleep(0.05)
        raise AssertionError(f"{path} did not answer with {status}: {last}")

    def output(self) -> list[str]:
        """Wait for the end, and answer every line that was written to standard output."""
        out, _ = self.process.communicate(timeout=30)
        return out.splitlines()


@contextmanager
def start_process(**env: str) -> Iterator[Service]:
    """Start the service on a free port. Whatever happens, it does not outlive the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "app"],
        env={**os.environ, "LOG_LEVEL": "info", "PORT": str(port), **env},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Service(f"http://127.0.0.1:{port}", process)
        finally:
            process.kill()
