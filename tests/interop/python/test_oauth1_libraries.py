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
METHODS = [(name, method) for name in ALL for method in ("HMAC-SHA256", "RSA-SHA1", "PLAINTEXT")]
for name in ("ruby-oauth", "ScribeJava", "liboauth"):
    METHODS.remove((name, "HMAC-SHA256"))
# Can't be told to trust a certificate that the system does not.
METHODS.remove(("liboauth", "PLAINTEXT"))
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

    def __init__(self, library, server, paths="canonical", place="header", method="HMAC-SHA1", **options):
        Consumer.count += 1
        self.library, self.server = library, server
        self.site = f"https://consumer{Consumer.count}.example/"
        identifier = f"consumer-{Consumer.count}"
        callback = f"{self.site}back?next=%2Finbox%3Fpage%3D2&word=%E0%B8%81"
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
        if server.trusted:
            self.words["trusted"] = server.trusted
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
        answer = requests.get(
            self.server.base + path, {name: token["token"]}, verify=self.server.trusted or True
        )
        assert answer.headers["content-type"] == "application/xml; charset=utf-8"
        return answer


@pytest.fixture(scope="session")
def libraries():
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
    """A server by TLS that takes every signature method, and somebody who is signed in there."""
    started = tls_server(TAMGA_OAUTH1__SIGNATURE_METHODS="HMAC-SHA1,HMAC-SHA256,RSA-SHA1,PLAINTEXT")
    browser = Browser(started.username, started.password)
    browser.http.verify = started.trusted
    return started, browser


@pytest.fixture(params=["canonical", "egov_th"])
def paths(request):
    return request.param


def drawn():
    return {"nonce": secrets.token_hex(8), "timestamp": str(int(time.time()))}


@pytest.mark.parametrize("name", ALL)
def test_every_step_gives_what_the_person_allowed(name, libraries, server, paths):
    person = Browser(server.username, server.password)
    consumer = Consumer(libraries(name), server, paths)
    token = consumer.access(person)
    assert person.pages == ["login-form", "consent-form"]
    xml = consumer.read(token)
    assert values(xml) == VALUES
    # The same, byte for byte, to who only shows the token.
    assert consumer.read_unsigned(token).content == xml.encode()
    assert xml.startswith('<?xml version="1.0" encoding="utf-8"?><Member type="Citizen"><UserID>')


@pytest.mark.parametrize(("name", "place"), PLACES)
def test_parameters_stand_where_the_library_puts_them(name, place, libraries, server, citizen, paths):
    consumer = Consumer(libraries(name), server, paths, place)
    token = consumer.access(citizen)
    assert values(consumer.read(token)) == VALUES


@pytest.mark.parametrize("name", ALL)
def test_scope_is_signed_and_limits_the_document(name, libraries, server, citizen, paths):
    consumer = Consumer(libraries(name), server, paths)
    token = consumer.access(citizen, scope="email citizen_id")
    wanted = ("UserName", "ContactInfo/Email", "Identification/Code")
    assert values(consumer.read(token)) == {path: VALUES[path] for path in wanted}
    token = consumer.access(citizen, scope=GET_NAME)
    assert values(consumer.read(token)) == VALUES
    refused = consumer.say("request", scope="email juristic_id")
    assert "parameter_rejected" in refused["problem"] or "400" in refused["problem"]


def test_scribejava_sends_scope_in_every_step(libraries, server, citizen, paths):
    consumer = Consumer(libraries("ScribeJava"), server, paths, oauth1_require_scope=True)
    assert "400" in consumer.say("request")["problem"]
    consumer.words["scope"] = GET_NAME
    token = consumer.access(citizen)
    assert values(consumer.read(token)) == VALUES


@pytest.mark.parametrize(("name", "method"), METHODS)
def test_every_signature_method_that_the_library_knows(name, method, libraries, by_tls, rsa_key, paths):
    server, person = by_tls
    options = {"PLAINTEXT": {"oauth1_plaintext": "true"}, "RSA-SHA1": {"oauth1_public_key": rsa_key[1]}}
    if name == "liboauth":
        pytest.skip("liboauth trusts only what the system does")
    consumer = Consumer(libraries(name), server, paths, method=method, **options.get(method, {}))
    if method == "RSA-SHA1":
        consumer.words["rsa_key"] = rsa_key[0]
    token = consumer.access(person)
    assert values(consumer.read(token)) == VALUES


