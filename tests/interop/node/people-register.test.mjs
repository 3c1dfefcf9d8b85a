// Making an account in a real browser, from a service's page and back to it; and a password that
// was forgotten.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { begin } from "./chromium.mjs";
import { citizenId, codeSentTo, enter, errorOf, leave, message, password, person, phone, sentTo } from "./people.mjs";
import { base } from "./support.mjs";
import { allow, keyboard, resultIs, visit, visitIn, windows } from "./visiting.mjs";

/** A number whose last digit is not the one that checks the others. */
const mistyped = (number) => number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10);

/** From the demonstration to the page that asks who the person is. */
async function chooseCitizen(page, meet = async () => {}) {
  await begin(page);
  await page.click("#register-link");
  await meet("register-kind");
  await page.click("#kind-submit");
  await page.locator("#kind-error").waitFor();
  await meet("register-kind-error");
  await page.check("#kind-citizen");
  await page.click("#kind-submit");
  await page.locator("#register-form").waitFor();
}

const details = { first_name: "Ажар", last_name: "Қайратқызы", date_of_birth: "1996-02-29" };

/** All of a citizen's sign-up, with the mistakes people make; `meet` is called at each page. */
async function signUp(page, meet = async () => {}) {
  const [identifier, mobile] = [citizenId(), phone()];
  await chooseCitizen(page, meet);
  await meet("register-details");
  for (const [name, value] of Object.entries(details)) await page.fill(`#${name}`, value);
  await page.fill("#citizen_id", mistyped(identifier));
  await page.click("#register-form-submit");
  await errorOf(page, "citizen_id");
  for (const [name, value] of Object.entries(details)) assert.equal(await page.inputValue(`#${name}`), value);
  assert.equal(await page.inputValue("#citizen_id"), mistyped(identifier));
  await meet("register-details-error");
  await page.fill("#citizen_id", identifier);
  await page.click("#register-form-submit");

  await page.locator("#mobile_phone").waitFor();
  await meet("register-contact");
  await page.fill("#mobile_phone", "12");
  await page.locator("button.primary").click();
  await errorOf(page, "mobile_phone");
  assert.equal(await page.inputValue("#mobile_phone"), "12");
  await meet("register-contact-error");
  await page.fill("#mobile_phone", mobile);
  await page.locator("button.primary").click();

  await page.locator("#code-form").waitFor();
  await meet("register-code");
  const code = await codeSentTo(mobile);
  await page.fill("#code", mistyped(code));
  await page.click("#code-submit");
  await errorOf(page, "code");
  assert.equal(await page.inputValue("#code"), "", "a code is not kept");
  await meet("register-code-error");
  await page.fill("#code", code);
  await page.click("#code-submit");

  await page.locator("#password-form").waitFor();
  await meet("register-password");
  await page.fill("#username", identifier);
  await page.fill("#password", "password1");
  await page.check("#terms");
  await page.click("#password-submit");
  await errorOf(page, "username");
  assert.equal(await page.inputValue("#username"), identifier);
  const username = [...mobile.slice(1)].map((digit) => "abcdefghij"[digit]).join("");
  await page.fill("#username", username);
  await page.fill("#password", "password1");
  await page.click("#password-submit");
  await errorOf(page, "password");
  assert.equal(await page.inputValue("#username"), username);
  assert.equal(await page.inputValue("#password"), "");
  assert.ok(await page.isChecked("#terms"));
  await meet("register-password-error");
  await page.uncheck("#terms");
  await page.fill("#password", password);
  await page.click("#password-submit");
  await errorOf(page, "terms");
  await page.fill("#password", password);
  await page.check("#terms");
  await page.click("#password-submit");
  return { username, password, identifier, mobile };
}

