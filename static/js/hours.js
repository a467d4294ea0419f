// When a service is open, by the data of content/hours.py. Instants are minutes since 1970;
// `wall` is what the clocks of a zone show, as if it were UTC.
const Hours = (() => {
  const MINUTE = 6e4;
  const DAY = 1440;
  const AHEAD = 15;
  const formats = {};

  const wall = (zone, instant) => {
    const part = {};
    formats[zone] ||= new Intl.DateTimeFormat("en", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    for (const { type, value } of formats[zone].formatToParts(instant * MINUTE)) part[type] = value;
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute) / MINUTE;
  };
  const offset = (zone, instant) => wall(zone, instant) - instant;

  const spans = (text) => (text ? text.split(",").map((span) => span.split("-").map(Number)) : []);

  const parse = (week, except = "") => {
    const schedule = { always: week === "always", days: week.split("|").map(spans) };
    for (const entry of except.split(";")) {
      const [day, text] = entry.split("=");
      schedule[Date.parse(day) / MINUTE / DAY] = spans(text);
    }
    return schedule;
  };

  // Day 0 was a Thursday.
  const on = (schedule, day) => schedule[day] || schedule.days[(day + 3) % 7];

  const isOpen = (schedule, zone, instant) => {
    const now = wall(zone, instant);
    const time = now % DAY;
    return on(schedule, (now - time) / DAY).some(([start, end]) => start <= time && time < end);
  };

  // The state at a date and the date of its next change, null when there is none in 15 days.
  // Null instead of both when the browser does not know the zone.
  const at = (schedule, zone, date) => {
    if (schedule.always) return { open: true, change: null };
    if (!zone) return null; // Intl would take the reader's
    try {
      const now = Math.floor(date / MINUTE);
      const open = isOpen(schedule, zone, now);
      // Where the clocks change, if they do: no zone changes them twice in so few days.
      let before = now - DAY;
      let after = now + AHEAD * DAY;
      const offsets = [offset(zone, before), offset(zone, after)];
      while (after - before > 1) {
        const middle = (before + after) >> 1;
        if (offset(zone, middle) === offsets[0]) before = middle;
        else after = middle;
      }
      const moments = [after];
      // Where they show a start or an end, by either offset.
      for (let day = -1; day <= AHEAD; day++) {
        const date = Math.floor(now / DAY) + day;
        for (const time of on(schedule, date).flat())
          for (const ahead of offsets) moments.push(date * DAY + time - ahead);
      }
      const change = moments
        .sort((a, b) => a - b)
        .find((moment) => moment > now && isOpen(schedule, zone, moment) !== open);
      return { open, change: change ? new Date(change * MINUTE) : null };
    } catch {
      return null;
    }
  };

  const isReaders = (zone, date) => offset(zone, date / MINUTE) === -date.getTimezoneOffset();

  return { parse, at, isReaders };
})();
