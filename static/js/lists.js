/* Ticking rows of a list: all of the page at once, and how many are ticked. */
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

  document.addEventListener("change", function (event) {
    var name = event.target.dataset && event.target.dataset.ticks;
    if (name) boxes(name).forEach(function (box) { box.checked = event.target.checked; });
    count();
  });
})();
