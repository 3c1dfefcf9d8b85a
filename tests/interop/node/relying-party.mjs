// `openid` and passport-openid, unmodified, as relying parties that the tests steer (see
// python/relying_parties.py): one line of form-encoded words in, one out. The argument says which.
import { createInterface } from "node:readline";
import openid from "openid";
import passport from "passport-openid";

const email = "http://axschema.org/contact/email";
const fullName = "http://axschema.org/namePerson";

/** The request by which a person comes back, as a server of Node.js sees it. */
function request({ url, body }) {
  const listeners = {};
  const made = {
    method: body ? "POST" : "GET",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    query: Object.fromEntries(new URL(url).searchParams),
    body: body ? Object.fromEntries(new URLSearchParams(body)) : undefined,
    on: (event, listener) => (listeners[event] = listener),
  };
  queueMicrotask(() => {
    listeners.data?.(body);
    listeners.end?.();
  });
  return made;
}

/** The words that the library puts its conclusions in. */
const refusals = { "Authentication cancelled": "cancel" };
const failure = (message) => ({ outcome: refusals[message] ?? "failure", why: message });

class ByOpenId {
  begin(words) {
    const wanted = {};
    for (const [key, uri] of Object.entries(words)) {
      const [list] = key.split(".", 1);
      if (list === "required" || list === "wanted") wanted[uri] = list === "required" ? "required" : "optional";
    }
    const exchange = new openid.AttributeExchange(wanted);
    this.party = new openid.RelyingParty(words.return_to, words.realm, words.association === "none", false, [exchange]);
    return new Promise((done) =>
      this.party.authenticate(words.identifier, words.immediate === "yes", (error, to) =>
        done(error ? failure(error.message) : { to }),
      ),
    );
  }

  finish(words) {
    return new Promise((done) =>
      this.party.verifyAssertion(request(words), (error, result) => {
        if (!result?.authenticated) return done(failure(error?.message ?? "not authenticated"));
        const { claimedIdentifier, ...rest } = result;
        const values = Object.entries(rest).filter(([key]) => key.startsWith("http"));
        done({
          outcome: "success",
          identity: claimedIdentifier,
          ...Object.fromEntries(values.map(([uri, value]) => [`ax.${uri}`, value])),
        });
      }),
    );
  }
}

class ByPassport {
  /** Passport gives a strategy these ways to say what it concludes. */
  run(asked) {
    return new Promise((done) => {
      const strategy = Object.create(this.strategy);
      strategy.redirect = (to) => done({ to });
      strategy.success = (user) => done(user);
      strategy.fail = (challenge) => done(failure(String(challenge?.message ?? challenge)));
      strategy.error = (error) => done(failure(error.message));
      strategy.authenticate(asked);
    });
  }

  begin(words) {
    const options = {
      returnURL: words.return_to,
      realm: words.realm,
      stateless: words.association === "none",
      providerURL: words.identifier,
      profile: true,
    };
    this.strategy = new passport.Strategy(options, (identity, profile, done) =>
      done(null, {
        outcome: "success",
        identity,
        [`ax.${email}`]: profile.emails[0].value ?? "",
        [`ax.${fullName}`]: profile.displayName ?? "",
      }),
    );
    return this.run({ method: "GET", query: {}, body: {} });
  }

  finish(words) {
    return this.run(request(words));
  }
}

const party = process.argv[2] === "passport" ? new ByPassport() : new ByOpenId();
for await (const line of createInterface({ input: process.stdin })) {
  const words = Object.fromEntries(new URLSearchParams(line));
  const answer = await party[words.do](words);
  console.log(String(new URLSearchParams(answer)));
}
process.exit(0);