describe("an account is made on the way to a service", () => {
  for (const [locale, shape] of [["en", "light"], ["th", "dark"], ["kk", "dark"], ["mn", "narrow"], ["ru", "light"]]) {
    test(`by a citizen with a phone (${locale}, ${shape})`, () =>
      visitIn(locale, windows[shape], async (page, meet) => {
        const who = await signUp(page, meet);
        await page.locator("#consent-form").waitFor();
        await meet("consent");
        await page.click("#consent-allow");
        const received = await resultIs(page, true);
        assert.match(received, /Қайратқызы/);
        await leave(page);
        await begin(page);
        await enter(page, { ...who, username: who.mobile });
        await resultIs(page, true);
      }));
  }

  test("with JavaScript off", () =>
    visit({ javaScriptEnabled: false, ...windows.dark }, async (page) => {
      await signUp(page);
      await allow(page);
    }));

  test("by keyboard alone", () =>
    visit({}, async (page) => {
      const mobile = phone();
      const { press, tabTo, typeInto } = keyboard(page);
      await begin(page);
      await tabTo("register-link");
      await press("Enter");
      await page.locator("#kind-form").waitFor();
      await tabTo("kind-citizen");
      await press("Space");
      await press("Enter");
      await page.locator("#register-form").waitFor();
      await typeInto("citizen_id", citizenId());
      for (const [name, value] of Object.entries(details)) await typeInto(name, value);
      await press("Enter");
      await page.locator("#mobile_phone").waitFor();
      await typeInto("mobile_phone", mobile);
      await press("Enter");
      await page.locator("#code-form").waitFor();
      await typeInto("code", await codeSentTo(mobile));
      await press("Enter");
      await page.locator("#password-form").waitFor();
      await typeInto("password", password);
      await tabTo("terms");
      await press("Space");
      await tabTo("password-submit");
      await press("Enter");
      await page.locator("#consent-form").waitFor();
      await tabTo("consent-allow");
      await press("Enter");
      await resultIs(page, true);
    }));

  test("and who has one already is told so by message alone", () =>
    visitIn("en", windows.light, async (page, meet) => {
      const mobile = phone();
      person({ mobile_phone: `${mobile}@1`, first_name: "Dana@1" });
      await chooseCitizen(page);
      for (const [name, value] of Object.entries(details)) await page.fill(`#${name}`, value);
      await page.fill("#citizen_id", citizenId());
      await page.click("#register-form-submit");
      await page.fill("#mobile_phone", mobile);
      await page.locator("button.primary").click();
      await page.locator("#code-form").waitFor();
      assert.doesNotMatch(await page.innerText("main"), /already/);
      assert.match((await message(mobile)).text, /already/);
      await page.fill("#code", await codeSentTo(mobile));
      await page.click("#code-submit");
      await page.locator("#account-known").waitFor();
      await meet("register-known");
      await page.click("#known-submit");
      await allow(page);
    }));

  test("and the terms can be read before", () =>
    visitIn("kk", windows.dark, async (page, meet) => {
      await page.goto(`${base}/terms`);
      await meet("terms");
    }));
});

describe("a forgotten password", () => {
  for (const [locale, shape] of [["en", "light"], ["mn", "dark"]]) {
    test(`is replaced with a code by mail, and the owner hears of it (${locale}, ${shape})`, () =>
      visitIn(locale, windows[shape], async (page, meet) => {
        const email = `forgot-${locale}-${process.pid}@citizen.example`;
        const who = person({ email: `${email}@1`, first_name: "Saule@1", last_name: "Omar@1" });
        await begin(page);
        await page.click("#forgotten-link");
        await meet("forgotten");
        await page.fill("#username", who.username);
        await page.click("#forgotten-submit");
        await page.locator("#code-form").waitFor();
        await meet("forgotten-code");
        assert.doesNotMatch(await page.innerText("main"), /forgot-|citizen\.example/, "nobody learns the address");
        await page.fill("#code", await codeSentTo(email));
        await page.click("#code-submit");
        await page.locator("#new-password-form").waitFor();
        await meet("new-password");
        await page.fill("#password", "12345678");
        await page.click("#new-password-submit");
        await errorOf(page, "password");
        await meet("new-password-error");
        await page.fill("#password", "three yellow boats");
        await page.click("#new-password-submit");
        await page.locator("#password-set").waitFor();
        await meet("password-set");
        await page.click("#go-on-link");
        await enter(page, { ...who, password: "three yellow boats" });
        await allow(page);
        assert.ok((await sentTo(email)).length >= 2, "the owner is told");
      }));
  }

  test("tells a stranger nothing", () =>
    visit({}, async (page) => {
      await begin(page);
      await page.click("#forgotten-link");
      await page.fill("#username", "nobody-at-all");
      await page.click("#forgotten-submit");
      await page.locator("#code-form").waitFor();
      await page.fill("#code", "000000");
      await page.click("#code-submit");
      await errorOf(page, "code");
    }));
});
