"""Consumers whose libraries can't be had here, imitated with the standard library alone: the basic library
for PHP (everything in the address, by GET), DotNetOpenAuth (a form, and a close look at the answer),
ScribeJava as it is in old applications (`scope` in the header of every step), and what naive clients do
with tokens."""

import base64
import hashlib
import hmac
import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
import requests

from browser import Browser

GET_NAME = "http://tempuri.org/IDataApi/GetName"
SCOPE = ["profile", "citizen_id", "email"]


def encode(text):
    return quote(text, safe="~")


class Consumer:
    """What all have in common (RFC 5849 §3.4)."""

    VERSION = "1.0"

    def __init__(self, server, steps, given, callback):
        self.server, self.steps, self.callback = server, steps, callback
        self.key, self.secret = given["consumer_key"], given["consumer_secret"]

    def parameters(self, **more):
        always = {
            "oauth_consumer_key": self.key,
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(time.time())),
            "oauth_version": self.VERSION,
        }
        return always | {name: value for name, value in more.items() if value}

    def signed(self, method, url, parameters, token_secret=""):
        pairs = sorted((encode(name), encode(value)) for name, value in parameters.items())
        base = "&".join(map(encode, (method, url, "&".join(f"{name}={value}" for name, value in pairs))))
        key = f"{encode(self.secret)}&{encode(token_secret)}"
        mac = hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()
        return parameters | {"oauth_signature": base64.b64encode(mac).decode()}

    def step(self, name):
        return self.server.base + self.steps(name)

    def allowed(self, person):
        """A request token that the person has allowed: itself, its secret, and the verifier."""
        token = self.request_token()
        back = person.authorize(f"{self.step('authorize')}?oauth_token={token['oauth_token']}", self.callback)
        brought = dict(parse_qsl(urlsplit(back).query))
        assert brought["oauth_token"] == token["oauth_token"]
        return token | {"oauth_verifier": brought["oauth_verifier"]}


class BasicPhp(Consumer):
    """Sorts its address by name, and reads the document by the token alone."""

    def get(self, step, token_secret="", **more):
        url = self.step(step)
        query = self.signed("GET", url, self.parameters(**more), token_secret)
        # Sorted by name, as that library builds its addresses.
        pairs = "&".join(f"{encode(name)}={encode(query[name])}" for name in sorted(query))
        return requests.get(f"{url}?{pairs}")

    def request_token(self):
        answer = self.get("request_token", oauth_callback=self.callback, scope=GET_NAME)
        assert answer.status_code == 200, answer.text
        return dict(parse_qsl(answer.text))

    def access_token(self, token):
        answer = self.get(
            "access_token",
            token["oauth_token_secret"],
            oauth_token=token["oauth_token"],
            oauth_verifier=token["oauth_verifier"],
        )
        assert answer.status_code == 200, answer.text
        return dict(parse_qsl(answer.text))

    def document(self, token):
        # Not encoded: it takes the token as it stands.
        path = "/XmlUserInfo.aspx?AccessToken=" if "ashx" in self.steps("") else "/oauth1/user_info?access_token="
        return requests.get(f"{self.server.base}{path}{token['oauth_token']}")


class DotNetOpenAuth(Consumer):
    """Posts forms, insists on oauth_callback_confirmed, and knows the answer's media type."""

    def post(self, step, token_secret="", **more):
        url = self.step(step)
        form = self.signed("POST", url, self.parameters(**more), token_secret)
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Expect": "100-continue"}
        answer = requests.post(url, data=urlencode(form), headers=headers)
        assert answer.headers["content-type"].split(";")[0] == "application/x-www-form-urlencoded"
        return answer

    def request_token(self):
        answer = self.post("request_token", oauth_callback=self.callback)
        told = dict(parse_qsl(answer.text, strict_parsing=True))
        assert told["oauth_callback_confirmed"] == "true"
        assert set(told) == {"oauth_token", "oauth_token_secret", "oauth_callback_confirmed"}
        return told

    def access_token(self, token):
        answer = self.post(
            "access_token",
            token["oauth_token_secret"],
            oauth_token=token["oauth_token"],
            oauth_verifier=token["oauth_verifier"],
        )
        told = dict(parse_qsl(answer.text, strict_parsing=True))
        assert set(told) == {"oauth_token", "oauth_token_secret"}
        return told

    def document(self, token):
        url = f"{self.server.base}/oauth1/user_info"
        parameters = self.signed(
            "GET", url, self.parameters(oauth_token=token["oauth_token"]), token["oauth_token_secret"]
        )
        header = ",".join(f'{encode(name)}="{encode(value)}"' for name, value in parameters.items())
        return requests.get(url, headers={"Authorization": f"OAuth {header}"})


