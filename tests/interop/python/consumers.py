"""Foreign OAuth 1.0a libraries, unmodified, each as a consumer that is steered from here.

Those in other languages run as a process of their own. Each reads lines of form-encoded words and answers
each with one; nothing is kept between two lines. Every line says who asks (key, secret, callback and, if
wanted, scope), how (method, place: header, query or body; rsa_key, a file) and where (request_url,
authorize_url, access_url, info_url). `do=request` is answered by token, token_secret, confirmed and where
to send the person (`to`); `do=access` brings token, token_secret and verifier, and is answered by the
access token; `do=read` brings that, and is answered by the document (`xml`). A refusal is `problem`: what
the library itself says. With nonce and timestamp in a line the library sends those.
"""

import contextlib
import shutil
import subprocess
from pathlib import Path
from unittest import mock
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth1Session as AuthlibSession
from authlib.oauth1.rfc5849 import client_auth
from oauthlib import oauth1
from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenRequestDenied

HERE = Path(__file__).parent.parent
COMMANDS = {
    "php-oauth": ("php", ["php", "consumer.php"]),
    "ruby-oauth": ("ruby", ["ruby", "-W0", "consumer.rb"]),
    "oauth (npm)": ("node", ["node", "--no-deprecation", "consumer.mjs"]),
    "ScribeJava": ("java", ["java", "-XX:TieredStopAtLevel=1", "-cp", "classes:lib/*", "Consumer"]),
    "liboauth": ("c", ["./consumer"]),
}
# Debian packages these; scripts/setup installs them there, and only there they must run.
PACKAGED = {
    "php-oauth": ["php", "-r", "new OAuth('a', 'b');"],
    "ruby-oauth": ["ruby", "-e", "require 'oauth'"],
}


class Foreign:
    """A library in a process of its own."""

    def __init__(self, name):
        folder, command = COMMANDS[name]
        self.process = subprocess.Popen(
            command, cwd=HERE / folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def say(self, **words):
        # A plus for a space is more than liboauth reads.
        self.process.stdin.write(urlencode(words, quote_via=quote) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"{self.process.args} ended"
        return dict(parse_qsl(line.rstrip("\n"), keep_blank_values=True))

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class InPython:
    """A library that needs no process of its own."""

    def say(self, do, **words):
        try:
            return getattr(self, do)(words)
        except (TokenRequestDenied, OAuthError) as refusal:
            return {"problem": str(refusal)}

    def stop(self):
        pass


class RequestsOauthlib(InPython):
    PLACES = {
        "header": oauth1.SIGNATURE_TYPE_AUTH_HEADER,
        "query": oauth1.SIGNATURE_TYPE_QUERY,
        "body": oauth1.SIGNATURE_TYPE_BODY,
    }

    def session(self, words, **more):
        return OAuth1Session(
            words["key"],
            client_secret=words.get("secret"),
            rsa_key=Path(words["rsa_key"]).read_text() if "rsa_key" in words else None,
            resource_owner_key=words.get("token"),
            resource_owner_secret=words.get("token_secret"),
            signature_method=words["method"],
            signature_type=self.PLACES[words["place"]],
            nonce=words.get("nonce"),
            timestamp=words.get("timestamp"),
            **more,
        )

    def request(self, words):
        session = self.session(words, callback_uri=words["callback"])
        data = {"scope": words["scope"]} if "scope" in words else None
        token = session.fetch_request_token(words["request_url"], data=data)
        return {
            "token": token["oauth_token"],
            "token_secret": token["oauth_token_secret"],
            "confirmed": token["oauth_callback_confirmed"],
            "to": session.authorization_url(words["authorize_url"]),
        }

    def access(self, words):
        token = self.session(words, verifier=words["verifier"]).fetch_access_token(words["access_url"])
        return {"token": token["oauth_token"], "token_secret": token["oauth_token_secret"]}

    def read(self, words):
        # A GET has no body to put them in.
        place = words["place"].replace("body", "header")
        answer = self.session(words | {"place": place}).get(words["info_url"])
        return {"xml": answer.content.decode()} if answer.ok else {"problem": answer.text}


class Authlib(InPython):
    PLACES = {
        "header": client_auth.SIGNATURE_TYPE_HEADER,
        "query": client_auth.SIGNATURE_TYPE_QUERY,
        "body": client_auth.SIGNATURE_TYPE_BODY,
    }

    def say(self, do, **words):
        with contextlib.ExitStack() as stack:
            for name in ("nonce", "timestamp"):
                if name in words:
                    drawn = mock.patch.object(client_auth, f"generate_{name}", return_value=words[name])
                    stack.enter_context(drawn)
            return super().say(do, **words)

    def session(self, words, **more):
        return AuthlibSession(
            words["key"],
            client_secret=words.get("secret"),
            rsa_key=Path(words["rsa_key"]).read_text() if "rsa_key" in words else None,
            token=words.get("token"),
            token_secret=words.get("token_secret"),
            signature_method=words["method"],
            signature_type=self.PLACES[words["place"]],
            **more,
        )

    def request(self, words):
        session = self.session(words, redirect_uri=words["callback"])
        data = {"scope": words["scope"]} if "scope" in words else None
        token = session.fetch_request_token(words["request_url"], data=data)
        return {
            "token": token["oauth_token"],
            "token_secret": token["oauth_token_secret"],
            "confirmed": token["oauth_callback_confirmed"],
            "to": session.create_authorization_url(words["authorize_url"]),
        }

    def access(self, words):
        token = self.session(words).fetch_access_token(words["access_url"], words["verifier"])
        return {"token": token["oauth_token"], "token_secret": token["oauth_token_secret"]}

    def read(self, words):
        # A GET has no body to put them in.
        place = words["place"].replace("body", "header")
        answer = self.session(words | {"place": place}).get(words["info_url"])
        return {"xml": answer.content.decode()} if answer.ok else {"problem": answer.text}


def start(name):
    if name in PACKAGED and not shutil.which("apt-get"):
        there = shutil.which(PACKAGED[name][0]) and subprocess.run(
            PACKAGED[name], stderr=subprocess.DEVNULL, check=False
        )
        if not there or there.returncode:
            pytest.skip(f"{name} is not installed")
    if name == "ScribeJava" and not (HERE / "java/classes").exists():
        # tests/interop/run has said why.
        pytest.skip(f"{name} can't be had here")
    if name == "liboauth" and not (HERE / "c/consumer").exists():
        pytest.skip(f"{name} is not installed")
    return {"requests-oauthlib": RequestsOauthlib, "Authlib": Authlib}.get(name, lambda: Foreign(name))()
