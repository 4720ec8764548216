/* Copies a brief as rich text, for editors without Markdown; the page is complete without it. */
"use strict";
(() => {
  const row = document.getElementById("copy");
  if (!row || !navigator.clipboard || !navigator.clipboard.write) return;
  const button = row.querySelector("button"), status = row.querySelector("[role=status]");
  button.addEventListener("click", async () => {
    status.textContent = "";
    const forms = {};
    for (const form of document.querySelectorAll("template[data-type]"))
      forms[form.dataset.type] = new Blob([form.content.textContent], { type: form.dataset.type });
    try {
      await navigator.clipboard.write([new ClipboardItem(forms)]);
      status.textContent = "Copied: paste it into your editor.";
    } catch {
      status.textContent = "Your browser did not allow copying; take one of the forms below.";
    }
  });
  row.hidden = false;
})();
