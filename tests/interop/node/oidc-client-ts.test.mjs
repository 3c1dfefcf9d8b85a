// oidc-client-ts, unmodified, as an application in the browser: a public client on an origin of its own,
// so everything it fetches crosses origins.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { signIn } from "./chromium.mjs";
import { base, register } from "./support.mjs";
import { visit } from "./visiting.mjs";

const packaged = dirname(createRequire(import.meta.url).resolve("oidc-client-ts/package.json"));
const library = readFileSync(join(packaged, "dist/browser/oidc-client-ts.min.js"));

/** The application: a page that has the library and waits to be told. */
const page = `<!DOCTYPE html><html lang="en"><title>Application</title><script src="/library.js"></script><p id="ready">Ready</p></html>`;

let server, origin;
before(async () => {
  server = createServer((request, response) => {
    const script = request.url === "/library.js";
    response.writeHead(request.url === "/favicon.ico" ? 204 : 200, { "content-type": script ? "text/javascript" : "text/html" });
    response.end(request.url === "/favicon.ico" ? undefined : script ? library : page);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://localhost:${server.address().port}`;
});
after(() => server?.close());

const application = (identifier, options = {}) =>
  register(identifier, {
    type: "public",
    "allowed-flow": ["authorization-code", "refresh-token"],
    "redirect-uri": [`${origin}/back`, `${origin}/silent`],
    "post-logout-redirect-uri": `${origin}/out`,
    scope: ["openid", "profile", "email", "offline_access"],
    ...options,
  });

/** Runs in the page: a UserManager with these settings, as the global `manager`. */
const make = async ([settings, dpop]) => {
  const { UserManager, WebStorageStateStore, IndexedDbDPoPStore } = globalThis.oidc;
  globalThis.manager = new UserManager({
    ...settings,
    userStore: new WebStorageStateStore({ store: localStorage }),
    ...(dpop ? { dpop: { bind_authorization_code: true, store: new IndexedDbDPoPStore() } } : {}),
  });
};

const settings = ({ client_id }, further = {}) => ({
  authority: base,
  client_id,
  redirect_uri: `${origin}/back`,
  silent_redirect_uri: `${origin}/silent`,
  post_logout_redirect_uri: `${origin}/out`,
  scope: "openid profile email",
  automaticSilentRenew: false,
  loadUserInfo: true,
  ...further,
});

async function login(tab, manager, dpop = false) {
  await tab.goto(`${origin}/`);
  await tab.evaluate(make, [manager, dpop]);
  await tab.evaluate(() => void globalThis.manager.signinRedirect());
  await signIn(tab);
  await tab.click("#consent-allow");
  await tab.waitForURL(`${origin}/back?**`);
  await tab.locator("#ready").waitFor();
  await tab.evaluate(make, [manager, dpop]);
  return tab.evaluate(async () => {
    const { profile, token_type, refresh_token, expires_in } = await globalThis.manager.signinRedirectCallback();
    return { profile, token_type, refreshable: Boolean(refresh_token), expires_in };
  });
}

describe("oidc-client-ts in a browser", () => {
  test("signs in with PKCE, reads userinfo across origins, and signs out", () =>
    visit({ elsewhere: true }, async (tab) => {
      const user = await login(tab, settings(application("ts-plain")));
      assert.equal(user.token_type, "Bearer");
      assert.match(user.profile.name, /สมหญิง/);
      assert.equal(user.profile.email, "somying@citizen.example");
      await tab.evaluate(() => void globalThis.manager.signoutRedirect({ state: "kept" }));
      await tab.waitForURL(`${origin}/out?**`);
      await tab.goto(base);
      assert.equal(await tab.locator("#logout-link").count(), 0);
    }));

  test("refreshes its tokens", () =>
    visit({ elsewhere: true }, async (tab) => {
      const manager = settings(application("ts-refresh"), { scope: "openid profile offline_access" });
      assert.ok((await login(tab, manager)).refreshable);
      const [before, after] = await tab.evaluate(async () => {
        const old = await globalThis.manager.getUser();
        const renewed = await globalThis.manager.signinSilent();
        return [old, renewed].map((user) => [user.access_token, user.refresh_token]);
      });
      assert.notEqual(before[0], after[0]);
      assert.notEqual(before[1], after[1], "a public client's refresh token rotates");
    }));

  test("binds its tokens to a key that never leaves the browser (DPoP)", () =>
    visit({ elsewhere: true }, async (tab) => {
      const client = application("ts-dpop", { "dpop-bound-access-tokens": true });
      // Its own call of userinfo sends bound tokens as Bearer, so the application calls it.
      const user = await login(tab, settings(client, { loadUserInfo: false }), true);
      assert.equal(user.token_type, "DPoP");
      const read = (proved) =>
        tab.evaluate(
          async ([url, proved]) => {
            const user = await globalThis.manager.getUser();
            const proof = await globalThis.manager.dpopProof(url, user, "GET");
            const headers = proved
              ? { authorization: `DPoP ${user.access_token}`, dpop: proof }
              : { authorization: `Bearer ${user.access_token}` };
            const answer = await fetch(url, { headers });
            return [answer.status, await answer.json()];
          },
          [`${base}/oauth2/userinfo`, proved],
        );
      const [status, claims] = await read(true);
      assert.equal(status, 200, JSON.stringify(claims));
      assert.match(claims.name, /สมหญิง/);
      assert.equal((await read(false))[0], 401, "a stolen token opens nothing");
    }));

  test("hears that the person cancelled", () =>
    visit({ elsewhere: true }, async (tab) => {
      const manager = settings(application("ts-cancel"));
      await tab.goto(`${origin}/`);
      await tab.evaluate(make, [manager, false]);
      await tab.evaluate(() => void globalThis.manager.signinRedirect());
      await tab.click("#cancel");
      await tab.waitForURL(`${origin}/back?**`);
      await tab.locator("#ready").waitFor();
      await tab.evaluate(make, [manager, false]);
      const error = await tab.evaluate(() => globalThis.manager.signinRedirectCallback().catch((error) => error.error));
      assert.equal(error, "access_denied");
    }));
});
