"""Foreign OAuth 1.0a libraries through everything a consumer does, on the canonical paths and on those of
the e-Government service. What is asserted is what the library itself gives or says."""

import hashlib
import secrets
import time
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
import requests

import consumers
from browser import Browser

ALL = ["requests-oauthlib", "Authlib", "php-oauth", "ruby-oauth", "oauth (npm)", "ScribeJava", "liboauth"]
# Those that put the parameters where they are told to.
PLACES = [(name, place) for name in ALL for place in ("header", "query", "body")]
for missing in [("oauth (npm)", "query"), ("oauth (npm)", "body"), ("ScribeJava", "body")]:
    PLACES.remove(missing)
METHODS = [(name, method) for name in ALL for method in ("HMAC-SHA256", "RSA-SHA1")]
for name in ("Authlib", "ruby-oauth", "ScribeJava", "liboauth"):
    METHODS.remove((name, "HMAC-SHA256"))
# These two can't be told to trust a certificate that the system does not.
BY_TLS = [name for name in ALL if name not in ("ScribeJava", "liboauth")]
# These two sign a callback with percent signs in it as if they stood for themselves no more: Authlib
# always, oauthlib when the parameters are not in the header.
DECODES_TWICE = [("Authlib", place) for place in ("header", "query", "body")]
DECODES_TWICE += [("requests-oauthlib", place) for place in ("query", "body")]
SCOPE = "profile citizen_id address email phone"
GET_NAME = "http://tempuri.org/IDataApi/GetName"

# demo-citizen, as the account was made: the path of each element that is not empty.
VALUES = {
    "UserName": ("demo-citizen", None),
    "Title": ("นางสาว", 2),
    "FullName": ("สมหญิง ใจดี", 3),
    "FirstName": ("สมหญิง", 3),
    "LastName": ("ใจดี", 3),
    "DateOfBirth": ("1992-04-13", 3),
    "Gender": ("F", 2),
    "Identification/Code": ("1101002345674", 3),
    "Nationality": ("Thai", 2),
    "Occupation": ("ครู", 0),
    "Address/HouseNumber": ("99/1", 2),
    "Address/Moo": ("4", 2),
    "Address/Road": ("ถนนสุขุมวิท", 2),
    "Address/SubDistrict": ("คลองเตย", 2),
    "Address/District": ("คลองเตย", 2),
    "Address/Province": ("กรุงเทพมหานคร", 2),
    "Address/PostCode": ("10110", 2),
    "ContactInfo/Mobilephone": ("+66812345678", 1),
    "ContactInfo/Email": ("somying@citizen.example", 1),
}
LEVELS = {"Unverified": 0, "VerifiedLevel1": 1, "VerifiedLevel2": 2, "VerifiedLevel3": 3, None: None}


def values(xml):
    """What the document says: path, text and level of all elements that are not empty."""
    root = ElementTree.fromstring(xml.encode())
    assert (root.tag, root.get("type")) == ("Member", "Citizen")
    found = {}

    def walk(element, path):
        for child in element:
            here = f"{path}{child.tag}"
            if child.text:
                found[here] = (child.text, LEVELS[child.get("VerifiedLevel")])
            walk(child, f"{here}/")

    walk(root, "")
    assert len(found.pop("UserID")[0]) == 36
    return found


