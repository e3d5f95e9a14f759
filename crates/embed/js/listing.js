// A policy's text with line numbers, colours and what came of each of its values.

const TOKENS = /"(?:[^"\\\n]|\\.)*"?|[{}[\],:]|[^"{}[\],:]+/g;
const CLASSES = { met: "met", "not-met": "missed", unknown: "unclear" };
const ICONS = { met: "pass", "not-met": "fail", unknown: "unknown" };

/** The lines as elements. `icon` makes the sign of an outcome. */
export function numbered(text, report, icon) {
  const parts = (report.statements ?? []).flatMap(({ parts }) => parts);
  const failed = report.causes?.[0]?.location;
  const signs = new Map();
  for (const { outcome, location } of parts) if (ICONS[outcome]) signs.set(location.start.line, outcome);
  if (failed?.document === "policy") signs.set(failed.start.line, report.decision === "undecided" ? "unknown" : "not-met");
  return lines(pieces(text, marks(text, parts, failed))).map((spans, index) => {
    const line = make("span", "line", spans);
    const outcome = signs.get(index + 1);
    if (outcome) line.prepend(icon(ICONS[outcome]));
    if (failed?.document === "policy" && failed.start.line === index + 1) line.classList.add("failing");
    return line;
  });
}

/** `[start, end, class]` of the values that were judged, in the order of the text. */
function marks(text, parts, failed) {
  const values = parts.filter(({ part }) => part === "condition").flatMap(({ expected }) => expected);
  const marks = values.filter(({ outcome }) => CLASSES[outcome]).map(({ outcome, location }) => [...inner(text, location), CLASSES[outcome]]);
  if (failed?.document === "policy") marks.push([...inner(text, failed), "missed"]);
  return marks.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}

/** A range, without the quotes of a string. */
function inner(text, { start: { utf16: start }, end: { utf16: end } }) {
  return text[start] === '"' && text[end - 1] === '"' && end - start > 2 ? [start + 1, end - 1] : [start, end];
}

/** The text in pieces of one class each. */
function pieces(text, marks) {
  const pieces = [];
  let passed = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const kind = kindOf(token, text.slice(index + token.length));
    let at = index;
    while (passed < marks.length && marks[passed][1] <= index) passed++;
    for (let next = passed; next < marks.length && marks[next][0] < index + token.length; next++) {
      const [start, end, mark] = marks[next];
      if (end <= at) continue;
      if (start > at) pieces.push([text.slice(at, start), kind]);
      const from = Math.max(start, at);
      at = Math.min(end, index + token.length);
      pieces.push([text.slice(from, at), `${kind} ${mark}`]);
    }
    if (at < index + token.length) pieces.push([text.slice(at, index + token.length), kind]);
  }
  return pieces;
}

function kindOf(token, rest) {
  if (token.startsWith('"')) return /^\s*:/.test(rest) ? "key" : "string";
  return /^[{}[\],:]$/.test(token) ? "sign" : "plain";
}

function lines(pieces) {
  const lines = [[]];
  for (const [text, kind] of pieces) {
    text.split("\n").forEach((part, index) => {
      if (index) lines.push([]);
      if (part) lines.at(-1).push(make("span", kind, [part]));
    });
  }
  return lines;
}

function make(name, classes, children) {
  const made = document.createElement(name);
  made.className = classes;
  made.append(...children);
  return made;
}
