// Says while one types how the text reads. The site measures it (content/admin/measuring.py) and
// keeps nothing; what it says stands on the page after saving, too.
const panel = document.querySelector(".reading[data-address]");
const form = panel.closest("form");
const PAUSE = 800; // milliseconds without a key
let timer = 0;
let latest = 0;

form.addEventListener("input", wait);
form.addEventListener("change", wait);

function wait(event) {
  if (!event.target.lang && event.target.name !== "audience") return;
  clearTimeout(timer);
  timer = setTimeout(measure, PAUSE);
}

function* texts() {
  for (const field of form.querySelectorAll(`[name][lang="${panel.dataset.language}"]`)) {
    const part = field.closest(".inline-related");
    const isGone = part?.matches(".empty-form") || part?.querySelector("[name$=-DELETE]")?.checked;
    if (!isGone) yield field;
  }
}

async function measure() {
  const turn = ++latest;
  const data = new FormData();
  data.set("kind", panel.dataset.kind);
  data.set("language", panel.dataset.language);
  data.set("audience", form.elements.audience?.value ?? "");
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const field of texts()) {
    data.append("name", field.name);
    data.append("text", field.value);
  }
  let answer;
  try {
    answer = await fetch(panel.dataset.address, { method: "POST", body: data, redirect: "manual" });
  } catch {
    return; // no network: the next pause tries again, and sending the form says so
  }
  if (!answer.ok || turn !== latest) return;
  show(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

function show(measured) {
  const [before, after] = [panel, measured].map((one) => one.querySelector(".reading__facts"));
  const told = panel.querySelector(".reading__told");
  const news = measured.querySelector(".reading__told").textContent;
  if (told.textContent !== news) told.textContent = news; // read aloud, so only when it is new
  const wasOpen = before.querySelector("details")?.open;
  if (wasOpen) after.querySelector("details")?.setAttribute("open", "");
  before.replaceWith(after);
}
