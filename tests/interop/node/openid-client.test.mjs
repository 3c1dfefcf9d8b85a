// openid-client for Node.js, unmodified, through everything a relying party does.
import { Person, account, base, register } from "./support.mjs";
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as oidc from "openid-client";

const callback = "https://openid-client.example/callback";
const signedOut = "https://openid-client.example/signed-out";
const scopes = ["openid", "profile", "email", "phone", "address", "offline_access"];
const scope = scopes.join(" ");

const confidential = (identifier, options = {}) =>
  register(identifier, {
    "allowed-flow": ["authorization-code", "refresh-token"],
    "redirect-uri": callback,
    "post-logout-redirect-uri": signedOut,
    scope: scopes,
    "generate-secret": true,
    ...options,
  });

const discover = (registered, metadata, authentication) =>
  oidc.discovery(new URL(base), registered.client_id, metadata, authentication, {
    execute: [oidc.allowInsecureRequests],
  });

/** A request with everything in it that can be checked at its end. */
async function begin(config, further = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...further,
  });
  return { url, checks: { ...checks, idTokenExpected: true } };
}

async function login(config, person = new Person(), further = {}) {
  const { url, checks } = await begin(config, further);
  const answer = await person.authorize(url, callback);
  return oidc.authorizationCodeGrant(config, answer, checks);
}

const failsWith = (error) => (thrown) => {
  assert.equal(thrown.error ?? thrown.cause?.error, error, String(thrown));
  return true;
};

test("discovery describes a server that the library accepts", async () => {
  const registered = confidential("node-discovery");
  const config = await discover(registered, registered.client_secret);
  const metadata = config.serverMetadata();
  assert.equal(metadata.issuer, base);
  assert.equal(metadata.authorization_response_iss_parameter_supported, true);
  assert.ok(metadata.supportsPKCE());
});

for (const algorithm of ["RS256", "ES256", "PS256", "EdDSA"]) {
  test(`an id_token signed with ${algorithm} is verified`, async () => {
    const registered = confidential(`node-${algorithm}`.toLowerCase(), { "id-token-alg": algorithm });
    const metadata = { client_secret: registered.client_secret, id_token_signed_response_alg: algorithm };
    const config = await discover(registered, metadata);
    // The signature itself too, though it came over the token endpoint.
    oidc.enableNonRepudiationChecks(config);
    const tokens = await login(config);
    const [header] = tokens.id_token.split(".");
    assert.equal(JSON.parse(Buffer.from(header, "base64url")).alg, algorithm);
    assert.equal(tokens.claims().aud, registered.client_id);
  });
}

for (const [method, authentication] of [
  ["client_secret_basic", oidc.ClientSecretBasic],
  ["client_secret_post", oidc.ClientSecretPost],
]) {
  describe(`a client with ${method}`, () => {
    let registered, config;
    before(async () => {
      registered = confidential(`node-${method.replaceAll("_", "-")}`, { "auth-method": method });
      config = await discover(registered, undefined, authentication(registered.client_secret));
    });

    test("signs a person in and asks for who it is", async () => {
      const tokens = await login(config);
      const { sub } = tokens.claims();
      const person = await oidc.fetchUserInfo(config, tokens.access_token, sub);
      assert.equal(person.given_name, "สมหญิง");
      assert.equal(person.email_verified, true);
      assert.equal(person.phone_number, "+66812345678");
    });

    test("refreshes; the id_token stays about the same person", async () => {
      const tokens = await login(config);
      const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
      assert.notEqual(renewed.access_token, tokens.access_token);
      assert.notEqual(renewed.refresh_token, tokens.refresh_token);
      await oidc.fetchUserInfo(config, renewed.access_token, tokens.claims().sub);
    });

    test("introspects, and revokes", async () => {
      const tokens = await login(config);
      for (const kind of ["access_token", "refresh_token"]) {
        const seen = await oidc.tokenIntrospection(config, tokens[kind], { token_type_hint: kind });
        assert.equal(seen.active, true);
        assert.equal(seen.client_id, registered.client_id);
      }
      await oidc.tokenRevocation(config, tokens.access_token);
      assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, false);
      await oidc.tokenRevocation(config, tokens.refresh_token);
      await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), failsWith("invalid_grant"));
    });

    test("with a wrong secret is refused", async () => {
      const stranger = await discover(registered, undefined, authentication("not-the-secret"));
      await assert.rejects(login(stranger), (thrown) => {
        // RFC 6749 §5.2: who tried Basic is told that Basic is asked for; the library shows that.
        if (method === "client_secret_basic") {
          assert.equal(thrown.cause[0]?.scheme, "basic");
          assert.equal(thrown.status, 401);
          return true;
        }
        return failsWith("invalid_client")(thrown);
      });
    });
  });
}