class Consumer:
    """A library, and the client that it is here."""

    count = 0

    def __init__(self, name, started, server, paths, place="header", method="HMAC-SHA1", **options):
        Consumer.count += 1
        self.library, self.server = started(name), server
        self.site = f"https://consumer{Consumer.count}.example/"
        identifier = f"consumer-{Consumer.count}"
        query = "next=%2Finbox%3Fpage%3D2&word=%E0%B8%81"
        if (name, place) in DECODES_TWICE:
            query = "next=/inbox&page=2"
        callback = f"{self.site}back?{query}"
        given = server.register_consumer(identifier, callback, **({"scope": SCOPE.split()} | options))
        step = (lambda _: "/OAuth.ashx") if paths == "egov_th" else "/oauth1/{}".format
        self.words = {
            "key": given["consumer_key"],
            "secret": given.get("consumer_secret") or "-",
            "callback": callback,
            "method": method,
            "place": place,
            "request_url": server.base + step("request_token"),
            "authorize_url": server.base + step("authorize"),
            "access_url": server.base + step("access_token"),
            "info_url": f"{server.base}/oauth1/user_info",
        }
        self.paths = paths

    def say(self, do, **words):
        return self.library.say(do=do, **(self.words | words))

    def request(self, **words):
        asked = self.say("request", **words)
        assert "problem" not in asked, asked
        assert asked["confirmed"] == "true"
        assert asked["to"].startswith(f"{self.words['authorize_url']}?")
        return asked

    def go(self, person, asked, decision="allow"):
        """Where the person comes back, which is the callback with what it had and more behind that."""
        back = person.authorize(asked["to"], self.site, decision)
        assert back.startswith(self.words["callback"] + "&")
        brought = parse_qs(urlsplit(back).query)
        assert brought["oauth_token"] == [asked["token"]]
        return brought

    def allowed(self, person, **words):
        """A request token that the person has allowed, with its verifier."""
        asked = self.request(**words)
        brought = self.go(person, asked)
        return {
            "token": asked["token"],
            "token_secret": asked["token_secret"],
            "verifier": brought["oauth_verifier"][0],
        }

    def access(self, person, **words):
        given = self.say("access", **self.allowed(person, **words))
        assert "problem" not in given, given
        return {"token": given["token"], "token_secret": given["token_secret"]}

    def read(self, token):
        read = self.say("read", **token)
        assert "xml" in read, read
        return read["xml"]

    def read_unsigned(self, token):
        path, name = ("/XmlUserInfo.aspx", "AccessToken")
        if self.paths == "canonical":
            path, name = ("/oauth1/user_info", "access_token")
        answer = requests.get(self.server.base + path, {name: token["token"]})
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        return answer


@pytest.fixture(scope="session")
def libraries(by_tls):
    started = {}

    def library(name):
        if name not in started:
            started[name] = consumers.start(name)
        return started[name]

    yield library
    for one in started.values():
        one.stop()


@pytest.fixture(scope="session")
def citizen(server):
    """Somebody who is signed in since the first time they were asked to."""
    return Browser(server.username, server.password)


@pytest.fixture(scope="session")
def by_tls(tls_server):
    """A server by TLS, and somebody who is signed in there since the first time they were asked to."""
    started = tls_server()
    return started, Browser(started.username, started.password)


@pytest.fixture(params=["canonical", "egov_th"])
def paths(request):
    return request.param


def drawn():
    return {"nonce": secrets.token_hex(8), "timestamp": str(int(time.time()))}


def refusal(answer, problem):
    """The library says what the server's word was."""
    assert set(answer) == {"problem"}, answer
    assert problem in answer["problem"]


@pytest.mark.parametrize("name", ALL)
def test_every_step_gives_what_the_person_allowed(name, libraries, server, paths):
    person = Browser(server.username, server.password)
    consumer = Consumer(name, libraries, server, paths)
    token = consumer.access(person)
    assert person.pages == ["login-form", "consent-form"]
    xml = consumer.read(token)
    assert values(xml) == VALUES
    # The same, byte for byte, to who only shows the token.
    assert consumer.read_unsigned(token).content == xml.encode()
    assert xml.startswith('<?xml version="1.0" encoding="utf-8"?><Member type="Citizen"><UserID>')


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_parameters_stand_where_the_library_puts_them(name, place, libraries, server, citizen, paths):
    consumer = Consumer(name, libraries, server, paths, place)
    token = consumer.access(citizen)
    assert values(consumer.read(token)) == VALUES


@pytest.mark.parametrize("name", ALL)
def test_scope_is_signed_and_limits_the_document(name, libraries, server, citizen, paths):
    consumer = Consumer(name, libraries, server, paths)
    token = consumer.access(citizen, scope="email citizen_id")
    wanted = ("UserName", "ContactInfo/Email", "Identification/Code")
    assert values(consumer.read(token)) == {path: VALUES[path] for path in wanted}
    token = consumer.access(citizen, scope=GET_NAME)
    assert values(consumer.read(token)) == VALUES
    refusal(consumer.say("request", scope="email juristic_id"), "parameter_rejected")


def test_scribejava_sends_scope_in_every_step(libraries, server, citizen, paths):
    consumer = Consumer("ScribeJava", libraries, server, paths, oauth1_require_scope=True)
    refusal(consumer.say("request"), "parameter_absent")
    consumer.words["scope"] = GET_NAME
    token = consumer.access(citizen)
    assert values(consumer.read(token)) == VALUES


@pytest.mark.parametrize(("name", "method"), METHODS)
def test_signature_methods_that_the_library_knows(name, method, libraries, server, citizen, rsa_key, paths):
    options, key = {}, {}
    if method == "RSA-SHA1":
        options, key = {"oauth1_public_key": rsa_key[1]}, {"rsa_key": rsa_key[0]}
    consumer = Consumer(name, libraries, server, paths, method=method, **options)
    consumer.words |= key
    token = consumer.access(citizen)
    assert values(consumer.read(token)) == VALUES


