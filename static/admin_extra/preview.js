// Fills the frames of a preview at once; without script, a button does it.
for (const form of document.querySelectorAll(".previews form")) {
  form.hidden = true;
  form.requestSubmit();
}
