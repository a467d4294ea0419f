// The guide: joins the steps of all that is chosen into one list, as content/guide.py does.
// What is chosen stays on the page: nothing is stored or sent, and the address does not change.
(() => {
  const guide = document.querySelector("[data-guide]");
  const people = document.querySelector("[data-people]");
  if (!guide || !people) return;

  const find = (name) => guide.querySelector(`.guide__${name}`);
  const [choose, count, result, leads, branches] = [
    "choose", "count", "result", "leads", "branches",
  ].map(find);
  const list = result.querySelector("ol");
  const boxes = [...choose.querySelectorAll("input")];
  const select = people.querySelector("select");
  const said = people.querySelector("[data-shown]");
  const countries = [...people.querySelectorAll("[data-country]")];

  const fill = (place, children) => {
    place.textContent = "";
    place.append(...children);
  };

  const join = () => {
    const chosen = boxes
      .filter((box) => box.checked)
      .map((box) => document.getElementById(box.value));
    const steps = new Map();
    const replaced = new Set();
    for (const branch of chosen) {
      for (const step of branch.querySelectorAll("[data-step]")) {
        steps.set(step.dataset.step, step);
        for (const key of (step.dataset.replaces || "").split(" ")) replaced.add(key);
      }
    }
    const shown = [...steps.values()]
      .filter((step) => !replaced.has(step.dataset.step))
      .sort((a, b) => a.dataset.order - b.dataset.order);
    fill(
      leads,
      chosen.map((branch) => {
        const lead = branch.querySelector(".branch__lead").cloneNode(true);
        lead.lang = branch.lang;
        lead.dir = branch.dir;
        return lead;
      }),
    );
    fill(list, shown.map((step) => step.cloneNode(true)));
    result.hidden = !chosen.length;
    count.textContent = chosen.length
      ? count.dataset.count.replace("{count}", shown.length)
      : count.dataset.none;
  };

  const pick = () => {
    for (const item of countries) item.hidden = item.dataset.country !== select.value;
    const chosen = select.options[select.selectedIndex];
    said.textContent = chosen.value && said.dataset.shown.replace("{country}", chosen.text);
  };

  const afresh = () => {
    for (const box of boxes) box.checked = false;
    select.value = "";
    pick();
    join();
    count.textContent = "";
  };

  // The written steps and numbers are hidden once joining and choosing have worked, not before.
  try {
    for (const box of boxes) box.checked = true;
    join();
    afresh();
  } catch (error) {
    for (const item of countries) item.hidden = false;
    result.hidden = true;
    throw error;
  }
  choose.hidden = people.querySelector(".people__choose").hidden = false;
  branches.hidden = true;
  for (const heading of people.querySelectorAll("h3")) heading.className = "hidden";
  choose.addEventListener("change", join);
  select.addEventListener("change", pick);
  find("again").addEventListener("click", () => {
    afresh();
    boxes[0].focus();
  });
  // Some browsers bring back what was chosen: whoever opens the page next must not see it.
  addEventListener("pageshow", afresh);
  addEventListener("pagehide", afresh);
})();
