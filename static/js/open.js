// Says what is open, and who is there until then.
(() => {
  const words = document.querySelector("[data-opening-words]");
  if (!words) return;
  const say = words.dataset;

  const channels = [...document.querySelectorAll(".action [data-week]")].map((element, at) => {
    const { week, except, zone } = element.dataset;
    const schedule = Hours.parse(week, except);
    const link = element.closest(".action").querySelector(".action__link");
    return { element, zone, schedule, link, id: `state-${at}`, card: element.closest(".service") };
  });

  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);

  const putNew = (line, anchor, where) => {
    const old = anchor.parentNode.querySelector(`.${line.classList[0]}`);
    if (!old) anchor[where](line);
    else if (!old.isEqualNode(line)) old.replaceWith(line);
  };

  const sentence = ({ schedule, zone, open, change }, now) => {
    // Too far for a time or the name of a day.
    if (!change || change - now > (open ? 1 : 7) * 864e5) return open ? say.open : say.closed;
    const first = Hours.state(schedule, zone, new Date(now).setHours(0, 0, 0, 0));
    const isToday = change.toDateString() === now.toDateString();
    const wasOpen = first.open || first.change < now;
    const text = (open ? say.until : isToday ? say.today : wasOpen ? say.later : say.closedToday)
      .replace("{day}", say.days.split("|")[change.getDay()])
      .replace("{time}", change.toTimeString().slice(0, 5));
    const isReaders = change.toLocaleString("en") === change.toLocaleString("en", { timeZone: zone });
    return isReaders ? text : say.yours.replace("{state}", text);
  };

  const refresh = () => {
    const now = new Date();
    const known = channels
      .map((channel) => ({ ...channel, ...Hours.state(channel.schedule, channel.zone, now) }))
      .filter((channel) => "open" in channel);
    for (const channel of known) {
      const className = `hours__state hours__state--${channel.open ? "open" : "closed"}`;
      const textContent = sentence(channel, now);
      putNew(make("p", { id: channel.id, className, textContent }), channel.element.firstChild, "before");
      // Heard with the number.
      if (channel.link) channel.link.setAttribute("aria-describedby", channel.id);
    }
    const live = known.filter(({ element }) => !element.closest(".action--report"));
    const open = live.filter((channel) => channel.open);
    const other = open.find((one) => one.link && one.card.closest("#talk, #world-talk"));
    const link = other ? other.link : document.querySelector(".emergency__call");
    for (const { card } of live) {
      if (open.some((channel) => channel.card === card)) {
        const line = card.querySelector(".service__until");
        if (line) line.remove();
        continue;
      }
      const line = make("p", { className: "service__until", textContent: say.instead });
      if (other) {
        const { textContent, lang, dir } = other.card.querySelector(".service__name");
        line.append(" ", make("bdi", { textContent, lang, dir }));
      }
      if (link) line.append(" ", link.cloneNode(true));
      if (document.querySelector("#until"))
        line.append(" ", make("a", { textContent: say.more, href: "#until" }));
      putNew(line, card.querySelector(".service__actions"), "after");
    }
  };

  refresh();
  setInterval(refresh, 3e4);
  addEventListener("visibilitychange", refresh);
  addEventListener("pageshow", refresh);
})();
