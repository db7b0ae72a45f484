// Copies a page's address, or prints it. Without this script the buttons are not there.
for (const button of document.querySelectorAll("[data-copy], [data-print]")) {
  if (button.dataset.copy && !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!button.dataset.copy) {
      window.print();
      return;
    }
    const status = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      status.textContent = button.dataset.done;
    } catch {
      status.textContent = button.dataset.copy;
    }
  });
}
