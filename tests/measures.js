// What the accessibility tests measure in the browser. Each function returns a list of faults as
// sentences; an empty list means that nothing was found. Loaded before each page by tests/access.py.
globalThis.measure = (() => {
  const CONTROLS = "a[href], button, input, select, textarea, summary, iframe, [tabindex='0']";
  const ALWAYS_IN_VIEW = ".header, .skip";

  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest(".hidden");
  const style = (element, pseudo) => getComputedStyle(element, pseudo);
  const say = (element) => {
    const names = [...element.classList].map((name) => `.${name}`).join("");
    const text = (element.innerText || element.value || "").trim().replace(/\s+/g, " ");
    return `${element.localName}${element.id && `#${element.id}`}${names} "${text.slice(0, 40)}"`;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const box = (element) => {
    const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
    return { left, right, top, bottom, width, height };
  };
  const fixed = (element) => {
    for (let e = element; e; e = e.parentElement)
      if (/fixed|sticky/.test(style(e).position)) return true;
    return false;
  };

  // --- Colours (WCAG 2.2, "contrast ratio", "relative luminance") ---------------------------------

  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = {};
  const parse = (colour) => {
    if (!known[colour]) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known[colour] = [red, green, blue, alpha / 255];
    }
    return known[colour];
  };
  const over = ([r, g, b, alpha], ground) =>
    [r, g, b].map((part, at) => part * alpha + ground[at] * (1 - alpha)).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour
      .slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  // The nearest opaque ground below an element, with what is half transparent laid over it.
  const ground = (element) => {
    if (!element) return parse(style(document.documentElement).colorScheme === "dark" ? "#000" : "#fff");
    const own = parse(style(element).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(element.parentElement));
  };

  const contrastOf = (element, pseudo) => {
    const css = style(element, pseudo);
    const own = pseudo ? parse(css.backgroundColor) : [0, 0, 0, 0];
    const below = over(own, ground(element));
    return ratio(over(parse(css.color), below), below);
  };
  const needed = (css) => {
    const size = parseFloat(css.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && css.fontWeight >= 700);
    return isLarge ? 4.5 : 7;
  };
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (data.trim() && seen(parentElement) && !parentElement.closest("script, style, option"))
        found.push(walker.currentNode);
    }
    return found;
  };

  // WCAG 2.2, 1.4.6: text of every element, of fields, and what the style writes before them.
  const textContrast = () => {
    const faults = new Set();
    const look = (element, pseudo) => {
      const css = style(element, pseudo);
      const found = contrastOf(element, pseudo);
      if (found < needed(css) - 0.005)
        faults.add(`${say(element)}${pseudo ?? ""} ${css.color}: ${found.toFixed(2)}`);
    };
    const parents = new Set(texts().map((node) => node.parentElement));
    for (const element of [...parents, ...all("input, select, textarea")]) look(element);
    for (const element of all("body *"))
      if (/^"|counter/.test(style(element, "::before").content) && style(element, "::before").content !== '""')
        look(element, "::before");
    return [...faults];
  };

  // WCAG 2.2, 1.4.11: a control stands out by its edge or by its ground.
  const controlContrast = () =>
    all("a, button, input:not([type=checkbox]), select, textarea, label, summary")
      .filter((element) => parseFloat(style(element).borderBlockStartWidth))
      .filter((element) => parse(style(element).borderBlockStartColor)[3])
      .filter((element) => {
        const outside = ground(element.parentElement);
        const edge = over(parse(style(element).borderBlockStartColor), outside);
        return Math.max(ratio(edge, outside), ratio(ground(element), outside)) < 3;
      })
      .map(say);

  // --- Size and place -----------------------------------------------------------------------------

  const tooWide = () => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = all("body *").filter((element) => {
      const { left, right } = box(element);
      return right > clientWidth + 1 || left < -1;
    });
    return [`the page: ${scrollWidth} in ${clientWidth}`, ...wide.slice(-3).map(say)];
  };

  // Text that its own element cuts off, and text that lies on other text.
  const clipped = () => {
    const hides = /hidden|clip/;
    return all("body *")
      .filter((element) => element.innerText?.trim())
      .filter((element) => {
        const css = style(element);
        return (
          (hides.test(css.overflowX) && element.scrollWidth > element.clientWidth + 1) ||
          (hides.test(css.overflowY) && element.scrollHeight > element.clientHeight + 1)
        );
      })
      .map((element) => `${say(element)} is cut off`);
  };
  const overlapping = () => {
    const pieces = texts()
      .filter((node) => !fixed(node.parentElement))
      .flatMap((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        // Letters are lower than the box of their line, which may reach into the next one.
        return [...range.getClientRects()].map(({ left, right, top, bottom }) => {
          const spare = (bottom - top) / 4;
          return { node, left, right, top: top + spare, bottom: bottom - spare };
        });
      })
      .sort((a, b) => a.top - b.top);
    const faults = new Set();
    pieces.forEach((one, at) => {
      for (const other of pieces.slice(at + 1)) {
        if (other.top >= one.bottom) break;
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - other.top;
        if (one.node !== other.node && across > 2 && down > 2)
          faults.add(`${say(one.node.parentElement)} lies on ${say(other.node.parentElement)}`);
      }
    });
    return [...faults];
  };

  // The way out is on the screen, whole, and nothing lies on it.
  const exitHidden = () => {
    const exits = all("[data-exit], .card__exit").filter((exit) => {
      const { left, right, top, bottom, width, height } = box(exit);
      const at = document.elementFromPoint(left + width / 2, top + height / 2);
      return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && exit.contains(at);
    });
    return exits.length ? [] : ["no link to leave is on the screen"];
  };

  // WCAG 2.2, 2.5.8: 24 pixels, or as much room around; links within a sentence are free.
  const isWithinSentence = (element) => {
    if (style(element).display !== "inline") return false;
    let block = element.parentElement;
    while (/inline|contents/.test(style(block).display)) block = block.parentElement;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode())
      if (/\p{L}/u.test(walker.currentNode.data) && !walker.currentNode.parentElement.closest("a"))
        return true;
    return false;
  };
  const targets = () =>
    all("a[href], button, summary, input, select, textarea")
      .filter((element) => !element.closest(".skip"))
      .map((element) => element.closest("label:has(input[type=checkbox])") ?? element);
  const smallTargets = () => {
    const boxes = targets().map((element) => ({ element, ...box(element) }));
    const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
    const isSmall = ({ width, height }) => width < 24 || height < 24;
    const isCrowded = (one) => {
      const [x, y] = middle(one);
      return boxes.some((other) => {
        if (other.element === one.element) return false;
        const [otherX, otherY] = middle(other);
        if (isSmall(other) && Math.hypot(x - otherX, y - otherY) < 24) return true;
        const across = Math.max(other.left - x, 0, x - other.right);
        const down = Math.max(other.top - y, 0, y - other.bottom);
        return Math.hypot(across, down) < 12;
      });
    };
    return boxes
      .filter((one) => isSmall(one) && !isWithinSentence(one.element) && isCrowded(one))
      .map(({ element, width, height }) => `${say(element)}: ${width.toFixed()}x${height.toFixed()}`);
  };
  // WCAG 2.2, 2.5.5 (AAA) for what matters most.
  const smallActions = (selector) =>
    all(selector)
      .map((element) => ({ element, ...box(element) }))
      .filter(({ width, height }) => width < 43.5 || height < 43.5)
      .map(({ element, width, height }) => `${say(element)}: ${width.toFixed()}x${height.toFixed()}`);

  // --- Focus --------------------------------------------------------------------------------------

  const stops = () =>
    all(CONTROLS).filter((element) => element.tabIndex >= 0 && !element.disabled);
  // The outline stands on the control, or on the label that is drawn as one.
  const outlined = (element) =>
    [element, element.closest("label")].find((e) => e && style(e).outlineStyle !== "none");
  const outlineFaults = (element) => {
    const ring = outlined(element);
    if (!ring || parseFloat(style(ring).outlineWidth) < 2) return [`${say(element)} shows no focus`];
    const outside = ground(ring.parentElement);
    const found = ratio(over(parse(style(ring).outlineColor), outside), outside);
    return found < 3 ? [`${say(element)} shows its focus with ${found.toFixed(2)} only`] : [];
  };
  let walked, wanted, bars;
  const covered = (element) => {
    if (element.closest(ALWAYS_IN_VIEW)) return [];
    const { left, right, top, bottom } = box(element);
    const faults = [];
    // Of a long text to copy, browsers show the line with the cursor.
    if (element.localName === "textarea") return [];
    if (top < 0 || bottom > innerHeight)
      faults.push(`${say(element)} is off the screen (${top.toFixed()} to ${bottom.toFixed()})`);
    for (const bar of bars.filter((e) => !e.contains(element))) {
      const b = box(bar);
      if (left < b.right - 1 && right > b.left + 1 && top < b.bottom - 1 && bottom > b.top + 1)
        faults.push(`${say(element)} lies under ${say(bar)}`);
    }
    return faults;
  };
  // Returns whether the last control of the page is reached.
  const note = () => {
    const element = document.activeElement;
    if (!element || element === document.body) return false;
    // Inside a frame the focus is the frame's own affair.
    const isFrame = element.localName === "iframe";
    if (isFrame && walked.at(-1)?.element === element) return false;
    const { left, right, top, bottom } = box(element);
    const page = { left, right, top: top + scrollY, bottom: bottom + scrollY };
    const faults = isFrame ? [] : [...outlineFaults(element), ...covered(element)];
    walked.push({ element, ...page, faults });
    return element === wanted.at(-1);
  };
  // From now on each control that has the focus when Tab is pressed is noted; returns how many
  // there are. A page with frames does not see all keys: there the test itself notes.
  const startWalk = () => {
    walked = [];
    wanted = stops();
    bars = all("body *").filter((e) => /fixed|sticky/.test(style(e).position) && !e.closest(".skip"));
    if (!frames.length) addEventListener("keydown", (event) => event.key === "Tab" && note(), true);
    return wanted.length;
  };
  const endWalk = () => {
    if (!frames.length) note();
    const got = walked.map(({ element }) => element);
    const faults = walked.flatMap((stop) => stop.faults);
    for (const element of wanted) if (!got.includes(element)) faults.push(`Tab misses ${say(element)}`);
    for (const element of new Set(got))
      if (!wanted.includes(element)) faults.push(`Tab stops at ${say(element)}`);
    walked.forEach((stop, at) => {
      const next = walked[at + 1];
      if (!next) return;
      if (next.element === stop.element) faults.push(`Tab is caught in ${say(stop.element)}`);
      else if (!(stop.element.compareDocumentPosition(next.element) & Node.DOCUMENT_POSITION_FOLLOWING))
        faults.push(`Tab goes back from ${say(stop.element)} to ${say(next.element)}`);
      // Up again is right only at the start of the next column.
      const place = (e) => e.closest("header, nav, main, footer, .side, iframe") ?? document.body;
      if (place(stop.element) !== place(next.element) || fixed(next.element)) return;
      let shared = stop.element;
      while (!shared.contains(next.element)) shared = shared.parentElement;
      const isRtl = style(shared).direction === "rtl";
      const isNextColumn = isRtl ? next.right <= stop.left + 1 : next.left >= stop.right - 1;
      if (next.bottom <= stop.top + 1 && !isNextColumn)
        faults.push(`Tab goes up from ${say(stop.element)} to ${say(next.element)}`);
    });
    return faults;
  };

  // --- Colours of the system, motion --------------------------------------------------------------

  const hasEdge = (element) => {
    const css = style(element);
    return ["BlockStart", "BlockEnd", "InlineStart", "InlineEnd"].some(
      (side) => parseFloat(css[`border${side}Width`]) && css[`border${side}Style`] !== "none",
    ) || css.outlineStyle !== "none";
  };
  // What is told by its ground alone, in the site's own colours.
  const grounds = () => {
    const boxes = all("body *").filter((element) => {
      const own = parse(style(element).backgroundColor);
      const below = ground(element.parentElement);
      const isBand = element.matches("header, footer, main, .back, :has(h1)");
      const stands = own[3] && ratio(over(own, below), below) > 1.02;
      return stands && !isBand && element.innerText?.trim();
    });
    for (const element of boxes) element.dataset.ground = "";
    return boxes.length;
  };
  const lostEdges = () =>
    all("[data-ground]").filter((element) => !hasEdge(element)).map((e) => `${say(e)} has no edge`);
  // One control of each look has the focus in turn.
  const lostFocus = () => {
    const looks = new Map(stops().map((e) => [`${e.localName}${e.className}`, e]));
    return [...looks.values()].flatMap((element) => {
      element.focus({ focusVisible: true });
      return element.localName === "iframe" ? [] : outlineFaults(element);
    });
  };
  const moving = () =>
    [...document.querySelectorAll("*")].flatMap((element) =>
      [undefined, "::before", "::after"]
        .filter((pseudo) => {
          const css = style(element, pseudo);
          const times = `${css.animationDuration},${css.transitionDuration}`.split(",");
          return times.some((time) => parseFloat(time) > 0) || css.scrollBehavior === "smooth";
        })
        .map((pseudo) => `${say(element)}${pseudo ?? ""} moves`),
    );

  // --- Changing the page --------------------------------------------------------------------------

  // A sheet of the reader's own: the policy of the site does not forbid it.
  const dress = (css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = css ? [sheet] : [];
  };
  const openAll = () => {
    for (const details of document.querySelectorAll("main details")) details.open = true;
  };

  return {
    clipped, controlContrast, dress, endWalk, exitHidden, grounds, lostEdges, lostFocus, moving,
    note, openAll, overlapping, smallActions, smallTargets, startWalk, textContrast, tooWide,
  };
})();