def test_a_secret_that_went_through_md5_ten_times(libraries, server, citizen, paths):
    consumer = Consumer(
        libraries("requests-oauthlib"), server, paths, oauth1_secret_transform="md5x10:EGA"
    )
    assert "signature_invalid" in consumer.say("request")["problem"]
    for _ in range(10):
        consumer.words["secret"] = hashlib.md5(f"{consumer.words['secret']}EGA".encode()).hexdigest()
    token = consumer.access(citizen)
    assert values(consumer.read(token)) == VALUES


def refusal(name, answer, problem, status=401):
    """The library's own words; three of them have only the status, or only the body's words."""
    assert set(answer) == {"problem"}, answer
    said = answer["problem"]
    assert problem in said or (name == "ScribeJava" and str(status) in said), said


@pytest.mark.parametrize("name", ALL)
def test_a_wrong_secret_an_unknown_key_and_another_callback_are_refused(name, libraries, server, paths):
    consumer = Consumer(libraries(name), server, paths)
    refusal(name, consumer.say("request", secret="wrong"), "signature_invalid")
    refusal(name, consumer.say("request", key="nobody"), "consumer_key_unknown")
    elsewhere = consumer.say("request", callback="https://evil.example/back")
    refusal(name, elsewhere, "parameter_rejected", 400)


@pytest.mark.parametrize("name", ALL)
def test_a_request_that_comes_again_is_refused(name, libraries, server, citizen, paths):
    consumer = Consumer(libraries(name), server, paths)
    drawn_once = drawn()
    token = consumer.allowed(citizen, **drawn_once)
    refusal(name, consumer.say("request", **drawn_once), "nonce_used")
    late = {"nonce": "late", "timestamp": str(int(time.time()) - 3_600)}
    refusal(name, consumer.say("request", **late), "timestamp_refused")
    drawn_once = drawn()
    given = consumer.say("access", **token, **drawn_once)
    refusal(name, consumer.say("access", **token, **drawn_once), "nonce_used")
    given.pop("confirmed", None)
    drawn_once = drawn()
    token = {"token": given["token"], "token_secret": given["token_secret"]}
    assert "xml" in consumer.say("read", **token, **drawn_once)
    refusal(name, consumer.say("read", **token, **drawn_once), "nonce_used")


@pytest.mark.parametrize("name", ALL)
def test_a_request_token_is_exchanged_once_and_with_its_verifier(name, libraries, server, citizen, paths):
    consumer = Consumer(libraries(name), server, paths)
    asked = consumer.request()
    early = {"token": asked["token"], "token_secret": asked["token_secret"], "verifier": "none-yet"}
    refusal(name, consumer.say("access", **early), "permission_unknown")
    token = consumer.allowed(citizen)
    refusal(name, consumer.say("access", **(token | {"verifier": "another"})), "token_rejected")
    refusal(name, consumer.say("access", **(token | {"token_secret": "another"})), "signature_invalid")
    given = consumer.say("access", **token)
    access = {"token": given["token"], "token_secret": given["token_secret"]}
    assert values(consumer.read(access)) == VALUES
    # Again is a sign of theft, and ends what was given.
    refusal(name, consumer.say("access", **token), "token_used")
    refusal(name, consumer.say("read", **access), "token_revoked")
    unsigned = consumer.read_unsigned(access)
    assert unsigned.status_code == 401
    assert '<Error code="token_revoked" requestId="' in unsigned.text


@pytest.mark.parametrize("name", ALL)
def test_a_person_who_says_no_is_told_at_the_callback(name, libraries, server, citizen, paths):
    consumer = Consumer(libraries(name), server, paths)
    asked = consumer.request()
    brought = consumer.go(citizen, asked, decision="deny")
    assert brought["oauth_problem"] == ["permission_denied"]
    assert "oauth_verifier" not in brought
    early = {"token": asked["token"], "token_secret": asked["token_secret"], "verifier": "none"}
    assert set(consumer.say("access", **early)) == {"problem"}
