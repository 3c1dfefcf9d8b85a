"""Authlib's clients, unmodified, through everything a relying party does."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

CALLBACK = "https://authlib.example/callback"
SCOPE = "openid profile email offline_access"


@pytest.fixture(scope="session")
def metadata(server):
    return requests.get(f"{server.base}/.well-known/openid-configuration").json()


@pytest.fixture(scope="session")
def clients(server):
    """One client an authentication method, registered once."""

    def register(method):
        return server.register(
            f"authlib-{method.replace('_', '-')}",
            allowed_flow=["authorization-code", "refresh-token"],
            redirect_uri=CALLBACK,
            scope=SCOPE.split(),
            auth_method=method,
            generate_secret=True,
        )

    return {method: register(method) for method in ("client_secret_basic", "client_secret_post")}


@pytest.fixture(params=[OAuth2Session, OAuth2Client], ids=["requests", "httpx"])
def library(request):
    return request.param


@pytest.fixture(params=["client_secret_basic", "client_secret_post"])
def client(request, clients, library, metadata):
    """Authlib's client for each authentication method and each HTTP library."""
    return make(library, clients[request.param], request.param, metadata)


def make(library, registered, method, metadata, secret=None):
    return library(
        client_id=registered["client_id"],
        client_secret=secret or registered["client_secret"],
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        scope=SCOPE,
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
    )


class Login:
    """A code flow up to the callback."""

    def __init__(self, client, metadata, person, **parameters):
        self.client, self.metadata = client, metadata
        self.verifier, self.nonce = generate_token(48), generate_token(24)
        url, self.state = client.create_authorization_url(
            metadata["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **parameters
        )
        self.answer = person.authorize(url, CALLBACK)

    def exchange(self):
        """Authlib itself checks `state`, and `iss` is checked here (RFC 9207)."""
        assert parse_qs(urlsplit(self.answer).query)["iss"] == [self.metadata["issuer"]]
        return self.client.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=self.answer,
            state=self.state,
            code_verifier=self.verifier,
        )


def check_id_token(login, token):
    """As Authlib's web integrations do: the signature by the key set, then every claim."""
    metadata = login.metadata
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"]).json())
    decoded = jwt.decode(token["id_token"], keys, algorithms=metadata["id_token_signing_alg_values_supported"])
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={"iss": {"essential": True, "value": metadata["issuer"]}},
        params={
            "nonce": login.nonce,
            "client_id": login.client.client_id,
            "access_token": token["access_token"],
        },
    )
    claims.validate(leeway=5)
    return claims


def test_a_whole_login_is_accepted(client, metadata, person):
    login = Login(client, metadata, person)
    token = login.exchange()
    claims = check_id_token(login, token)
    person_info = client.get(metadata["userinfo_endpoint"]).json()
    assert person_info["sub"] == claims["sub"]
    assert person_info["email"] == "somying@citizen.example"
    assert person_info["given_name"] == "สมหญิง"


def test_a_refresh_token_gives_new_tokens_for_the_same_person(client, metadata, person):
    login = Login(client, metadata, person)
    token = dict(login.exchange())
    subject = check_id_token(login, token)["sub"]
    renewed = client.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert renewed["access_token"] != token["access_token"]
    assert renewed["refresh_token"] != token["refresh_token"]
    assert client.get(metadata["userinfo_endpoint"]).json()["sub"] == subject


def test_introspection_sees_a_revocation(client, metadata, person):
    token = dict(Login(client, metadata, person).exchange())

    def introspect(kind):
        answer = client.introspect_token(
            metadata["introspection_endpoint"], token=token[kind], token_type_hint=kind
        )
        return answer.json()

    for kind in ("access_token", "refresh_token"):
        seen = introspect(kind)
        assert seen["active"] is True, seen
        assert seen["client_id"] == client.client_id
    revoked = client.revoke_token(
        metadata["revocation_endpoint"], token=token["refresh_token"], token_type_hint="refresh_token"
    )
    assert revoked.status_code == 200
    assert introspect("refresh_token") == {"active": False}
    with pytest.raises(OAuthError) as refused:
        client.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert refused.value.error == "invalid_grant"


def test_a_wrong_secret_is_invalid_client(clients, library, metadata, person):
    for method, registered in clients.items():
        stranger = make(library, registered, method, metadata, secret="not-the-secret")
        login = Login(stranger, metadata, person)
        with pytest.raises(OAuthError) as refused:
            login.exchange()
        assert refused.value.error == "invalid_client"


def test_a_code_works_once_and_its_second_use_ends_what_the_first_gave(client, metadata, person):
    login = Login(client, metadata, person)
    token = dict(login.exchange())
    with pytest.raises(OAuthError) as refused:
        login.exchange()
    assert refused.value.error == "invalid_grant"
    with pytest.raises(OAuthError) as refused:
        client.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert refused.value.error == "invalid_grant"


def test_a_wrong_verifier_is_invalid_grant(client, metadata, person):
    login = Login(client, metadata, person)
    login.verifier = generate_token(48)
    with pytest.raises(OAuthError) as refused:
        login.exchange()
    assert refused.value.error == "invalid_grant"


def test_a_refusal_reaches_the_client(client, metadata, person):
    url, state = client.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=generate_token(48), prompt="consent"
    )
    answer = parse_qs(urlsplit(person.authorize(url, CALLBACK, decision="deny")).query)
    assert answer["error"] == ["access_denied"]
    assert answer["state"] == [state]
    assert answer["iss"] == [metadata["issuer"]]


def test_a_remembered_consent_is_not_asked_again(client, metadata, person):
    Login(client, metadata, person, prompt="consent").exchange()
    assert person.pages == ["login-form", "consent-form"]
    Login(client, metadata, person).exchange()
    assert person.pages == ["login-form", "consent-form"]


def test_claims_asked_for_the_id_token_are_in_it(client, metadata, person):
    asked = json.dumps({"id_token": {"email": {"essential": True}}})
    login = Login(client, metadata, person, claims=asked)
    assert check_id_token(login, login.exchange())["email"] == "somying@citizen.example"
