"""The server under test, and clients registered at it through its own command line."""

import json
import os
import subprocess

import pytest

from browser import Browser


class Server:
    """What tests/interop/run tells about the running server."""

    base = os.environ.get("INTEROP_BASE", "")

    def __init__(self):
        self.dev = json.loads(os.environ["INTEROP_DEV"])
        account = next(a for a in self.dev["accounts"] if a["username"] == "demo-citizen")
        self.username, self.password = account["username"], account["password"]

    def register(self, identifier, **options):
        """`tamga client add`; gives what it printed."""
        command = [os.environ["INTEROP_BIN"], "--output", "json", "client", "add"]
        command += ["--identifier", identifier, "--name", f"Service {identifier}"]
        for name, value in options.items():
            for one in value if isinstance(value, list) else [value]:
                command += [f"--{name.replace('_', '-')}"] + ([] if one is True else [one])
        done = subprocess.run(command, cwd=os.environ["INTEROP_FOLDER"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def server():
    return Server()


@pytest.fixture
def person(server):
    """A browser with the demonstration citizen before it."""
    return Browser(server.username, server.password)
