//! Tokens in text: runs of base64url and dots, put together again where they were broken.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::Why;
use super::view::is_blank;

/// Longer than any token STS takes; what is longer is cut here, so that putting it together stays cheap.
const MAX_TOKEN: usize = 64 * 1024;
/// How often the end of a part is tried, per token.
const MAX_TRIALS: usize = 32;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What `ghs_`, `ghp_` and so on stand before: tokens for GitHub's API (docs.github.com, "About authentication to GitHub").
const GITHUB_TOKENS: [&str; 6] = ["ghs_", "ghp_", "gho_", "ghu_", "ghr_", "github_pat_"];

/// A token, or the beginning of one, with the breaks in it removed.
#[derive(Debug)]
pub(super) struct Candidate {
    /// The text without breaks.
    pub(super) joined: String,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// The line breaks that were removed.
    pub(super) line_breaks: usize,
    /// The other blanks that were removed, indentation after a line break not counted.
    pub(super) blanks: usize,
    /// Whether a full stop at the end was removed.
    pub(super) full_stop: bool,
}

impl Candidate {
    pub(super) fn parts(&self) -> Vec<&str> {
        self.joined.split('.').collect()
    }

    /// Whether something else than a signature stands in its place: `***`, `<...>`, an ellipsis.
    pub(super) fn is_signature_cut(&self, text: &str) -> bool {
        let parts = self.parts();
        let empty = parts.iter().skip(2).all(|part| part.is_empty());
        let next = text.get(self.end..).and_then(|rest| rest.chars().next());
        empty && (parts.len() > 3 || next.is_some_and(|c| matches!(c, '*' | '<' | '[' | '…')))
    }
}

/// What a scan for tokens found.
pub(super) struct Scan {
    pub(super) candidates: Vec<Candidate>,
    pub(super) why: Option<Why>,
}

/// All places where a token or a part of one begins, in order.
pub(super) fn candidates(text: &str) -> Scan {
    let runs = runs(text);
    let mut scan = Scan {
        candidates: Vec::new(),
        why: None,
    };
    let mut next = 0;
    while let Some(run) = runs.get(next) {
        next += 1;
        let chunk = text.get(run.clone()).unwrap_or_default();
        if GITHUB_TOKENS.iter().any(|prefix| chunk.starts_with(prefix)) {
            scan.why = Some(Why::GitHubToken);
        } else if is_escape(text, run.start, chunk) {
            // Another view of the text shows where the token really begins.
        } else if let Some(skipped) = beginning(chunk) {
            let (candidate, used) = assemble(text, &runs, next, run.start + skipped..run.end);
            scan.candidates.push(candidate);
            next += used;
        }
    }
    scan
}

/// Whether the run begins with the rest of an escape: `%20eyJ...`, `\neyJ...`.
fn is_escape(text: &str, start: usize, run: &str) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let hex = run.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    (before.ends_with('%') && hex)
        || (before.ends_with('\\') && run.starts_with(['n', 'r', 't', 'u']))
}

fn runs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().enumerate().chain([(text.len(), b' ')]) {
        let inside = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        match (start, inside) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                found.push(from..at);
                start = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }
    found
}

/// The byte of a run where a token begins: at the first part that begins like an encoded JSON object.
///
/// Where that is the second of three, the header is damaged, and the token begins with it.
fn beginning(run: &str) -> Option<usize> {
    let mut at = 0;
    for (index, part) in run.split('.').enumerate() {
        if begins_object(part) {
            let damaged_header =
                index == 1 && at > 1 && run.bytes().filter(|b| *b == b'.').count() == 2;
            return Some(if damaged_header { 0 } else { at });
        }
        at += part.len() + 1;
    }
    None
}

fn begins_object(part: &str) -> bool {
    if !part.starts_with('e') || part.len() < 4 {
        return false;
    }
    let length = part.len().min(16) / 4 * 4;
    let head = part
        .get(..length)
        .and_then(|head| LENIENT.decode(head).ok())
        .unwrap_or_default();
    let mut after = head
        .strip_prefix(b"{")
        .unwrap_or_default()
        .iter()
        .skip_while(|b| b.is_ascii_whitespace());
    head.starts_with(b"{") && after.next().is_none_or(|b| matches!(b, b'"' | b'}'))
}

/// Puts the token that begins in `first` together; returns it with the number of further runs that it took.
fn assemble(
    text: &str,
    runs: &[Range<usize>],
    next: usize,
    first: Range<usize>,
) -> (Candidate, usize) {
    let mut token = Assembly::new(text.get(first.clone()).unwrap_or_default());
    let mut candidate = Candidate {
        joined: String::new(),
        start: first.start,
        end: first.end,
        line_breaks: 0,
        blanks: 0,
        full_stop: false,
    };
    let mut used = 0;
    for run in runs.iter().skip(next) {
        let chunk = text.get(run.clone()).unwrap_or_default();
        let Some(gap) = text.get(candidate.end..run.start).and_then(Gap::read) else {
            break;
        };
        let ends_line = text.get(run.end..).is_some_and(ends_line);
        if token.text.len() + chunk.len() > MAX_TOKEN || !token.continues(chunk, &gap, ends_line) {
            break;
        }
        token.push(chunk);
        candidate.end = run.end;
        candidate.line_breaks += gap.line_breaks;
        candidate.blanks += gap.blanks;
        used += 1;
    }
    candidate.joined = token.text;
    candidate.full_stop = strip_full_stop(&mut candidate.joined);
    (candidate, used)
}

