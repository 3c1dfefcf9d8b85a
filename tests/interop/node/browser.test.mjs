// The pages in a real browser, as people use them: by mouse, by keyboard, without JavaScript, on a
// small telephone, in every language; and axe-core's judgement of each page.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { begin, locales, signIn, walk } from "./chromium.mjs";
import { account, base, register } from "./support.mjs";
import {
  allow, assertAccessible, assertFits, assertLight, assertTranslated, axe, keyboard, resultIs, visit,
} from "./visiting.mjs";

describe("a sign-in at the demonstration", () => {
  test("goes from a wrong password to checked claims, then at once, then out", () =>
    visit({}, async (page) => {
      await begin(page);
      assert.match(await page.title(), /^Sign in to Demonstration service/);
      await signIn(page, { ...account(), password: "wrong" });
      await page.locator("#password-error").waitFor();
      assert.match(await page.title(), /^Error: /);
      // What was typed is kept, the password not; the summary has the focus and leads to the field.
      assert.equal(await page.inputValue("#username"), account().username);
      assert.equal(await page.inputValue("#password"), "");
      assert.equal(await page.evaluate("document.activeElement.id"), "errors");
      const described = await page.getAttribute("#password", "aria-describedby");
      assert.ok(described.split(" ").includes("password-error"));
      const [error, field] = [await page.locator("#password-error").boundingBox(), await page.locator("#password").boundingBox()];
      assert.ok(error.y + error.height <= field.y + 1, "the error stands above its field");

      await signIn(page);
      await page.locator("#consent-form").waitFor();
      assert.match(await page.locator(".claims").innerText(), /somying@citizen\.example/);
      const received = await allow(page);
      assert.match(received, /สมหญิง/);

      // The session lives and the consent is remembered: no page of ours comes between.
      const met = [];
      page.on("framenavigated", (frame) => met.push(new URL(frame.url()).pathname));
      await begin(page);
      await resultIs(page, true);
      assert.deepEqual(met, ["/demo/oidc", "/demo/oidc/callback"]);

      await page.click("#demo-logout");
      await page.waitForURL(`${base}/demo`);
      await page.goto(base);
      assert.equal(await page.locator("#logout-link").count(), 0);
    }));

  test("can be cancelled, and the service hears of it", () =>
    visit({}, async (page) => {
      await begin(page);
      await page.click("#cancel");
      assert.match(await resultIs(page, false), /access_denied/);
    }));

  test("can be refused at the consent page", () =>
    visit({}, async (page) => {
      await begin(page);
      await signIn(page, account("demo-foreigner"));
      await page.click("#consent-deny");
      assert.match(await resultIs(page, false), /access_denied/);
    }));

  test("survives an impatient person", () =>
    visit({}, async (page) => {
      await begin(page);
      await page.fill("#username", "demo-company");
      await page.fill("#password", account("demo-company").password);
      await page.dblclick("#login-submit");
      await page.locator("#consent-form").waitFor();
      await page.dblclick("#consent-allow");
      await page.locator("#result, #error-code").waitFor();
    }));

  test("is over when it is over, and belongs to the browser that began it", () =>
    visit({}, async (page) => {
      await begin(page);
      const journey = page.url();
      await visit({}, async (stranger) => {
        await stranger.goto(journey);
        assert.equal(await stranger.innerText("#error-code"), "other_browser");
        assert.ok((await stranger.innerText("#request-id")).length > 8);
      });
      await page.click("#cancel");
      await resultIs(page, false);
      await page.goto(journey);
      assert.ok(["journey_ended", "other_browser"].includes(await page.innerText("#error-code")));
    }));
});

describe("a sign-in at the demonstration of OpenID 2.0", () => {
  for (const [stateless, username] of [[false, "demo-agent"], [true, "demo-citizen-mn"]]) {
    test(stateless ? "is checked by the server itself" : "is checked with an agreed secret", () =>
      visit({ javaScriptEnabled: !stateless }, async (page) => {
        await page.goto(`${base}/demo/openid2`);
        if (stateless) await page.check("#stateless");
        await page.click("#start");
        await signIn(page, account(username));
        await page.locator("#consent-form").waitFor();
        await page.click("#consent-allow");
        // With the attributes the answer is too long for an address: without JavaScript a button sends it.
        if (stateless) await page.click("#form-post button");
        const received = await resultIs(page, true);
        assert.match(received, stateless ? /the server says so/ : /HMAC-SHA256 with the agreed secret/);
        assert.match(received, new RegExp(`openid.claimed_id\\s+${base}/user\\.aspx/D${username.slice(1)}`));
        assert.match(received, /ax.email\s+\S+@\S+/);

        // The address that is given is the person's own page, and leads to the server.
        const identity = await page.request.get(`${base}/user.aspx/D${username.slice(1)}`);
        assert.match(identity.headers()["x-xrds-location"], /^http/);

        await page.click("#demo-logout");
        await page.waitForURL(`${base}/demo/openid2`);
        await page.goto(base);
        assert.equal(await page.locator("#logout-link").count(), 0);
      }));
  }

  test("can be cancelled, and the service hears of it", () =>
    visit({}, async (page) => {
      await page.goto(`${base}/demo/openid2`);
      await page.click("#start");
      await page.click("#cancel");
      assert.match(await resultIs(page, false), /cancel: you did not sign in/);
    }));
});

