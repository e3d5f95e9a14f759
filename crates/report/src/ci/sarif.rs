//! SARIF 2.1.0, for code scanning (OASIS, "Static Analysis Results Interchange Format", and
//! docs.github.com, "SARIF support for code scanning").
//!
//! Rule ids are those of causes and rules, with their pages as help. A fingerprint stays the same when
//! lines move: it is made of the rule, the file, the paths of the policy and inside it, and the text there.

use rolecall_core::guide;
use rolecall_core::lint::rule;
use rolecall_core::report::{Location, Severity};
use serde_json::{Value, json};

use super::{Notice, Told};
use crate::{clean, json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Where a rule names no source of its own.
const HELP: &str = "https://docs.github.com/en/actions/reference/security/oidc";

pub(crate) fn render(told: &Told<'_>) -> String {
    let mut ids: Vec<&str> = told.notices.iter().map(|notice| notice.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let results = told.notices.iter().map(|notice| result(notice, &ids));
    json::pretty(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "rolecall",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": ids.iter().map(|id| descriptor(id)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

/// What there is to know of a rule; of what has no page its name.
fn descriptor(id: &str) -> Value {
    let Some(page) = guide::all().find(|page| page.id == id) else {
        return json!({"id": id, "shortDescription": {"text": id}, "helpUri": HELP});
    };
    let known = rule(id);
    let severity = known.map_or(Severity::Error, |rule| rule.severity);
    let mut properties = json!({"tags": ["oidc", "iam"], "precision": "high"});
    if known.is_some_and(|rule| rule.is_about_access)
        && let Some(properties) = properties.as_object_mut()
    {
        properties.insert("tags".to_owned(), json!(["security", "oidc", "iam"]));
        properties.insert("security-severity".to_owned(), score(severity).into());
    }
    let text = format!("{}\n\nWhat to do: {}", page.meaning, page.what_to_do);
    let is_link = |source: &&&str| source.starts_with("https://");
    json!({
        "id": id,
        "name": camel_case(id),
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.meaning},
        "help": {"text": text},
        "helpUri": page.sources.iter().find(is_link).unwrap_or(&HELP),
        "defaultConfiguration": {"level": level(severity)},
        "properties": properties,
    })
}

/// GitHub reads 7.0 and more as high, 4.0 and more as medium.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "8.0",
        Severity::Warning => "5.0",
        Severity::Info => "2.0",
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// SARIF wants names in Pascal case.
fn camel_case(id: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| first.to_uppercase().chain(chars).collect::<String>())
    };
    id.split('_').filter_map(capital).collect()
}

fn result(notice: &Notice<'_>, ids: &[&str]) -> Value {
    let help = match notice.help {
        "" => String::new(),
        help => format!("\n{}", clean::prose(help)),
    };
    let mut place = json!({"artifactLocation": {"uri": uri(notice.file)}});
    if let (Some(location), Some(place)) = (notice.location, place.as_object_mut()) {
        place.insert("region".to_owned(), region(location));
    }
    json!({
        "ruleId": notice.id,
        "ruleIndex": ids.binary_search(&notice.id).unwrap_or_default(),
        "level": level(notice.severity),
        "message": {"text": format!("{}{help}", clean::prose(&notice.summary))},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"rolecall/v1": fingerprint(notice)},
    })
}

fn region(location: &Location) -> Value {
    json!({
        "startLine": location.start.line,
        "startColumn": location.start.column,
        "endLine": location.end.line,
        "endColumn": location.end.column,
    })
}

/// A reference as RFC 3986 has it: relative to the repository where the path is, with `/` between its parts.
fn uri(file: &str) -> String {
    let path = file.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn fingerprint(notice: &Notice<'_>) -> String {
    let path = notice.location.map_or("", |location| &location.path);
    let parts = [notice.id, notice.file, notice.within, path, notice.snippet];
    format!("{:016x}", fnv(parts.join("\0").as_bytes()))
}

/// FNV-1a: short, and the same in every version.
fn fnv(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_become_references() {
        for (file, expected) in [
            ("iam/trust.json", "iam/trust.json"),
            ("./iam/trust.json", "iam/trust.json"),
            ("iam\\my trust.json", "iam/my%20trust.json"),
            ("/home/é.json", "file:///home/%C3%A9.json"),
            ("c:d#e.json", "c%3Ad%23e.json"),
        ] {
            assert_eq!(uri(file), expected, "{file}");
        }
    }

    /// Known answers of FNV-1a (Landon Curt Noll's page on FNV).
    #[test]
    fn the_hash_is_fnv() {
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn names() {
        assert_eq!(camel_case("open_to_outsiders"), "OpenToOutsiders");
    }
}
