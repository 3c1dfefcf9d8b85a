// What tests of people's pages share: accounts made on the command line, messages sent, factors.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { base } from "./support.mjs";

/** `tamga ...`; gives what it printed. */
export const tamga = (words, input) =>
  JSON.parse(
    execFileSync(process.env.INTEROP_BIN, ["--output", "json", ...words], {
      cwd: process.env.INTEROP_FOLDER,
      input,
      stdio: "pipe",
    }).toString() || "null",
  );

export const password = "seven green herons";
let made = 0;

/** An account with these attributes (`value@level` by name); gives its sign-in, and its TOTP. */
export function person(attributes, { kind = "citizen", totp = false } = {}) {
  made += 1;
  const username = `person-${process.pid}-${made}`;
  const given = Object.entries(attributes).flatMap(([name, value]) => ["--attribute", `${name}=${value}`]);
  const factor = totp ? ["--second-factor", "totp"] : [];
  const command = ["user", "add", "--kind", kind, "--username", username, "--password-stdin", ...factor, ...given];
  const printed = tamga(command, password);
  return { username, password, totp: totp && authenticator(printed.totp.secret) };
}

/** A Thai citizen id that no other test has: twelve digits and the one that checks them. */
export function citizenId() {
  const digits = [3, ...unused(11)];
  const sum = digits.reduce((sum, digit, place) => sum + digit * (13 - place), 0);
  return [...digits, (11 - (sum % 11)) % 10].join("");
}

/** A Kazakh telephone that no other test has. */
export const phone = () => `+7701${unused(7).join("")}`;

const unused = (length) => {
  made += 1;
  const text = `${process.pid % 10_000}${String(made).padStart(3, "0")}`.slice(-length);
  return [...text.padStart(length, "0")].map(Number);
};

/** Messages sent there, newest first. */
export async function sentTo(to) {
  const answer = await fetch(`${base}/dev/outbox`, { headers: { accept: "application/json" } });
  const messages = await answer.json();
  return messages.filter((message) => message.to === to);
}

/** The newest message there, as it comes: a message may be on its way for a moment. */
export async function message(to, pattern = /\b\d{6}\b/) {
  for (let tries = 0; tries < 50; tries += 1) {
    const found = (await sentTo(to)).find(({ text }) => pattern.test(text));
    if (found) {
      assert.deepEqual(Object.keys(found).sort(), ["at", "channel", "id", "subject", "text", "to"]);
      return found;
    }
    await sleep(100);
  }
  throw new Error(`no message like ${pattern}`);
}

export const codeSentTo = async (to) => (await message(to)).text.match(/\b\d{6}\b/)[0];

/** An authenticator application (RFC 6238) that holds this Base32 secret; no code of its comes twice. */
export function authenticator(secret) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const letters = secret.replace(/[\s=]/g, "").toUpperCase();
  const bits = [...letters].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  let last = 0;
  const step = () => Math.floor(Date.now() / 30_000);
  const at = (counter) => {
    const message = Buffer.alloc(8);
    message.writeBigUInt64BE(BigInt(counter));
    const digest = createHmac("sha1", key).update(message).digest();
    const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
  };
  return {
    async code() {
      // The server takes the code of the step that comes, for clocks that run fast, and each once.
      const next = Math.max(step(), last + 1);
      while (next > step() + 1) await sleep(500);
      last = next;
      return at(next);
    },
    wrong: () => String((Number(at(step())) + 1) % 1_000_000).padStart(6, "0"),
  };
}

/** Chromium's own authenticator, in place of a finger on a sensor. */
export async function passkeys(context, page) {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    held: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    verify: (isUserVerified) => session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
  };
}

/** Signs in by name and password at the page that stands open. */
export async function enter(page, who) {
  await page.fill("#username", who.username);
  await page.fill("#password", who.password);
  await page.click("#login-submit");
  if (who.totp) {
    await page.fill("#code", await who.totp.code());
    await page.click("#code-submit");
  }
}

/** Signs out, whatever page stands open. */
export async function leave(page) {
  await page.goto(`${base}/oauth2/logout`);
  await page.click("#logout-confirm");
  await page.locator("#logged-out").waitFor();
}

/** A field's message, beside it and named by it. */
export async function errorOf(page, id) {
  const error = page.locator(`#${id}-error`);
  await error.waitFor();
  assert.ok((await page.getAttribute(`#${id}`, "aria-describedby")).split(" ").includes(`${id}-error`));
  assert.equal(await page.getAttribute(`#${id}`, "aria-invalid"), "true");
  assert.equal(await page.evaluate("document.activeElement.id"), "errors", "the summary has the focus");
  return error.innerText();
}
