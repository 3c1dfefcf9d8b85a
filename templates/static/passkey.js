// Asks the browser for a passkey, or to make one, and sends its answer as a form field.
"use strict";
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const place = (id) => form.querySelector(`#passkey-${id}`);
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const listed = (list) => list && list.map((item) => ({ ...item, id: bytes(item.id) }));
  if (window.PublicKeyCredential) {
    place("unable").hidden = true;
    place("submit").hidden = false;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    place("failed").hidden = true;
    const publicKey = JSON.parse(form.dataset.options);
    publicKey.challenge = bytes(publicKey.challenge);
    publicKey.allowCredentials = listed(publicKey.allowCredentials);
    publicKey.excludeCredentials = listed(publicKey.excludeCredentials);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    try {
      const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
      const response = {};
      for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
        if (made.response[part]) response[part] = text(made.response[part]);
      }
      if (made.response.getTransports) response.transports = made.response.getTransports();
      const answer = { id: made.id, rawId: text(made.rawId), type: made.type, response, extensions: {} };
      form.elements.credential.value = JSON.stringify(answer);
      HTMLFormElement.prototype.submit.call(form);
    } catch {
      place("failed").hidden = false;
    }
  });
}
