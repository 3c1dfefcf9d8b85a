"""Authlib's clients, unmodified, as clients that prove themselves with a key."""

import json
from pathlib import Path

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey, RSAKey

CALLBACK = "https://authlib.example/callback"


@pytest.fixture(scope="session")
def metadata(server):
    return requests.get(f"{server.base}/.well-known/openid-configuration").json()


def make(kind):
    if kind == "ES256":
        return ECKey.generate_key("P-256", auto_kid=True)
    return RSAKey.generate_key(2048, auto_kid=True)


@pytest.fixture(scope="session", params=["ES256", "PS256", "RS256"])
def client(request, server):
    """A registration, its key, and the algorithm."""
    key = make(request.param)
    name = f"authlib-{request.param.lower()}"
    jwks = Path(server.folder) / f"{name}.jwks.json"
    jwks.write_text(json.dumps({"keys": [key.as_dict(private=False)]}))
    registered = server.register(
        name,
        allowed_flow=["authorization-code", "refresh-token"],
        redirect_uri=CALLBACK,
        scope=["openid", "email", "offline_access"],
        jwks=str(jwks),
        assertion_alg=request.param,
    )
    return registered, key, request.param


@pytest.fixture(params=[OAuth2Session, OAuth2Client], ids=["requests", "httpx"])
def library(request):
    return request.param


def session(library, client, metadata, key=None):
    registered, own, alg = client
    made = library(
        client_id=registered["client_id"],
        client_secret=key or own,
        token_endpoint_auth_method="private_key_jwt",
        scope="openid email offline_access",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    made.register_client_auth_method(PrivateKeyJWT(metadata["token_endpoint"], alg=alg))
    return made


def sign_in(made, metadata, person):
    verifier = generate_token(48)
    url, state = made.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
    answer = person.authorize(url, CALLBACK)
    return made.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, state=state, code_verifier=verifier
    )


def test_a_signed_assertion_proves_the_client(library, client, metadata, person):
    made = session(library, client, metadata)
    token = dict(sign_in(made, metadata, person))
    assert made.get(metadata["userinfo_endpoint"]).json()["email"] == "somying@citizen.example"
    renewed = made.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"])
    assert renewed["access_token"] != token["access_token"]


def test_another_key_proves_nothing(library, client, metadata, person):
    other = make(client[2])
    with pytest.raises(OAuthError) as refused:
        sign_in(session(library, client, metadata, other), metadata, person)
    assert refused.value.error == "invalid_client"
