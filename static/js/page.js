// The way out, made faster. Without this script the exit is a plain link.
(() => {
  const PRESSES = 3;
  const WITHIN = 5000; // milliseconds between two presses
  const link = document.querySelector("[data-exit]");
  const status = document.querySelector("[data-exit-status]");
  if (!link) return;

  const leave = () => {
    // At once: the new page may take seconds to arrive.
    document.documentElement.hidden = true;
    document.body.replaceChildren();
    document.title = "";
    // The Back button does not find this page again.
    location.replace(link.href);
  };

  for (const exit of document.querySelectorAll("[data-exit]")) {
    exit.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }

  let presses = 0;
  let timer = 0;
  let alone = false; // whether Shift has been pressed without another key
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
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.altKey || event.ctrlKey || event.metaKey) use();
    else if (!event.repeat) alone = true;
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

  // The open list of languages lies over the page: it must not hide what has the focus.
  const languages = document.querySelector("header details");
  addEventListener("focusin", (event) => {
    if (!languages.contains(event.target)) languages.open = false;
  });
  languages.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    languages.open = false;
    languages.firstElementChild.focus();
  });

  // A page that comes back from the browser's memory after leaving must not show itself.
  addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.hidden) location.replace(link.href);
  });
})();
