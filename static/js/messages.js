/* Messages: copying a text to send it by hand, and closing what is done with. All texts come from the server. */
(function () {
  "use strict";

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var area = document.createElement("textarea"); // a branch PC that reaches the bank's server without TLS
    area.value = text;
    area.className = "visually-hidden";
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
  }

  document.addEventListener("click", function (event) {
    var copier = event.target.closest("[data-copies]");
    if (copier) {
      copy(copier.dataset.copies).then(function () { copier.setAttribute("aria-pressed", "true"); });
      return;
    }
    var closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("form").remove();
  });

  document.addEventListener("message-written", function () {
    var slot = document.getElementById("messages-slot");
    if (slot) slot.textContent = "";
  });
})();
