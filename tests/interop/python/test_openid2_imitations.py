"""Relying parties whose libraries can't be had here, imitated: what LightOpenID (PHP) and DotNetOpenAuth
insist on, written anew with the standard library alone. The JanRain library for PHP is the sibling of
python3-openid and ruby-openid, which run in test_openid2_libraries.py."""

import base64
import hashlib
import hmac
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests

NS, AX = "http://specs.openid.net/auth/2.0", "http://openid.net/srv/ax/1.0"
SELECT = f"{NS}/identifier_select"
EMAIL, FULL_NAME = "http://axschema.org/contact/email", "http://axschema.org/namePerson"
CITIZEN_ID = "http://www.egov.go.th/2012/identifier/citizenid"
CITIZEN_LEVEL = f"{CITIZEN_ID}verifiedlevel"
# OpenID Authentication 2.0, appendix B.
MODULUS = int(
    "DCF93A0B883972EC0E19989AC5A2CE310E1D37717E8D9571BB7623731866E61EF75A2E27898B057F9891C2E27A639C3F29"
    "B60814581CD3B2CA3986D2683705577D45C2E7E52DC81C7A171876E5CEA74B1448BFDFAF18828EFD2519F14E45E3826634"
    "AF1949E5B535CC829A483B8A76223E5D490A257F05BDFF16F2FB22C583AB",
    16,
)


def query_of(url):
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def direct(endpoint, fields):
    """A direct request (§5.1): the status, and the key-value form of the answer."""
    answer = requests.post(endpoint, data={f"openid.{key}": value for key, value in fields.items()})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    return answer.status_code, dict(line.split(":", 1) for line in lines)


class LightOpenId:
    """Asks by HEAD first, reads documents by regular expressions, knows no associations, and sends
    back for verification what is signed, and nothing else, to the endpoint behind claimed_id."""

    ACCEPT = {"Accept": "application/xrds+xml, */*"}
    # In its own form: the last words of each type.
    WANTED = {"contact_email": EMAIL, "namePerson": FULL_NAME}

    def __init__(self, realm):
        self.realm = realm
        self.return_to = f"{realm}login.php?step=2&back=%2Fcart"

    def discover(self, identifier):
        headers = requests.head(identifier, headers=self.ACCEPT, allow_redirects=True).headers
        location = headers.get("x-xrds-location", "").strip()
        if location:
            identifier = location
            headers = requests.head(identifier, headers=self.ACCEPT).headers
        assert "application/xrds+xml" in headers["content-type"]
        document = requests.get(identifier, headers=self.ACCEPT).text
        for service in re.findall(r"<Service.*?>(.*?)</Service>", document, re.S):
            for kind in ("server", "signon"):
                if re.search(rf"<Type>\s*{re.escape(NS)}/{kind}\s*</Type>", service, re.S):
                    # Attributes are asked for where their type stands in the same service.
                    assert f"<Type>{AX}</Type>" in service
                    return re.search(r"<URI.*?>(.*)</URI>", service)[1].strip(), kind
        raise AssertionError(f"no service in {document}")

    def address(self, identifier):
        endpoint, kind = self.discover(identifier)
        fields = {
            "ns": NS,
            "mode": "checkid_setup",
            "return_to": self.return_to,
            "realm": self.realm,
            "ns.ax": AX,
            "ax.mode": "fetch_request",
            "ax.required": "contact_email",
            "ax.if_available": "namePerson",
            "identity": SELECT if kind == "server" else identifier,
            "claimed_id": SELECT if kind == "server" else identifier,
        }
        fields |= {f"ax.type.{alias}": uri for alias, uri in self.WANTED.items()}
        return f"{endpoint}?{urlencode({f'openid.{key}': value for key, value in fields.items()})}"

    def asks(self, sent):
        """The fields it sends for verification. PHP turns each dot of a name into an underscore."""
        data = {key.replace(".", "_"): value for key, value in sent.items()}
        if data.get("openid_mode") != "id_res" or data["openid_return_to"] != self.return_to:
            return None
        fields = {key: data[f"openid_{key}"] for key in ("assoc_handle", "signed", "sig", "ns")}
        for name in data["openid_signed"].split(","):
            fields[name] = data[f"openid_{name.replace('.', '_')}"]
        return fields | {"mode": "check_authentication"}

    def validate(self, sent):
        fields = self.asks(sent)
        if fields is None:
            return False
        endpoint, _ = self.discover(sent["openid.claimed_id"])
        _, answer = direct(endpoint, fields)
        return answer["is_valid"] == "true"


