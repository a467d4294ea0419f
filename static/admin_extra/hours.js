// Helps to write opening hours: what they mean while one types, the usual cases by one button, and
// rules from days and times. Without script the meaning is shown once the form is saved.
const { address } = document.currentScript.dataset;
const PAUSE = 300; // milliseconds without a key before the server is asked
const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const USUAL = [
  ["Every day, all day", () => "24/7"],
  ["Mo–Fr 9–17", () => "Mo-Fr 09:00-17:00"],
  ["Closed on public holidays", (now) => (now && now !== "24/7" ? with_rule(now.replace(/;? ?PH (off|closed)$/, ""), "PH off") : now)],
];

function with_rule(rules, rule) {
  return rules && rules !== "24/7" ? `${rules}; ${rule}` : rule;
}

function make(name, attributes = {}, ...parts) {
  const element = Object.assign(document.createElement(name), attributes);
  element.append(...parts);
  return element;
}

// "Mo-We,Fr" of [true, true, true, false, true, false, false].
function days_of(ticked) {
  const runs = [];
  ticked.forEach((is_on, day) => {
    if (!is_on) return;
    const last = runs.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  });
  return runs.map(([first, last]) => (first === last ? DAYS[first] : `${DAYS[first]}-${DAYS[last]}`)).join(",");
}

for (const editor of document.querySelectorAll(".hours-editor")) {
  const field = document.getElementById(editor.dataset.hoursOf);
  if (!field || field.readOnly) continue;
  const name = document.querySelector(`label[for="${field.id}"]`).textContent.replace(":", "");
  const country = document.getElementById("id_country");
  const meaning = make("div", {}, ...editor.childNodes);
  meaning.setAttribute("aria-live", "polite");
  let timer, asked;

  async function show() {
    const query = new URLSearchParams({ value: field.value, country: country?.value || editor.dataset.country });
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${address}?${query}`, { signal: asked.signal });
      if (!answer.ok || answer.redirected) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      meaning.replaceChildren(...found.body.childNodes);
    } catch {
      // Another key was pressed, or there is no network: the form says it when it is saved.
    }
  }

  function write(value) {
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });

  const tools = make("div", { className: "hours-editor__tools", role: "group", ariaLabel: `Usual ${name.toLowerCase()}` });
  for (const [label, value] of USUAL) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => write(value(field.value.trim())));
    tools.append(button);
  }
  const days = make("button", { type: "button", ariaExpanded: "false" }, "Days and times …");
  tools.append(days);

  function build() {
    const boxes = NAMES.map(() => make("input", { type: "checkbox" }));
    const from = make("input", { type: "time", value: "09:00" });
    const until = make("input", { type: "time", value: "17:00" });
    const add = make("button", { type: "button" }, "Add these hours");
    const clear = make("button", { type: "button" }, "Empty the field");
    const said = make("p", { role: "status" });
    const panel = make(
      "fieldset",
      { className: "hours-editor__days" },
      make("legend", {}, `Add to ${name.toLowerCase()}`),
      ...boxes.map((box, day) => make("label", {}, box, ` ${NAMES[day]}`)),
      make("label", {}, "from ", from),
      make("label", {}, "to ", until),
      add,
      clear,
      said,
    );
    add.addEventListener("click", () => {
      const rule = days_of(boxes.map((box) => box.checked));
      said.textContent = rule && from.value && until.value ? "" : "Tick the days, and fill in both times.";
      if (said.textContent) return;
      const end = until.value === "00:00" ? "24:00" : until.value;
      write(with_rule(field.value.trim(), `${rule} ${from.value}-${end}`));
      boxes.forEach((box) => (box.checked = false));
    });
    clear.addEventListener("click", () => write(""));
    return panel;
  }

  days.addEventListener("click", () => {
    const is_open = days.getAttribute("aria-expanded") === "true";
    days.setAttribute("aria-expanded", String(!is_open));
    const panel = editor.querySelector("fieldset");
    if (panel) panel.hidden = is_open;
    else tools.after(build());
  });
  editor.replaceChildren(tools, meaning);
}
