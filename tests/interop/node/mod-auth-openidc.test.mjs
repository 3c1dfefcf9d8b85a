// mod_auth_openidc in Apache, unmodified, with a person at a real browser.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { freePort, isThere, serve } from "./apache.mjs";
import { signIn } from "./chromium.mjs";
import { base, register } from "./support.mjs";
import { visit } from "./visiting.mjs";

const scopes = ["openid", "profile", "email"];

/** A client and an Apache that is it, for `use(page, apache)`. */
async function protectedBy(identifier, options, directives, use) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const client = register(identifier, {
    "allowed-flow": "authorization-code",
    "redirect-uri": `${origin}/protected/redirect_uri`,
    "post-logout-redirect-uri": `${origin}/`,
    scope: scopes,
    ...(typeof options === "function" ? options(origin) : options),
  });
  const apache = await serve(port, [
    `OIDCClientID ${client.client_id}`,
    ...(client.client_secret ? [`OIDCClientSecret ${client.client_secret}`] : []),
    `OIDCScope "${scopes.join(" ")}"`,
    ...directives,
  ]);
  try {
    await visit({ elsewhere: true }, (page, context) => use(page, apache, context));
  } catch (error) {
    throw new Error(`${error.message}\nApache said:\n${apache.log()}`, { cause: error });
  } finally {
    await apache.stop();
  }
}

async function enter(page, { origin }) {
  await page.goto(`${origin}/protected/`);
  await signIn(page);
  await page.click("#consent-allow");
  await page.locator("#user").waitFor();
}

describe("mod_auth_openidc", { skip: isThere ? false : "Apache with mod_auth_openidc is not installed" }, () => {
  test("lets in whom the server names, knows their claims, and signs them out everywhere", () =>
    protectedBy("apache-basic", { "generate-secret": true }, ["OIDCPKCEMethod S256"], async (page, apache) => {
      await enter(page, apache);
      assert.match(await page.innerText("#user"), /^[0-9a-f-]{36}@http:\/\/localhost/);
      assert.match(await page.innerText("#name"), /สมหญิง/);
      assert.match(await page.innerText("#email"), /somying@citizen\.example/);
      assert.match(await page.innerText("#acr"), /^[0-3]$/);
      const out = encodeURIComponent(`${apache.origin}/`);
      await page.goto(`${apache.origin}/protected/redirect_uri?logout=${out}`);
      await page.locator("#public").waitFor();
      await page.goto(base);
      assert.equal(await page.locator("#logout-link").count(), 0, "the session here has ended too");
      await page.goto(`${apache.origin}/protected/`);
      await page.locator("#login-form").waitFor();
    }));

  test("hears of a sign-out at the server, and lets nobody in after it", () =>
    protectedBy(
      "apache-backchannel",
      (origin) => ({
        "generate-secret": true,
        "backchannel-logout-uri": `${origin}/protected/redirect_uri?logout=backchannel`,
        "backchannel-logout-session-required": true,
      }),
      [],
      async (page, { origin }) => {
        await enter(page, { origin });
        await page.goto(`${base}/oauth2/logout`);
        await page.click("#logout-confirm");
        await page.locator("#logged-out").waitFor();
        // The notice comes by the outbox.
        for (let tries = 0; tries < 50; tries += 1) {
          await page.goto(`${origin}/protected/`);
          if ((await page.locator("#user").count()) === 0) break;
          await page.waitForTimeout(200);
        }
        await page.locator("#login-form").waitFor();
      },
    ));

  test("takes code and id_token together, by the hybrid flow", () =>
    protectedBy(
      "apache-hybrid",
      { "generate-secret": true, "allowed-flow": ["authorization-code", "hybrid"] },
      ["OIDCResponseType \"code id_token\"", "OIDCResponseMode form_post", "OIDCCookieSameSite Off"],
      async (page, apache) => enter(page, apache),
    ));

  test("takes the answer as a form post", () =>
    protectedBy(
      "apache-form-post",
      { "generate-secret": true, "auth-method": "client_secret_post" },
      ["OIDCResponseMode form_post", "OIDCProviderTokenEndpointAuth client_secret_post", "OIDCCookieSameSite Off"],
      async (page, apache) => enter(page, apache),
    ));

  test("proves itself with its secret's signature", () =>
    protectedBy(
      "apache-secret-jwt",
      { "generate-secret": true, "auth-method": "client_secret_jwt" },
      ["OIDCProviderTokenEndpointAuth client_secret_jwt", "OIDCPKCEMethod S256"],
      async (page, apache) => enter(page, apache),
    ));

  test("lets nobody in after a refusal", () =>
    protectedBy("apache-refused", { "generate-secret": true }, [], async (page, { origin }) => {
      await page.goto(`${origin}/protected/`);
      await page.click("#cancel");
      // This version takes an error that names its issuer (RFC 9207) for a sign-in begun elsewhere, and
      // complains of that; what counts is that the refusal came back and nobody is let in.
      assert.equal(new URL(page.url()).searchParams.get("error"), "access_denied");
      assert.equal(await page.locator("#user").count(), 0);
      assert.match(await page.innerText("body"), /Error/);
    }));
});
