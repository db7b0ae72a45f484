// After a form was refused, takes keyboard and screen reader to the list of what to put right.
document.querySelector("[data-focus]")?.focus();
