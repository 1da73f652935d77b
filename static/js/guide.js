/* Help opens in a dialog where scripts run; the tour outlines what its step is about and stands beside it. */
(function () {
  "use strict";
  var help = document.getElementById("help");
  if (help) {
    document.body.addEventListener("htmx:afterSwap", function (event) {
      if (event.detail.target !== help || !help.firstElementChild) return;
      if (!help.open) help.showModal();
      help.querySelector(".help-in").focus();
    });
    help.addEventListener("click", function (event) {
      if (event.target === help) help.close();
    });
  }

  var tour = document.getElementById("tour");
  if (!tour) return;
  var wanted = tour.getAttribute("data-target");
  var shown = null;
  var GAP = 14;
  var BAR = 56;

  function stand() {
    if (!shown || window.innerWidth <= 760) return;
    var place = shown.getBoundingClientRect();
    var below = place.bottom + GAP + tour.offsetHeight < window.innerHeight;
    var above = place.top - GAP - tour.offsetHeight > BAR; // the top bar stays free
    if (!below && !above) return; // it fills the page: the corner does
    tour.style.top = (below ? place.bottom + GAP : place.top - GAP - tour.offsetHeight) + "px";
    tour.style.bottom = "auto";
    var left = Math.min(Math.max(12, place.left), window.innerWidth - tour.offsetWidth - 12);
    tour.style.left = left + "px";
    tour.style.right = "auto";
  }

  function look() {
    if (!wanted || shown) return;
    shown = document.querySelector(wanted);
    if (!shown) return;
    shown.classList.add("tour-here");
    if (shown.getBoundingClientRect().top > window.innerHeight - 120) shown.scrollIntoView({ block: "center" });
    stand();
  }

  look();
  tour.focus({ preventScroll: true });
  document.body.addEventListener("htmx:afterSettle", function () { look(); stand(); });
  window.addEventListener("resize", stand);
  window.addEventListener("scroll", stand, { passive: true });
  tour.addEventListener("keydown", function (event) {
    if (event.key === "Escape") tour.querySelector("[value=leave]").click();
  });
})();
