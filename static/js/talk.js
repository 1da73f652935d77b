/* The quick log: what is typed and not yet on the server stays in this browser, for this person alone, until it is.
   Everything kept here is wiped when somebody signs out, and when another person signs in. */
(function () {
  "use strict";
  var me = document.currentScript.dataset.user || "";
  var OWNER = "zhike:me";

  function stored(work) {
    try { return work(window.localStorage); } catch (refused) { return null; } // a browser that keeps nothing
  }

  function wipe() {
    stored(function (store) { store.clear(); });
    try { window.sessionStorage.clear(); } catch (refused) { /* nothing was kept */ }
  }

  if (me && stored(function (store) { return store.getItem(OWNER); }) !== me) {
    wipe();
    stored(function (store) { store.setItem(OWNER, me); });
  }
  document.addEventListener("submit", function (event) {
    if (/\/sign-out\/$/.test(event.target.getAttribute("action") || "")) wipe();
  });

  /* keeping -------------------------------------------------------------------------------------------------------- */
  function slot(number) { return "zhike:note:" + me + ":" + number; }

  function say(form, words, lost) {
    var state = form.querySelector(".state");
    if (!state) return;
    state.textContent = words;
    state.classList.toggle("lost", Boolean(lost));
  }

  function hold(form) {
    form.elements.rev.value = (Number(form.elements.rev.value) || 0) + 1;
    var note = { at: Date.now(), fields: Array.from(new FormData(form)) };
    stored(function (store) { // a page left open by who signed out keeps nothing any more
      if (me && store.getItem(OWNER) === me) store.setItem(slot(form.dataset.note), JSON.stringify(note));
    });
  }

  function held(number) {
    return stored(function (store) { return JSON.parse(store.getItem(slot(number))); });
  }

  function drop(number) {
    stored(function (store) { store.removeItem(slot(number)); });
  }

  function value(note, name) {
    var found = note.fields.find(function (field) { return field[0] === name; });
    return found ? found[1] : "";
  }

  function newer(form, note) {
    if (value(note, "key") === form.elements.key.value) return Number(value(note, "rev")) > Number(form.elements.rev.value);
    return !form.dataset.notedAt || note.at / 1000 > Number(form.dataset.notedAt);
  }

  function restore(form) {
    var note = held(form.dataset.note);
    if (!note) return;
    if (!newer(form, note)) { drop(form.dataset.note); return; }
    Array.from(form.elements).forEach(function (field) {
      if (!field.name) return;
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = note.fields.some(function (one) { return one[0] === field.name && one[1] === field.value; });
      } else {
        field.value = value(note, field.name);
      }
    });
    form.dispatchEvent(new Event("input", { bubbles: true })); // sends it to the server
  }

  function grow(text) {
    text.rows = 1;
    while (text.value && text.rows < 6 && text.scrollHeight > text.clientHeight + 4) text.rows += 1;
  }

  function unfold(form, open) {
    form.classList.toggle("open", open);
    form.querySelector("[data-unfolds]").setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("htmx:load", function (event) {
    var part = event.detail.elt;
    var forms = Array.from(part.querySelectorAll("form[data-note]"));
    if (part.matches("form[data-note]")) forms.push(part);
    forms.forEach(function (form) {
      if (!form.elements.summary) return; // a parked note waits there
      restore(form);
      grow(form.elements.summary);
      var wrong = form.querySelector("[aria-invalid=true]");
      if (wrong) wrong.focus(); // it may stand outside of what is scrolled to
    });
  });

  document.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-note]");
    if (!form) return;
    hold(form);
    if (event.target.name === "summary") grow(event.target);
  }, true);

  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt.closest("form[data-note]");
    var answer = event.detail.xhr;
    if (!form || !event.detail.elt.matches("[data-autosave]") || !answer) return;
    if (answer.status !== 204 || answer.getResponseHeader("HX-Redirect")) return;
    if (String(event.detail.requestConfig.parameters.rev) !== form.elements.rev.value) return; // typed on meanwhile
    drop(form.dataset.note);
    say(form, form.dataset.kept);
  });

  ["htmx:sendError", "htmx:responseError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = event.detail.elt.closest("form[data-note]");
      if (form) say(form, form.dataset.lost, true);
    });
  });

  document.addEventListener("note-saved", function (event) { drop(event.detail.number); });

  window.addEventListener("online", function () {
    document.querySelectorAll("form[data-note]").forEach(function (form) {
      if (held(form.dataset.note)) form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });

  /* keys and taps -------------------------------------------------------------------------------------------------- */
  function typing(target) {
    return target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], dialog[open]");
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing) return; // an input method is still choosing characters
    var form = event.target.closest("form[data-note]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      form.querySelector(".go").click();
    } else if (event.key === "l" && !(event.ctrlKey || event.metaKey || event.altKey) && !typing(event.target)) {
      var bar = document.querySelector("#log-bar textarea, #log-bar .go");
      if (!bar) return;
      event.preventDefault();
      bar.focus();
    } else if ((event.key === " " || event.key === "Delete") && event.target.matches("[data-clears] .tap:checked")) {
      event.preventDefault();
      clear(event.target);
    }
  });

  function clear(tap) {
    tap.checked = false;
    tap.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A second tap on a chosen answer takes it back: whether it was chosen is known only before the click.
  var chosen = null;
  document.addEventListener("pointerdown", function (event) {
    var label = event.target.closest("[data-clears] label");
    var tap = label && label.control;
    chosen = tap && tap.checked ? tap : null;
  });

  document.addEventListener("click", function (event) {
    var tap = event.target;
    if (tap.matches("[data-clears] .tap")) {
      if (tap === chosen) clear(tap);
      else if (tap.value === "day" && tap.checked) pick(tap.form.elements.next_on);
      chosen = null;
    }
    var folder = tap.closest("[data-unfolds]");
    if (folder) unfold(folder.form, !folder.form.classList.contains("open"));
    document.querySelectorAll("details.parked[open]").forEach(function (list) {
      if (!list.contains(tap)) list.open = false;
    });
  });

  function pick(day) {
    day.focus();
    try { day.showPicker(); } catch (refused) { /* an older browser: the field is there to type into */ }
  }
})();
