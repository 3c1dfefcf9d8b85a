// `oauth`, unmodified, as a consumer that the tests steer (see python/consumers.py): one line of
// form-encoded words in, one out.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import oauth from "oauth";

function consumer(words) {
  const secret = words.rsa_key ? readFileSync(words.rsa_key, "utf8") : words.secret;
  const { request_url, access_url, key, callback, method } = words;
  const made = new oauth.OAuth(request_url, access_url, key, secret, "1.0A", callback, method);
  if (words.nonce) {
    made._getNonce = () => words.nonce;
    made._getTimestamp = () => words.timestamp;
  }
  return made;
}

/** What the library hands to its callback, or its complaint. */
const heard = (call, told) =>
  new Promise((done) =>
    call((error, ...rest) => done(error ? { problem: `${error.statusCode} ${error.data ?? error}` } : told(...rest))),
  );

const steps = {
  request: (words) =>
    heard(
      (done) => consumer(words).getOAuthRequestToken(words.scope ? { scope: words.scope } : {}, done),
      (token, token_secret, results) => ({
        token,
        token_secret,
        confirmed: results.oauth_callback_confirmed,
        to: `${words.authorize_url}?oauth_token=${token}`,
      }),
    ),
  access: (words) =>
    heard(
      (done) => consumer(words).getOAuthAccessToken(words.token, words.token_secret, words.verifier, done),
      (token, token_secret) => ({ token, token_secret }),
    ),
  read: (words) =>
    heard(
      (done) => consumer(words).get(words.info_url, words.token, words.token_secret, done),
      (xml) => ({ xml }),
    ),
};

for await (const line of createInterface({ input: process.stdin })) {
  const words = Object.fromEntries(new URLSearchParams(line));
  console.log(String(new URLSearchParams(await steps[words.do](words))));
}
