//! One line a rule: key sets are made from the vectors in `testdata.json`, by members added, changed or removed.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;

static DATA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("testdata.json")).expect("vectors"));

const ECDSA: bool = cfg!(feature = "ec");

/// The vector `name` as a JWK of `kid`, with `changes` laid over it.
fn jwk(name: &str, kid: &str, changes: Value) -> Value {
    let mut jwk = DATA["keys"][name]
        .as_object()
        .expect("a key of the vectors")
        .clone();
    jwk.insert("kid".into(), kid.into());
    jwk.extend(changes.as_object().expect("changes").clone());
    Value::Object(jwk)
}

/// The RSA signer's JWK of `kid` `k`, with `changes` laid over it.
fn rsa(changes: Value) -> Value {
    jwk("rsa", "k", changes)
}

/// A JWK without the named members.
fn without(mut jwk: Value, names: &[&str]) -> Value {
    jwk.as_object_mut()
        .unwrap()
        .retain(|name, _| !names.contains(&name.as_str()));
    jwk
}

fn set(jwks: &[Value]) -> KeySet {
    KeySet::parse(&json!({ "keys": jwks }).to_string()).expect("a key set")
}

fn token(name: &str) -> &'static str {
    DATA["tokens"][name]
        .as_str()
        .expect("a token of the vectors")
}

/// The outcome in one word, for tables.
fn verdict(keys: &KeySet, token: &str, alg: &str, kid: Option<&str>) -> &'static str {
    match keys.verify(&Jws::new(token, alg, kid).expect("three parts")) {
        Signature::Valid { .. } => "valid",
        Signature::Invalid { .. } => "invalid",
        Signature::NoKey { .. } => "no key",
        Signature::KeyUnusable { .. } => "unusable",
        Signature::KeyMismatch { .. } => "mismatch",
        Signature::AlgorithmRefused => "refused",
        Signature::Undecided { .. } => "undecided",
    }
}

/// What the RS256 token of `kid` `k` meets.
fn rs256(jwks: &[Value]) -> &'static str {
    verdict(&set(jwks), token("RS256"), "RS256", Some("k"))
}

/// `count` further RSA or EC keys.
fn extra<'a>(name: &'a str, count: usize) -> impl Iterator<Item = Value> + 'a {
    (0..count).map(move |n| jwk(name, &format!("extra{n}"), json!({})))
}