fn ends_line(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t', '\\']);
    rest.is_empty() || rest.starts_with(['\n', '\r', '"', '\''])
}

/// `h.p.s.` at the end of a sentence.
fn strip_full_stop(joined: &mut String) -> bool {
    let is_stop = joined.ends_with('.')
        && !joined.ends_with("..")
        && joined.bytes().filter(|b| *b == b'.').count() >= 3;
    if is_stop {
        joined.pop();
    }
    is_stop
}

/// What stands between two runs, if a token may go on after it.
struct Gap {
    line_breaks: usize,
    blanks: usize,
}

impl Gap {
    fn read(gap: &str) -> Option<Self> {
        // A backslash ends a line that goes on, in a shell.
        let shell_break = gap.contains("\\\n") || gap.contains("\\\r\n");
        let blank = gap
            .chars()
            .all(|c| is_blank(c) || (c == '\\' && shell_break));
        let line_breaks = gap.matches('\n').count();
        let blanks = if line_breaks == 0 {
            gap.chars().count()
        } else {
            0
        };
        blank.then_some(Self {
            line_breaks,
            blanks,
        })
    }
}

/// A token that is being put together.
struct Assembly {
    text: String,
    dots: usize,
    /// Where the part that is being read begins.
    part: usize,
    last_chunk: usize,
    trials: usize,
    signature_lengths: Option<&'static [usize]>,
}

impl Assembly {
    fn new(chunk: &str) -> Self {
        let mut new = Self {
            text: String::new(),
            dots: 0,
            part: 0,
            last_chunk: 0,
            trials: 0,
            signature_lengths: None,
        };
        new.push(chunk);
        new
    }

    fn push(&mut self, chunk: &str) {
        self.part = chunk
            .rfind('.')
            .map_or(self.part, |dot| self.text.len() + dot + 1);
        self.text.push_str(chunk);
        self.dots += chunk.bytes().filter(|b| *b == b'.').count();
        self.last_chunk = chunk.len();
    }

    /// Whether the chunk after a gap belongs to the token.
    fn continues(&mut self, chunk: &str, gap: &Gap, ends_line: bool) -> bool {
        match self.dots {
            0 | 1 => chunk.starts_with('.') || !self.is_part_complete(),
            2 => self.signature_continues(chunk, gap, ends_line),
            _ => false,
        }
    }

    /// Header and payload end where they are a JSON object.
    fn is_part_complete(&mut self) -> bool {
        let part = self.text.get(self.part..).unwrap_or_default();
        if self.trials >= MAX_TRIALS || !ends_object(part) {
            return false;
        }
        self.trials += 1;
        object(part).is_some()
    }

    fn signature_continues(&mut self, chunk: &str, gap: &Gap, ends_line: bool) -> bool {
        let lengths = *self
            .signature_lengths
            .get_or_insert_with(|| signature_lengths(&self.text));
        let have = self.text.len() - self.part;
        let together = have + chunk.len();
        let longest = lengths.iter().copied().max().unwrap_or_default();
        if chunk.contains('.') || lengths.contains(&have) || together > longest {
            return false;
        }
        let whole_line = gap.line_breaks > 0 && ends_line;
        lengths.contains(&together)
            || is_random(chunk)
            || (whole_line && chunk.len() == self.last_chunk)
    }
}

/// Long enough, and with letters of both cases and digits: no word.
fn is_random(chunk: &str) -> bool {
    let has = |test: fn(&u8) -> bool| chunk.bytes().any(|b| test(&b));
    chunk.len() >= 16
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

/// The lengths in base64url that the algorithm's signatures can have: RSA with 2048, 3072, 4096 bits; RFC 7518 for the rest.
fn signature_lengths(token: &str) -> &'static [usize] {
    let header = token.split('.').next().and_then(object);
    match header
        .as_ref()
        .and_then(|h| h.get("alg"))
        .and_then(Value::as_str)
    {
        Some("ES256" | "HS512") => &[86],
        Some("ES384") => &[128],
        Some("ES512") => &[176],
        Some("HS256") => &[43],
        Some("HS384") => &[64],
        _ => &[342, 512, 683],
    }
}

fn ends_object(part: &str) -> bool {
    let tail = match part.len() % 4 {
        0 => 4,
        1 => return false,
        rest => rest,
    };
    let tail = part
        .len()
        .checked_sub(tail)
        .and_then(|at| part.get(at..))
        .unwrap_or_default();
    LENIENT.decode(tail).is_ok_and(|bytes| {
        bytes.trim_ascii_end().ends_with(b"}") || bytes.iter().all(u8::is_ascii_whitespace)
    })
}

/// The JSON object that a part encodes.
pub(super) fn object(part: &str) -> Option<Map<String, Value>> {
    decoded(part).and_then(|text| super::object(&text))
}

/// The text that a part encodes.
pub(super) fn decoded(part: &str) -> Option<String> {
    LENIENT
        .decode(part)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
}
