//! Conditions and policies as languages, against enumeration: two keys, every text of up to three letters, and none.
//!
//! No token has such values. What is tested is what all proofs stand on: that products, their subtraction and
//! the machines say of each request what the evaluator says. `ROLECALL_PROOF_CASES` says how many pairs of policies
//! are drawn.

use super::formula::Lang;
use super::grammar::Slot;
use super::machine::Machine;
use super::model::{Dim, World, worlds};
use crate::context::{Context, Fact};
use crate::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, Caller, Policy, PrincipalKind};
use crate::tri::Tri;

const HOST: &str = "token.actions.githubusercontent.com";
const ARN: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const CALLER: Caller<'static> = Caller {
    kind: PrincipalKind::Federated,
    name: Some(ARN),
    host: HOST,
    action: ASSUME_ROLE_WITH_WEB_IDENTITY,
};
const KEYS: [&str; 2] = ["sub", "environment"];
/// Two letters, one of them in both cases, one that no pattern has.
const LETTERS: &str = "abAz";

/// `None` and every text of up to three letters.
fn values() -> Vec<Option<String>> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..3 {
        last = last
            .iter()
            .flat_map(|text| LETTERS.chars().map(move |c| format!("{text}{c}")))
            .collect();
        all.extend(last.iter().cloned());
    }
    std::iter::once(None)
        .chain(all.into_iter().map(Some))
        .collect()
}

fn pick<'a>(rng: &mut fastrand::Rng, of: &[&'a str]) -> &'a str {
    of[rng.usize(..of.len())]
}

fn draw_test(rng: &mut fastrand::Rng) -> String {
    let key = pick(rng, &KEYS);
    if rng.u8(..10) == 0 {
        let flag = pick(rng, &["true", "false"]);
        return format!(r#""Null": {{"{HOST}:{key}": "{flag}"}}"#);
    }
    let operator = format!(
        "{}{}{}",
        pick(rng, &["", "", "", "ForAllValues:", "ForAnyValue:"]),
        pick(
            rng,
            &[
                "StringLike",
                "StringLike",
                "StringNotLike",
                "StringEquals",
                "StringNotEquals",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase"
            ]
        ),
        pick(rng, &["", "", "IfExists"]),
    );
    let mut value = || -> String {
        let length = rng.usize(..5);
        let text: String = (0..length)
            .map(|_| pick(rng, &["a", "b", "A", "*", "?", "**", "${*}", "a"]))
            .collect();
        format!("\"{text}\"")
    };
    let values = [value(), value(), value()];
    let count = rng.usize(..4);
    format!(
        r#""{operator}": {{"{HOST}:{key}": [{}]}}"#,
        values[..count].join(", ")
    )
}

fn draw(rng: &mut fastrand::Rng) -> String {
    let mut statement = || {
        // Of two blocks with one name the last counts, here as there.
        let tests: Vec<String> = (0..rng.usize(..4)).map(|_| draw_test(rng)).collect();
        let effect = pick(rng, &["Allow", "Allow", "Deny"]);
        format!(
            r#"{{"Effect": "{effect}", "Principal": {{"Federated": "{ARN}"}}, "Action": "{ASSUME_ROLE_WITH_WEB_IDENTITY}", "Condition": {{{}}}}}"#,
            tests.join(", ")
        )
    };
    let statements = [statement(), statement(), statement()];
    let count = 1 + rng.usize(..3);
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#,
        statements[..count].join(", ")
    )
}

fn context(sub: Option<&str>, environment: Option<&str>) -> Context {
    let mut context = Context::raw();
    for (key, value) in KEYS.iter().zip([sub, environment]) {
        context.set(
            &format!("{HOST}:{key}"),
            value.map_or(Fact::Absent, Fact::one),
        );
    }
    context
}

/// A case: what is gained between two policies, as products and as the evaluator says.
fn compare(
    world: &World,
    old: &str,
    new: &str,
    values: &[Option<String>],
    rng: &mut fastrand::Rng,
) {
    let [old_policy, new_policy] = [old, new].map(|text| Policy::parse(text).unwrap());
    let region = world.gained(&old_policy, &new_policy);
    assert!(!region.grew);
    let (first, second) = (Dim::Subject, Dim::Slot(Slot::Environment));
    for _ in 0..40 {
        let [sub, environment] = [(); 2].map(|()| values[rng.usize(..values.len())].as_deref());
        let request = context(sub, environment);
        let allowed = |policy: &Policy| policy.decide(CALLER, &request) == Tri::Yes;
        let gained = allowed(&new_policy) && !allowed(&old_policy);
        let has = |product: &super::model::Product| {
            product.lang(&first).admits(sub) && product.lang(&second).admits(environment)
        };
        assert_eq!(
            region.products.iter().any(has),
            gained,
            "{sub:?} {environment:?}\nold: {old}\nnew: {new}"
        );
    }
    if let Some(product) = region.products.first() {
        machine_agrees(product.lang(&first), values, rng);
    }
}

/// The machine takes what the formula holds of, and a state that is dead stays so.
fn machine_agrees(lang: &Lang, values: &[Option<String>], rng: &mut fastrand::Rng) {
    let mut machine = Machine::new(&lang.present);
    for _ in 0..10 {
        let Some(text) = &values[rng.usize(..values.len())] else {
            continue;
        };
        let end = text
            .chars()
            .fold(machine.start, |state, c| machine.step(state, c));
        assert_eq!(
            machine.accepts(end),
            lang.present.holds(text),
            "{text}: {lang:?}"
        );
    }
}

#[test]
fn products_and_machines_say_what_the_evaluator_says() {
    let given = |name: &str| std::env::var(name).ok()?.parse().ok();
    let pairs: u64 = given("ROLECALL_PROOF_CASES").unwrap_or(1_000);
    let first: u64 = given("ROLECALL_PROOF_SEED").unwrap_or(0);
    let values = values();
    let any = Policy::parse(&draw(&mut fastrand::Rng::with_seed(0))).unwrap();
    let worlds = worlds(&[&any]);
    assert_eq!((values.len(), worlds.len()), (86, 1));
    for seed in first..first + pairs {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (old, new) = (draw(&mut rng), draw(&mut rng));
        compare(&worlds[0], &old, &new, &values, &mut rng);
    }
}
