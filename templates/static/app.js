// Adds the "show password" button; everything works without it.
"use strict";
for (const button of document.querySelectorAll("button[data-show]")) {
  const input = document.getElementById(button.dataset.show);
  const words = { password: button.textContent, text: button.dataset.shown };
  const become = (type) => {
    input.type = type;
    button.textContent = words[type];
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    become(input.type === "password" ? "text" : "password");
    input.focus();
  });
  // Password managers and the browser's history know only fields of type password.
  input.form.addEventListener("submit", () => become("password"));
}
