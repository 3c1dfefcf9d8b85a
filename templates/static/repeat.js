// Sends a form again after a while, so that a screen that waits goes on by itself; without it the
// person presses the button.
"use strict";
for (const form of document.querySelectorAll("form[data-repeat]")) {
  setTimeout(() => HTMLFormElement.prototype.submit.call(form), Number(form.dataset.repeat) * 1000);
}
