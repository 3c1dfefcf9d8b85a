// Signing in without a password, with a second factor, and with what a service asks for besides; in a
// real browser.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { begin, inLanguage } from "./chromium.mjs";
import { authenticator, citizenId, codeSentTo, enter, errorOf, leave, passkeys, person, phone } from "./people.mjs";
import { account, base, register } from "./support.mjs";
import { allow, resultIs, visit, visitIn, windows } from "./visiting.mjs";

const named = { first_name: "Aru@1", last_name: "Saparova@1" };

describe("a sign-in by phone and one-time code", () => {
  for (const [locale, shape] of [["en", "light"], ["th", "dark"], ["mn", "narrow"]]) {
    test(`needs no password (${locale}, ${shape})`, () =>
      visitIn(locale, windows[shape], async (page, meet) => {
        const mobile = phone();
        person({ ...named, mobile_phone: `${mobile}@1` });
        await begin(page);
        await page.click("#phone-login");
        await meet("phone");
        await page.fill("#phone", "+7 701");
        await page.click("#phone-submit");
        await errorOf(page, "phone");
        assert.equal(await page.inputValue("#phone"), "+7 701");
        await meet("phone-error");
        await page.fill("#phone", mobile.replace("+7701", "8 (701) ").replace(/8 /, "+7 "));
        await page.click("#phone-submit");
        await page.locator("#code-form").waitFor();
        await meet("phone-code");
        assert.ok(!(await page.innerText("main")).includes(mobile), "the number is masked");
        assert.equal(await page.getAttribute("#code", "autocomplete"), "one-time-code");

        const clocks = page.locator("[data-countdown]");
        const shown = () => clocks.allInnerTexts();
        const [life, wait] = (await clocks.all()).map((clock) => clock.getAttribute("data-countdown").then(Number));
        assert.ok((await life) > 300 && (await life) <= 330, "the code's life");
        assert.ok((await wait) > 100 && (await wait) <= 120, "the wait for another");
        const before = await shown();
        assert.match(before[0], /\b5:\d\d\b/);
        await page.waitForFunction((text) => document.querySelector("[data-countdown]").textContent !== text, before[0]);

        await page.click("#resend");
        await page.locator("#errors").waitFor();
        await meet("phone-code-too-early");
        const code = await codeSentTo(mobile);
        await page.fill("#code", code === "000000" ? "111111" : "000000");
        await page.click("#code-submit");
        assert.match(await errorOf(page, "code"), /4/);
        await page.fill("#code", ` ${code.slice(0, 3)} ${code.slice(3)} `);
        await page.click("#code-submit");
        await allow(page);
      }));
  }

  test("with JavaScript off", () =>
    visit({ javaScriptEnabled: false }, async (page) => {
      const mobile = phone();
      person({ ...named, mobile_phone: `${mobile}@1` });
      await begin(page);
      await page.click("#phone-login");
      await page.fill("#phone", mobile);
      await page.click("#phone-submit");
      await page.fill("#code", await codeSentTo(mobile));
      await page.dblclick("#code-submit");
      await page.locator("#consent-form").waitFor();
    }));

  test("says the same of a phone that no account has", () =>
    visit({}, async (page) => {
      await begin(page);
      await page.click("#phone-login");
      await page.fill("#phone", phone());
      await page.click("#phone-submit");
      await page.locator("#code-form").waitFor();
      await page.fill("#code", "123456");
      await page.click("#code-submit");
      await errorOf(page, "code");
    }));
});

/** Sets up an authenticator application on the account page, where the person is signed in. */
async function enrol(page, meet = async () => {}) {
  await page.goto(`${base}/account/security`);
  await page.click("#totp-link");
  await meet("account-totp");
  const application = authenticator(await page.innerText("#totp-secret"));
  await page.fill("#code", application.wrong());
  await page.click("#totp-form button.primary");
  await errorOf(page, "code");
  assert.equal(authenticator(await page.innerText("#totp-secret")).wrong(), application.wrong(), "the seed is kept");
  await meet("account-totp-error");
  await page.fill("#code", await application.code());
  await page.click("#totp-form button.primary");
  await page.locator("#totp-remove").waitFor();
  await meet("account-security-enrolled");
  return application;
}

