// Not a test: writes docs/screenshots/ anew, for the README and for a person to look at.
//   tests/interop/run screenshots
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { devicesPages } from "./device-screenshots.mjs";
import { begin, inLanguage, launch, signIn } from "./chromium.mjs";
import { peoplesPages } from "./people-screenshots.mjs";
import { account, base, register } from "./support.mjs";

const folder = fileURLToPath(new URL("../../../docs/screenshots/", import.meta.url));
await mkdir(folder, { recursive: true });

// A service that asks for little, so that a whole consent page fits a picture.
const callback = "https://tax.example/callback";
const scope = ["openid", "given_name", "family_name", "email", "phone"];
register("tax", { name: "Tax Service", type: "public", "allowed-flow": "authorization-code", "redirect-uri": callback, scope });
const start = new URL("/oauth2/authorize", base);
start.search = new URLSearchParams({
  client_id: "tax",
  redirect_uri: callback,
  response_type: "code",
  scope: scope.join(" "),
  state: "picture",
  code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  code_challenge_method: "S256",
});

// Whoever has consented isn't asked again, so each combination takes another person.
const people = ["demo-foreigner", "demo-citizen", "demo-citizen-kz", "demo-agent"].map(account);

/** Takes pictures of a page, each cut at the length given. */
const camera = (page, ending) => async (name, longest = 1600) => {
  await page.mouse.move(0, 0); // nothing is hovered over
  const { width } = page.viewportSize();
  const height = Math.min(longest, await page.evaluate("document.documentElement.scrollHeight"));
  const path = `${folder}${name}-${ending}.png`;
  await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height }, animations: "disabled" });
};

const browser = await launch();
for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ locale: "en-GB", colorScheme, viewport: { width, height: 720 } });
    const page = await context.newPage();
    const shot = camera(page, `${width}-${colorScheme}`);

    await page.goto(`${base}/oauth2/authorize?client_id=nobody&response_type=code`);
    await shot("error");
    await page.goto(start.href);
    const login = page.url();
    await shot("login");
    await page.fill("#username", people[0].username);
    await page.click("#login-submit");
    await page.locator("#errors").waitFor();
    await shot("login-error");
    if (colorScheme === "light") {
      const locale = width === 360 ? "th" : "mn";
      await page.goto(inLanguage(login, locale));
      await shot(`login-${locale}`);
      await page.goto(inLanguage(login, "en"));
    }
    await signIn(page, people[0]);
    await page.locator("#consent-form").waitFor();
    await shot("consent");
    await begin(page);
    await page.click("#consent-allow");
    await page.locator("#result").waitFor();
    await shot("result", 1100);
    await page.goto(`${base}/oauth2/logout`);
    await shot("logout");
    await context.close();
    people.shift();
  }
}
// All of people's pages in English, and of other languages those with the longest words.
for (const [width, colorScheme, locale, some] of [
  [1280, "light", "en"],
  [360, "dark", "en"],
  [360, "light", "kk", ["register", "account-security", "registrar-person"]],
  [360, "light", "mn", ["account", "level"]],
  [360, "light", "ru", ["register-details", "account-applications"]],
  [1280, "light", "th", ["code", "account"]],
]) {
  const context = await browser.newContext({ locale: "en-GB", colorScheme, viewport: { width, height: 720 } });
  const page = await context.newPage();
  const shot = camera(page, locale === "en" ? `${width}-${colorScheme}` : `${locale}-${width}-${colorScheme}`);
  await peoplesPages(page, locale, async (name, longest) => {
    if (!some || some.includes(name)) await shot(name, longest);
  });
  await context.close();
}
for (const [width, colorScheme, locale, ending] of [
  [1280, "light", "en", "1280-light"],
  [360, "dark", "en", "360-dark"],
  [360, "light", "kk", "kk-360-light"],
]) {
  const context = await browser.newContext({ locale: "en-GB", colorScheme, viewport: { width, height: 720 } });
  const page = await context.newPage();
  await devicesPages(page, locale, camera(page, ending));
  await context.close();
}
await browser.close();
console.log(`written: ${folder}`);
