// Pictures of a device's screen and of the pages its person sees.
import { inLanguage, signIn } from "./chromium.mjs";
import { account, base } from "./support.mjs";

export async function devicesPages(page, locale, shot) {
  await page.goto(`${base}/demo/device`);
  await page.click("#start");
  await shot("device-screen");
  const address = await page.getAttribute("#verify", "href");
  await page.goto(inLanguage(address, locale));
  await shot("device");
  await page.click("#device-submit");
  if (await page.locator("#login-form").count()) await signIn(page, account("demo-citizen"));
  await page.locator("#consent-form").waitFor();
  await shot("device-consent", 1100);
  await page.click("#consent-allow");
  await page.locator("#device-done").waitFor();
  await shot("device-done");
}
