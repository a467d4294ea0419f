// Find my country: a field above the list of links, and a question from the device's time zone.
// Nothing is stored and nothing is sent.
(() => {
  const part = (name) => document.querySelector(`.countries__${name}`);
  const [list, field] = [part("list"), part("find input")];
  if (!field) return;
  const items = [...list.children];
  const link = (item) => item.firstElementChild;
  const device = navigator.languages || [];
  const region = (item) => link(item).pathname.slice(-3, -1).toUpperCase();

  // Letters that Unicode does not take apart.
  const PLAIN = { ø: "o", ł: "l", đ: "d", ð: "d", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" };
  Object.assign(PLAIN, { ς: "σ", ة: "ه", ى: "ي", ـ: "" });
  // Made here, not written as patterns: an old browser would refuse the whole script for them.
  const MARKS = new RegExp("\\p{M}", "gu");
  const BETWEEN = new RegExp("[^\\p{L}\\p{N}]+", "gu");
  // A space marks the beginning of a word.
  const words = (text) =>
    ` ${text.toLowerCase().normalize("NFD")}`
      .replace(MARKS, "")
      .replace(/./gu, (letter) => (letter in PLAIN ? PLAIN[letter] : letter))
      .replace(BETWEEN, " ")
      .replace(/ $/, "");

  let texts, timer;
  const read = () => {
    // Newer browsers know the names in German, French and the device's own languages.
    const names = [];
    for (const language of ["de", "fr", ...device])
      try {
        names.push(new Intl.DisplayNames(language, { type: "region" }));
      } catch (error) {}
    return items.map((item) => {
      const others = names.map((name) => name.of(region(item)));
      return words([link(item).text, item.dataset.names, ...others].join());
    });
  };
  const filter = () => {
    texts = texts || read();
    const typed = words(field.value);
    const found = items.filter((item, at) => !(item.hidden = !texts[at].includes(typed))).length;
    clearTimeout(timer);
    // A pause: screen readers speak after the last letter.
    timer = setTimeout(() => {
      const count = part("count");
      const { some, none } = count.dataset;
      count.textContent = typed && (found ? some.replace("{count}", found) : none);
      count.classList.toggle("hidden", found);
    }, 500);
  };
  const empty = () => {
    field.value = "";
    filter();
  };

  const move = (event) => {
    const { key, target } = event;
    const stops = [field, ...items.filter((item) => !item.hidden).map(link)];
    const at = stops.indexOf(target);
    const to = {
      ArrowDown: stops[at + 1],
      ArrowUp: stops[at - 1],
      Enter: !at && stops[1],
      Escape: field.value && field,
    }[key];
    if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    to.focus();
    if (key === "Escape") empty();
    if (key === "Enter" && stops.length === 2) to.click();
  };

  field.addEventListener("input", filter);
  field.addEventListener("keydown", move);
  list.addEventListener("keydown", move);
  // Whoever comes back does not see what was typed.
  addEventListener("pagehide", empty);
  part("find").hidden = false;

  // Older browsers know no regions of a zone, or no zones at all: then nothing is asked.
  if (!window.Intl || !Intl.Locale) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // UTC is no country's: a browser that hides where it is.
  if (!zone || !zone.includes("/")) return;
  // A millisecond for each country: those of the device's languages first.
  const likely = `${device.map((tag) => new Intl.Locale(tag).maximize().region)}`;
  const isLikely = (item) => likely.includes(region(item));
  const here = [...items].sort((a, b) => isLikely(b) - isLikely(a)).find((item) => {
    const place = new Intl.Locale(`und-${region(item)}`);
    const zones = place.getTimeZones ? place.getTimeZones() : place.timeZones;
    return zones && zones.includes(zone);
  });
  // People disagree about the country there (Kosovo has Belgrade's zone).
  if (!here || /Belgrade|Famagusta|Simferopol/.test(zone)) return;
  const guess = part("guess");
  guess.firstElementChild.append(" ", link(here).cloneNode(true));
  guess.hidden = false;
})();
