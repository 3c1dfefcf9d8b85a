// A person's own pages, and a registrar's, in a real browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { begin, locales } from "./chromium.mjs";
import { citizenId, codeSentTo, enter, errorOf, person, phone, sentTo, tamga } from "./people.mjs";
import { account, base } from "./support.mjs";
import { allow, resultIs, visit, visitIn, windows } from "./visiting.mjs";

const full = () => ({
  first_name: "Нарантуяа@2",
  last_name: "Лувсанжамбаагийн@2",
  citizen_id: `${citizenId()}@2`,
  date_of_birth: "1979-11-03@3",
  occupation: "senior_administrator_of_inter_departmental_correspondence@0",
  "address.district": "Сонгинохайрхан@1",
  "address.province": "Улаанбаатар@1",
  email: `a.mailbox.whose.name.breaks.nowhere.at.all-${citizenId()}@citizen.example@1`,
  mobile_phone: `${phone()}@1`,
});

/** Every page of a person's own, in turn. */
async function tour(page, meet) {
  const go = (path) => page.goto(base + path);
  for (const [name, path] of [
    ["account", "/account"],
    ["account-profile", "/account/profile"],
    ["account-profile-address", "/account/profile?part=address"],
    ["account-contact", "/account/contact?name=email"],
    ["account-contact-phone", "/account/contact?name=mobile_phone"],
    ["account-files", "/account/files"],
    ["account-sessions", "/account/sessions"],
    ["account-applications", "/account/applications"],
    ["account-activity", "/account/activity"],
    ["account-activity-changes", "/account/activity?show=changes"],
    ["account-confirmations", "/account/confirmations"],
    ["account-security", "/account/security"],
    ["account-password", "/account/security/password"],
    ["account-passkey", "/account/security/passkey"],
    ["account-totp", "/account/security/totp"],
    ["account-close", "/account/close"],
  ]) {
    await go(path);
    assert.equal(page.url(), base + path, `${name} is shown`);
    await meet(name);
  }
}

describe("a person's own pages", () => {
  const shapes = [["light", ["en", "mn"]], ["dark", ["th", "kk"]], ["narrow", locales]];
  for (const [shape, languages] of shapes) {
    for (const locale of languages) {
      test(`have no fault (${locale}, ${shape})`, () =>
        visitIn(locale, windows[shape], async (page, meet) => {
          const who = person(full());
          await begin(page);
          await enter(page, who);
          await allow(page);
          await page.goto(`${base}/account`);
          await tour(page, meet);
        }));
    }
  }

  test("of an organisation have those who act for it besides", () =>
    visitIn("ru", windows.dark, async (page, meet) => {
      await page.goto(`${base}/account/representatives`);
      await enter(page, account("demo-company"));
      await page.locator("#representative-form").waitFor();
      await meet("account-representatives");
      await page.fill("#full_name", "Сакен Ахметов");
      await page.fill("#value", "12");
      await page.click("#representative-form button");
      await errorOf(page, "value");
      assert.equal(await page.inputValue("#full_name"), "Сакен Ахметов");
      await meet("account-representatives-error");
    }));

  test("change what is theirs to change, and keep what was typed when it is wrong", () =>
    visitIn("en", windows.light, async (page, meet) => {
      const mobile = phone();
      await page.goto(`${base}/account`);
      await enter(page, person({ first_name: "Bolat@1", mobile_phone: `${mobile}@0` }));
      await page.click("#edit-link");
      await page.fill("#occupation", "beekeeper");
      await page.fill("#citizen_id", "1234567890123");
      await page.click("#profile-submit");
      await errorOf(page, "citizen_id");
      assert.equal(await page.inputValue("#occupation"), "beekeeper");
      assert.equal(await page.inputValue("#citizen_id"), "1234567890123");
      await meet("account-profile-error");
      await page.fill("#citizen_id", citizenId());
      await page.click("#profile-submit");
      await page.locator("#done").waitFor();
      await meet("account-profile-done");
      await page.goto(`${base}/account/contact?name=mobile_phone`);
      assert.equal(await page.inputValue("#contact"), mobile);
      await page.click("#contact-form button");
      await page.locator("#code-form").waitFor();
      await meet("account-contact-code");
      await page.fill("#code", await codeSentTo(mobile));
      await page.click("#code-submit");
      await page.locator("#done").waitFor();
      assert.match(await page.getAttribute("#held-mobile_phone .badge", "class"), /level-1/);
    }));

  test("give all that is kept as a file", () =>
    visit({}, async (page) => {
      await page.goto(`${base}/account`);
      await enter(page, person({ first_name: "Erlan@1", email: "erlan@citizen.example@1" }));
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export-form button")]);
      assert.match(download.suggestedFilename(), /\.json$/);
      const kept = JSON.parse(await readFile(await download.path(), "utf8"));
      assert.equal(kept.attributes.first_name.value, "Erlan");
      assert.deepEqual(kept.credentials, []);
    }));

  test("end the session of another browser", () =>
    visit({}, async (page) => {
      const who = person({ first_name: "Timur@1" });
      await page.goto(`${base}/account/sessions`);
      await enter(page, who);
      await visit({}, async (other) => {
        await other.goto(`${base}/account/sessions`);
        await enter(other, who);
        await other.click("#end-others button");
        await other.locator("#done").waitFor();
      });
      await page.goto(`${base}/account`);
      await page.locator("#login-form").waitFor();
    }));

  test("withdraw what an application was allowed", () =>
    visitIn("th", windows.dark, async (page, meet) => {
      await begin(page);
      await enter(page, person({ first_name: "Somchai@2", last_name: "Jaidee@2" }));
      await allow(page);
      await page.goto(`${base}/account/applications`);
      await page.click("#withdraw-demo-oidc button");
      await page.locator("#done").waitFor();
      await meet("account-applications-withdrawn");
      await begin(page);
      await page.locator("#consent-form").waitFor();
    }));

  test("close the account, once its name was typed", () =>
    visitIn("kk", windows.dark, async (page, meet) => {
      const who = person({ first_name: "Gulnar@1", email: "gulnar@citizen.example@1" });
      await page.goto(`${base}/account`);
      await enter(page, who);
      await page.click("#close-link");
      await page.fill("#username", "somebody else");
      await page.click("#close-submit");
      await errorOf(page, "username");
      await meet("account-close-error");
      await page.fill("#username", who.username);
      await page.click("#close-submit");
      await page.locator("#closed").waitFor();
      await meet("account-closed");
      assert.ok((await sentTo("gulnar@citizen.example")).length >= 1, "the owner is told");
      await page.goto(`${base}/account`);
      await enter(page, who);
      await page.locator("#password-error").waitFor();
    }));
});

