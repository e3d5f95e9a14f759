use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::{Claims, Found, Jws, MAX_INPUT, Note, Pasted, Why, find};

const HEADER: &str = r#"{"alg":"RS256","kid":"made-up","typ":"JWT"}"#;
const PAYLOAD: &str = r#"{"aud":"sts.amazonaws.com","iss":"https://token.actions.githubusercontent.com","sub":"repo:octo-org/octo-repo:ref:refs/heads/main"}"#;

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// As long as an RS256 signature, with letters and digits that change.
fn signature() -> String {
    let bytes: Vec<u8> = (0..256_u32)
        .map(|n| u8::try_from(n.wrapping_mul(167).wrapping_add(n * n) % 256).unwrap_or_default())
        .collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

fn token() -> String {
    format!("{}.{}.{}", encode(HEADER), encode(PAYLOAD), signature())
}

fn notes(pasted: &Pasted) -> String {
    pasted
        .notes
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

fn wrapped(text: &str, width: usize, glue: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars
        .chunks(width)
        .map(|line| line.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(glue)
}

/// `§` in the shape stands for the token.
#[track_caller]
fn assert_token(shape: &str, said: &str) {
    let pasted = find(&shape.replace('§', &token()));
    let Found::Jws(jws) = &pasted.found else {
        return assert_eq!(format!("{pasted:?}"), "a token", "{shape}");
    };
    assert_eq!(jws.token(), token(), "{shape}");
    assert_eq!(notes(&pasted), said, "{shape}");
}

#[track_caller]
fn assert_claims(text: &str, said: &str) -> Claims {
    let pasted = find(text);
    assert_eq!(notes(&pasted), said, "{text}");
    match pasted.found {
        Found::Claims(claims) => claims,
        other => {
            assert_eq!(format!("{other:?}"), "claims", "{text}");
            Claims {
                json: String::new(),
                start: None,
                header: None,
            }
        }
    }
}

#[track_caller]
fn assert_nothing(text: &str, why: Why) {
    assert_eq!(
        find(text),
        Pasted {
            found: Found::Nothing(why),
            notes: Vec::new()
        },
        "{text}"
    );
}

#[test]
fn tokens_in_all_shapes() {
    let cases = [
        ("§", ""),
        ("  §\n", ""),
        ("\u{feff}§", ""),
        ("Bearer §", "removed \"Bearer\""),
        ("bearer\t§", "removed \"Bearer\""),
        (
            "Authorization: bearer §",
            "removed \"Authorization: Bearer\"",
        ),
        (
            "authorization:Bearer §\r\n",
            "removed \"Authorization: Bearer\"",
        ),
        ("\"§\"", "removed the quotes around it"),
        ("'§'", "removed the quotes around it"),
        ("`§`", "removed the quotes around it"),
        ("“§”", "removed the quotes around it"),
        (
            "\"Bearer §\"",
            "removed \"Bearer\"; removed the quotes around it",
        ),
        ("{\"value\":\"§\"}", "taken from `value` in a JSON document"),
        (
            "{\"count\":1, \"value\" : \"§\"}",
            "taken from `value` in a JSON document",
        ),
        (
            "{\"token\": \"§\"}",
            "taken from `token` in a JSON document",
        ),
        ("{\"a\":{\"b\":[1,\"§\"]}}", "found in a JSON document"),
        ("token=§", "found after an equals sign"),
        (
            "export ID_TOKEN='§'",
            "found after an equals sign; removed the quotes around it",
        ),
        (
            "https://example.com/#token=§&x=1",
            "found after an equals sign",
        ),
        (
            "the token is §.",
            "found in other text; removed a full stop at the end",
        ),
        ("see §\n\nThanks for looking at it", "found in other text"),
        (
            "2026-11-02T10:00:00.1234567Z §",
            "found in a log: removed the prefixes of 1 line",
        ),
        (
            "##[debug]§",
            "found in a log: removed the prefixes of 1 line",
        ),
        (
            "job\tstep\t2026-11-02T10:00:00.1Z token: §",
            "found in a log: removed the prefixes of 1 line; found in other text",
        ),
        ("\u{1b}[36;1m§\u{1b}[0m", ""),
        ("Bearer%20§", "undid URL-encoding; removed \"Bearer\""),
        (
            "x=Bearer%20§%0A",
            "undid URL-encoding; found after an equals sign; removed \"Bearer\"",
        ),
        (
            r"token:\n§\n",
            "undid the escapes of a JSON string; found in other text",
        ),
        ("§ §", "found in other text"),
    ];
    for (shape, said) in cases {
        assert_token(shape, said);
    }
}

#[track_caller]
fn assert_found(text: &str, said: &str) {
    let pasted = find(text);
    assert!(
        matches!(&pasted.found, Found::Jws(jws) if jws.token() == token()),
        "{text}: {pasted:?}"
    );
    assert_eq!(notes(&pasted), said, "{text}");
}

#[test]
fn broken_tokens_are_put_together() {
    let lines = |width: usize| token().len().div_ceil(width) - 1;
    for width in [20, 60, 64, 72, 76, 80, 100, 132, 300] {
        let said = format!(
            "removed {} line break{}",
            lines(width),
            if lines(width) == 1 { "" } else { "s" }
        );
        assert_found(&wrapped(&token(), width, "\n"), &said);
        assert_found(&wrapped(&token(), width, "\r\n    "), &said);
        assert_found(&wrapped(&token(), width, " \\\n"), &said);
    }
    assert_found(
        &wrapped(&token(), 200, "\u{200b}"),
        &format!("removed {} blanks", lines(200)),
    );
    assert_found(&token().replace('.', "\n.\n"), "removed 4 line breaks");
    assert_found(
        &format!("a: {}\nThanks", wrapped(&token(), 80, "\n")),
        &format!("found in other text; removed {} line breaks", lines(80)),
    );
}

#[test]
fn a_log_with_a_time_before_each_line_of_the_token() {
    let log = format!(
        "2026-11-02T10:00:00.1Z {}",
        wrapped(&token(), 100, "\n2026-11-02T10:00:00.1Z ")
    );
    let lines = token().len().div_ceil(100);
    assert_found(
        &log,
        &format!(
            "found in a log: removed the prefixes of {lines} lines; removed {} line breaks",
            lines - 1
        ),
    );
}

#[test]
fn encoded_tokens() {
    let once = STANDARD.encode(token());
    assert_found(&once, "decoded it from base64");
    assert_found(&STANDARD.encode(&once), "decoded it from base64 2 times");
    assert_found(
        &STANDARD.encode(STANDARD.encode(format!("{}\n", token())) + "\n"),
        "decoded it from base64 2 times",
    );
    assert_found(
        &wrapped(&STANDARD.encode(wrapped(&once, 76, "\n")), 76, "\n"),
        "decoded it from base64 2 times",
    );
    let log = format!("2026-11-02T10:00:00Z token: {once}\n2026-11-02T10:00:01Z Post job cleanup");
    assert_found(
        &log,
        "found in a log: removed the prefixes of 2 lines; decoded it from base64",
    );
    assert_found(&token().replace('.', "%2E"), "undid URL-encoding");
    let json = format!(r#"{{\"value\":\"{}\"}}"#, token());
    assert_found(&json, "taken from `value` in a JSON document");
    let text = format!(r#"{{"log": "{}"}}"#, wrapped(&token(), 100, "\\n"));
    let lines = token().len().div_ceil(100) - 1;
    assert!(
        notes(&find(&text)).contains(&format!("removed {lines} line breaks")),
        "{}",
        notes(&find(&text))
    );
}

#[test]
fn claims_in_all_shapes() {
    let log = |text: &str| {
        text.lines()
            .map(|l| format!("2026-11-02T10:00:00.1Z {l}\n"))
            .collect::<String>()
    };
    let pretty = PAYLOAD.replace(',', ",\n  ");
    assert_eq!(assert_claims(PAYLOAD, "").start, Some(0));
    assert_eq!(assert_claims(&format!("\n {PAYLOAD}"), "").start, Some(2));
    assert_eq!(
        assert_claims(
            &format!("{{\"claims\": {PAYLOAD}}}"),
            "found in a JSON document"
        )
        .start,
        Some(11)
    );
    assert_eq!(
        assert_claims(&format!("[{PAYLOAD}]"), "found in other text").json,
        PAYLOAD
    );
    assert_eq!(
        assert_claims(
            "{\"claims\": {\"repository\": \"o/r\"}}",
            "found in a JSON document"
        )
        .start,
        Some(11)
    );
    assert_eq!(
        assert_claims("{\"repository\": \"o/r\"}", "").start,
        Some(0)
    );
    let both = assert_claims(
        &format!("{{\"header\":{HEADER},\"payload\":{PAYLOAD}}}"),
        "found in a JSON document",
    );
    assert_eq!(
        (both.json.as_str(), both.header.as_deref()),
        (PAYLOAD, Some(HEADER))
    );
    let both = assert_claims(&format!("{HEADER}\n{PAYLOAD}"), "found in other text");
    assert_eq!(
        (both.json.as_str(), both.header.as_deref()),
        (PAYLOAD, Some(HEADER))
    );
    let printed = assert_claims(
        &log(&format!("JWT:\n{pretty}\ndone")),
        "found in a log: removed the prefixes of 5 lines; found in other text",
    );
    assert_eq!((printed.json, printed.start), (pretty, None));
    let line = assert_claims(
        &log(PAYLOAD),
        "found in a log: removed the prefixes of 1 line",
    );
    assert_eq!(line.start, Some(23));
    let escaped = serde_json::Value::from(PAYLOAD).to_string();
    assert_eq!(
        assert_claims(
            &escaped,
            "undid the escapes of a JSON string; found in other text"
        )
        .json,
        PAYLOAD
    );
    assert_claims(
        "{“sub”: “x”}",
        "read curly or single quotes as straight double quotes",
    );
    assert_claims(
        "{'sub': 'x', 'exp': 1}",
        "read curly or single quotes as straight double quotes",
    );
    assert_claims(
        &STANDARD.encode(pretty_with_plus()),
        "decoded it from base64",
    );
    assert_claims(
        "{\"sub\":\"a\"}{\"sub\":\"b\"}{\"sub\":\"a\"}",
        "found in other text; took the first claims and passed over 1 other set",
    );
}

/// Standard base64 of this has a `+`, so that it is no part of a token.
fn pretty_with_plus() -> String {
    "{\n \"sub\": \"repo:o/r:environment:>>>???>>>\"}".to_owned()
}

#[test]
fn tokens_without_a_signature() {
    let (header, payload) = (encode(HEADER), encode(PAYLOAD));
    assert_eq!(
        assert_claims(&payload, "decoded the payload only: no signature").json,
        PAYLOAD
    );
    assert_eq!(
        assert_claims(
            &wrapped(&payload, 40, "\n"),
            "removed 4 line breaks; decoded the payload only: no signature"
        )
        .json,
        PAYLOAD
    );
    let two = assert_claims(
        &format!("{header}.{payload}"),
        "decoded header and payload: no signature",
    );
    assert_eq!(
        (two.json.as_str(), two.header.as_deref()),
        (PAYLOAD, Some(HEADER))
    );
    assert_claims(
        &format!("{header}.{payload}\nThanks a lot"),
        "found in other text; decoded header and payload: no signature",
    );
    let masked = "the signature is masked or cut off: read as claims without a signature";
    for ending in ["***", "<signature>", "[redacted]", "…"] {
        let text = format!("{header}.{payload}.{ending}");
        assert_claims(&text, &format!("found in other text; {masked}"));
    }
    assert_claims(&format!("{header}.{payload}..."), masked);
    let empty = find(&format!("{header}.{payload}."));
    assert_eq!(
        empty.found,
        Found::Jws(Jws {
            header,
            payload,
            signature: String::new()
        })
    );
}

#[test]
fn three_parts_are_a_token_whatever_they_hold() {
    let cases = [
        ("not.a.token", ""),
        ("Bearer aaa.bbb.ccc", "removed \"Bearer\""),
        (
            "Authorization: Bearer aaa.bbb.ccc",
            "removed \"Authorization: Bearer\"",
        ),
        ("\"aaa.bbb.ccc\"", "removed the quotes around it"),
        ("TOKEN=aaa.bbb.ccc", "found after an equals sign"),
        (
            "{\"value\":\"aaa.bbb.ccc\"}",
            "taken from `value` in a JSON document",
        ),
    ];
    for (text, said) in cases {
        let pasted = find(text);
        assert!(matches!(pasted.found, Found::Jws(_)), "{text}");
        assert_eq!(notes(&pasted), said, "{text}");
    }
    let damaged = format!("x{}", token());
    assert!(
        matches!(find(&format!("token: {damaged}")).found, Found::Jws(jws) if jws.token() == damaged)
    );
    let four = format!("{}.more", token());
    assert!(matches!(find(&four).found, Found::Jws(jws) if jws.token() == four));
    assert!(matches!(
        find("a.b.c.d").found,
        Found::Nothing(Why::NotFound)
    ));
}

#[test]
fn nothing_and_why() {
    assert_nothing("", Why::Empty);
    assert_nothing(" \u{200b}\n", Why::Empty);
    assert_nothing("hello world", Why::NotFound);
    assert_nothing(
        "see sts.amazonaws.com and token.actions.githubusercontent.com",
        Why::NotFound,
    );
    assert_nothing("***", Why::Masked);
    assert_nothing("2026-11-02T10:00:00.1Z token=***", Why::Masked);
    assert_nothing(&encode(HEADER), Why::HeaderOnly);
    assert_nothing(
        &format!(
            "{}.{}",
            encode(HEADER),
            encode(PAYLOAD).get(..50).unwrap_or_default()
        ),
        Why::CutOff,
    );
    assert_nothing(
        &format!(
            "{}.a.b.c.d",
            encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#)
        ),
        Why::Encrypted,
    );
    assert_nothing(
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"}]}",
        Why::Policy,
    );
    assert_nothing("{\"foo\":1}", Why::NoClaims);
    assert_nothing("ghs_0123456789abcdefghijABCDEFGHIJ012345", Why::GitHubToken);
    assert_nothing(&format!("ghs_1_{}", token()), Why::GitHubToken);
    assert_nothing(
        "{\"server_url\":\"x\",\"event_path\":\"y\",\"repository\":\"o/r\"}",
        Why::GitHubContext,
    );
    assert_nothing(&"e".repeat(MAX_INPUT + 1), Why::TooLong);
}

#[test]
fn several_tokens() {
    let second = format!(
        "{}.{}.{}",
        encode(HEADER),
        encode("{\"sub\":\"second\"}"),
        signature()
    );
    assert_found(
        &format!("{}\n{second}\n{}", token(), token()),
        "found in other text; took the first token and passed over 1 other",
    );
    assert_found(&format!("{PAYLOAD}\n{}", token()), "found in other text");
}

#[test]
fn long_tokens_are_marked() {
    let payload = encode(&format!("{{\"sub\":\"{}\"}}", "x".repeat(16_000)));
    let pasted = find(&format!("{}.{payload}.{}", encode(HEADER), signature()));
    assert!(
        matches!(pasted.notes.as_slice(), [Note::LengthForSts(n)] if *n > 20_000),
        "{:?}",
        pasted.notes
    );
}

#[test]
fn debug_output_shows_no_token() {
    let shown = format!("{:?}", find(&token()));
    assert!(
        !shown.contains(&encode(HEADER)) && !shown.contains(&signature()),
        "{shown}"
    );
}

#[test]
fn hostile_text_is_quick() {
    let begun = std::time::Instant::now();
    let units = [
        "{",
        "{\"a\":",
        "{\"a\":[",
        "[",
        "\"",
        "\\",
        "%41",
        "eyJ",
        "eyJh.",
        "eyJh ",
        "fX0\n",
        "a.b.c ",
        "ZXlK",
        "T ",
        "{\"a\":{\"sub\":1}}",
        "\u{1b}[",
        "{}",
    ];
    for unit in units {
        find(&unit.repeat(MAX_INPUT / 4 / unit.len()));
    }
    let object = format!("{}1{}", "{\"a\":".repeat(30_000), "}".repeat(30_000));
    find(&object);
    find(&format!("eyJ{}", "fQ\n".repeat(80_000)));
    find(&"ZXlKZXlKZXlKZXlKZXlKZXlKZXlKZXlKZXlKZXlKZXlKZXlK\n".repeat(5_000));
    let seconds = begun.elapsed().as_secs();
    // Some seconds without optimisation; the bound only tells quadratic from linear.
    assert!(seconds < 60, "{seconds} s");
}

proptest! {
    #[test]
    fn any_text_is_taken(text in "(?s).{0,300}") {
        let pasted = find(&text);
        if let Found::Claims(Claims { json, start: Some(start), .. }) = pasted.found {
            prop_assert_eq!(text.get(start..start + json.len()), Some(json.as_str()));
        }
    }

    #[test]
    fn texts_of_the_right_letters_are_taken(text in "[eyJTZX{}\"':.,= \\n\\\\%2Ea-f0-9\u{201c}\u{1b}\\[#:-]{0,200}") {
        find(&text);
    }

    #[test]
    fn a_damaged_token_is_taken(at in 0_usize..700, with in any::<char>()) {
        let damaged: String = token().chars().enumerate().map(|(i, c)| if i == at { with } else { c }).collect();
        find(&damaged);
    }

    #[test]
    fn a_token_is_found_however_it_is_wrapped(width in 17_usize..400, indent in 0_usize..8, front in "[a-z: ]{0,20}", back in "[a-z !]{0,30}") {
        let glue = format!("\n{}", " ".repeat(indent));
        let text = format!("{front} {}\n\n{back}", wrapped(&token(), width, &glue));
        prop_assert!(matches!(find(&text).found, Found::Jws(jws) if jws.token() == token()));
    }

    #[test]
    fn no_note_holds_text_of_the_token(front in "[ -~]{0,20}", back in "[ -~]{0,20}") {
        let said = notes(&find(&format!("{front}{}{back}", token())));
        for part in token().split('.') {
            prop_assert!(!said.contains(part.get(..12).unwrap_or(part)));
        }
    }
}
