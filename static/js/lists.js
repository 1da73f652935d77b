/* Ticking rows of a list: all of the page at once, and how many are ticked. A condition goes on where it was completed. */
(function () {
  "use strict";

  function boxes(name) {
    return Array.prototype.slice.call(document.querySelectorAll("input[type=checkbox][name=" + name + "]"));
  }

  function count() {
    var shown = document.querySelector("[data-counts]");
    if (!shown) return;
    var ticked = boxes(shown.dataset.counts).filter(function (box) { return box.checked; }).length;
    shown.hidden = !ticked;
    shown.textContent = String(ticked);
  }

  document.addEventListener("htmx:load", function (event) {
    var field = event.detail.elt;
    if (field.id !== "id_rule") return;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });

  document.addEventListener("change", function (event) {
    var name = event.target.dataset && event.target.dataset.ticks;
    if (name) boxes(name).forEach(function (box) { box.checked = event.target.checked; });
    count();
  });
})();
