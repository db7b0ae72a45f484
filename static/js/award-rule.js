// Shows only the fields of the chosen award rule; without it all are shown, under their headings.
const method = document.querySelector("[name='rule-method']");
const parts = document.querySelectorAll("[data-methods]");

function show() {
  for (const part of parts) {
    const fits = part.dataset.methods.split(" ").includes(method.value);
    // A mistake is never hidden.
    part.hidden = !fits && !part.querySelector("[aria-invalid='true']");
  }
}

if (method) {
  method.addEventListener("change", show);
  show();
}
