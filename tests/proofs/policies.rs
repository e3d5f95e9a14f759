//! Small random trust policies, as texts: every string operator with every prefix and suffix, few keys, and values
//! that are near to what the tokens have.

use rolecall_core::policy::{ASSUME_ROLE_WITH_WEB_IDENTITY, Caller, Policy, PrincipalKind};
use serde_json::{Value, json};

use crate::tokens::Minted;

const HOST: &str = "token.actions.githubusercontent.com";
const PROVIDER: &str =
    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

/// Who asks.
pub(crate) const CALLER: Caller<'static> = Caller {
    kind: PrincipalKind::Federated,
    name: Some(PROVIDER),
    host: HOST,
    action: ASSUME_ROLE_WITH_WEB_IDENTITY,
};

/// A policy that lets everybody in.
pub(crate) const OPEN: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},
    "Action": "sts:AssumeRoleWithWebIdentity"}}"#;

/// The last ones are claims that AWS does not offer: absent in every request.
pub(crate) const KEYS: [&str; 16] = [
    "sub",
    "repository",
    "repository_id",
    "repository_owner_id",
    "ref",
    "environment",
    "actor",
    "actor_id",
    "job_workflow_ref",
    "workflow",
    "enterprise_id",
    "aud",
    "oaud",
    "event_name",
    "repository_owner",
    "amr",
];

const OPERATORS: [&str; 6] = [
    "StringEquals",
    "StringLike",
    "StringEqualsIgnoreCase",
    "StringNotEquals",
    "StringNotLike",
    "StringNotEqualsIgnoreCase",
];

/// Values worth meeting more often than chance brings them.
const SUBJECTS: [&str; 22] = [
    "*",
    "?*",
    "",
    "repo:oo/*",
    "repo:oo*",
    "repo:oo-*",
    "repo:o?/*",
    "repo:oo@1/*",
    "repo:*@1/*@15:*",
    "repo:*@1/a@5:ref:refs/heads/m",
    "repo:*/a:*",
    "repo:oo/a:ref:refs/heads/*",
    "repo:oo/a:environment:*",
    "*:ref:refs/heads/m",
    "*:pull_request",
    "*repository_owner:oo*",
    "repo:*repository_owner:oo*",
    "*repository_owner_id:1:*",
    "*job_workflow_ref:oo/*",
    "*%3A*",
    "*:environment:p:q",
    "workflow:*:repo:oo/*",
];

/// A test of one key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Test {
    pub(crate) operator: String,
    pub(crate) key: &'static str,
    pub(crate) values: Vec<String>,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    pub(crate) allow: bool,
    pub(crate) tests: Vec<Test>,
}

/// A policy that can be changed and written out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft(pub(crate) Vec<Statement>);

impl Draft {
    #[expect(clippy::unwrap_used, reason = "what is written here is a policy")]
    pub(crate) fn policy(&self) -> Policy {
        Policy::parse(&self.text()).unwrap()
    }

    /// The text, in the order of the draft.
    pub(crate) fn text(&self) -> String {
        let statements: Vec<String> = self.0.iter().map(Statement::text).collect();
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#,
            statements.join(", ")
        )
    }

    pub(crate) fn tests(&self) -> impl Iterator<Item = &Test> {
        self.0.iter().flat_map(|statement| &statement.tests)
    }

    /// Every draft that lacks one part of this one.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut found = Vec::new();
        for (at, statement) in self.0.iter().enumerate() {
            let mut without = self.clone();
            without.0.remove(at);
            found.push(without);
            for smaller in statement.smaller() {
                let mut with = self.clone();
                with.0[at] = smaller;
                found.push(with);
            }
        }
        found.retain(|draft| !draft.0.is_empty());
        found
    }
}