describe("a second factor", () => {
  for (const [locale, shape] of [["en", "light"], ["kk", "dark"]]) {
    test(`is an application's code, or one of the codes kept for need (${locale}, ${shape})`, () =>
      visitIn(locale, windows[shape], async (page, meet) => {
        const who = person(named);
        await page.goto(`${base}/account/security`);
        await enter(page, who);
        await meet("account-security");
        const application = await enrol(page, meet);
        await page.click("#recovery-offer button");
        await page.locator("#recovery-codes").waitFor();
        await meet("account-recovery-codes");
        const kept = await page.locator("#recovery-codes code").allInnerTexts();
        assert.ok(kept.length >= 8 && new Set(kept).size === kept.length);
        await page.click("#recovery-kept");
        await meet("account-security-kept");
        await leave(page);

        await begin(page);
        await enter(page, who);
        await page.locator("#code-form").waitFor();
        await meet("second-factor");
        await page.fill("#code", application.wrong());
        await page.click("#code-submit");
        await errorOf(page, "code");
        await meet("second-factor-error");
        await page.fill("#code", await application.code());
        await page.click("#code-submit");
        await allow(page);
        await leave(page);

        await begin(page);
        await enter(page, who);
        await page.click('.ways a[href*="way=recovery"]');
        await meet("second-factor-recovery");
        await page.fill("#code", kept[0]);
        await page.click("#code-submit");
        await resultIs(page, true);
        await leave(page);
        await begin(page);
        await enter(page, who);
        await page.click('.ways a[href*="way=recovery"]');
        await page.fill("#code", kept[0]);
        await page.click("#code-submit");
        await errorOf(page, "code");
      }));
  }

  test("is a code by SMS, sent when the page opens", () =>
    visitIn("mn", windows.dark, async (page, meet) => {
      const mobile = phone();
      const who = person({ ...named, mobile_phone: `${mobile}@1` });
      await page.goto(`${base}/account/security`);
      await enter(page, who);
      await page.click("#sms-on button");
      // Asked at once: a phone that gets no codes would shut its owner out.
      await page.locator("#code-form").waitFor();
      await meet("second-factor-sms");
      await page.fill("#code", await codeSentTo(mobile));
      await page.click("#code-submit");
      await page.locator("#sms-off").waitFor();
      await meet("account-security-sms");
      await leave(page);
      await begin(page);
      await enter(page, who);
      await page.locator("#code-form").waitFor();
      await meet("second-factor-too-early");
    }));
});

describe("a passkey", () => {
  for (const [locale, shape] of [["en", "light"], ["ru", "dark"]]) {
    test(`signs in alone, and after a password (${locale}, ${shape})`, () =>
      visitIn(locale, windows[shape], async (page, meet, context) => {
        const device = await passkeys(context, page);
        const who = person(named);
        await page.goto(`${base}/account/security`);
        await enter(page, who);
        await page.click("#passkey-link");
        await meet("account-passkey");
        await page.fill("#label", "");
        await page.click("#passkey-submit");
        await errorOf(page, "label");
        await page.fill("#label", "Laptop <b>");
        await page.click("#passkey-submit");
        await page.locator("#done").waitFor();
        assert.match(await page.innerText("main"), /Laptop <b>/);
        await meet("account-security-passkey");
        assert.ok((await device.held()).length >= 1);
        await leave(page);

        await begin(page);
        await page.click("#passkey-login");
        await meet("passkey");
        await page.click("#passkey-submit");
        await allow(page);
        await leave(page);

        await begin(page);
        await enter(page, who);
        await page.locator("#passkey-form").waitFor();
        await meet("passkey-second");
        await page.click("#passkey-submit");
        await resultIs(page, true);
      }));
  }

  test("without a device that knows one leads to the other ways", () =>
    visit({ javaScriptEnabled: false }, async (page) => {
      await begin(page);
      await page.click("#passkey-login");
      assert.ok(await page.locator("#passkey-unable").isVisible());
      assert.ok(!(await page.locator("#passkey-submit").isVisible()));
      assert.ok((await page.locator(".ways a").count()) >= 2);
    }));
});

