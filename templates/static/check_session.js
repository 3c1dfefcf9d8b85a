// Tells a relying party's page whether this browser's session is still the one it knows (OpenID Connect
// Session Management 1.0 §3.2). Reads nothing but the browser state, and tells nothing but one word.
"use strict";
const { cookie } = document.currentScript.dataset;

const state = () => {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${cookie}=`));
  return found ? found.slice(cookie.length + 1) : "";
};

const digest = async (text) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const judge = async (message, origin) => {
  const [, client, hash, salt] = String(message).match(/^(\S+) ([\w-]+)\.([\w-]+)$/) ?? [];
  if (!client) return "error";
  return (await digest(`${client} ${origin} ${state()} ${salt}`)) === hash ? "unchanged" : "changed";
};

addEventListener("message", async (event) => {
  // A page without an origin can't be answered to it alone.
  if (!event.source || event.origin === "null") return;
  event.source.postMessage(await judge(event.data, event.origin).catch(() => "error"), event.origin);
});
