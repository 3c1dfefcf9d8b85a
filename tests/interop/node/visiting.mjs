// What tests of pages share: a browser that complains, and what must hold on every page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { inLanguage, launch } from "./chromium.mjs";
import { base } from "./support.mjs";

export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const heaviest = 30 * 1024;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A browser of its own for `use`; fails on whatever the console complains of that is not tolerated. */
export async function visit(options, use) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });
  const complaints = [];
  const page = await context.newPage();
  try {
    page.setDefaultTimeout(15_000);
    page.on("console", (message) => {
      // A page answered with 4xx is no fault of the page; a style or script missing is.
      const refused = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
      if (refused && !message.location().url.includes("/static/")) return;
      if (options.tolerated?.test(message.text())) return;
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      const { origin } = new URL(request.url());
      if (origin !== base && !options.elsewhere) complaints.push(`asked ${origin}`);
    });
    await use(page, context);
  } catch (error) {
    const shown = await page.innerText("main", { timeout: 1000 }).catch(() => "no page of ours");
    throw new Error(`${error.message}\nThe page that stood open, ${page.url()}, said:\n${shown}`, { cause: error });
  } finally {
    await context.close();
  }
  assert.deepEqual(complaints, []);
}

/** A wide light window and a narrow dark one: between them and the languages all is seen. */
export const windows = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 360, height: 800 } },
  narrow: { colorScheme: "light", viewport: { width: 320, height: 640 } },
};

/** A visit in a language, with axe at hand and a `meet(name)` that judges the page it is called on. */
export const visitIn = (locale, options, use) =>
  visit(options, async (page, context) => {
    await context.addInitScript({ content: axe });
    await page.goto(inLanguage("/", locale));
    await use(page, (name) => judge(page, name, locale), context);
  });

/** What axe finds, a text missing, too wide, too heavy: no page may have any of it. */
export async function judge(page, name, locale) {
  await assertTranslated(page, name, locale);
  await assertAccessible(page, name);
  await assertFits(page, name);
  await assertLight(page, name);
}

export async function assertTranslated(page, name, locale) {
  assert.equal(await page.getAttribute("html", "lang"), locale, `${name} is in the language chosen`);
  const text = await page.innerText("body");
  assert.doesNotMatch(text, /\b(attribute|gender|kind|level|scope)-\w/, `${name} has a text in every language`);
}

export async function assertAccessible(page, name) {
  const { passes, violations } = await page.evaluate("axe.run()");
  assert.ok(passes.length > 15, `${name}: axe looked at ${passes.length} rules only`);
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
  assert.deepEqual(found, [], name);
}

export async function assertFits(page, name) {
  const { width } = page.viewportSize();
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(wide <= width, `${name} is ${wide} px wide in a window of ${width}`);
}

export async function assertLight(page, name) {
  const sizes = await page.evaluate(
    `["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
       .map((entry) => [entry.name, entry.decodedBodySize])`,
  );
  const weight = sizes.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(sizes.length > 2 && weight > 1000 && weight < heaviest, `${name}: ${weight} bytes: ${sizes.join("; ")}`);
}

export const resultIs = async (page, ok) => {
  await page.locator("#result").waitFor();
  const text = await page.locator("#result").innerText();
  assert.equal(await page.locator("#result").getAttribute("data-ok"), String(ok), text);
  return text;
};

export const allow = async (page) => {
  await page.click("#consent-allow");
  return resultIs(page, true);
};

/** The keyboard alone: what has the focus must show it all the way. */
export function keyboard(page) {
  const press = (key) => page.keyboard.press(key);
  const focused = () => page.evaluate("document.activeElement.id || document.activeElement.className");
  const tabTo = async (id) => {
    for (let tabs = 0; tabs < 40 && (await focused()) !== id; tabs += 1) {
      await press("Tab");
      const style = "getComputedStyle(document.activeElement).outlineStyle";
      assert.notEqual(await page.evaluate(style), "none", `${await focused()} shows no focus`);
    }
    assert.equal(await focused(), id);
  };
  const typeInto = async (id, text) => {
    await tabTo(id);
    await page.keyboard.type(text);
  };
  return { press, focused, tabTo, typeInto };
}