describe("a public client", () => {
  let config;
  before(async () => {
    const registered = register("node-public", {
      type: "public",
      "allowed-flow": ["authorization-code", "refresh-token"],
      "redirect-uri": callback,
      scope: scopes,
    });
    config = await discover(registered, undefined, oidc.None());
  });

  test("signs in with PKCE alone, and refreshes", async () => {
    const tokens = await login(config);
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.ok(renewed.access_token);
  });

  test("without PKCE is sent back with invalid_request", async () => {
    const state = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(config, { redirect_uri: callback, scope, state });
    const answer = await new Person().authorize(url, callback);
    const checks = { expectedState: state };
    await assert.rejects(oidc.authorizationCodeGrant(config, answer, checks), failsWith("invalid_request"));
  });
});

describe("a confidential client", () => {
  let registered, config;
  before(async () => {
    registered = confidential("node-rest");
    config = await discover(registered, registered.client_secret);
  });

  test("gets its answer posted with response_mode=form_post", async () => {
    const tokens = await login(config, new Person(), { response_mode: "form_post" });
    assert.ok(tokens.claims().sub);
  });

  test("is not asked again while the session lives, unless it wants to be", async () => {
    const person = new Person();
    const first = await login(config, person, { prompt: "consent" });
    assert.deepEqual(person.pages, ["login-form", "consent-form"]);
    const second = await login(config, person, { prompt: "none" });
    assert.equal(second.claims().sub, first.claims().sub);
    assert.equal(person.pages.length, 2);
    const { auth_time } = (await login(config, person, { prompt: "login", max_age: "0" })).claims();
    assert.ok(auth_time >= first.claims().auth_time);
    assert.equal(person.pages.at(-1), "login-form");
  });

  test("with prompt=none and nobody signed in gets login_required", async () => {
    await assert.rejects(login(config, new Person(), { prompt: "none" }), failsWith("login_required"));
  });

  test("can't use a code twice", async () => {
    const { url, checks } = await begin(config);
    const answer = await new Person().authorize(url, callback);
    await oidc.authorizationCodeGrant(config, answer, checks);
    await assert.rejects(oidc.authorizationCodeGrant(config, answer, checks), failsWith("invalid_grant"));
  });

  test("gets names in every script as they are", async () => {
    for (const [username, name] of [
      ["demo-citizen-kz", "Айгерім"],
      ["demo-citizen-mn", "Бат-Эрдэнэ"],
      ["demo-foreigner", "María"],
    ]) {
      const tokens = await login(config, new Person(account(username)));
      const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
      assert.equal(person.given_name, name);
    }
  });

  test("signs the person out by the address the library builds", async () => {
    const person = new Person();
    const tokens = await login(config, person);
    const state = oidc.randomState();
    const url = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: signedOut,
      state,
    });
    const back = await person.authorize(url, signedOut);
    assert.equal(back.searchParams.get("state"), state);
    await assert.rejects(login(config, person, { prompt: "none" }), failsWith("login_required"));
  });
});