describe("a registrar", () => {
  for (const [locale, shape] of [["en", "light"], ["mn", "dark"], ["th", "narrow"]]) {
    test(`finds a person and says how well a detail was checked (${locale}, ${shape})`, () =>
      visitIn(locale, windows[shape], async (page, meet) => {
        const registrar = person({ first_name: "Registrar@2" }, { kind: "government-agent", totp: true });
        tamga(["user", "grant", registrar.username, "--role", "registrar"]);
        const email = `asked-${locale}-${process.pid}@citizen.example`;
        const asked = person({ ...full(), citizen_id: citizenId(), email: `${email}@1` });
        await page.goto(`${base}/registrar`);
        await enter(page, registrar);
        await page.locator("#search-form").waitFor();
        await meet("registrar");
        await page.fill("#q", "nobody has this name");
        await page.click("#search");
        await page.locator("#empty").waitFor();
        await meet("registrar-none");
        await page.fill("#q", email);
        await page.click("#search");
        await page.locator("tbody tr").waitFor();
        await meet("registrar-found");
        await page.click("tbody a");
        await page.locator("#levels-form").waitFor();
        await meet("registrar-person");
        await page.check('[name=attribute][value="citizen_id"]');
        await page.fill("#reason", "Came to the counter");
        await page.click("#levels-submit");
        await errorOf(page, "level");
        assert.ok(await page.isChecked('[name=attribute][value="citizen_id"]'));
        assert.equal(await page.inputValue("#reason"), "Came to the counter");
        await meet("registrar-person-error");
        await page.selectOption("#level", "3");
        await page.selectOption("#evidence", "documents-sent");
        await page.click("#levels-submit");
        await page.locator("#errors").waitFor();
        assert.equal(await page.inputValue("#level"), "3");
        await meet("registrar-person-evidence");
        await page.selectOption("#evidence", "face-to-face");
        await page.click("#levels-submit");
        await page.locator("[role=status]").waitFor();
        await meet("registrar-done");
        const row = page.locator("#attributes tr", { has: page.locator('[value="citizen_id"]') });
        assert.match(await row.locator(".badge").getAttribute("class"), /level-3/);
        assert.ok((await sentTo(email)).length >= 1, "the owner is told");
      }));
  }

  test("is nobody without the role, or without a second factor", () =>
    visitIn("en", windows.light, async (page, meet) => {
      await page.goto(`${base}/registrar`);
      await enter(page, person({ first_name: "Curious@1" }));
      await page.locator("#error-code").waitFor();
      await meet("registrar-forbidden");
      await page.context().clearCookies();
      const bare = person({ first_name: "Bare@1" }, { kind: "government-agent" });
      tamga(["user", "grant", bare.username, "--role", "registrar"]);
      await page.goto(`${base}/registrar`);
      await enter(page, bare);
      await page.waitForURL(`${base}/account/security*`);
      assert.match(await page.innerText("#done"), /./);
      await meet("account-security-factor-first");
    }));
});
