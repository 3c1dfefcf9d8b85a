"""The server under test, and clients registered at it through its own command line."""

import datetime
import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from unittest import mock

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

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

    def register_consumer(self, identifier, callback, **options):
        """A client of OAuth 1.0a; gives its key and secret."""
        if "oauth1_public_key" not in options:
            options["generate_secret"] = True
        given = self.register(identifier, allowed_flow="oauth1", oauth1_callback=callback, **options)["oauth1"]
        # The command line returns a moment before the running server hears of the new client.
        asked = {
            "oauth_consumer_key": given["consumer_key"],
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_signature": "none",
            "oauth_timestamp": str(int(time.time())),
            "oauth_nonce": "registered",
        }
        for _ in range(100):
            answer = requests.get(f"{self.base}/oauth1/request_token", asked)
            if "consumer_key_unknown" not in answer.text:
                return given
            time.sleep(0.05)
        raise AssertionError("the server does not hear of a new client")


@pytest.fixture(scope="session")
def server():
    return Server()


@pytest.fixture(scope="session")
def another_server():
    """Starts a server with settings of its own, beside the one that runs; it stops with the tests."""
    yield from servers("http")


@pytest.fixture(scope="session")
def tls_server(tmp_path_factory):
    """The same by TLS, with a certificate that everything started from now on trusts."""
    certificate, key = self_signed(tmp_path_factory.mktemp("tls"))
    # As requests, OpenSSL (for PHP and Ruby) and Node.js look for it.
    names = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    with mock.patch.dict(os.environ, dict.fromkeys(names, certificate)):
        yield from servers("https", certificate, key)


def servers(scheme, certificate=None, key=None):
    started = []

    def start(**settings):
        folder = tempfile.TemporaryDirectory()
        # Run as root, the database has an account of its own; it must get in.
        Path(folder.name).chmod(0o755)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        binary = os.environ["INTEROP_BIN"]
        if certificate:
            settings |= {"TAMGA_TLS__CERTIFICATE": certificate, "TAMGA_TLS__KEY": key}
        with open(Path(folder.name, "log"), "w") as log:
            process = subprocess.Popen(
                [binary, "dev", "--listen", f"127.0.0.1:{port}"],
                cwd=folder.name,
                env=os.environ | settings | {"NO_COLOR": "1"},
                stdout=log,
                stderr=log,
            )
        started.append((process, folder))
        wait(process, f"{scheme}://localhost:{port}/health/ready", Path(folder.name, "log"))
        print_it = [binary, "dev", "--print", "--output", "json"]
        dev = subprocess.run(print_it, cwd=folder.name, capture_output=True, text=True, check=True).stdout
        return Server(f"{scheme}://localhost:{port}", folder.name, dev)

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


def self_signed(folder):
    """A certificate for localhost with its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return in_files(folder, certificate.public_bytes(serialization.Encoding.PEM), key)


def in_files(folder, public, key):
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    paths = Path(folder, "public.pem"), Path(folder, "private.pem")
    paths[0].write_bytes(public)
    paths[1].write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return tuple(str(path) for path in paths)


@pytest.fixture(scope="session")
def rsa_key(tmp_path_factory):
    """Files with a private key and its public key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = key.public_key().public_bytes(serialization.Encoding.PEM, form)
    public, private = in_files(tmp_path_factory.mktemp("rsa"), public, key)
    return private, public


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
