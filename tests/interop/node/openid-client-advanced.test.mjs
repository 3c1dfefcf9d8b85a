// openid-client for Node.js, unmodified, through what not every relying party does: pushed and signed
// requests, signed answers, bound tokens, FAPI 2.0, devices, the implicit and hybrid flows, clients that
// register themselves.
import { Person, account, base, form, register } from "./support.mjs";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import * as oidc from "openid-client";

const callback = "https://openid-client.example/callback";
const scope = "openid profile email";
const insecure = { execute: [oidc.allowInsecureRequests] };

/** Keys of a client's own, and the file with the public half that the server is given. */
async function keys(name, alg) {
  const pair = await generateKeyPair(alg, { extractable: true });
  const kid = `${name}-1`;
  const file = join(process.env.INTEROP_FOLDER, `${name}.jwks.json`);
  writeFileSync(file, JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid, alg, use: "sig" }] }));
  return { file, signing: { key: pair.privateKey, kid } };
}

async function request(config, further = {}) {
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
  const parameters = {
    redirect_uri: callback,
    scope,
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...further,
  };
  return { parameters, checks: { ...checks, idTokenExpected: true } };
}

/** A client that signs, in the library's hands. */
async function signer(identifier, alg, options = {}, metadata = {}) {
  const { file, signing } = await keys(identifier, alg);
  const registered = register(identifier, {
    "allowed-flow": ["authorization-code", "refresh-token"],
    "redirect-uri": callback,
    scope: ["openid", "profile", "email", "offline_access"],
    jwks: file,
    ...options,
  });
  const proof = oidc.PrivateKeyJwt(signing, {
    // FAPI 2.0: the audience is the issuer, as a text.
    [oidc.modifyAssertion]: (_, claims) => { claims.aud = base; },
  });
  const config = await oidc.discovery(new URL(base), registered.client_id, metadata, proof, insecure);
  oidc.enableNonRepudiationChecks(config);
  return { config, signing, registered };
}

const failsWith = (error) => (thrown) => {
  assert.equal(thrown.error ?? thrown.cause?.error, error, String(thrown));
  return true;
};

describe("a client that pushes and signs its requests", () => {
  for (const alg of ["ES256", "PS256", "EdDSA"]) {
    test(`signs in with ${alg}: PAR, JAR, JARM, private_key_jwt`, async () => {
      const name = `node-jar-${alg.toLowerCase()}`;
      const options = { "require-signed-request-object": true, "require-pushed-authorization-requests": true, "authorization-response-alg": alg };
      const { config, signing } = await signer(name, alg, options, { authorization_signed_response_alg: alg });
      oidc.useJwtResponseMode(config);
      const { parameters, checks } = await request(config);
      const signed = await oidc.buildAuthorizationUrlWithJAR(config, parameters, signing);
      const url = await oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams);
      assert.match(url.searchParams.get("request_uri"), /^urn:ietf:params:oauth:request_uri:/);
      const answer = await new Person().authorize(url, callback);
      assert.deepEqual([...answer.searchParams.keys()], ["response"]);
      const tokens = await oidc.authorizationCodeGrant(config, answer, checks);
      const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
      assert.equal(person.given_name, "สมหญิง");
    });
  }

  test("is refused where the request is not signed, or not pushed", async () => {
    const { config, signing } = await signer("node-jar-refused", "ES256", {
      "require-signed-request-object": true,
      "require-pushed-authorization-requests": true,
    });
    const { parameters } = await request(config);
    await assert.rejects(oidc.buildAuthorizationUrlWithPAR(config, parameters), (thrown) => {
      assert.match(thrown.error, /^invalid_request/);
      return true;
    });
    const direct = await oidc.buildAuthorizationUrlWithJAR(config, parameters, signing);
    const answer = await fetch(direct, { redirect: "manual" });
    const told = answer.headers.get("location") ?? (await answer.text());
    assert.match(told, /invalid_request/);
  });

  test("sends a request object by value without pushing it", async () => {
    const { config, signing } = await signer("node-jar-by-value", "ES256");
    const { parameters, checks } = await request(config);
    const url = await oidc.buildAuthorizationUrlWithJAR(config, parameters, signing);
    const tokens = await oidc.authorizationCodeGrant(config, await new Person().authorize(url, callback), checks);
    assert.ok(tokens.claims().sub);
  });
});

