// Sorts the names of countries as each language's readers expect (ICU collation).
//
// Run by tools/order_countries.py, which explains how and when. Reads
// {"<language>": {"<country code>": "<name>", ...}, ...} from stdin and writes
// {"<language>": ["<country code>", ...], ...} to stdout.

import { text } from "node:stream/consumers";

const names = JSON.parse(await text(process.stdin));
const languages = Object.keys(names);

// Node built with few languages falls back to its own locale in silence: refuse instead.
const known = new Set(Intl.Collator.supportedLocalesOf(languages));
const missing = languages.filter((language) => !known.has(language));
if (missing.length > 0) {
  console.error(`This Node has no collation for: ${missing.join(" ")}. Use one with full ICU.`);
  process.exit(1);
}

const order = {};
for (const language of languages) {
  const { compare } = new Intl.Collator(language, { usage: "sort" });
  order[language] = Object.entries(names[language])
    .sort(([codeA, nameA], [codeB, nameB]) => compare(nameA, nameB) || (codeA < codeB ? -1 : 1))
    .map(([code]) => code);
}
console.log(JSON.stringify(order));
