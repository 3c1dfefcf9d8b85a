"""The server under test, and clients registered at it through its own command line."""

import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import requests

from browser import Browser


class Server:
    """What tests/interop/run tells about the running server, or the same about another one."""

    def __init__(self, base=None, folder=None, dev=None):
        self.base = base or os.environ["INTEROP_BASE"]
        self.folder = folder or os.environ["INTEROP_FOLDER"]
        self.dev = json.loads(dev or os.environ["INTEROP_DEV"])
        account = next(a for a in self.dev["accounts"] if a["username"] == "demo-citizen")
        self.username, self.password = account["username"], account["password"]

    def register(self, identifier, **options):
        """`tamga client add`; gives what it printed."""
        command = [os.environ["INTEROP_BIN"], "--output", "json", "client", "add"]
        command += ["--identifier", identifier, "--name", f"Service {identifier}"]
        for name, value in options.items():
            for one in value if isinstance(value, list) else [value]:
                command += [f"--{name.replace('_', '-')}"] + ([] if one is True else [one])
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def server():
    return Server()


@pytest.fixture(scope="session")
def another_server():
    """Starts a server with settings of its own, beside the one that runs; it stops with the tests."""
    started = []

    def start(**settings):
        folder = tempfile.TemporaryDirectory()
        # Run as root, the database has an account of its own; it must get in.
        Path(folder.name).chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        binary = os.environ["INTEROP_BIN"]
        with open(Path(folder.name, "log"), "w") as log:
            process = subprocess.Popen(
                [binary, "dev", "--listen", f"127.0.0.1:{port}"],
                cwd=folder.name,
                env=os.environ | settings | {"NO_COLOR": "1"},
                stdout=log,
                stderr=log,
            )
        started.append((process, folder))
        wait(process, f"http://127.0.0.1:{port}/health/ready", Path(folder.name, "log"))
        print_it = [binary, "dev", "--print", "--output", "json"]
        dev = subprocess.run(print_it, cwd=folder.name, capture_output=True, text=True, check=True).stdout
        return Server(f"http://localhost:{port}", folder.name, dev)

    yield start
    for process, folder in started:
        process.terminate()
        process.wait(20)
        folder.cleanup()


def wait(process, ready, log):
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(ready, timeout=1).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise AssertionError("the server does not come up")


@pytest.fixture
def person(server):
    """A browser with the demonstration citizen before it."""
    return Browser(server.username, server.password)


class Installation:
    """A server and the addresses that OpenID 2.0 goes by there."""

    def __init__(self, server, endpoint, identities):
        self.server = server
        self.op_identifier = f"{server.base}/"
        self.endpoint = server.base + endpoint
        self.identity = f"{server.base}{identities}Demo-citizen"

    def register(self, identifier, realm, **options):
        self.server.register(identifier, allowed_flow="openid2", openid2_realm=realm, **options)
        # The command line returns a moment before the running server hears of the new client.
        asked = {"ns": "http://specs.openid.net/auth/2.0", "mode": "checkid_immediate", "return_to": realm}
        asked = {f"openid.{key}": value for key, value in asked.items()}
        for _ in range(100):
            if requests.get(self.endpoint, asked, allow_redirects=False).is_redirect:
                return
            time.sleep(0.05)
        raise AssertionError("the server does not hear of a new client")


@pytest.fixture(scope="session", params=["egov_th", "canonical"])
def installation(request, server, another_server):
    if request.param == "egov_th":
        return Installation(server, "/server.aspx", "/user.aspx/")
    canonical = another_server(TAMGA_OPENID2__PATHS="canonical")
    return Installation(canonical, "/openid2", "/id/")


@pytest.fixture
def someone(installation):
    """Somebody at a browser who has not signed in."""
    return Browser(installation.server.username, installation.server.password)
