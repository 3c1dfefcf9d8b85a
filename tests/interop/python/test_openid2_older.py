"""What python3-openid still does for providers and pages of before: OpenID 1.1 (OpenID Authentication
2.0 §14), and discovery by the elements of a page (§7.3.3)."""

import pytest
from openid.association import SessionNegotiator
from openid.consumer import consumer, discover
from openid.store.memstore import MemoryStore

from relying_parties import parameters

RETURN_TO = "back?next=%2Finbox"


@pytest.fixture
def realm(request, installation):
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    installation.register(name, f"https://{name}.example/")
    return f"https://{name}.example/"


def version_1(installation):
    """The older of the two services of an identity."""
    _, services = discover.discover(installation.identity)
    newer, older = services
    assert (newer.type_uris[0], older.type_uris) == (discover.OPENID_2_0_TYPE, [discover.OPENID_1_0_TYPE])
    return older


def finish(party, back):
    where, body = back
    return party.complete(parameters(where, body), where)


@pytest.mark.parametrize("kind", [("HMAC-SHA1", "DH-SHA1"), ("HMAC-SHA1", "no-encryption"), None])
def test_openid_1_1_is_answered_in_its_own_words(installation, realm, someone, kind):
    party = consumer.Consumer({}, MemoryStore() if kind else None)
    if kind:
        party.consumer.negotiator = SessionNegotiator([kind])
    request = party.beginWithoutDiscovery(version_1(installation))
    back = someone.travel(request.redirectURL(realm, realm + RETURN_TO), realm)
    assert "openid.ns" not in parameters(*back)
    result = finish(party, back)
    assert (result.status, result.identity_url) == (consumer.SUCCESS, installation.identity), result.message


def test_openid_1_1_says_where_to_ask_the_person(installation, realm, someone):
    party = consumer.Consumer({}, MemoryStore())
    request = party.beginWithoutDiscovery(version_1(installation))
    result = finish(party, someone.travel(request.redirectURL(realm, realm + RETURN_TO, immediate=True), realm))
    assert result.status == consumer.SETUP_NEEDED
    assert result.setup_url.startswith(f"{installation.endpoint}?")
    assert "openid.mode=checkid_setup" in result.setup_url


def test_a_page_of_an_identity_is_enough(installation, realm, someone):
    claimed, services = discover.discoverNoYadis(installation.identity)
    assert claimed == installation.identity
    newest = services[0]
    assert (newest.server_url, newest.getLocalID()) == (installation.endpoint, installation.identity)
    party = consumer.Consumer({}, MemoryStore())
    request = party.beginWithoutDiscovery(newest)
    result = finish(party, someone.travel(request.redirectURL(realm, realm + RETURN_TO), realm))
    assert (result.status, result.identity_url) == (consumer.SUCCESS, installation.identity)