class DotNetOpenAuth:
    """Has an association, its own words in return_to, an alias for everything, and looks closely."""

    def __init__(self, realm):
        self.realm = realm
        sealed = urlencode({"dnoa.userSuppliedIdentifier": "x", "dnoa.return_to_sig": "a+b/c=="})
        self.return_to = f"{realm}Login.aspx?ReturnUrl=%2f&{sealed}"

    def discover(self, identifier):
        """The endpoint, by the document itself or by an absolute address of it."""
        accept = "text/html; q=0.3, application/xhtml+xml; q=0.5, application/xrds+xml; q=1.0"
        answer = requests.get(identifier, headers={"Accept": accept})
        if "application/xrds+xml" not in answer.headers["content-type"]:
            location = answer.headers["x-xrds-location"]
            assert urlsplit(location).netloc
            answer = requests.get(location, headers={"Accept": accept})
        assert "x-xrds-location" not in answer.headers
        return re.search(r"<URI>(.*?)</URI>", answer.text)[1]

    def associate(self, endpoint):
        private = secrets.randbelow(MODULUS - 2) + 1
        fields = {
            "ns": NS,
            "mode": "associate",
            "assoc_type": "HMAC-SHA256",
            "session_type": "DH-SHA256",
            "dh_consumer_public": base64.b64encode(btwoc(pow(2, private, MODULUS))),
        }
        status, answer = direct(endpoint, fields)
        assert (status, answer["ns"]) == (200, NS)
        public = int.from_bytes(base64.b64decode(answer["dh_server_public"]), "big")
        mask = hashlib.sha256(btwoc(pow(public, private, MODULUS))).digest()
        self.secret = bytes(a ^ b for a, b in zip(base64.b64decode(answer["enc_mac_key"]), mask, strict=True))
        self.handle = answer["assoc_handle"]
        assert len(self.secret) == 32

    def request(self, identifier, claimed=SELECT):
        """Where it goes, and what it sends there."""
        self.endpoint = self.discover(identifier)
        self.associate(self.endpoint)
        fields = {
            "claimed_id": claimed,
            "identity": claimed,
            "assoc_handle": self.handle,
            "return_to": self.return_to,
            "realm": self.realm,
            "mode": "checkid_setup",
            "ns": NS,
            "ns.alias3": AX,
            "alias3.required": "alias1,alias2",
            "alias3.mode": "fetch_request",
            "alias3.type.alias1": EMAIL,
            "alias3.count.alias1": "1",
            "alias3.type.alias2": CITIZEN_ID,
            "alias3.count.alias2": "1",
        }
        return self.endpoint, {f"openid.{key}": value for key, value in fields.items()}

    def verify(self, where, body):
        """What a positive assertion must be (§11); gives the attributes by type."""
        sent = query_of(where) | dict(parse_qsl(body, keep_blank_values=True))
        fields = {key.removeprefix("openid."): value for key, value in sent.items() if key.startswith("openid.")}
        assert (fields["ns"], fields["mode"]) == (NS, "id_res")
        assert fields["return_to"] == self.return_to
        returned = {key: value for key, value in sent.items() if not key.startswith("openid.")}
        assert returned == query_of(self.return_to)
        assert fields["op_endpoint"] == self.endpoint == self.discover(fields["claimed_id"])
        moment = datetime.fromisoformat(fields["response_nonce"][:19]).replace(tzinfo=timezone.utc)
        assert abs(datetime.now(timezone.utc) - moment) < timedelta(seconds=60)
        assert (fields["assoc_handle"], "invalidate_handle" in fields) == (self.handle, False)
        signed = fields["signed"].split(",")
        unsigned = {key for key in fields if key not in signed}
        assert unsigned == {"ns", "mode", "signed", "sig"}
        text = "".join(f"{key}:{fields[key]}\n" for key in signed).encode()
        mac = hmac.new(self.secret, text, hashlib.sha256).digest()
        assert hmac.compare_digest(base64.b64encode(mac).decode(), fields["sig"])
        types = {key: uri for key, uri in fields.items() if key.startswith("alias3.type.")}
        values = {}
        for key, uri in types.items():
            alias = key.removeprefix("alias3.type.")
            counted = f"alias3.count.{alias}" in fields
            values[uri] = fields[f"alias3.value.{alias}{'.1' if counted else ''}"]
        return values


