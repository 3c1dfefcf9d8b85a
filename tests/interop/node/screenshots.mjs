// Not a test: writes docs/screenshots/ anew, for the README and for a person to look at.
//   tests/interop/run screenshots
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { begin, inLanguage, launch, signIn } from "./chromium.mjs";
import { account, base } from "./support.mjs";

const folder = fileURLToPath(new URL("../../../docs/screenshots/", import.meta.url));
await mkdir(folder, { recursive: true });

const browser = await launch();
for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({ locale: "en-GB", colorScheme, viewport: { width, height: 800 } });
    const page = await context.newPage();
    const shot = async (name) => {
      const path = `${folder}${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
    };

    await page.goto(`${base}/oauth2/authorize?client_id=nobody&response_type=code`);
    await shot("error");
    await begin(page);
    const login = page.url();
    await shot("login");
    await page.fill("#username", "demo-foreigner");
    await page.click("#login-submit");
    await page.locator("#errors").waitFor();
    await shot("login-error");
    for (const locale of ["mn", "th"]) {
      await page.goto(inLanguage(login, locale));
      await shot(`login-${locale}`);
    }
    await page.goto(inLanguage(login, "en"));
    // Whoever has consented isn't asked again, so each combination takes another person.
    const people = { "360-light": "demo-foreigner", "360-dark": "demo-citizen", "1280-light": "demo-citizen-kz", "1280-dark": "demo-agent" };
    await signIn(page, account(people[`${width}-${colorScheme}`]));
    await page.locator("#consent-form").waitFor();
    await shot("consent");
    await page.click("#consent-allow");
    await page.locator("#result").waitFor();
    await shot("result");
    await page.goto(`${base}/oauth2/logout`);
    await shot("logout");
    await context.close();
  }
}
await browser.close();
console.log(`written: ${folder}`);
