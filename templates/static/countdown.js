// Counts down what a page says of a code's life and of the wait for the next one; without it the
// page says what was so when it was made.
"use strict";
for (const place of document.querySelectorAll("[data-countdown]")) {
  const end = Date.now() + Number(place.dataset.countdown) * 1000;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    place.textContent = place.dataset.words.replace("%", clock);
    if (left > 0) {
      setTimeout(show, 1000);
    } else if (place.id === "resend-hint") {
      place.hidden = true;
    }
  };
  show();
}
