// Logouts as a browser sees them: the frames that are loaded before it goes on, word from the server
// itself, and the frame that says whether somebody is still signed in.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signIn } from "./chromium.mjs";
import { account, base } from "./support.mjs";
import { allow, assertAccessible, axe, resultIs, visit } from "./visiting.mjs";

// A sandbox holds services of other sites only, and the demonstration's is on the server's own.
const tolerated = /can escape its sandboxing/;

/** Signs in at the service that is told of logouts; gives the answer's address. */
async function begin(page) {
  await page.goto(`${base}/demo/logout`);
  await page.click("#start");
  if (await page.locator("#login-form").count()) await signIn(page, account("demo-citizen-kz"));
  if (await page.locator("#consent-form").count()) await allow(page);
  await resultIs(page, true);
  return new URL(page.url());
}

/** What the server's frame says of a session_state to this page. */
const ask = (page, frame, message) =>
  page.evaluate(
    ([frame, message]) =>
      new Promise((resolve) => {
        const iframe = document.createElement("iframe");
        addEventListener("message", (event) => resolve(`${event.origin} ${event.data}`), { once: true });
        iframe.addEventListener("load", () => iframe.contentWindow.postMessage(message, new URL(frame).origin));
        iframe.hidden = true;
        iframe.src = frame;
        document.body.append(iframe);
      }),
    [frame, message],
  );

describe("a service that is told of logouts", () => {
  test("hears of it through the browser and from the server, and the browser goes on", () =>
    visit({ tolerated }, async (page) => {
      await begin(page);
      const loaded = [];
      page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
      await page.click("#demo-logout");
      await page.waitForURL(`${base}/demo/logout/done`);
      assert.ok(loaded.includes("/demo/logout/frontchannel"));
      const told = await resultIs(page, true);
      assert.match(told, /front channel/);
      assert.match(told, /backchannel-logout/);
    }));

  test("hears of it without JavaScript, and the person follows the link", () =>
    visit({ tolerated, javaScriptEnabled: false }, async (page) => {
      await begin(page);
      await page.click("#demo-logout");
      await page.locator("#logged-out").waitFor();
      await page.click("#onward");
      await page.waitForURL(`${base}/demo/logout/done`);
      await resultIs(page, true);
    }));

  test("hears of it when the session is ended on the page of devices", () =>
    visit({ tolerated }, async (page, context) => {
      await begin(page);
      await context.addInitScript({ content: axe });
      await page.goto(`${base}/account/sessions`);
      await page.locator("form[id^=end-] button").first().click();
      await page.locator("#logged-out").waitFor();
      await assertAccessible(page, "logged out with frames");
      await page.goto(`${base}/demo/logout/done`);
      await resultIs(page, true);
    }));
});

describe("the frame that says whether somebody is still signed in", () => {
  test("says unchanged, changed after the logout, and error to what is no question", () =>
    visit({ tolerated, bypassCSP: true }, async (page) => {
      const { check_session_iframe: frame } = await (await page.request.get(`${base}/.well-known/openid-configuration`)).json();
      const state = (await begin(page)).searchParams.get("session_state");
      assert.equal(await ask(page, frame, `demo-logout ${state}`), `${base} unchanged`);
      assert.equal(await ask(page, frame, `demo-oidc ${state}`), `${base} changed`);
      for (const odd of ["", "demo-logout", "a b c", { client: 1 }]) assert.equal(await ask(page, frame, odd), `${base} error`);
      await page.click("#demo-logout");
      await page.waitForURL(`${base}/demo/logout/done`);
      assert.equal(await ask(page, frame, `demo-logout ${state}`), `${base} changed`);
    }));
});