@pytest.mark.parametrize("name", BY_TLS)
def test_a_secret_in_the_open_by_tls_alone(name, libraries, server, by_tls, paths):
    server_by_tls, person = by_tls
    for there, options in [(server, {"oauth1_plaintext": "true"}), (server_by_tls, {})]:
        consumer = Consumer(name, libraries, there, paths, method="PLAINTEXT", **options)
        refusal(consumer.say("request"), "signature_method_rejected")
    consumer = Consumer(name, libraries, server_by_tls, paths, method="PLAINTEXT", oauth1_plaintext="true")
    token = consumer.access(person)
    assert values(consumer.read(token)) == VALUES
    refusal(consumer.say("read", **(token | {"token_secret": "another"})), "signature_invalid")


def test_a_secret_that_went_through_md5_ten_times(libraries, server, citizen, paths):
    transform = {"oauth1_secret_transform": "md5x10:EGA"}
    consumer = Consumer("requests-oauthlib", libraries, server, paths, **transform)
    refusal(consumer.say("request"), "signature_invalid")
    for _ in range(10):
        consumer.words["secret"] = hashlib.md5(f"{consumer.words['secret']}EGA".encode()).hexdigest()
    token = consumer.access(citizen)
    assert values(consumer.read(token)) == VALUES


@pytest.mark.parametrize("name", ALL)
def test_a_wrong_secret_an_unknown_key_and_another_callback_are_refused(name, libraries, server, paths):
    consumer = Consumer(name, libraries, server, paths)
    refusal(consumer.say("request", secret="wrong"), "signature_invalid")
    refusal(consumer.say("request", key="nobody"), "consumer_key_unknown")
    elsewhere = consumer.say("request", callback="https://evil.example/back")
    refusal(elsewhere, "parameter_rejected")


@pytest.mark.parametrize("name", ALL)
def test_a_request_that_comes_again_is_refused(name, libraries, server, citizen, paths):
    consumer = Consumer(name, libraries, server, paths)
    drawn_once = drawn()
    token = consumer.allowed(citizen, **drawn_once)
    refusal(consumer.say("request", **drawn_once), "nonce_used")
    late = {"nonce": "late", "timestamp": str(int(time.time()) - 3_600)}
    refusal(consumer.say("request", **late), "timestamp_refused")
    drawn_once = drawn()
    given = consumer.say("access", **token, **drawn_once)
    refusal(consumer.say("access", **token, **drawn_once), "nonce_used")
    drawn_once = drawn()
    token = {"token": given["token"], "token_secret": given["token_secret"]}
    assert "xml" in consumer.say("read", **token, **drawn_once)
    refusal(consumer.say("read", **token, **drawn_once), "nonce_used")


@pytest.mark.parametrize("name", ALL)
def test_a_request_token_is_exchanged_once_and_with_its_verifier(name, libraries, server, citizen, paths):
    consumer = Consumer(name, libraries, server, paths)
    asked = consumer.request()
    early = {"token": asked["token"], "token_secret": asked["token_secret"], "verifier": "none-yet"}
    refusal(consumer.say("access", **early), "permission_unknown")
    token = consumer.allowed(citizen)
    refusal(consumer.say("access", **(token | {"verifier": "another"})), "token_rejected")
    refusal(consumer.say("access", **(token | {"token_secret": "another"})), "signature_invalid")
    given = consumer.say("access", **token)
    access = {"token": given["token"], "token_secret": given["token_secret"]}
    assert values(consumer.read(access)) == VALUES
    # Again is a sign of theft, and ends what was given.
    refusal(consumer.say("access", **token), "token_used")
    refusal(consumer.say("read", **access), "token_revoked")
    unsigned = consumer.read_unsigned(access)
    assert unsigned.status_code == 401
    assert '<Error code="token_revoked" requestId="' in unsigned.text


@pytest.mark.parametrize("name", ALL)
def test_a_person_who_says_no_is_told_at_the_callback(name, libraries, server, citizen, paths):
    consumer = Consumer(name, libraries, server, paths)
    asked = consumer.request()
    brought = consumer.go(citizen, asked, decision="deny")
    assert brought["oauth_problem"] == ["permission_denied"]
    assert "oauth_verifier" not in brought
    early = {"token": asked["token"], "token_secret": asked["token_secret"], "verifier": "none"}
    assert set(consumer.say("access", **early)) == {"problem"}
