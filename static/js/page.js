// The open list of languages lies over the page: it must not hide what has the focus.
(() => {
  const languages = document.querySelector("header details");
  addEventListener("focusin", (event) => {
    if (!languages.contains(event.target)) languages.open = false;
  });
  languages.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    languages.open = false;
    languages.firstElementChild.focus();
  });
})();
