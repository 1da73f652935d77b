/* The list at the door. What is ticked is sent one after the other and again until it arrives: on a slow net nothing
   is lost. Each says how it is (came or not), so that sending it twice changes nothing. Leaving with something unsent
   asks first. */
(function () {
  "use strict";
  var waiting = new Map(); // address -> the last value, which alone counts
  var sending = false;
  var AGAIN = 3000; // ms

  function token() { return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]; }

  function show() {
    var note = document.getElementById("pending");
    note.textContent = waiting.size ? note.dataset.words + " " + waiting.size : "";
    document.getElementById("came").textContent = document.querySelectorAll(".came:checked").length;
  }

  function next() {
    if (sending || !waiting.size) return;
    var entry = waiting.entries().next().value;
    sending = true;
    window.fetch(entry[0], { method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams(entry[1]) })
      .then(function (answer) {
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        if (waiting.get(entry[0]) === entry[1]) waiting.delete(entry[0]);
        sending = false; show(); next();
      })
      .catch(function () { sending = false; window.setTimeout(next, AGAIN); });
  }

  function send(field) {
    var value = field.type === "checkbox" ? { came: field.checked ? "1" : "0" } : { guests: String(Math.max(0, Number(field.value) || 0)) };
    waiting.set(field.dataset.sends, value);
    show(); next();
  }

  document.addEventListener("change", function (event) { if (event.target.dataset.sends) send(event.target); });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-steps]");
    if (!button) return;
    var field = document.getElementById("nameless");
    field.value = Math.max(0, (Number(field.value) || 0) + Number(button.dataset.steps));
    send(field);
  });
  window.addEventListener("beforeunload", function (event) { if (waiting.size) event.preventDefault(); });
})();
