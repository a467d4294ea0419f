// When a service is open (data: content/hours.py).
// `var`: open.js sees it from a block of its own (campaign/assets.py).
var Hours = (() => {
  const MINUTE = 6e4;
  const DAY = 1440;
  const formats = {};

  const spans = (text = "") => text.split(",").map((span) => span.split("-").map(Number));

  const parse = (week, except = "") => {
    const schedule = { always: week === "always", days: week.split("|").map(spans) };
    for (const entry of except.split(";")) {
      const [day, text] = entry.split("=");
      schedule[day] = spans(text);
    }
    return schedule;
  };

  // Whether it is open and when that changes (null: not in 15 days); null for an unknown zone.
  const state = (schedule, zone, date) => {
    if (schedule.always) return { open: true, change: null };
    // What the clocks show, as if in UTC.
    const wall = (instant) => {
      const part = {};
      for (const { type, value } of formats[zone].formatToParts(instant * MINUTE))
        part[type] = value;
      return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) / MINUTE;
    };
    const offset = (instant) => wall(instant) - instant;
    const on = (day) =>
      schedule[new Date(day * DAY * MINUTE).toISOString().slice(0, 10)] ||
      schedule.days[(day + 3) % 7];
    const isOpen = (instant) => {
      const now = wall(instant);
      const time = now % DAY;
      return on((now - time) / DAY).some(([start, end]) => start <= time && time < end);
    };
    try {
      if (!formats[zone])
        formats[zone] = new Intl.DateTimeFormat("en-GB", {
          timeZone: zone || "?",
          hourCycle: "h23",
          dateStyle: "short",
          timeStyle: "short",
        });
      const now = Math.floor(date / MINUTE);
      const end = now + 15 * DAY;
      // It changes with the clocks, or at a start or end by either offset.
      const offsets = [offset(now - DAY), offset(end)];
      let clocks = end;
      for (let step = 16384; step >= 1; step /= 2)
        if (offset(clocks - step) !== offsets[0]) clocks -= step;
      const moments = [clocks];
      for (let day = Math.floor(now / DAY) - 1; day <= end / DAY + 1; day++)
        for (const time of [].concat(...on(day)))
          for (const ahead of offsets) moments.push(day * DAY + time - ahead);
      const open = isOpen(now);
      const change = moments
        .sort((a, b) => a - b)
        .find((moment) => moment > now && moment < end && isOpen(moment) !== open);
      return { open, change: change ? new Date(change * MINUTE) : null };
    } catch (error) {
      return null;
    }
  };

  return { parse, state };
})();