describe("a service that asks for more", () => {
  const callback = "https://more.example/callback";
  const client = (identifier, options) => {
    register(identifier, { type: "public", "allowed-flow": "authorization-code", "redirect-uri": callback, scope: "openid", ...options });
    const start = new URL("/oauth2/authorize", base);
    start.search = new URLSearchParams({
      client_id: identifier,
      redirect_uri: callback,
      response_type: "code",
      response_mode: "form_post",
      scope: "openid",
      state: "more",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
    return start;
  };
  /** What the service gets back: waits for it. */
  const answered = async (page, context) => {
    let posted;
    await context.route(`${callback}*`, (route) => {
      posted = new URLSearchParams(route.request().postData());
      return route.fulfill({ contentType: "text/html", body: "<title>Back</title>" });
    });
    return () => page.waitForURL(callback).then(() => posted);
  };
  let attributes;
  let level;
  before(() => {
    const wanted = ["citizen_id", "date_of_birth", "gender", "occupation"];
    attributes = client(`more-${process.pid}`, { name: "Land Office", "require-attribute": wanted });
    level = client(`level-${process.pid}`, { name: "Tax Service", "min-level": 2 });
  });

  for (const [locale, shape] of [["en", "light"], ["th", "dark"], ["ru", "narrow"]]) {
    test(`gets the attributes that are missing (${locale}, ${shape})`, () =>
      visitIn(locale, { ...windows[shape], elsewhere: true }, async (page, meet, context) => {
        const back = await answered(page, context);
        const who = person({ ...named, occupation: "teacher@0" });
        await page.goto(attributes.href);
        await enter(page, who);
        await page.locator("#attributes-form").waitFor();
        await meet("attributes");
        assert.equal(await page.locator("#occupation").count(), 0, "only what is missing");
        const identifier = citizenId();
        await page.fill("#citizen_id", "1234567890123");
        await page.fill("#date_of_birth", "1990-05-17");
        await page.selectOption("#gender", { index: 1 });
        const gender = await page.inputValue("#gender");
        await page.click("#attributes-submit");
        await errorOf(page, "citizen_id");
        assert.equal(await page.inputValue("#citizen_id"), "1234567890123");
        assert.equal(await page.inputValue("#date_of_birth"), "1990-05-17");
        assert.equal(await page.inputValue("#gender"), gender);
        await meet("attributes-error");
        await page.fill("#citizen_id", identifier);
        await page.click("#attributes-submit");
        await page.click("#consent-allow");
        assert.ok((await back()).get("code"));
      }));
  }

  for (const [locale, shape] of [["en", "light"], ["mn", "dark"]]) {
    test(`than an account is checked says so, and hears of it (${locale}, ${shape})`, () =>
      visitIn(locale, { ...windows[shape], elsewhere: true }, async (page, meet, context) => {
        const back = await answered(page, context);
        const mobile = phone();
        const who = person({ ...named, mobile_phone: mobile, citizen_id: citizenId() });
        await page.goto(level.href);
        await enter(page, who);
        await page.locator("#level-form").waitFor();
        await meet("level");
        await page.click("#level-back");
        assert.match((await back()).get("error"), /./);
      }));
  }
});

test("the Aitu-style demonstration goes from its start to its result", () =>
  visit({}, async (page) => {
    await page.goto(inLanguage("/demo/aitu", "kk"));
    await page.click("#start");
    await enter(page, account("demo-citizen-kz"));
    const received = await allow(page);
    assert.match(received, /900515400123/);
  }));
