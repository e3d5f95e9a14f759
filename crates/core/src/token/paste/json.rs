//! JSON objects in text, and which of them are claims.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{Why, object};
use crate::token::catalogue;

/// How often the text may be read: once for each level of objects in objects, usually two or three.
const BUDGET: usize = 6;

/// The claims that were found in a text.
#[derive(Debug)]
pub(super) struct Object {
    /// Where they stand.
    pub(super) range: Range<usize>,
    /// Where a token's header stands, if one does.
    pub(super) header: Option<Range<usize>>,
    /// How many different claim sets stand in the text besides.
    pub(super) others: usize,
    /// Whether they stand in another object.
    pub(super) is_in_json: bool,
}

/// What a scan for claims found.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) claims: Option<Object>,
    pub(super) why: Option<Why>,
}

/// The first object in the text that is a claim set, from the outside inwards.
pub(super) fn claims(text: &str) -> Scan {
    let mut finder = Finder {
        text,
        budget: text.len() * BUDGET + 4096,
        scan: Scan::default(),
        header: None,
        outer_end: 0,
    };
    let mut at = 0;
    while let Some(start) = text
        .get(at..)
        .and_then(|rest| rest.find('{'))
        .map(|found| at + found)
    {
        at = finder.visit(start).unwrap_or(start + 1);
        if finder.budget == 0 {
            break;
        }
    }
    let Finder {
        mut scan, header, ..
    } = finder;
    if let Some(found) = &mut scan.claims {
        found.header = header;
    }
    scan
}

struct Finder<'a> {
    text: &'a str,
    /// Bytes that may still be read: braces in braces are read several times.
    budget: usize,
    scan: Scan,
    header: Option<Range<usize>>,
    /// Where the last object that is not a claim set ends.
    outer_end: usize,
}

impl Finder<'_> {
    /// Looks at the object that begins here; returns where to go on, unless inside it.
    fn visit(&mut self, start: usize) -> Option<usize> {
        let range = start..self.end(start)?;
        let members = object(self.text.get(range.clone())?)?;
        let end = range.end;
        if self.are_claims(&members, start, end) {
            self.take(range);
            return Some(end);
        }
        if is_header(&members) {
            self.header.get_or_insert(range);
            return Some(end);
        }
        self.blame(reason(&members));
        self.outer_end = self.outer_end.max(end);
        None
    }

    fn are_claims(&self, members: &Map<String, Value>, start: usize, end: usize) -> bool {
        let around = |text: Option<&str>| text.is_some_and(|t| t.trim().is_empty());
        let is_whole = around(self.text.get(..start)) && around(self.text.get(end..));
        let wrapped = || self.text.get(..start).is_some_and(is_after_wrapper);
        is_claims(members) || ((is_whole || wrapped()) && is_partial_claims(members))
    }

    fn take(&mut self, range: Range<usize>) {
        let is_in_json = range.start < self.outer_end;
        match &mut self.scan.claims {
            None => {
                self.scan.claims = Some(Object {
                    range,
                    header: None,
                    others: 0,
                    is_in_json,
                })
            }
            Some(first) => {
                first.others +=
                    usize::from(self.text.get(first.range.clone()) != self.text.get(range))
            }
        }
    }

    fn blame(&mut self, why: Why) {
        self.scan.why = Some(self.scan.why.map_or(why, |known| known.min(why)));
    }

    /// The byte after the brace that closes the one at `start`.
    fn end(&mut self, start: usize) -> Option<usize> {
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        for (at, byte) in self.text.bytes().enumerate().skip(start) {
            self.budget = self.budget.checked_sub(1)?;
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = in_string,
                b'"' => in_string = !in_string,
                b'{' if !in_string => depth += 1,
                b'}' if !in_string && depth == 1 => return Some(at + 1),
                b'}' if !in_string => depth -= 1,
                _ => {}
            }
        }
        None
    }
}

/// Whether an object is a claim set wherever it stands. The `github` context has the names of many claims, but neither
/// `sub` nor `iss`.
pub(super) fn is_claims(members: &Map<String, Value>) -> bool {
    let text = |name: &str| {
        members
            .get(name)
            .is_some_and(|v| v.is_string() || v.is_number())
    };
    text("sub") || text("oidc_sub") || (text("iss") && known(members) > 1)
}

/// Whether an object may be meant as some of a token's claims, where it stands for itself.
fn is_partial_claims(members: &Map<String, Value>) -> bool {
    let has_inner = ["claims", "payload"]
        .iter()
        .any(|name| members.get(*name).is_some_and(Value::is_object));
    known(members) > 0 && !has_inner && !is_header(members) && reason(members) == Why::NoClaims
}

/// What an object is that is no claim set.
fn reason(members: &Map<String, Value>) -> Why {
    if members.contains_key("Statement") {
        Why::Policy
    } else if members.contains_key("server_url") && members.contains_key("event_path") {
        Why::GitHubContext
    } else {
        Why::NoClaims
    }
}

fn known(members: &Map<String, Value>) -> usize {
    members
        .keys()
        .filter(|name| catalogue::presence(name).is_some())
        .count()
}

fn is_header(members: &Map<String, Value>) -> bool {
    members.get("alg").is_some_and(Value::is_string)
        && !members.contains_key("sub")
        && !members.contains_key("n")
}

fn is_after_wrapper(before: &str) -> bool {
    let name = before.trim_end().strip_suffix(':').map(str::trim_end);
    name.is_some_and(|name| name.ends_with("\"claims\"") || name.ends_with("\"payload\""))
}
