// Says beside each channel whether it is open, in the reader's time, and who is open until then.
(() => {
  const say = document.querySelector("[data-opening-words]")?.dataset;
  if (!say) return;
  const DAY = 864e5;

  const channels = [...document.querySelectorAll(".action [data-week]")].map((element) => {
    const action = element.closest(".action");
    const { week, except, zone } = element.dataset;
    return {
      element,
      zone,
      schedule: Hours.parse(week, except),
      card: element.closest(".contact"),
      link: action.querySelector(".action__link"),
      live: /--(phone|sms|whatsapp|chat)/.test(action.className),
    };
  });

  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // Touches the page only when the words change.
  const put = (line, anchor, where) => {
    const old = anchor.parentNode.querySelector(`.${line.classList[0]}`);
    if (!old) anchor[where](line);
    else if (!old.isEqualNode(line)) old.replaceWith(line);
  };

  const sentence = ({ schedule, zone, state: { open, change } }, now) => {
    if (!change || (open && change - now > DAY)) return open ? say.open : say.closed;
    const midnight = new Date(now).setHours(0, 0, 0, 0);
    const first = Hours.at(schedule, zone, midnight);
    const isToday = change.toDateString() === now.toDateString();
    const wasOpen = first.open || first.change < now;
    // A week ahead, the name of a day is not enough.
    const date = change - midnight < 7 * DAY ? "" : ` ${change.getDate()}.${change.getMonth() + 1}.`;
    const text = (open ? say.until : isToday ? say.today : wasOpen ? say.later : say.closedToday)
      .replace("{day}", say.days.split("|")[change.getDay()] + date)
      .replace("{time}", change.toTimeString().slice(0, 5));
    const isReaders = change.toLocaleString("en") === change.toLocaleString("en", { timeZone: zone });
    return isReaders ? text : say.yours.replace("{state}", text);
  };

  const refresh = () => {
    const now = new Date();
    for (const channel of channels) {
      const { element, schedule, zone } = channel;
      const state = (channel.state = Hours.at(schedule, zone, now));
      if (!state) continue;
      const className = `hours__state hours__state--${state.open ? "open" : "closed"}`;
      put(make("p", { className, textContent: sentence(channel, now) }), element.firstChild, "before");
    }
    const known = channels.filter(({ live, state }) => live && state);
    const open = known.filter(({ state }) => state.open);
    const other = open.find(({ card, link }) => link && card.closest("#talk, #world-talk"));
    const link = other ? other.link : document.querySelector(".emergency__call");
    for (const { card } of known) {
      if (open.some((one) => one.card === card)) {
        card.querySelector(".contact__until")?.remove();
        continue;
      }
      const line = make("p", { className: "contact__until", textContent: say.instead });
      if (other) {
        const { textContent, lang, dir } = other.card.querySelector(".contact__name");
        line.append(" ", make("bdi", { textContent, lang, dir }));
      }
      if (link) line.append(" ", link.cloneNode(true));
      if (document.querySelector("#until"))
        line.append(" ", make("a", { textContent: say.more, href: "#until" }));
      put(line, card.querySelector(".contact__actions"), "after");
    }
  };

  refresh();
  setInterval(refresh, 3e4);
  addEventListener("visibilitychange", refresh);
  addEventListener("pageshow", refresh);
})();
