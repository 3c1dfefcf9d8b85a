// Pictures of people's pages: in English, and those with long words in other languages.
import { begin, inLanguage } from "./chromium.mjs";
import { citizenId, enter, errorOf, leave, person, phone, tamga } from "./people.mjs";
import { base, register } from "./support.mjs";

const callback = "https://land.example/callback";

/** Where a service that asks for more sends people. */
function asking(identifier, options) {
  const scope = ["openid", "profile"];
  register(identifier, { type: "public", "allowed-flow": "authorization-code", "redirect-uri": callback, scope, ...options });
  const start = new URL("/oauth2/authorize", base);
  start.search = new URLSearchParams({
    client_id: identifier,
    redirect_uri: callback,
    response_type: "code",
    scope: scope.join(" "),
    state: "picture",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  });
  return start.href;
}

const known = () => ({
  first_name: "Айгерім@2",
  last_name: "Нұрланова@2",
  citizen_id: `${citizenId()}@2`,
  date_of_birth: "1990-05-15@2",
  gender: "female@2",
  occupation: "Engineer@0",
  email: "aigerim.nurlanova@citizen.example@1",
  mobile_phone: `${phone()}@1`,
  "address.province": "Алматы@1",
});

const land = asking("land", { name: "Land Office", "require-attribute": ["citizen_id", "date_of_birth", "gender"] });
const tax = asking("tax-3", { name: "Tax Service", "min-level": 3 });

/** `shot(name)` is called at each. */
export async function peoplesPages(page, locale, shot) {
  await page.goto(inLanguage("/", locale));
  await makeAccount(page, shot);
  await signIn(page, shot);
  await more(page, shot);
  await own(page, shot);
  await registrar(page, shot);
}

async function makeAccount(page, shot) {
  await begin(page);
  await page.click("#register-link");
  await shot("register");
  await page.check("#kind-citizen");
  await page.click("#kind-submit");
  await page.fill("#citizen_id", "1234567890123");
  await page.fill("#first_name", "Айгерім");
  await page.click("#register-form-submit");
  await errorOf(page, "citizen_id");
  await shot("register-details");
}

async function signIn(page, shot) {
  const mobile = phone();
  person({ first_name: "Aru@1", mobile_phone: `${mobile}@1` });
  await begin(page);
  await page.click("#phone-login");
  await page.fill("#phone", mobile);
  await shot("phone");
  await page.click("#phone-submit");
  await page.locator("#code-form").waitFor();
  await shot("code");
}

async function more(page, shot) {
  const who = person({ first_name: "Aru@1", last_name: "Saparova@1", mobile_phone: phone() });
  await page.goto(land);
  await enter(page, who);
  await page.fill("#citizen_id", "1234567890123");
  await page.click("#attributes-submit");
  await errorOf(page, "citizen_id");
  await shot("attributes");
  await page.goto(tax);
  await page.locator("#level-form").waitFor();
  await shot("level");
  await leave(page);
}

async function own(page, shot) {
  const who = person(known());
  await begin(page);
  await enter(page, who);
  await page.click("#consent-allow");
  await page.locator("#result").waitFor();
  for (const [name, path] of [
    ["account", "/account"],
    ["account-sessions", "/account/sessions"],
    ["account-applications", "/account/applications"],
    ["account-activity", "/account/activity"],
    ["account-security", "/account/security"],
  ]) {
    await page.goto(base + path);
    await shot(name);
  }
  await leave(page);
}

async function registrar(page, shot) {
  const who = person({ first_name: "Бауыржан@2" }, { kind: "government-agent", totp: true });
  tamga(["user", "grant", who.username, "--role", "registrar"]);
  const asked = person(known());
  await page.goto(`${base}/registrar`);
  await enter(page, who);
  await page.fill("#q", asked.username);
  await page.click("#search");
  await page.locator("tbody a").waitFor();
  await shot("registrar");
  await page.click("tbody a");
  await page.locator("#levels-form").waitFor();
  await page.check('[name=attribute][value="citizen_id"]');
  await page.click("#levels-submit");
  await errorOf(page, "level");
  await shot("registrar-person", 2600);
}
