// Names the rich text editors for screen readers by the labels of their fields: they stand in the
// place of text areas, and the editor's library leaves them without a name.
document.addEventListener("prose-editor:ready", ({ target }) => name(target));
for (const area of document.querySelectorAll(".prose-editor textarea")) name(area);

function name(area) {
  const writing = area.closest(".prose-editor")?.querySelector(".ProseMirror");
  const label = area.labels[0];
  if (!writing || !label) return;
  const section = area.closest(".inline-related")?.querySelector(".inline_label").textContent;
  const field = label.textContent.replace(/:\s*$/, "");
  writing.setAttribute("aria-label", section ? `${field}, ${section}` : field);
  writing.setAttribute("role", "textbox");
  writing.setAttribute("aria-multiline", "true");
  const help = document.getElementById(`${area.id}_helptext`);
  if (help) writing.setAttribute("aria-describedby", help.id);
  label.addEventListener("click", (event) => {
    event.preventDefault();
    writing.focus();
  });
}
