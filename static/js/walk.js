/* J and K on a customer's page: to the next and the previous customer of the list one came from. Not while typing. */
(function () {
  "use strict";

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    var way = { j: "next", k: "prev" }[event.key.toLowerCase()];
    var link = way && document.querySelector("#walk a[rel=" + way + "]");
    if (!link) return;
    event.preventDefault();
    location.assign(link.href);
  });
})();
