// The order of sections: by buttons, and by dragging with a mouse, finger or pen. What is sent is
// the field "position" of each section, which one may also fill in by hand, as without script.
for (const group of document.querySelectorAll(".inline-group")) {
  if (group.querySelector(".empty-form [name$=-position]")) order(group);
}

function order(group) {
  const list = group.querySelector("fieldset.module");
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  group.prepend(said);
  const one = group.querySelector(".inline-heading").dataset.one;

  const isRow = (element) => element?.matches(".inline-related:not(.empty-form)");
  const rows = () => [...list.querySelectorAll(":scope > .inline-related:not(.empty-form)")];
  const position = (row) => row.querySelector("[name$=-position]");
  const place = (row) => (position(row).value === "" ? Infinity : Number(position(row).value));
  const name = (row) =>
    row.querySelector("[name*=-heading_], [name$=-url]")?.value || row.querySelector(".inline_label").textContent;
  const put = (sorted) => list.querySelector(":scope > .empty-form").before(...sorted);
  // Sorting keeps the order of equals.
  const byPlace = () => put(rows().sort((a, b) => place(a) - place(b) || 0));

  byPlace(); // a form that came back has its sections in the order in which they were written
  for (const row of rows()) prepare(row);

  group.addEventListener("formset:added", ({ target }) => {
    prepare(target);
    number();
    target.querySelector("input:not([type=hidden]), textarea")?.focus();
    say(target, "added");
  });
  // Django numbers the sections anew by their order on the page when one that was never saved is
  // taken away, and takes the first for those that are saved: so for this moment those come first.
  document.addEventListener("formset:removed", ({ detail }) => {
    if (!group.id.startsWith(`${detail.formsetName}-`)) return;
    const index = (row) => Number(row.id.match(/\d+$/)[0]);
    put(rows().sort((a, b) => index(a) - index(b)));
    queueMicrotask(() => {
      byPlace();
      number();
      said.textContent = `Removed. ${rows().length} are left.`;
    });
  });
  group.addEventListener("click", ask, true);

  function prepare(row) {
    const heading = row.querySelector("[name*=-heading_], [name$=-url]");
    heading?.addEventListener("input", () => {
      row.querySelector(".inline_label").textContent = name(row);
    });
    const tools = document.createElement("span");
    tools.className = "order";
    tools.append(
      button("↑", "Move up", row, -1),
      button("↓", "Move down", row, 1),
      handle(row),
    );
    row.querySelector("h3").append(tools);
  }

  function button(sign, what, row, by) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.title = what;
    made.addEventListener("click", () => move(row, by));
    const label = () => made.setAttribute("aria-label", `${what}: ${name(row)}`);
    label();
    row.addEventListener("change", label);
    return made;
  }

  // The neighbour goes past the row: moving an element takes focus and pointer away from it.
  function pass(row, neighbour) {
    const isAbove = neighbour === row.previousElementSibling;
    row[isAbove ? "after" : "before"](neighbour);
  }

  function move(row, by) {
    const all = rows();
    const neighbour = all[all.indexOf(row) + by];
    if (!neighbour) {
      say(row, by < 0 ? "is the first already" : "is the last already");
      return;
    }
    pass(row, neighbour);
    number();
    row.scrollIntoView({ block: "nearest" });
    say(row, "moved");
  }

  function number() {
    rows().forEach((row, index) => {
      const field = position(row);
      if (field.value === String(index + 1)) return;
      field.value = index + 1;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function say(row, what) {
    const all = rows();
    said.textContent = `${one} “${name(row)}” ${what}: ${all.indexOf(row) + 1} of ${all.length}.`;
  }

  // While one drags, only the headings are shown: a section is higher than a screen.
  function handle(row) {
    const grip = document.createElement("span");
    grip.className = "order__grip";
    grip.textContent = "⠿";
    grip.title = "Drag";
    grip.setAttribute("aria-hidden", "true"); // the buttons do the same
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
      group.classList.add("is-ordered");
      row.classList.add("is-dragged");
      scrollBy(0, row.getBoundingClientRect().top - event.clientY + 10);
    });
    grip.addEventListener("pointermove", (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const { previousElementSibling: above, nextElementSibling: below } = row;
      if (isRow(above) && middle(above) > event.clientY) pass(row, above);
      else if (isRow(below) && middle(below) < event.clientY) pass(row, below);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      grip.addEventListener(end, () => {
        if (!row.classList.contains("is-dragged")) return;
        group.classList.remove("is-ordered");
        row.classList.remove("is-dragged");
        number();
        row.scrollIntoView({ block: "nearest" });
        say(row, "moved");
      });
    }
    return grip;
  }

  function middle(row) {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  }

  // Deleting asks: what is saved when the form is, what was never saved at once.
  function ask(event) {
    const { target } = event;
    const row = target.closest(".inline-related");
    if (target.matches("[name$=-DELETE]") && target.checked) {
      if (!confirm(`Delete “${name(row)}” when you save, in all languages?`)) event.preventDefault();
    } else if (target.matches(".inline-deletelink")) {
      const isEmpty = [...row.querySelectorAll("textarea")].every((field) => !field.value);
      if (!isEmpty && !confirm(`Remove “${name(row)}”? It was never saved.`)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    }
  }
}
