// An Apache of the test's own with mod_auth_openidc, as Debian ships it: one protected page that says
// who came, on a port of its own, in a folder that goes away.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, readFileSync, chmodSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { base } from "./support.mjs";

const modules = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"].find((folder) =>
  existsSync(join(folder, "mod_auth_openidc.so")),
);
const program = ["/usr/sbin/apache2", "/usr/sbin/httpd"].find(existsSync);

/** Whether this machine has it. */
export const isThere = Boolean(modules && program);

export const freePort = () =>
  new Promise((done, failed) => {
    const server = createServer().once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

const load = ["mpm_event", "unixd", "authn_core", "authz_core", "authz_user", "dir", "mime", "include", "auth_openidc"];

const page = `<!DOCTYPE html><html lang="en"><title>Protected</title><main id="main">
<p id="user"><!--#echo var="REMOTE_USER" --></p>
<p id="name"><!--#echo var="OIDC_CLAIM_name" --></p>
<p id="email"><!--#echo var="OIDC_CLAIM_email" --></p>
<p id="acr"><!--#echo var="OIDC_CLAIM_acr" --></p>
</main></html>`;

/** Starts it; `directives` are the module's. Gives where it is, and how to stop it. */
export async function serve(port, directives) {
  const folder = mkdtempSync(join(tmpdir(), "apache-"));
  for (const name of ["site", "site/protected"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "site/protected/index.shtml"), page);
  writeFileSync(join(folder, "site/index.html"), "<!DOCTYPE html><title>Public</title><p id=public>Nobody is signed in.</p>");
  for (const name of ["", "site", "site/protected"]) chmodSync(join(folder, name), 0o755);
  const origin = `http://localhost:${port}`;
  const lines = [
    `ServerRoot ${folder}`,
    `PidFile ${folder}/pid`,
    `ErrorLog ${folder}/error.log`,
    "LogLevel warn auth_openidc:info",
    `ServerName localhost:${port}`,
    `Listen 127.0.0.1:${port}`,
    ...load.filter((name) => existsSync(join(modules, `mod_${name}.so`))).map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`),
    ...(process.getuid() === 0 ? ["User nobody", "Group nogroup"] : []),
    `DocumentRoot ${folder}/site`,
    "TypesConfig /dev/null",
    "AddDefaultCharset utf-8",
    "DirectoryIndex index.shtml index.html",
    "AddType text/html .shtml",
    "AddHandler server-parsed .shtml",
    `OIDCProviderMetadataURL ${base}/.well-known/openid-configuration`,
    `OIDCRedirectURI ${origin}/protected/redirect_uri`,
    "OIDCCryptoPassphrase a-passphrase-of-this-test-alone",
    `OIDCCacheType shm`,
    ...directives,
    `<Directory ${folder}/site>\nOptions +Includes\nRequire all granted\n</Directory>`,
    "<Location /protected>\nAuthType openid-connect\nRequire valid-user\n</Location>",
  ];
  writeFileSync(join(folder, "httpd.conf"), `${lines.join("\n")}\n`);
  const child = spawn(program, ["-X", "-f", join(folder, "httpd.conf")], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const log = () => said + (existsSync(join(folder, "error.log")) ? readFileSync(join(folder, "error.log"), "utf8") : "");
  const ended = new Promise((done) => child.once("exit", done));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100; tries += 1) {
    if (child.exitCode !== null) break;
    const up = await fetch(origin).then((answer) => answer.ok, () => false);
    if (up) return { origin, log, stop };
    await new Promise((done) => setTimeout(done, 100));
  }
  const text = log();
  await stop();
  throw new Error(`Apache does not come up: ${text}`);
}
