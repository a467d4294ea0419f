// The exit: blank at once, then the neutral page without asking our server. Without this script it
// is a plain link to /exit/.
(() => {
  const PRESSES = 3;
  // Milliseconds between two presses.
  const WITHIN = 5000;
  const link = document.querySelector(".exit");
  if (!link) return;
  const status = document.querySelector("[data-exit-status]");

  // Where the operator has neutral pages by language, the first of the browser's languages decides.
  let neutral = link.dataset.exit;
  try {
    const pages = JSON.parse(link.dataset.exits);
    for (const tag of navigator.languages) {
      const language = tag.toLowerCase();
      const code = [language, language.split("-")[0]].find((one) => one in pages);
      if (code) {
        neutral = pages[code] || neutral;
        break;
      }
    }
  } catch (error) {}

  const leave = () => {
    try {
      // The neutral page may take seconds to arrive.
      document.documentElement.hidden = true;
      document.body.textContent = "";
      document.title = "";
    } finally {
      // The Back button does not find this page again.
      location.replace(neutral);
    }
  };

  for (const exit of document.querySelectorAll("[data-exit]")) {
    exit.addEventListener("click", (event) => {
      leave();
      event.preventDefault();
    });
  }

  let presses = 0;
  let timer = 0;
  // Whether Shift has been pressed without another key.
  let alone = false;
  const forget = () => {
    presses = 0;
    if (status) status.textContent = "";
  };

  // Shift is used to type, to mark, to change the keyboard: that is not a wish to leave.
  const use = () => {
    alone = false;
    clearTimeout(timer);
    forget();
  };
  const isTyped = ({ target }) =>
    target.matches && target.matches("textarea, select, input:not([type=checkbox])");
  addEventListener("keydown", (event) => {
    const { key, altKey, ctrlKey, metaKey, repeat } = event;
    if (key !== "Shift" || altKey || ctrlKey || metaKey || isTyped(event)) use();
    else if (!repeat) alone = true;
  });
  for (const type of ["pointerdown", "wheel"]) addEventListener(type, () => alone && use());

  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    presses += 1;
    clearTimeout(timer);
    if (presses >= PRESSES) return leave();
    timer = setTimeout(forget, WITHIN);
    if (status) status.textContent = presses === 1 ? status.dataset.one : status.dataset.two;
  });

  // A page that comes back from the browser's memory after leaving must not show itself.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) location.replace(neutral);
  });
})();