describe("a sign-in at the demonstration of OAuth 1.0a", () => {
  for (const [javaScriptEnabled, username, type] of [
    [true, "demo-agent", "GovernmentAgent"],
    [false, "demo-foreigner", "Foreigner"],
  ]) {
    test(`shows the document (${type}, JavaScript ${javaScriptEnabled ? "on" : "off"})`, () =>
      visit({ javaScriptEnabled }, async (page) => {
        await page.goto(`${base}/demo/oauth1`);
        await page.click("#start");
        await signIn(page, account(username));
        await page.locator("#consent-form").waitFor();
        await page.click("#consent-allow");
        const received = await resultIs(page, true);
        assert.match(received, new RegExp(`a known type \\(${type}\\)`));
        assert.match(received, new RegExp(`<Member type="${type}">`));
        assert.match(received, new RegExp(`<UserName>${username}</UserName>`));
        assert.match(received, /<Email VerifiedLevel="VerifiedLevel\d">[^<]+@[^<]+<\/Email>/);

        // The same answer once more: neither this browser's attempt nor the verifier counts twice.
        await page.reload();
        assert.match(await resultIs(page, false), /this answer was used before/);
      }));
  }

  test("can be refused, and the service hears of it", () =>
    visit({}, async (page) => {
      await page.goto(`${base}/demo/oauth1`);
      await page.click("#start");
      await signIn(page, account("demo-company"));
      await page.click("#consent-deny");
      assert.match(await resultIs(page, false), /permission_denied: the person refused/);
    }));
});

test("the password can be shown and hidden", () =>
  visit({}, async (page) => {
    await begin(page);
    const type = () => page.getAttribute("#password", "type");
    await page.click("[data-show=password]");
    assert.equal(await type(), "text");
    await page.click("[data-show=password]");
    assert.equal(await type(), "password");
  }));

test("a whole journey by keyboard alone", () =>
  visit({}, async (page) => {
    const { press, focused, tabTo } = keyboard(page);
    await page.goto(`${base}/demo/oidc`);
    await tabTo("start");
    await press("Enter");
    await page.locator("#login-form").waitFor();
    await press("Tab");
    assert.equal(await focused(), "skip");
    await press("Enter");
    await press("Tab");
    assert.equal(await focused(), "username");
    await page.keyboard.type("demo-agent");
    await press("Tab");
    assert.equal(await focused(), "password");
    await page.keyboard.type(account("demo-agent").password);
    await press("Enter");
    await page.locator("#consent-form").waitFor();
    await tabTo("consent-allow");
    await press("Enter");
    await resultIs(page, true);
  }));

test("a whole journey with JavaScript off", () =>
  visit({ javaScriptEnabled: false }, async (page) => {
    await begin(page);
    await page.click("#login-submit");
    await page.locator("#username-error").waitFor();
    assert.equal(await page.locator("[data-show]").isVisible(), false);
    await signIn(page, account("demo-citizen-kz"));
    await allow(page);
    await page.click("#demo-logout");
    await page.waitForURL(`${base}/demo`);
  }));

describe("an answer by form_post", () => {
  const callback = "https://form-post.example/callback";
  let start;
  before(() => {
    const { client_id } = register("browser-form-post", {
      type: "public",
      "allowed-flow": "authorization-code",
      "redirect-uri": callback,
      scope: "openid",
    });
    start = new URL("/oauth2/authorize", base);
    start.search = new URLSearchParams({
      client_id,
      redirect_uri: callback,
      response_type: "code",
      response_mode: "form_post",
      scope: "openid",
      state: "posted",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
  });

  for (const [javaScriptEnabled, username] of [[true, "demo-citizen"], [false, "demo-citizen-mn"]]) {
    test(javaScriptEnabled ? "goes by itself" : "goes by a button with JavaScript off", () =>
      visit({ javaScriptEnabled, elsewhere: true }, async (page, context) => {
        let posted;
        await context.route(`${callback}*`, (route) => {
          posted = new URLSearchParams(route.request().postData());
          return route.fulfill({ contentType: "text/html", body: "<title>Back</title>" });
        });
        await page.goto(start.href);
        await signIn(page, account(username));
        await page.click("#consent-allow");
        if (!javaScriptEnabled) await page.click("#form-post button");
        await page.waitForURL(callback);
        assert.equal(posted.get("state"), "posted");
        assert.equal(posted.get("iss"), base);
        assert.ok(posted.get("code"));
      }));
  }
});

describe("every page", () => {
  for (const locale of locales) {
    for (const [colorScheme, width] of [["light", 1280], ["dark", 360]]) {
      test(`has no fault that axe finds (${locale}, ${colorScheme}, ${width} px)`, () =>
        visit({ colorScheme, viewport: { width, height: 800 } }, async (page, context) => {
          await context.addInitScript({ content: axe });
          await walk(page, locale, async (name) => {
            await assertTranslated(page, name, locale);
            await assertAccessible(page, name);
          });
        }));
    }

    test(`fits 320 px without scrolling sideways (${locale})`, () =>
      visit({ viewport: { width: 320, height: 640 } }, (page) =>
        walk(page, locale, (name) => assertFits(page, name))));
  }

  test("weighs less than 30 KB with all that belongs to it", () =>
    visit({}, (page) => walk(page, "th", (name) => assertLight(page, name))));

  test("of the demonstration has no fault that axe finds", () =>
    visit({ colorScheme: "dark" }, async (page, context) => {
      await context.addInitScript({ content: axe });
      const check = async () => {
        const { violations } = await page.evaluate("axe.run()");
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], page.url());
      };
      for (const path of ["/demo", "/demo/oidc", "/demo/openid2", "/demo/oauth1", "/dev/outbox"]) {
        await page.goto(base + path);
        await check();
      }
      await begin(page);
      await signIn(page, account("demo-citizen-mn"));
      await allow(page);
      await check();
      await page.goto(`${base}/demo/oauth1`);
      await page.click("#start");
      await page.click("#consent-allow");
      await resultIs(page, true);
      await check();
    }));
});
