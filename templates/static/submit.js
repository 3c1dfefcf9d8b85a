// Sends the form that carries the answer back; without it the person presses the button.
"use strict";
document.getElementById("form-post").submit();
