// Two values, one above the other, cut into columns so that the eye finds what differs.

/** The widest column, so that a narrow box can break the line between two. */
const WIDEST = 24;
/** Values with more pairs of segments than this are not aligned. */
const MOST_PAIRS = 60_000;

/** `[{ above, below, mark: "same" | "differs" | "covered" }]`; `wildcards`: the lower value is a pattern. */
export function columns(above, below, wildcards) {
  return align(segments(above), segments(below))
    .flatMap(([above, below]) => marked(above, below, wildcards))
    .flatMap(narrowed);
}

/** Every separator and every text between two. */
const segments = (text) => text.match(/[:/@]|[^:/@]+/g) ?? [];

/** Pairs the longest common run of segments; what lies between is paired as a whole. */
function align(above, below) {
  if (above.length * below.length > MOST_PAIRS) return [[above.join(""), below.join("")]];
  const common = above.concat("").map(() => new Uint32Array(below.length + 1));
  for (let i = above.length - 1; i >= 0; i--) {
    for (let j = below.length - 1; j >= 0; j--) {
      common[i][j] = above[i] === below[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const pairs = [];
  let open = ["", ""];
  const close = () => {
    if (open[0] || open[1]) pairs.push(open);
    open = ["", ""];
  };
  let [i, j] = [0, 0];
  while (i < above.length && j < below.length) {
    if (above[i] === below[j]) {
      close();
      pairs.push([above[i++], below[j++]]);
    } else if (common[i + 1][j] >= common[i][j + 1]) open[0] += above[i++];
    else open[1] += below[j++];
  }
  open[0] += above.slice(i).join("");
  open[1] += below.slice(j).join("");
  close();
  return pairs;
}

function marked(above, below, wildcards) {
  if (above === below) return [{ above, below, mark: "same" }];
  if (wildcards && /[*?]/.test(below) && covers(below, above)) return [{ above, below, mark: "covered" }];
  if (above.length === below.length && above.toLowerCase() === below.toLowerCase()) return letters(above, below);
  return [{ above, below, mark: "differs" }];
}

/** Whether the pattern fits the text: never exponential, each star only ever grows. */
function covers(pattern, text) {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === "*") [star, mark] = [p++, t];
    else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, t] = [star + 1, ++mark];
    else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}

/** Where only letter case differs, the letters that do. */
function letters(above, below) {
  const columns = [];
  for (let i = 0; i < above.length; i++) {
    const mark = above[i] === below[i] ? "same" : "differs";
    const last = columns.at(-1);
    if (last?.mark === mark) {
      last.above += above[i];
      last.below += below[i];
    } else columns.push({ above: above[i], below: below[i], mark });
  }
  return columns;
}

/** Cuts a column that is too wide. */
function narrowed({ above, below, mark }) {
  const count = Math.ceil(Math.max(above.length, below.length) / WIDEST);
  const cut = (text, index) => text.slice(index * WIDEST, (index + 1) * WIDEST);
  return Array.from({ length: count }, (_, index) => ({ above: cut(above, index), below: cut(below, index), mark }));
}
