/* Today: one thing open under a row at a time, saved and on to the next, keys, and several rows at once. */
(function () {
  "use strict";
  var at = null; // the row that J and K are at

  function rows() {
    return Array.prototype.slice.call(document.querySelectorAll("#today-list .task:not(.gone)"));
  }

  function rowOf(number) {
    return Array.prototype.find.call(document.querySelectorAll("#today-list .task"), function (row) {
      return row.dataset.number === number;
    });
  }

  function following(row) {
    var all = rows();
    return all[all.indexOf(row) + 1] || null;
  }

  // What a row is worked on with: done, or taking it where it waits for anybody of the team.
  function mainButton(row) { return row.querySelector("[data-under=done]") || row.querySelector("button, a"); }

  function close(row) {
    row.querySelector(".under").replaceChildren();
    row.classList.remove("sel");
    row.querySelectorAll("[data-under]").forEach(function (button) { button.setAttribute("aria-expanded", "false"); });
  }

  /* under a row ---------------------------------------------------------------------------------------------------- */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-under]");
    if (!button) return;
    var row = button.closest(".task");
    var open = button.getAttribute("aria-expanded") === "true";
    rows().forEach(function (one) { if (one !== row || open) close(one); });
    if (open) { event.stopPropagation(); event.preventDefault(); return; }
    row.querySelectorAll("[data-under]").forEach(function (one) { one.setAttribute("aria-expanded", String(one === button)); });
    row.classList.add("sel");
    at = row;
  }, true);

  document.addEventListener("htmx:afterSwap", function (event) {
    if (!event.target.closest || !event.target.closest(".under")) return;
    var wrong = event.target.querySelector("[aria-invalid=true]");
    var first = wrong || event.target.querySelector("input[name=summary], textarea[name=summary], button");
    if (first) first.focus();
  });

  document.addEventListener("change", function (event) {
    var field = event.target;
    if (field.matches(".pick-row")) { choose(); return; }
    if (!field.matches(".inrow .pick")) return;
    var tap = field.form.querySelector(field.matches(".of-day") ? "[name=next][value=day]" : "[name=next][value=none]");
    if (tap) tap.checked = true;
  });

  function saved(number, next) {
    var row = rowOf(number);
    if (!row) return;
    var then = following(row);
    window.htmx.trigger(row, "refresh");
    if (!then || !next) return;
    var button = mainButton(then);
    if (next === "open" && button.dataset.under) button.click(); else button.focus();
    then.scrollIntoView({ block: "nearest" });
  }

  document.body.addEventListener("row-saved", function (event) {
    var form = event.target.closest(".inrow");
    saved(event.detail.number, form && form.querySelector(".go") ? "open" : "focus");
  });
  document.body.addEventListener("note-saved", function (event) { saved(event.detail.number, ""); });

  /* keys ----------------------------------------------------------------------------------------------------------- */
  function go(step) {
    var all = rows();
    if (!all.length) return;
    var place = all.indexOf(at);
    place = place < 0 ? 0 : Math.min(Math.max(place + step, 0), all.length - 1);
    if (at) at.classList.remove("at");
    at = all[place];
    at.classList.add("at");
    mainButton(at).focus({ preventScroll: true });
    at.scrollIntoView({ block: "nearest" });
  }

  var UNDER = { e: "done", s: "snooze", l: "log" };
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey) return;
    var form = event.target.closest("form.inrow");
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && event.target.closest(".under")) {
      var row = event.target.closest(".task");
      close(row);
      mainButton(row).focus();
      return;
    }
    if (event.target.closest("input:not(.pick-row), textarea, select, dialog[open]")) return;
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") { event.preventDefault(); go(key === "j" ? 1 : -1); }
    if (UNDER[key] && at && at.isConnected) {
      var button = at.querySelector("[data-under=" + UNDER[key] + "]");
      if (!button) return;
      event.preventDefault();
      button.click();
    }
  });

  /* several at once ------------------------------------------------------------------------------------------------ */
  function choose() {
    var form = document.getElementById("many");
    var number = document.querySelectorAll("input.pick-row:checked").length;
    form.hidden = !number;
    form.querySelector(".chosen").textContent = number;
  }

  document.addEventListener("reset", function (event) {
    if (event.target.id === "many") window.setTimeout(choose);
  });
  function count() { // the headings follow the counts on top
    document.querySelectorAll("[data-counts]").forEach(function (number) {
      var heading = document.querySelector("#b-" + number.dataset.counts + " h2 b");
      if (heading) heading.textContent = number.textContent;
    });
  }

  document.body.addEventListener("htmx:afterSettle", function (event) {
    if (event.target.matches(".buckets")) count();
    if (event.target.id === "today-list" || event.target.id === "many") choose();
  });
})();