class Scribe(Consumer):
    """The header alone with an empty body, and scope among its parameters in every step."""

    def post(self, step, token_secret="", method="POST", **more):
        url = self.step(step) if step else f"{self.server.base}/oauth1/user_info"
        parameters = self.signed(method, url, self.parameters(scope=GET_NAME, **more), token_secret)
        header = ", ".join(f'{name}="{encode(value)}"' for name, value in parameters.items())
        headers = {"Authorization": f"OAuth {header}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = requests.request(method, url, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer

    def request_token(self):
        return self.read(self.post("request_token", oauth_callback=self.callback))

    def access_token(self, token):
        more = {name: token[name] for name in ("oauth_token", "oauth_verifier")}
        return self.read(self.post("access_token", token["oauth_token_secret"], **more))

    def read(self, answer):
        """By regular expressions, whatever the media type."""
        return {
            name: re.search(rf"{name}=([^&]+)", answer.text)[1] for name in ("oauth_token", "oauth_token_secret")
        }

    def document(self, token):
        return self.post("", token["oauth_token_secret"], "GET", oauth_token=token["oauth_token"])


@pytest.fixture(scope="session")
def citizen(server):
    return Browser(server.username, server.password)


@pytest.fixture(params=["canonical", "egov_th"])
def steps(request):
    return (lambda _: "/OAuth.ashx") if request.param == "egov_th" else "/oauth1/{}".format


@pytest.fixture(params=[BasicPhp, DotNetOpenAuth, Scribe], ids=lambda kind: kind.__name__)
def consumer(request, server, steps):
    return made(request.param, request.node.name, server, steps)


def made(kind, name, server, steps, **options):
    name = "".join(letter if letter.isalnum() else "-" for letter in name)
    callback = f"https://{name.lower()}.example/back"
    given = server.register_consumer(name, callback, scope=SCOPE, **options)
    return kind(server, steps, given, callback)


def test_every_step_and_the_document(consumer, citizen):
    token = consumer.access_token(consumer.allowed(citizen))
    answer = consumer.document(token)
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    member = ElementTree.fromstring(answer.content)
    assert member.get("type") == "Citizen"
    assert member.findtext("FullName") == "สมหญิง ใจดี"
    assert "สมหญิง".encode() in answer.content
    assert member.findtext("Identification/Code") == "1101002345674"
    assert member.find("Identification/Code").get("VerifiedLevel") == "VerifiedLevel3"
    assert member.findtext("ContactInfo/Email") == "somying@citizen.example"
    # Not among the scopes: there, and empty.
    assert member.findtext("Address/Road") == ""
    assert member.find("Address/Road").get("VerifiedLevel") == "Unverified"


def test_tokens_need_no_encoding(consumer, citizen):
    token = consumer.allowed(citizen)
    given = consumer.access_token(token)
    for value in [*token.values(), *given.values()]:
        assert re.fullmatch(r"[A-Za-z0-9_-]+", value), value


def test_the_ten_times_hashed_secret_of_the_kit_for_php(server, steps, citizen):
    consumer = made(BasicPhp, "kit" + steps("x"), server, steps, oauth1_secret_transform="md5x10:EGA")
    for _ in range(10):
        consumer.secret = hashlib.md5(f"{consumer.secret}EGA".encode()).hexdigest()
    token = consumer.access_token(consumer.allowed(citizen))
    assert ElementTree.fromstring(consumer.document(token).content).findtext("LastName") == "ใจดี"


def test_a_signed_reading_under_the_alias_is_the_same(server, citizen):
    consumer = made(BasicPhp, "signed-alias", server, lambda _: "/OAuth.ashx")
    token = consumer.access_token(consumer.allowed(citizen))
    url, more = f"{server.base}/XmlUserInfo.aspx", {"AccessToken": token["oauth_token"]}
    parameters = consumer.parameters(oauth_token=token["oauth_token"]) | more
    query = consumer.signed("GET", url, parameters, token["oauth_token_secret"])
    assert requests.get(url, query).content == consumer.document(token).content


def test_of_many_exchanges_at_once_one_wins(consumer, citizen):
    token = consumer.allowed(citizen)

    def exchange(_):
        try:
            return consumer.access_token(token)
        except (AssertionError, KeyError):
            return None

    with ThreadPoolExecutor(8) as at_once:
        given = [token for token in at_once.map(exchange, range(8)) if token]
    assert len(given) == 1


def test_a_request_without_oauth_callback_is_refused(server, steps):
    consumer = made(BasicPhp, "unsafe" + steps("x"), server, steps)
    answer = consumer.get("request_token")
    told = dict(parse_qsl(answer.text))
    assert (answer.status_code, told["oauth_problem"]) == (400, "parameter_absent")
    assert told["oauth_parameters_absent"] == "oauth_callback"
    assert "oauth_problem" in answer.headers["www-authenticate"]


def test_a_verifier_is_shown_to_who_can_t_be_sent_back(server, steps, citizen):
    consumer = made(BasicPhp, "oob" + steps("x"), server, steps)
    consumer.callback = "oob"
    token = consumer.request_token()
    page = citizen.read(f"{consumer.step('authorize')}?oauth_token={token['oauth_token']}")
    token["oauth_verifier"] = re.search(r'id="verifier"[^>]*>\s*([A-Za-z0-9_-]+)', page)[1]
    assert consumer.document(consumer.access_token(token)).status_code == 200
