// The exit: blank at once, then the neutral page without asking our server. Without this script it
// is a plain link to /exit/. It stands in the head, so that it works while the page is loading.
(() => {
  const PRESSES = 3;
  // Milliseconds between two presses.
  const WITHIN = 5000;

  // Where the operator has neutral pages by language, the first of the browser's languages decides.
  const find = () => {
    const { exit, exits } = document.querySelector(".exit").dataset;
    try {
      const pages = JSON.parse(exits || "{}");
      for (const tag of navigator.languages) {
        const language = tag.toLowerCase();
        const code = [language, language.split("-")[0]].find((one) => one in pages);
        if (code) return pages[code] || exit;
      }
    } catch (error) {}
    return exit;
  };

  let neutral = "";
  const leave = () => {
    neutral = find();
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

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-exit]")) return;
    leave();
    event.preventDefault();
  });

  let presses = 0;
  let timer = 0;
  // Whether Shift has been pressed without another key.
  let alone = false;
  const say = (name) => {
    const status = document.querySelector("[data-exit-status]");
    if (status) status.textContent = status.dataset[name] || "";
  };
  const forget = () => {
    presses = 0;
    say("");
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
    say(presses === 1 ? "one" : "two");
  });

  // A page that comes back from the browser's memory after leaving must not show itself.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) location.replace(neutral || find());
  });
})();
