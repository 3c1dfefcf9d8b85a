"""Foreign OpenID 2.0 libraries against both forms of an installation, through everything a relying
party does. What is asserted is what the library itself concludes."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

import relying_parties

EMAIL, FULL_NAME = "http://axschema.org/contact/email", "http://axschema.org/namePerson"
FRIENDLY = "http://axschema.org/namePerson/friendly"
EGOV = "http://www.egov.go.th/2012/identifier/"
CITIZEN_ID, CITIZEN_LEVEL = f"{EGOV}citizenid", f"{EGOV}citizenidverifiedlevel"
PASSPORT_ID, PASSPORT_LEVEL = f"{EGOV}passportid", f"{EGOV}passportidverifiedlevel"
USER_TYPE = f"{EGOV}usertype"

# Those that let us choose the association, the attributes and whom to ask for; the last two choose
# themselves, know only the provider's address and never ask immediately.
FREE = ["python3-openid", "ruby-openid", "Net::OpenID", "openid (npm)", "OpenID4Java"]
ALL = [*FREE, "passport-openid", "JOpenId"]
# `openid` for Node.js has one kind, unless a provider refuses it.
KINDS = [(name, kind) for name in FREE for kind in ("DH-SHA256", "DH-SHA1")]
KINDS.remove(("openid (npm)", "DH-SHA1"))
# ruby-openid 2.9 makes an association and does not name it, so that it has each answer confirmed.
ASKS_ANYWAY = ["ruby-openid"]
# JOpenId can't do without one.
STATELESS = [name for name in ALL if name != "JOpenId"]
# `openid` for Node.js looks for return_to in refusals too, where the standard has none (§10.2).
CANCEL_IS_FAILURE = ["openid (npm)"]
# passport-openid looks for its answer in the address alone.
POSTED_TO = [name for name in ALL if name != "passport-openid"]


class Party:
    """A library, and the relying party that it is here."""

    count = 0

    def __init__(self, name, libraries, installation, **options):
        Party.count += 1
        self.name, self.library, self.installation = name, libraries(name), installation
        self.realm = f"https://rp{Party.count}.example/"
        self.return_to = f"{self.realm}openid/back?next=%2Finbox%3Fpage%3D2&dnoa.receiver=0&word=%E0%B8%81"
        installation.register(f"library-{Party.count}", self.realm, **options)

    def begin(self, identifier=None, association="DH-SHA256", immediate=False, return_to=None, **lists):
        lists = lists or {"required.mail": EMAIL, "wanted.name": FULL_NAME}
        answer = self.library.begin(
            identifier=identifier or self.installation.op_identifier,
            realm=self.realm,
            return_to=return_to or self.return_to,
            immediate="yes" if immediate else "no",
            association=association,
            **lists,
        )
        assert "to" in answer, answer
        assert answer["to"].startswith(f"{self.installation.endpoint}?")
        return answer["to"]

    def finish(self, back):
        url, body = back
        return self.library.finish(url=url, body=body)

    def sign_in(self, person, **asked):
        return self.finish(person.travel(self.begin(**asked), self.realm))


@pytest.fixture(scope="session")
def libraries():
    started = {}

    def library(name):
        if name not in started:
            started[name] = relying_parties.start(name)
        return started[name]

    yield library
    for one in started.values():
        one.stop()


@pytest.fixture
def party(request, libraries, installation):
    return Party(request.param, libraries, installation)


def with_each(names):
    return pytest.mark.parametrize("party", names, indirect=True)


@with_each(ALL)
def test_a_person_is_found_from_the_provider_s_address(party, someone):
    concluded = party.sign_in(someone)
    assert concluded["outcome"] == "success", concluded
    assert concluded["identity"] == party.installation.identity
    assert someone.pages == ["login-form", "consent-form"]
    assert concluded[f"ax.{EMAIL}"] == "somying@citizen.example"
    assert concluded[f"ax.{FULL_NAME}"] == "สมหญิง ใจดี"


@with_each(FREE)
def test_a_person_is_found_from_the_page_of_the_identity(party, someone):
    for identity in (party.installation.identity, party.installation.identity.replace("Demo", "demo")):
        concluded = party.sign_in(someone, identifier=identity)
        assert concluded["outcome"] == "success", concluded
        assert concluded["identity"] == party.installation.identity


@pytest.mark.parametrize(("party", "kind"), KINDS, indirect=["party"])
def test_each_association_session_gives_the_same_secret(party, someone, kind):
    start = party.begin(association=kind)
    assert ("openid.assoc_handle=" in start) == (party.name not in ASKS_ANYWAY)
    concluded = party.finish(someone.travel(start, party.realm))
    assert (concluded["outcome"], concluded["identity"]) == ("success", party.installation.identity)


@with_each(STATELESS)
def test_without_an_association_the_provider_confirms_once(party, someone):
    start = party.begin(association="none")
    assert "openid.assoc_handle=" not in start
    back = someone.travel(start, party.realm)
    concluded = party.finish(back)
    assert (concluded["outcome"], concluded["identity"]) == ("success", party.installation.identity)
    again = party.finish(back)
    assert again["outcome"] == "failure", again


@with_each(FREE)
def test_attributes_levels_and_thai_text_arrive_byte_for_byte(party, someone):
    concluded = party.sign_in(
        someone,
        **{"required.id": CITIZEN_ID, "required.kind": USER_TYPE, "required.friendly": FRIENDLY},
        **{"wanted.name": FULL_NAME, "wanted.passport": PASSPORT_ID},
    )
    assert concluded["outcome"] == "success", concluded
    given = {key.removeprefix("ax."): value for key, value in concluded.items() if key.startswith("ax.")}
    # The level of an identifier comes along unasked, that of one the account does not have too.
    assert given == {
        CITIZEN_ID: "1101002345674",
        CITIZEN_LEVEL: "VerifiedLevel3",
        PASSPORT_LEVEL: "Unverified",
        USER_TYPE: "Citizen",
        FRIENDLY: "demo-citizen",
        FULL_NAME: "สมหญิง ใจดี",
    }


@pytest.mark.parametrize("name", FREE)
def test_what_is_missing_is_a_dash_for_services_of_e_government(name, libraries, installation, someone):
    party = Party(name, libraries, installation, profile="egov_th")
    concluded = party.sign_in(someone, **{"wanted.passport": PASSPORT_ID})
    assert concluded[f"ax.{PASSPORT_ID}"] == "-"


@with_each(FREE)
def test_an_immediate_request_needs_setup_until_somebody_is_there(party, someone):
    # OpenID4Java asks immediately only when it knows who it is.
    identity = party.installation.identity
    back = someone.travel(party.begin(identifier=identity, immediate=True), party.realm)
    assert someone.pages == []
    sent = dict(parse_qsl(urlsplit(back[0]).query))
    assert {key for key in sent if key.startswith("openid.")} == {"openid.ns", "openid.mode"}
    assert party.finish(back)["outcome"] in ("setup_needed", "failure")
    assert party.sign_in(someone)["outcome"] == "success"
    pages = list(someone.pages)
    concluded = party.finish(someone.travel(party.begin(identifier=identity, immediate=True), party.realm))
    assert (concluded["outcome"], concluded["identity"]) == ("success", identity)
    assert someone.pages == pages


@with_each(FREE)
def test_a_person_who_says_no_is_a_cancel(party, someone):
    concluded = party.finish(someone.travel(party.begin(), party.realm, decision="deny"))
    assert concluded["outcome"] == ("failure" if party.name in CANCEL_IS_FAILURE else "cancel"), concluded


@with_each(POSTED_TO)
def test_an_answer_too_long_for_an_address_is_posted(party, someone):
    return_to = f"{party.return_to}&long={'x' * 1200}"
    start = party.begin(return_to=return_to)
    where, body = someone.travel(start, party.realm)
    assert body
    assert where.startswith(return_to)
    concluded = party.finish((where, body))
    assert (concluded["outcome"], concluded["identity"]) == ("success", party.installation.identity)


@with_each(ALL)
def test_the_query_of_return_to_comes_back_as_it_was(party, someone):
    where, _ = someone.travel(party.begin(), party.realm)
    # Letter by letter, whatever the library put behind it; of the provider nothing but its own.
    assert where.startswith(party.return_to)
    sent = parse_qsl(urlsplit(where).query, keep_blank_values=True)
    asked = parse_qsl(urlsplit(dict(sent)["openid.return_to"]).query, keep_blank_values=True)
    assert [pair for pair in sent if not pair[0].startswith("openid.")] == asked


TAMPERED = {
    "an attribute": lambda sent: next(key for key, value in sent.items() if value == "somying@citizen.example"),
    "the identity": lambda sent: "openid.claimed_id",
    "the moment": lambda sent: "openid.response_nonce",
    "the list of what is signed": lambda sent: "openid.signed",
}


@pytest.mark.parametrize("what", TAMPERED)
@pytest.mark.parametrize("association", ["DH-SHA256", "none"])
@with_each(FREE)
def test_tampering_is_refused(party, someone, association, what):
    where, body = someone.travel(party.begin(association=association), party.realm)
    assert not body
    sent = relying_parties.parameters(where)
    field = TAMPERED[what](sent)
    sent[field] = {
        "openid.claimed_id": sent["openid.claimed_id"].replace("Demo-citizen", "Demo-agent"),
        "openid.response_nonce": sent["openid.response_nonce"] + "0",
        "openid.signed": sent["openid.signed"].replace(",identity", ""),
    }.get(field, "prime-minister@evil.example")
    concluded = party.finish((f"{where.split('?')[0]}?{urlencode(sent)}", ""))
    assert concluded["outcome"] == "failure", concluded
