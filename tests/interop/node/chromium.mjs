// A real browser, and the pages of a journey one after the other.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { account, base } from "./support.mjs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || places.find((place) => existsSync(place)),
    // Chromium's own sandbox refuses to start as root, and in most containers.
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });

export const locales = ["en", "mn", "kk", "ru", "th"];

/** The address of a page in a language. */
export const inLanguage = (url, locale) => {
  const there = new URL(url, base);
  there.searchParams.set("lang", locale);
  return there.href;
};

/** From the demonstration's page to ours. */
export async function begin(page) {
  await page.goto(`${base}/demo/oidc`);
  await page.click("#start");
}

export async function signIn(page, who = account()) {
  await page.fill("#username", who.username);
  await page.fill("#password", who.password);
  await page.click("#login-submit");
}

/**
 * Every page a person can meet, in a language; `meet(name)` is called at each. No test lets this
 * person consent, or the consent page would not come.
 */
export async function walk(page, locale, meet) {
  const go = (url) => page.goto(inLanguage(url, locale));
  await go("/");
  await meet("home");
  await go("/oauth2/authorize?client_id=nobody&response_type=code");
  await meet("error");
  await go("/nowhere");
  await meet("not-found");
  await go("/id/Somchai");
  await meet("identity");
  await begin(page);
  await go(page.url());
  await meet("login");
  await page.click("#login-submit");
  await meet("login-error");
  await signIn(page, account("demo-foreigner"));
  const asked = page.locator("#consent-form");
  await asked.waitFor();
  await meet("consent");
  await page.context().clearCookies({ name: /^tamga_journey/ });
  await page.reload();
  await meet("other-browser");
  await go("/");
  await meet("home-signed-in");
  await go("/oauth2/logout");
  await meet("logout");
  await page.click("#logout-confirm");
  await page.locator("#logged-out").waitFor();
  await meet("logged-out");
}