def btwoc(number):
    """§4.2: big-endian two's complement, the shortest."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


@pytest.fixture
def realm(request, installation):
    """The realm of a client of its own."""
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    installation.register(name, f"https://{name}.example/")
    return f"https://{name}.example/"


@pytest.fixture
def light(realm):
    return LightOpenId(realm)


@pytest.fixture
def dotnet(realm):
    return DotNetOpenAuth(realm)


def test_discovery_answers_head_like_get(installation):
    for address in (installation.op_identifier, installation.identity):
        for accept in ("*/*", "application/xrds+xml", "text/html"):
            got = requests.get(address, headers={"Accept": accept})
            head = requests.head(address, headers={"Accept": accept})
            assert (head.status_code, got.status_code, head.content) == (200, 200, b"")
            for name in ("content-type", "content-length", "x-xrds-location"):
                assert head.headers.get(name) == got.headers.get(name), (address, accept, name)
            location = got.headers.get("x-xrds-location")
            if location is None:
                assert "application/xrds+xml" in got.headers["content-type"]
                continue
            document = requests.get(location)
            assert document.headers["content-type"] == "application/xrds+xml; charset=utf-8"
            assert "x-xrds-location" not in document.headers
            assert len(document.content) < 10_240


@pytest.mark.parametrize("which", ["op_identifier", "identity"])
def test_lightopenid_validates_what_it_gets(installation, light, someone, which):
    where, body = someone.travel(light.address(getattr(installation, which)), light.realm)
    assert not body
    sent = query_of(where)
    assert light.validate(sent)
    assert sent["openid.claimed_id"] == installation.identity
    assert sent["openid.ax.value.contact_email"] == "somying@citizen.example"
    assert sent["openid.ax.value.namePerson"] == "สมหญิง ใจดี"
    assert not light.validate(sent), "an answer is confirmed once"


def test_lightopenid_is_told_of_every_change_and_a_try_uses_nothing_up(installation, light, someone):
    where, _ = someone.travel(light.address(installation.op_identifier), light.realm)
    sent = query_of(where)
    fields = light.asks(sent)
    changes = [{name: fields[name] + "x"} for name in fields["signed"].split(",")]
    changes += [{"sig": fields["sig"][4:] + fields["sig"][:4]}, {"signed": fields["signed"] + ",mode"}]
    changes += [{"signed": fields["signed"].replace(f",{name}", "")} for name in ("identity", "return_to")]
    for change in changes:
        assert direct(installation.endpoint, fields | change)[1]["is_valid"] == "false", change
    assert light.validate(sent)


def test_of_two_verifications_at_once_one_is_confirmed(installation, light, someone):
    where, _ = someone.travel(light.address(installation.op_identifier), light.realm)
    fields = light.asks(query_of(where))
    with ThreadPoolExecutor(8) as at_once:
        answers = list(at_once.map(lambda _: direct(installation.endpoint, fields)[1]["is_valid"], range(8)))
    assert sorted(answers) == ["false"] * 7 + ["true"]


@pytest.mark.parametrize("claimed", ["op_identifier", "identity"])
def test_dotnetopenauth_verifies_what_it_gets(installation, dotnet, someone, claimed):
    identifier = getattr(installation, claimed)
    endpoint, fields = dotnet.request(identifier, SELECT if claimed == "op_identifier" else identifier)
    back = someone.travel(f"{endpoint}?{urlencode(fields)}", dotnet.realm)
    assert dotnet.verify(*back) == {
        EMAIL: "somying@citizen.example",
        CITIZEN_ID: "1101002345674",
        CITIZEN_LEVEL: "VerifiedLevel3",
    }


def test_dotnetopenauth_posts_what_is_long_and_is_posted_to(installation, dotnet, someone):
    dotnet.return_to += f"&state={'s' * 2000}"
    endpoint, fields = dotnet.request(installation.op_identifier)
    where, body = someone.travel(endpoint, dotnet.realm, posting=fields)
    assert body
    assert where == dotnet.return_to
    assert dotnet.verify(where, body)[EMAIL] == "somying@citizen.example"


def test_a_forgotten_association_is_called_invalid_and_the_answer_still_confirmed(installation, dotnet, someone):
    endpoint, fields = dotnet.request(installation.op_identifier)
    fields["openid.assoc_handle"] = "forgotten"
    where, _ = someone.travel(f"{endpoint}?{urlencode(fields)}", dotnet.realm)
    sent = {key.removeprefix("openid."): value for key, value in query_of(where).items() if "openid." in key}
    assert sent["invalidate_handle"] == "forgotten"
    _, answer = direct(endpoint, sent | {"mode": "check_authentication"})
    assert answer == {"ns": NS, "is_valid": "true", "invalidate_handle": "forgotten"}


def test_an_answer_under_a_shared_association_is_not_confirmed(installation, dotnet, someone):
    # Who has the secret could have forged it (§11.4.2.1).
    endpoint, fields = dotnet.request(installation.op_identifier)
    where, _ = someone.travel(f"{endpoint}?{urlencode(fields)}", dotnet.realm)
    sent = {key.removeprefix("openid."): value for key, value in query_of(where).items() if "openid." in key}
    _, answer = direct(endpoint, sent | {"mode": "check_authentication"})
    assert answer["is_valid"] == "false"


def test_a_session_that_is_not_supported_is_answered_with_one_that_is(installation, dotnet):
    public = base64.b64encode(btwoc(pow(2, 12345, MODULUS)))
    asked = {"ns": NS, "mode": "associate", "dh_consumer_public": public}
    for kind in (("HMAC-SHA1", "DH-SHA256"), ("HMAC-SHA512", "DH-SHA512")):
        status, answer = direct(
            installation.endpoint, asked | dict(zip(("assoc_type", "session_type"), kind, strict=True))
        )
        assert (status, answer["error_code"], answer["ns"]) == (400, "unsupported-type", NS)
        again = {key: answer[key] for key in ("assoc_type", "session_type")}
        status, answer = direct(installation.endpoint, asked | again)
        assert (status, answer["assoc_type"]) == (200, again["assoc_type"])
        assert re.fullmatch(r"[A-Za-z0-9._~-]{1,255}", answer["assoc_handle"])