impl Statement {
    fn text(&self) -> String {
        let mut operators: Vec<&str> = Vec::new();
        for test in &self.tests {
            if !operators.contains(&test.operator.as_str()) {
                operators.push(&test.operator);
            }
        }
        let block = |operator: &&str| {
            let of = self.tests.iter().filter(|test| test.operator == **operator);
            let keys: Vec<String> = of.map(Test::text).collect();
            format!(r#""{operator}": {{{}}}"#, keys.join(", "))
        };
        let blocks: Vec<String> = operators.iter().map(block).collect();
        let effect = if self.allow { "Allow" } else { "Deny" };
        format!(
            r#"{{"Effect": "{effect}", "Principal": {{"Federated": "{PROVIDER}"}}, "Action": "{ASSUME_ROLE_WITH_WEB_IDENTITY}", "Condition": {{{}}}}}"#,
            blocks.join(", ")
        )
    }

    fn smaller(&self) -> Vec<Self> {
        let mut found = Vec::new();
        for (at, test) in self.tests.iter().enumerate() {
            let mut without = self.clone();
            without.tests.remove(at);
            found.push(without);
            for value in 0..test.values.len() {
                let mut without = self.clone();
                without.tests[at].values.remove(value);
                found.push(without);
            }
        }
        found
    }

    /// Adds a test; one operator has a key once.
    pub(crate) fn add(&mut self, test: Test) {
        let is_new = |other: &Test| (&other.operator, other.key) != (&test.operator, test.key);
        if self.tests.iter().all(is_new) {
            self.tests.push(test);
        }
    }
}

impl Test {
    fn text(&self) -> String {
        let values: Value = json!(self.values);
        format!(r#""{HOST}:{}": {values}"#, self.key)
    }

    /// The same test, written for another operator.
    pub(crate) fn by(&self, operator: String) -> Self {
        Self {
            operator,
            ..self.clone()
        }
    }
}

/// Draws policies.
pub(crate) struct Draw<'f> {
    pub(crate) rng: fastrand::Rng,
    family: &'f [Minted],
    /// The keys of this case; few, so that tests meet.
    keys: Vec<&'static str>,
}

impl<'f> Draw<'f> {
    pub(crate) fn new(seed: u64, family: &'f [Minted]) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut keys = vec!["sub"];
        let others = [1, 1, 2, 2, 0][rng.usize(..5)];
        keys.extend((0..others).map(|_| KEYS[rng.usize(..KEYS.len())]));
        keys.sort_unstable();
        keys.dedup();
        Self { rng, family, keys }
    }

    /// One of the subject only.
    pub(crate) fn of_subjects(seed: u64, family: &'f [Minted]) -> Self {
        Self {
            keys: vec!["sub"],
            ..Self::new(seed, family)
        }
    }

    pub(crate) fn keys(&self) -> &[&'static str] {
        &self.keys
    }

    pub(crate) fn draft(&mut self) -> Draft {
        let count = 1 + self.rng.usize(..3);
        let mut draft = Draft((0..count).map(|_| self.statement()).collect());
        // Without an Allow nothing gets in, which is soon tested.
        draft.0[0].allow |= self.rng.u8(..20) > 0;
        draft
    }

    pub(crate) fn statement(&mut self) -> Statement {
        let mut statement = Statement {
            allow: self.rng.u8(..3) > 0,
            tests: Vec::new(),
        };
        for _ in 0..[1, 1, 1, 2, 2, 3, 0][self.rng.usize(..7)] {
            let test = self.test();
            statement.add(test);
        }
        statement
    }

    pub(crate) fn test(&mut self) -> Test {
        let key = self.keys[self.rng.usize(..self.keys.len())];
        if self.rng.u8(..12) == 0 {
            let flag = ["true", "false"][self.rng.usize(..2)];
            return Test {
                operator: "Null".to_owned(),
                key,
                values: vec![flag.to_owned()],
            };
        }
        let operator = self.operator();
        let count = [1, 1, 1, 2, 2, 3, 0][self.rng.usize(..7)];
        let values = (0..count).map(|_| self.value(key)).collect();
        Test {
            operator,
            key,
            values,
        }
    }

    fn operator(&mut self) -> String {
        let prefix = ["", "", "", "", "ForAllValues:", "ForAnyValue:"][self.rng.usize(..6)];
        // `StringLike` is what people write.
        let name = match self.rng.usize(..9) {
            at @ 0..6 => OPERATORS[at],
            _ => "StringLike",
        };
        let suffix = ["", "", "", "", "IfExists"][self.rng.usize(..5)];
        format!("{prefix}{name}{suffix}")
    }

    /// What some token has, blurred; or something from the list.
    fn value(&mut self, key: &str) -> String {
        if key == "sub" && self.rng.u8(..4) == 0 {
            return SUBJECTS[self.rng.usize(..SUBJECTS.len())].to_owned();
        }
        let token = &self.family[self.rng.usize(..self.family.len())];
        let mut value = token.text(key).unwrap_or("9").to_owned();
        for _ in 0..[0, 0, 1, 1, 1, 2, 3][self.rng.usize(..7)] {
            value = self.blurred(&value);
        }
        if self.rng.u8(..30) == 0 {
            value = value.to_uppercase();
        }
        if self.rng.u8(..60) == 0 {
            value = value.replace('*', "${*}");
        }
        value
    }

    /// All values here are ASCII.
    fn blurred(&mut self, value: &str) -> String {
        let (a, b) = (
            self.rng.usize(..=value.len()),
            self.rng.usize(..=value.len()),
        );
        let (from, to) = (a.min(b), a.max(b));
        let colon = value.rfind(':').map_or(0, |at| at + 1);
        match self.rng.u8(..8) {
            0 => format!("{}*", &value[..a]),
            1 => format!("*{}", &value[a..]),
            2 | 3 => format!("{}*", &value[..colon]),
            4 | 5 => format!("{}*{}", &value[..from], &value[to..]),
            6 if a < value.len() => format!("{}?{}", &value[..a], &value[a + 1..]),
            _ => format!("{}*{}", &value[..a], &value[a..]),
        }
    }
}
