// Says beside each channel whether it is open, in the reader's time, and who is open until then.
(() => {
  const words = document.querySelector("[data-opening-words]");
  if (!words) return;
  const say = words.dataset;
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

  const make = (tag, textContent, more) =>
    Object.assign(document.createElement(tag), { textContent }, more);

  // Touches the page only when the words change.
  const put = (line, place) => {
    const old = place.querySelector(`.${line.classList[0]}`);
    if (!old) place.prepend(line);
    else if (!old.isEqualNode(line)) old.replaceWith(line);
  };

  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);

  const sentence = ({ schedule, zone, state: { open, change } }, now) => {
    if (!change || (open && change - now > DAY)) return open ? say.open : say.closed;
    const days = Math.round((midnight(change) - midnight(now)) / DAY);
    const start = Hours.at(schedule, zone, midnight(now));
    const wasOpen = start.open || start.change < now;
    // A week ahead, the name of a day is not enough.
    const date = days > 6 ? ` ${change.getDate()}.${change.getMonth() + 1}.` : "";
    const text = (open ? say.until : !days ? say.today : wasOpen ? say.later : say.closedToday)
      .replace("{day}", say.days.split("|")[change.getDay()] + date)
      .replace("{time}", change.toTimeString().slice(0, 5));
    return Hours.isReaders(zone, change) ? text : say.yours.replace("{state}", text);
  };

  const refresh = () => {
    const now = new Date();
    for (const channel of channels) {
      channel.state = Hours.at(channel.schedule, channel.zone, now);
      if (!channel.state) continue;
      const className = `hours__state hours__state--${channel.state.open ? "open" : "closed"}`;
      put(make("p", sentence(channel, now), { className }), channel.element);
    }
    const known = channels.filter(({ live, state }) => live && state);
    const open = known.filter(({ state }) => state.open);
    for (const { card } of known) {
      const place = card.querySelector(".contact__until");
      const other = open.find(
        (one) => one.card !== card && one.link && one.card.closest("#talk, #world-talk"),
      );
      const link = other ? other.link : document.querySelector(".emergency__call");
      const until = document.querySelector("#until");
      const old = card.querySelector(".contact__until");
      if (open.some((one) => one.card === card) || !(link || until)) {
        old?.remove();
        continue;
      }
      const line = make("p", say.instead, { className: "contact__until" });
      if (other) {
        const { textContent, lang, dir } = other.card.querySelector(".contact__name");
        line.append(" ", make("bdi", textContent, lang && { lang, dir }));
      }
      if (link) line.append(" ", link.cloneNode(true));
      if (until) line.append(" ", make("a", say.more, { href: "#until" }));
      if (!old) card.querySelector(".contact__actions").after(line);
      else if (!old.isEqualNode(line)) old.replaceWith(line);
    }
  };

  refresh();
  setInterval(refresh, 3e4);
  addEventListener("visibilitychange", refresh);
  addEventListener("pageshow", refresh);
})();
