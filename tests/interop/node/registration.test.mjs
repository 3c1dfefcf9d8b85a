// Who is asking, in a real browser: the logo, the links and the warning of a client that registered
// itself, in every language; and axe-core's judgement of them.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { inLanguage, locales, signIn } from "./chromium.mjs";
import { account, base, register } from "./support.mjs";
import { visitIn, windows } from "./visiting.mjs";

const callback = "https://tax.example/callback";
const links = { "client-uri": "https://tax.example/", "policy-uri": "https://tax.example/policy", "tos-uri": "https://tax.example/terms" };

/** A square of one colour. */
function png(side) {
  const chunk = (kind, data) => {
    const named = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(checksum(named));
    return Buffer.concat([length, named, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, 0x55)]);
  const pixels = deflateSync(Buffer.concat(Array(side).fill(line)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** PNG Annex D; older Node.js has none of its own. */
function checksum(bytes) {
  if (crc32) return crc32(bytes);
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const request = (client) =>
  `${base}/oauth2/authorize?${new URLSearchParams({ client_id: client, response_type: "code", redirect_uri: callback, scope: "openid email" })}`;

describe("who is asking", () => {
  let operators, itself;
  before(async () => {
    const logo = join(process.env.INTEROP_FOLDER, "logo.png");
    writeFileSync(logo, png(64));
    const flow = { "allowed-flow": "authorization-code", "redirect-uri": callback, scope: ["openid", "email"], "generate-secret": true };
    operators = register("node-card", { ...flow, logo, ...links }).client_id;
    const answer = await fetch(`${base}/oauth2/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ redirect_uris: [callback], client_name: "Tax Service", policy_uri: links["policy-uri"] }),
    });
    assert.equal(answer.status, 201);
    itself = (await answer.json()).client_id;
  });

  for (const locale of locales) {
    for (const [name, window] of Object.entries(windows)) {
      test(`is shown in ${locale} in a ${name} window`, () =>
        visitIn(locale, window, async (page, meet) => {
          await page.goto(inLanguage(request(operators), locale));
          await page.goto(inLanguage(page.url(), locale));
          await meet("login with a logo");
          // It has come, and from us.
          const logo = page.locator(".asker-logo");
          assert.equal(await logo.evaluate((image) => image.naturalWidth), 64);
          assert.equal(new URL(await logo.evaluate((image) => image.currentSrc)).origin, base);
          for (const href of Object.values(links)) {
            assert.equal(await page.getAttribute(`.asker a[href="${href}"]`, "rel"), "noopener");
          }
          assert.equal(await page.locator(".asker-warning").count(), 0);
          await page.goto(request(itself));
          await page.goto(inLanguage(page.url(), locale));
          await page.locator(".asker-warning").waitFor();
          await meet("login with a warning");
          await signIn(page, account("demo-foreigner"));
          await page.locator("#consent-form").waitFor();
          await page.locator(".asker-warning").waitFor();
          await meet("consent with a warning");
        }));
    }
  }
});
