// A device without a keyboard and the phone of its person; and signed requests: both demonstrations in a
// real browser, and axe-core's judgement of the pages.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inLanguage, locales, signIn } from "./chromium.mjs";
import { account, base } from "./support.mjs";
import { assertAccessible, axe, keyboard, resultIs, visit, visitIn, windows } from "./visiting.mjs";

/** Turns a device on; the code on its screen, and the address that a phone would scan. */
async function turnOn(page) {
  await page.goto(`${base}/demo/device`);
  await page.click("#start");
  await page.locator("#user-code").waitFor();
  return { code: await page.innerText("#user-code"), address: await page.getAttribute("#verify", "href") };
}

/** What the device's screen says in the end. */
async function screenSays(page, javaScriptEnabled, ok) {
  if (!javaScriptEnabled) {
    // The device goes on by itself; its screen is drawn anew when somebody asks for it.
    for (let looks = 0; looks < 30 && !(await page.locator("#result").count()); looks += 1) {
      await page.waitForTimeout(500);
      await page.click("#look");
    }
  }
  return resultIs(page, ok);
}

describe("a device", () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`is allowed on a phone (JavaScript ${javaScriptEnabled ? "on" : "off"})`, () =>
      visit({ javaScriptEnabled }, async (screen) => {
        const { code } = await turnOn(screen);
        await visit({ javaScriptEnabled, ...windows.dark }, async (phone) => {
          await phone.goto(`${base}/device`);
          await phone.click("#device-submit");
          assert.match(await phone.innerText("#user_code-error"), /Enter the code/);
          await phone.fill("#user_code", code.toLowerCase().replace("-", " "));
          await phone.click("#device-submit");
          await signIn(phone, account("demo-citizen-kz"));
          await phone.locator("#consent-form").waitFor();
          assert.equal(await phone.innerText("#device-code"), code);
          assert.match(await phone.innerText("h1"), /Demonstration television/);
          assert.equal(await phone.locator("#remember").count(), 0);
          await phone.click("#consent-allow");
          assert.match(await phone.innerText("#device-done"), /go back to your device/);
          // The end of a journey has no other language to go to.
          assert.equal(await phone.locator(".languages a").count(), 0);
        });
        const received = await screenSays(screen, javaScriptEnabled, true);
        assert.match(received, /id_token: at_hash fits the access token/);
        assert.match(received, /userinfo\.email\s+\S+@\S+/);
        // Asked again each time, whatever was allowed before.
        const again = await turnOn(screen);
        await screen.goto(again.address);
        assert.equal(await screen.inputValue("#user_code"), again.code);
        await screen.click("#device-submit");
        await signIn(screen, account("demo-citizen-kz"));
        await screen.locator("#consent-form").waitFor();
      }));
  }

  test("is refused on a phone, and says so", () =>
    visit({}, async (screen) => {
      const { address } = await turnOn(screen);
      await visit({}, async (phone) => {
        await phone.goto(address);
        await phone.click("#device-submit");
        assert.equal((await phone.innerText("#cancel")).trim(), "Cancel");
        await phone.click("#cancel");
        assert.match(await phone.innerText("#device-done"), /was told nothing about you/);
        // Nobody can allow it any more.
        await phone.goto(address);
        await phone.click("#device-submit");
        assert.match(await phone.innerText("#user_code-error"), /not right, or it is too old/);
      });
      assert.match(await screenSays(screen, true, false), /access_denied/);
    }));

  test("is allowed by keyboard alone", () =>
    visit({}, async (screen) => {
      const { code } = await turnOn(screen);
      await visit({}, async (page) => {
        const { press, typeInto, tabTo } = keyboard(page);
        await page.goto(`${base}/device`);
        await typeInto("user_code", code);
        await press("Enter");
        await page.locator("#login-form").waitFor();
        await typeInto("username", "demo-agent");
        await typeInto("password", account("demo-agent").password);
        await press("Enter");
        await page.locator("#consent-form").waitFor();
        await tabTo("consent-allow");
        await press("Enter");
        await page.locator("#device-done").waitFor();
      });
    }));
});

describe("signed requests", () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`give tokens bound to a key (JavaScript ${javaScriptEnabled ? "on" : "off"})`, () =>
      visit({ javaScriptEnabled }, async (page) => {
        const asked = [];
        page.on("request", (request) => asked.push(request.url()));
        await page.goto(`${base}/demo/par`);
        await page.click("#start");
        await signIn(page, account("demo-foreigner"));
        await page.locator("#consent-form, #result").first().waitFor();
        if (await page.locator("#consent-form").count()) await page.click("#consent-allow");
        const received = await resultIs(page, true);
        assert.match(received, /answer: the signature is by a key of the server/);
        assert.match(received, /userinfo refuses the same token without a proof/);
        // The browser carried the request's name and nothing of what is asked.
        const authorize = new URL(asked.find((url) => url.includes("/oauth2/authorize")));
        assert.deepEqual([...authorize.searchParams.keys()].sort(), ["client_id", "request_uri"]);

        // The same answer once more counts for nothing.
        await page.reload();
        assert.match(await resultIs(page, false), /this answer was used before/);
      }));
  }

  test("can be cancelled, and the service hears of it in a signed answer", () =>
    visit({}, async (page) => {
      await page.goto(`${base}/demo/par`);
      await page.click("#start");
      await page.click("#cancel");
      assert.match(await resultIs(page, false), /access_denied/);
    }));
});

describe("pages of devices", () => {
  for (const locale of locales) {
    for (const [name, window] of Object.entries(windows)) {
      test(`have no fault (${locale}, ${name})`, () =>
        visitIn(locale, window, async (page, meet) => {
          const { code } = await turnOn(page);
          await page.goto(inLanguage("/device", locale));
          await meet("device");
          await page.fill("#user_code", "BBBB");
          await page.click("#device-submit");
          await meet("device-error");
          await page.fill("#user_code", code);
          await page.click("#device-submit");
          await signIn(page, account("demo-citizen"));
          await page.locator("#consent-form").waitFor();
          const asked = page.url();
          await meet("device-consent");
          await page.click("#consent-allow");
          await page.locator("#device-done").waitFor();
          await meet("device-done");
          await page.goto(asked);
          await meet("device-over");
        }));
    }
  }

  test("of the demonstrations have no fault that axe finds", () =>
    visit(windows.dark, async (page, context) => {
      await context.addInitScript({ content: axe });
      await turnOn(page);
      await assertAccessible(page, "the screen of a device");
      await page.goto(`${base}/demo/par`);
      await assertAccessible(page, "the beginning of signed requests");
    }));
});
