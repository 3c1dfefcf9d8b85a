// Goes on to the service once the frames of the others have loaded, or have had time to; without it the
// person follows the link.
"use strict";
const onward = () => location.replace(document.getElementById("onward").href);
addEventListener("load", onward);
setTimeout(onward, 5000);