describe("a client of the FAPI 2.0 profile", () => {
  let config, signing;
  before(async () => {
    const metadata = { id_token_signed_response_alg: "PS256", authorization_signed_response_alg: "PS256" };
    ({ config, signing } = await signer("node-fapi2", "PS256", { profile: "fapi2", "dpop-bound-access-tokens": true }, metadata));
  });

  test("signs in with DPoP: PAR, PKCE, private_key_jwt, sender-constrained tokens", async () => {
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
    const { parameters, checks } = await request(config, { scope: `${scope} offline_access`, prompt: "consent" });
    const url = await oidc.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
    const answer = await new Person().authorize(url, callback);
    const tokens = await oidc.authorizationCodeGrant(config, answer, checks, undefined, { DPoP });
    assert.equal(tokens.token_type, "dpop");
    const { sub } = tokens.claims();
    await oidc.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    await oidc.fetchUserInfo(config, renewed.access_token, sub, { DPoP });
    const other = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
    await assert.rejects(oidc.fetchUserInfo(config, renewed.access_token, sub, { DPoP: other }));
    await assert.rejects(oidc.fetchUserInfo(config, renewed.access_token, sub));
  });

  test("signs in by the message signing profile: a signed request and a signed answer", async () => {
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
    const { parameters, checks } = await request(config, { response_mode: "jwt" });
    const modify = {
      [oidc.modifyAssertion]: (_, claims) => { claims.nbf = claims.iat; },
    };
    const signed = await oidc.buildAuthorizationUrlWithJAR(config, parameters, signing, modify);
    const url = await oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams, { DPoP });
    const answer = await new Person().authorize(url, callback);
    assert.deepEqual([...answer.searchParams.keys()], ["response"]);
    const { config: reading } = { config };
    oidc.useJwtResponseMode(reading);
    const tokens = await oidc.authorizationCodeGrant(reading, answer, checks, undefined, { DPoP });
    assert.equal(tokens.token_type, "dpop");
  });

  test("gets no token without a key to bind it to, and no page without a pushed request", async () => {
    const { config: plain } = await signer("node-fapi2-refused", "ES256", { profile: "fapi2" }, { id_token_signed_response_alg: "PS256" });
    const { parameters, checks } = await request(plain);
    const url = await oidc.buildAuthorizationUrlWithPAR(plain, parameters);
    const answer = await new Person().authorize(url, callback);
    await assert.rejects(oidc.authorizationCodeGrant(plain, answer, checks), (thrown) => {
      assert.match(thrown.error, /^invalid_/);
      return true;
    });
    const direct = await fetch(oidc.buildAuthorizationUrl(plain, parameters), { redirect: "manual" });
    assert.match(direct.headers.get("location") ?? (await direct.text()), /invalid_request/);
  });
});

describe("flows with tokens from the authorization endpoint", () => {
  const options = { "redirect-uri": callback, scope: ["openid", "profile", "email"], "generate-secret": true };

  test("implicit: an id_token in the fragment", async () => {
    const { client_id } = register("node-implicit", { ...options, "allowed-flow": "implicit" });
    const config = await oidc.discovery(new URL(base), client_id, undefined, oidc.None(), insecure);
    oidc.useIdTokenResponseType(config);
    const [nonce, state] = [oidc.randomNonce(), oidc.randomState()];
    const url = oidc.buildAuthorizationUrl(config, { redirect_uri: callback, scope, nonce, state });
    const answer = await new Person().authorize(url, callback);
    const claims = await oidc.implicitAuthentication(config, answer, nonce, { expectedState: state });
    assert.equal(claims.given_name, "สมหญิง");
  });

  test("hybrid: code and id_token, each vouching for the other", async () => {
    const { client_id, client_secret } = register("node-hybrid", { ...options, "allowed-flow": ["hybrid", "authorization-code"] });
    const config = await oidc.discovery(new URL(base), client_id, client_secret, undefined, insecure);
    oidc.useCodeIdTokenResponseType(config);
    const { parameters, checks } = await request(config);
    const answer = await new Person().authorize(oidc.buildAuthorizationUrl(config, parameters), callback);
    const tokens = await oidc.authorizationCodeGrant(config, answer, checks);
    assert.ok(tokens.claims().sub);
  });
});