/// What holds with the cargo feature `ec`, and "undecided" without.
fn ec(with: &'static str) -> &'static str {
    if ECDSA { with } else { "undecided" }
}

#[test]
fn key_rules() {
    let [rsa_cert, other_cert] = ["rsa", "other"].map(|name| DATA["certificates"][name].clone());
    let other = |changes| jwk("other", "k", changes);
    #[rustfmt::skip]
    let cases = [
        ("one key", vec![rsa(json!({}))], "valid"),
        ("no keys", vec![], "no key"),
        ("other key", vec![other(json!({}))], "invalid"),
        ("kid unknown", vec![jwk("rsa", "K", json!({}))], "no key"),
        ("kid missing", vec![without(rsa(json!({})), &["kid"])], "no key"),
        ("kid empty", vec![rsa(json!({"kid": ""}))], "no key"),
        ("kid a number", vec![rsa(json!({"kid": 1}))], "no key"),
        ("use sig", vec![rsa(json!({"use": "sig"}))], "valid"),
        ("use null", vec![rsa(json!({"use": null}))], "valid"),
        ("use enc", vec![rsa(json!({"use": "enc"}))], "no key"),
        ("use unknown", vec![rsa(json!({"use": "SIG"}))], "no key"),
        ("use enc after use sig", vec![rsa(json!({})), other(json!({"use": "enc"}))], "valid"),
        ("key_ops verify", vec![rsa(json!({"use": "sig", "key_ops": ["verify"]}))], "unusable"),
        ("key_ops sign", vec![rsa(json!({"use": "sig", "key_ops": ["sign"]}))], "unusable"),
        ("key_ops empty", vec![rsa(json!({"key_ops": []}))], "unusable"),
        ("key_ops null", vec![rsa(json!({"key_ops": null}))], "valid"),
        ("alg of another family", vec![rsa(json!({"alg": "ES256"}))], "valid"),
        ("alg of an encryption", vec![rsa(json!({"alg": "RSA-OAEP"}))], "valid"),
        ("same kid, right last", vec![other(json!({})), rsa(json!({}))], "valid"),
        ("same kid, wrong last", vec![rsa(json!({})), other(json!({}))], "invalid"),
        ("same kid, EC last", vec![rsa(json!({})), jwk("p256", "k", json!({}))], "mismatch"),
        ("x5c agrees", vec![rsa(json!({"x5c": [rsa_cert]}))], "valid"),
        ("x5c disagrees", vec![rsa(json!({"x5c": [other_cert]}))], "no key"),
        ("x5c disagrees, other key", vec![other(json!({"x5c": [rsa_cert]}))], "no key"),
        ("x5c chain, first counts", vec![rsa(json!({"x5c": [rsa_cert, other_cert]}))], "valid"),
        ("x5c without n and e", vec![without(rsa(json!({"x5c": [rsa_cert]})), &["n", "e"])], "no key"),
        ("x5c without e", vec![without(rsa(json!({"x5c": [rsa_cert]})), &["e"])], "no key"),
        ("x5c empty", vec![rsa(json!({"x5c": []}))], "valid"),
        ("x5c text", vec![rsa(json!({"x5c": rsa_cert}))], "no key"),
        ("x5c not a certificate", vec![rsa(json!({"x5c": ["AAAA"]}))], "no key"),
        ("x5c of an EC key", vec![rsa(json!({"x5c": [DATA["certificates"]["p256"]]}))], "no key"),
        ("n not base64url", vec![rsa(json!({"n": "a+b="}))], "no key"),
        ("n zero", vec![rsa(json!({"n": "AAAA"}))], "no key"),
        ("n even", vec![rsa(json!({"n": URL_SAFE_NO_PAD.encode([0xfe; 256])}))], "no key"),
        ("n with a leading zero", vec![rsa(json!({"n": leading_zero(&DATA["keys"]["rsa"]["n"])}))], "valid"),
        ("n empty", vec![rsa(json!({"n": ""}))], "no key"),
        ("n of 7 bits", vec![rsa(json!({"n": URL_SAFE_NO_PAD.encode([0x7f])}))], "undecided"),
        ("n of 8200 bits", vec![rsa(json!({"n": URL_SAFE_NO_PAD.encode([0xff; 1025])}))], "undecided"),
        ("n of a megabit", vec![rsa(json!({"n": URL_SAFE_NO_PAD.encode(vec![0xff; 131_072])}))], "undecided"),
        ("e even", vec![rsa(json!({"e": "AAIA"}))], "no key"),
        ("e one", vec![rsa(json!({"e": "AQ"}))], "no key"),
        ("e of 128 bits", vec![rsa(json!({"e": URL_SAFE_NO_PAD.encode([0xff; 16])}))], "undecided"),
        ("e another", vec![rsa(json!({"e": "Aw"}))], "invalid"),
        ("kty missing", vec![without(rsa(json!({})), &["kty"])], "no key"),
        ("kty EC", vec![rsa(json!({"kty": "EC"}))], "no key"),
        ("kty oct", vec![json!({"kty": "oct", "kid": "k", "k": "c2VjcmV0"})], "no key"),
        ("kty OKP", vec![json!({"kty": "OKP", "kid": "k", "crv": "Ed25519", "x": "AA"})], "no key"),
        ("not an object, then a key", vec![json!(7), rsa(json!({}))], "valid"),
        ("malformed, then a key", vec![json!({"kty": "RSA", "kid": "j", "n": 1, "e": []}), rsa(json!({}))], "valid"),
    ];
    for (name, jwks, expected) in cases {
        assert_eq!(rs256(&jwks), expected, "{name}");
    }
}

fn leading_zero(n: &Value) -> String {
    let mut bytes = vec![0];
    bytes.extend(URL_SAFE_NO_PAD.decode(n.as_str().unwrap()).unwrap());
    URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn a_token_without_kid_needs_a_single_key() {
    let other = || jwk("other", "other", json!({}));
    #[rustfmt::skip]
    let cases = [
        ("one key", vec![rsa(json!({}))], None, "valid"),
        ("two keys", vec![rsa(json!({})), other()], None, "no key"),
        ("an RSA and an EC key", vec![rsa(json!({})), jwk("p256", "e", json!({}))], None, "no key"),
        ("one usable", vec![rsa(json!({})), jwk("other", "o", json!({"use": "enc"}))], None, "valid"),
        ("one of two kids", vec![other(), jwk("rsa", "other", json!({}))], None, "valid"),
        ("no key with a kid", vec![without(rsa(json!({})), &["kid"])], None, "no key"),
        ("empty kid, one key", vec![rsa(json!({}))], Some(""), "no key"),
        ("empty kid, two keys", vec![rsa(json!({})), other()], Some(""), "no key"),
        ("unknown kid, one key", vec![rsa(json!({}))], Some("K"), "no key"),
    ];
    for (name, jwks, kid, expected) in cases {
        assert_eq!(
            verdict(&set(&jwks), token("RS256"), "RS256", kid),
            expected,
            "{name}"
        );
    }
}

#[test]
fn more_than_100_keys_disable_their_type_only() {
    let signers = || [rsa(json!({})), jwk("p256", "e", json!({}))].into_iter();
    #[rustfmt::skip]
    let cases = [
        ("100 RSA keys", "rsa", 99, "valid", ec("valid")),
        ("101 RSA keys", "rsa", 100, "no key", ec("valid")),
        ("100 EC keys", "p256", 99, "valid", ec("valid")),
        ("101 EC keys", "p256", 100, "valid", "no key"),
    ];
    for (name, of, count, rs, es) in cases {
        let keys = set(&signers().chain(extra(of, count)).collect::<Vec<_>>());
        assert_eq!(
            verdict(&keys, token("RS256"), "RS256", Some("k")),
            rs,
            "{name}"
        );
        assert_eq!(
            verdict(&keys, token("ES256"), "ES256", Some("e")),
            es,
            "{name}"
        );
    }
}

#[test]
fn algorithms() {
    #[rustfmt::skip]
    let cases = [
        ("rsa", "RS256", "RS256", "valid"),
        ("rsa", "RS384", "RS384", "valid"),
        ("rsa", "RS512", "RS512", "valid"),
        ("p256", "ES256", "ES256", ec("valid")),
        ("p384", "ES384", "ES384", ec("valid")),
        ("p521", "ES512", "ES512", "undecided"),
        // The algorithm is the token's word, and must be the one it was signed with.
        ("rsa", "RS256", "RS384", "invalid"),
        ("rsa", "RS512", "RS256", "invalid"),
        // A key of another type or curve.
        ("p256", "RS256", "RS256", "mismatch"),
        ("rsa", "ES256", "ES256", "mismatch"),
        ("p384", "ES256", "ES256", "mismatch"),
        ("p256", "ES256", "ES384", "mismatch"),
        ("p521", "ES256", "ES256", "mismatch"),
        // Whatever is not on the list, the classic confusion (an HMAC keyed with the public key) included.
        ("rsa", "HS256", "HS256", "refused"),
        ("rsa", "HS256", "RS256", "invalid"),
        ("rsa", "RS256", "none", "refused"),
        ("rsa", "RS256", "None", "refused"),
        ("rsa", "RS256", "", "refused"),
        ("rsa", "RS256", "rs256", "refused"),
        ("rsa", "RS256", "RS256 ", "refused"),
        ("rsa", "RS256", "PS256", "refused"),
        ("rsa", "RS256", "EdDSA", "refused"),
        ("p256", "ES256", "ES256K", "refused"),
        // Too short to be trusted, too odd to be refused.
        ("small", "small", "RS256", "undecided"),
    ];
    for (key, name, alg, expected) in cases {
        let keys = set(&[jwk(key, "k", json!({}))]);
        assert_eq!(
            verdict(&keys, token(name), alg, Some("k")),
            expected,
            "{key} {name} {alg}"
        );
    }
}

#[test]
fn a_point_off_its_curve_is_no_key() {
    let cases = [
        ("the curve's", json!({}), ec("valid")),
        (
            "y of another point",
            json!({"y": DATA["keys"]["p256"]["x"]}),
            if ECDSA { "no key" } else { "undecided" },
        ),
        ("x too short", json!({"x": "AA"}), "no key"),
        ("no y", json!({"y": null}), "no key"),
        ("other curve's name", json!({"crv": "P-384"}), "no key"),
        ("unknown curve", json!({"crv": "secp256k1"}), "no key"),
        (
            "x5c agrees",
            json!({"x5c": [DATA["certificates"]["p256"]]}),
            ec("valid"),
        ),
        (
            "x5c disagrees",
            json!({"x5c": [DATA["certificates"]["rsa"]]}),
            "no key",
        ),
    ];
    for (name, changes, expected) in cases {
        let keys = set(&[jwk("p256", "k", changes)]);
        assert_eq!(
            verdict(&keys, token("ES256"), "ES256", Some("k")),
            expected,
            "{name}"
        );
    }
}

#[test]
fn every_changed_character_is_noticed() {
    #[rustfmt::skip]
    let signers = [("rsa", "RS256"), ("rsa", "RS384"), ("rsa", "RS512"), ("p256", "ES256"), ("p384", "ES384")];
    for (key, alg) in signers.into_iter().take(if ECDSA { 5 } else { 3 }) {
        let keys = set(&[jwk(key, "k", json!({}))]);
        let token = token(alg);
        let places = (0..token.len()).step_by(17).chain([token.len() - 1]);
        for at in places.filter(|at| token.as_bytes()[*at] != b'.') {
            let mut changed = token.as_bytes().to_vec();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                verdict(&keys, &changed, alg, Some("k")),
                "invalid",
                "{alg} at {at}"
            );
        }
    }
}

#[test]
fn signatures_of_odd_form_are_invalid() {
    let keys = set(&[rsa(json!({}))]);
    let (signed, signature) = token("RS256").rsplit_once('.').unwrap();
    let zeros = URL_SAFE_NO_PAD.encode([0; 256]);
    let n = DATA["keys"]["rsa"]["n"].as_str().unwrap();
    let long = "A".repeat(1 << 20);
    let padded = format!("{signature}==");
    let cut = signature.get(3..).unwrap();
    let prefixed = format!("AAAA{signature}");
    for odd in [
        "", "AA", "!", " ", &zeros, n, &long, &padded, cut, &prefixed,
    ] {
        assert_eq!(
            verdict(&keys, &format!("{signed}.{odd}"), "RS256", Some("k")),
            "invalid",
            "{odd:.20}"
        );
    }
    let keys = set(&[jwk("p256", "k", json!({}))]);
    let der = URL_SAFE_NO_PAD.encode([0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]);
    for odd in [
        "",
        "AA",
        &der,
        &URL_SAFE_NO_PAD.encode([0; 64]),
        &URL_SAFE_NO_PAD.encode([0xff; 64]),
    ] {
        assert_eq!(
            verdict(&keys, &format!("{signed}.{odd}"), "ES256", Some("k")),
            ec("invalid"),
            "{odd:.20}"
        );
    }
}

#[test]
fn only_three_parts_are_a_token() {
    for (text, parts) in [
        ("", false),
        ("a", false),
        ("a.b", false),
        ("a.b.c", true),
        ("a.b.c.d", false),
        ("..", true),
    ] {
        assert_eq!(Jws::new(text, "RS256", None).is_some(), parts, "{text}");
    }
}

#[test]
fn debug_output_has_no_token() {
    let token = token("RS256");
    let shown = format!("{:?}", Jws::new(token, "RS256", Some("k")));
    assert!(
        token.split('.').all(|part| !shown.contains(part)),
        "{shown}"
    );
}

#[test]
fn shapes_of_a_key_set() {
    let key = rsa(json!({}));
    for text in [
        key.to_string(),
        json!([key]).to_string(),
        json!({"keys": [key]}).to_string(),
        format!("\u{feff}[{key}]"),
    ] {
        assert_eq!(
            KeySet::parse(&text).unwrap().kids().collect::<Vec<_>>(),
            ["k"],
            "{text:.20}"
        );
    }
    // The last of a repeated member counts.
    let repeated = key
        .to_string()
        .replacen('{', r#"{"use":"enc","kid":"j","use":"sig","#, 1);
    assert_eq!(
        KeySet::parse(&repeated).unwrap().kids().collect::<Vec<_>>(),
        ["k"]
    );
}

#[test]
fn errors_say_what_and_where() {
    let many = format!("[{}0]", "0,".repeat(1000));
    let long = " ".repeat((1 << 20) + 1);
    let deep = "[".repeat(1 << 19);
    #[rustfmt::skip]
    let cases = [
        ("", "the key set is not JSON: EOF while parsing a value at line 1 column 0"),
        ("{\"keys\": [\n  {,}\n]}", "the key set is not JSON: key must be a string at line 2 column 4"),
        ("-----BEGIN PUBLIC KEY-----", "the key set is not JSON: invalid number at line 1 column 2"),
        (&deep, "the key set is not JSON: recursion limit exceeded at line 1 column 128"),
        ("{}", "not a key set: expected an object with an array `keys`"),
        ("7", "not a key set: expected an object with an array `keys`"),
        (r#"{"keys": {}}"#, "not a key set: expected an object with an array `keys`"),
        (r#"{"issuer": "https://i", "jwks_uri": "https://i/jwks"}"#, "this is the discovery document; the key set is at its `jwks_uri`"),
        (&many, "the key set has 1001 keys, more than 1000"),
        (&long, "the key set has 1048577 bytes, more than 1048576"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            KeySet::parse(text).unwrap_err().to_string(),
            expected,
            "{text:.30}"
        );
    }
}

#[test]
fn passed_over_keys_are_named() {
    let keys = set(&[
        json!("text"),
        rsa(json!({})),
        without(rsa(json!({})), &["kid"]),
        jwk("rsa", "enc", json!({"use": "enc"})),
        jwk(
            "rsa",
            "cert",
            json!({"x5c": [DATA["certificates"]["other"]]}),
        ),
        json!({"kty": "oct", "kid": "oct"}),
        jwk("rsa", "n", json!({"n": 1})),
        rsa(json!({})),
    ]);
    let shown: Vec<_> = keys.skipped().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "key 1: it is not an object",
            "key 2 (`k`): a later key has the same `kid`",
            "key 3: it has no `kid`",
            "key 4 (`enc`): its `use` is not `sig`",
            "key 5 (`cert`): its `x5c` does not agree with the key",
            "key 6 (`oct`): its type is none that AWS verifies (RSA, or EC on P-256, P-384, P-521)",
            "key 7 (`n`): its `n` is missing or malformed",
        ]
    );
    let too_many = set(&extra("rsa", 101).collect::<Vec<_>>());
    assert_eq!(too_many.skipped().len(), 101);
    assert_eq!(
        too_many.skipped()[100].to_string(),
        "key 101 (`extra100`): more than 100 keys of its type are published"
    );
}

#[test]
fn a_thousand_keys_are_read() {
    let jwks: Vec<_> = extra("rsa", 500)
        .chain((0..500).map(|n| jwk("p521", &format!("e{n}"), json!({}))))
        .collect();
    assert_eq!(set(&jwks).kids().count(), 0);
}

#[test]
fn a_certificate_without_the_whole_key_is_refused() {
    let engine = base64::engine::general_purpose::STANDARD;
    let whole = engine
        .decode(DATA["certificates"]["rsa"].as_str().unwrap())
        .unwrap();
    let usable = |certificate: &[u8]| {
        let x5c = [engine.encode(certificate)];
        set(&[rsa(json!({"x5c": x5c}))]).kids().count() == 1
    };
    let end = (0..=whole.len())
        .find(|length| usable(&whole[..*length]))
        .unwrap();
    for at in end - 256..end {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(!usable(&changed), "{at}");
    }
}

#[test]
fn github_publishes_four_rsa_keys() {
    let github = KeySet::github();
    assert_eq!(github.kids().count(), 4);
    assert!(
        github
            .keys
            .values()
            .all(|key| key.public_key.fits("RS256") && !key.has_key_ops)
    );
    assert_eq!(verdict(github, token("RS256"), "RS256", None), "no key");
}

#[test]
fn undecided_says_why() {
    let mut cases = vec![
        ("small", "RS256", "small", UndecidedReason::KeySize),
        ("p521", "ES512", "ES512", UndecidedReason::Es512),
    ];
    if !ECDSA {
        cases.push(("p256", "ES256", "ES256", UndecidedReason::Unsupported));
    }
    for (key, alg, name, reason) in cases {
        let verdict = set(&[jwk(key, "k", json!({}))])
            .verify(&Jws::new(token(name), alg, Some("k")).unwrap());
        let kid = "k".to_owned();
        let expected = Signature::Undecided {
            kid,
            algorithm: alg,
            reason,
        };
        assert_eq!(verdict, expected, "{alg}");
    }
}

/// Should other packages switch a provider of `jsonwebtoken` on, ours is still the one that verifies.
#[test]
fn the_provider_is_ours() {
    provider::install();
    let key = jsonwebtoken::DecodingKey::from_secret(b"secret");
    let verified = jsonwebtoken::crypto::verify("", b"", &key, jsonwebtoken::Algorithm::HS256);
    assert_eq!(
        *verified.unwrap_err().kind(),
        jsonwebtoken::errors::ErrorKind::UnsupportedAlgorithm
    );
}
