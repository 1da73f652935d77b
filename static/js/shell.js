/* The search palette: opens with Ctrl K or its button, walks with the arrow keys. All content comes from the server. */
(function () {
  "use strict";
  var palette = document.getElementById("palette");
  var opener = document.querySelector("[data-opens=palette]");
  if (!palette || !opener) return;
  var input = palette.querySelector("input");

  function open() {
    if (!palette.open) palette.showModal();
    input.focus();
    input.select();
  }

  function options() {
    return Array.prototype.slice.call(palette.querySelectorAll("[role=option]"));
  }

  function select(step) {
    var all = options();
    if (!all.length) return;
    var now = all.findIndex(function (one) { return one.getAttribute("aria-selected") === "true"; });
    var next = now < 0 ? (step > 0 ? 0 : all.length - 1) : (now + step + all.length) % all.length;
    all.forEach(function (one, place) { one.setAttribute("aria-selected", String(place === next)); });
    all[next].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[next].id);
  }

  function go() {
    var all = options();
    var chosen = all.find(function (one) { return one.getAttribute("aria-selected") === "true"; }) || all[0];
    if (chosen) location.assign(chosen.href);
  }

  opener.addEventListener("click", open);
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("keydown", function (event) {
    if (event.isComposing) return; // an input method is still choosing characters: its Enter is not ours
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      go();
    }
  });
  palette.addEventListener("click", function (event) {
    if (event.target === palette) palette.close();
  });
})();