test("a device without a browser gets its tokens once a person allowed it elsewhere", async () => {
  const { client_id } = register("node-device", {
    type: "public",
    "allowed-flow": ["device-code", "refresh-token"],
    scope: ["openid", "profile", "offline_access"],
  });
  const config = await oidc.discovery(new URL(base), client_id, undefined, oidc.None(), insecure);
  const started = await oidc.initiateDeviceAuthorization(config, { scope: "openid profile offline_access" });
  assert.match(started.user_code, /^[A-Z]{4}-[A-Z]{4}$/);
  const person = new Person();
  const polled = oidc.pollDeviceAuthorizationGrant(config, started);
  await allowDevice(person, started);
  const tokens = await polled;
  assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)).given_name, "สมหญิง");
  assert.ok(tokens.refresh_token);
});

/** Enters the code as a person would, over plain HTTP. */
async function allowDevice(person, { verification_uri_complete }) {
  let url = new URL(verification_uri_complete);
  let answer = await person.send(url);
  for (let hops = 0; hops < 20; hops += 1) {
    if (answer.status >= 300 && answer.status < 400) {
      url = new URL(answer.headers.get("location"), url);
      answer = await person.send(url);
      continue;
    }
    const html = await answer.text();
    if (html.includes('id="device-done"')) return;
    const given = { "device-form": {}, "login-form": account(), "consent-form": { decision: "allow" } };
    const id = Object.keys(given).find((one) => form(html, one));
    assert.ok(id, `no form that we know on ${url}`);
    const { action, fields } = form(html, id);
    for (const name of ["username", "password", "decision"]) if (given[id][name]) fields.set(name, given[id][name]);
    url = new URL(action, url);
    answer = await person.send(url, fields);
  }
  throw new Error("the redirects do not end");
}

describe("a client that registers itself", () => {
  test("is registered by the library, signs in, and is what it asked to be", async () => {
    const metadata = {
      client_name: "Registers itself",
      redirect_uris: [callback],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
      id_token_signed_response_alg: "ES256",
      subject_type: "pairwise",
      scope,
    };
    const config = await oidc.dynamicClientRegistration(new URL(base), metadata, undefined, insecure);
    const registered = config.clientMetadata();
    assert.ok(registered.client_id && registered.client_secret && registered.registration_access_token);
    oidc.enableNonRepudiationChecks(config);
    const { parameters, checks } = await request(config);
    const answer = await new Person().authorize(oidc.buildAuthorizationUrl(config, parameters), callback);
    const tokens = await oidc.authorizationCodeGrant(config, answer, checks);
    const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    assert.equal(person.given_name, "สมหญิง");
  });

  test("is told what it may not be", async () => {
    const metadata = { redirect_uris: ["https://openid-client.example/x#fragment"] };
    await assert.rejects(
      oidc.dynamicClientRegistration(new URL(base), metadata, undefined, insecure),
      failsWith("invalid_redirect_uri"),
    );
  });
});

test("userinfo and introspection are signed for those who asked for it", async () => {
  const options = { "userinfo-alg": "ES256", "introspection-alg": "ES256" };
  const metadata = { userinfo_signed_response_alg: "ES256", introspection_signed_response_alg: "ES256" };
  const { config } = await signer("node-signed-answers", "ES256", options, metadata);
  const { parameters, checks } = await request(config);
  const answer = await new Person().authorize(oidc.buildAuthorizationUrl(config, parameters), callback);
  const tokens = await oidc.authorizationCodeGrant(config, answer, checks);
  const person = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.equal(person.given_name, "สมหญิง");
  assert.equal((await oidc.tokenIntrospection(config, tokens.access_token)).active, true);
});
