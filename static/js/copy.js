/* Copies the text of the field that a button names (data-copies), and says so. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-copies]");
    var field = button && document.getElementById(button.getAttribute("data-copies"));
    if (!field) return;
    field.select();
    var done = function () { button.setAttribute("aria-pressed", "true"); };
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, function () {});
    else if (document.execCommand("copy")) done(); // plain http in a branch network has no clipboard of its own
  });
})();
