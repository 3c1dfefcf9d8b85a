// What the tests share: the running server, clients registered at it, a person over plain HTTP.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { webcrypto } from "node:crypto";

// Node.js 18 has these, but not yet under their global names.
globalThis.crypto ??= webcrypto;
globalThis.CryptoKey ??= webcrypto.CryptoKey;

export const base = process.env.INTEROP_BASE;
const dev = JSON.parse(process.env.INTEROP_DEV);

/** An account of the development server. */
export const account = (username = "demo-citizen") => dev.accounts.find((one) => one.username === username);

/** `tamga client add`; gives what it printed. A list is an option repeated. */
export function register(identifier, options) {
  const all = { identifier, name: `Service ${identifier}`, ...options };
  const given = Object.entries(all).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => (value === true ? [`--${name}`] : [`--${name}`, String(value)])),
  );
  const command = ["--output", "json", "client", "add", ...given];
  // As on the development server: clients on this machine may be called.
  const env = { ...process.env, TAMGA_OUTBOUND__ALLOW: "localhost" };
  return JSON.parse(execFileSync(process.env.INTEROP_BIN, command, { cwd: process.env.INTEROP_FOLDER, stdio: "pipe", env }));
}

const unescape = (text) =>
  text.replace(/&(amp|lt|gt|quot|#x27|#x2f|#39);/gi, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#x2f": "/" })[name.toLowerCase()] ?? "'");

const attribute = (tag, name) => {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`));
  return found && unescape(found[1]);
};

/** A form of a page of ours: where it goes, and what its fields hold. */
export function form(html, id) {
  const found = html.match(new RegExp(`<form id="${id}"[^>]*>([\\s\\S]*?)</form>`));
  if (!found) return null;
  const fields = new URLSearchParams();
  for (const [tag] of found[1].matchAll(/<input[^>]*>/g)) {
    const unticked = attribute(tag, "type") === "checkbox" && !/\schecked/.test(tag);
    if (attribute(tag, "name") && !unticked) fields.append(attribute(tag, "name"), attribute(tag, "value") ?? "");
  }
  return { action: attribute(found[0], "action"), fields };
}

/** A person at a browser, over plain HTTP: follows redirects and fills our forms by their ids. */
export class Person {
  cookies = new Map();
  pages = [];

  constructor(who = account()) {
    this.who = who;
  }

  async send(url, body) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const method = body ? "POST" : "GET";
    const answer = await fetch(url, { method, body, redirect: "manual", headers: { cookie } });
    // Our cookies have no dates in them, so a comma stands between two; getSetCookie is too new.
    const lines = answer.headers.get("set-cookie")?.split(", ") ?? [];
    for (const line of lines) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/max-age=0(;|$)/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Signs in and consents. Gives the client's callback: as an address, or as the request that was posted. */
  async authorize(start, until) {
    let url = new URL(start);
    let answer = await this.send(url);
    for (let hops = 0; hops < 20; hops += 1) {
      if (answer.status >= 300 && answer.status < 400) {
        url = new URL(answer.headers.get("location"), url);
        if (url.href.startsWith(until)) return url;
        answer = await this.send(url);
        continue;
      }
      const html = await answer.text();
      assert.equal(answer.status, 200, html);
      const posted = form(html, "form-post");
      if (posted) {
        assert.ok(posted.action.startsWith(until));
        return new Request(posted.action, { method: "POST", body: posted.fields });
      }
      const given = { "login-form": this.who, "consent-form": { decision: "allow" } };
      const id = Object.keys(given).find((one) => form(html, one));
      assert.ok(id, `no form that we know on ${url}`);
      this.pages.push(id);
      const { action, fields } = form(html, id);
      for (const name of ["username", "password", "decision"]) if (given[id][name]) fields.set(name, given[id][name]);
      url = new URL(action, url);
      answer = await this.send(url, fields);
    }
    throw new Error("the redirects do not end");
  }
}
