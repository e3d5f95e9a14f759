//! The engine's reports, as far as the page shows them: the JSON of `rolecall.check/1` and its siblings.
//!
//! Members that are missing have their empty value, and unknown words stay words: a newer engine never
//! breaks the page.
#![expect(
    missing_docs,
    reason = "members are named as in the reports, which `crates/embed/js/*.d.ts` describe"
)]

use serde_json::{Map, Value};

/// A claim set that a check takes as it is.
pub type Claims = Map<String, Value>;

/// Reads a report of the schema `rolecall.VERB/1`. `None`: the answer is another one, an error above all.
pub fn read<T: Read>(verb: &str, json: &str) -> Option<T> {
    let report: Value = serde_json::from_str(json).ok()?;
    let schema = report.get("schema")?.as_str()?;
    let named = schema.strip_prefix("rolecall.")?.strip_suffix("/1")?;
    (named == verb).then(|| T::read(report))
}

/// Whether an answer is the report of a verb, and not an error above all. The schema is what every answer begins with.
pub fn is(verb: &str, json: &str) -> bool {
    let named = json.strip_prefix("{\"schema\":\"rolecall.");
    named
        .and_then(|rest| rest.strip_prefix(verb))
        .is_some_and(|rest| rest.starts_with("/1\""))
}

/// What can be taken out of JSON, whatever the JSON is. Derived readers that can fail are far larger.
pub trait Read {
    /// Takes it out; what is missing or of another kind is empty.
    fn read(value: Value) -> Self;
}

impl Read for Value {
    fn read(value: Value) -> Self {
        value
    }
}

impl Read for String {
    fn read(value: Value) -> Self {
        match value {
            Value::String(text) => text,
            _ => Self::new(),
        }
    }
}

impl Read for bool {
    fn read(value: Value) -> Self {
        value.as_bool().unwrap_or_default()
    }
}

impl Read for i64 {
    fn read(value: Value) -> Self {
        value.as_i64().unwrap_or_default()
    }
}

impl Read for usize {
    fn read(value: Value) -> Self {
        Self::try_from(i64::read(value)).unwrap_or_default()
    }
}

impl Read for u32 {
    fn read(value: Value) -> Self {
        Self::try_from(i64::read(value)).unwrap_or_default()
    }
}

/// The report that was asked for, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<T> {
    /// The report.
    Report(T),
    /// Why there is none.
    Error(ErrorReport),
}

impl<T: Read> Read for Reply<T> {
    fn read(value: Value) -> Self {
        match value.get("schema").and_then(Value::as_str) {
            Some("rolecall.error/1") => Self::Error(ErrorReport::read(value)),
            _ => Self::Report(T::read(value)),
        }
    }
}

impl Read for Claims {
    fn read(value: Value) -> Self {
        match value {
            Value::Object(members) => members,
            _ => Self::new(),
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: Value) -> Self {
        (!value.is_null()).then(|| T::read(value))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: Value) -> Self {
        match value {
            Value::Array(items) => items.into_iter().map(T::read).collect(),
            _ => Self::new(),
        }
    }
}

/// Takes a member out of an object. Names that are Rust's own words, `if` and `use`, end with `_` here.
pub(crate) fn member<T: Read>(members: &mut Claims, name: &str) -> T {
    let name = name.trim_end_matches('_');
    T::read(
        members
            .get_mut(name)
            .map(std::mem::take)
            .unwrap_or_default(),
    )
}

macro_rules! report {
    ($($(#[$doc:meta])* $vis:vis $struct:ident { $($(#[$meta:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        $vis struct $struct { $($(#[$meta])* $vis $field: $type,)* }

        impl $crate::report::Read for $struct {
            fn read(value: serde_json::Value) -> Self {
                let mut members = $crate::report::Claims::read(value);
                Self { $($field: $crate::report::member(&mut members, stringify!($field)),)* }
            }
        }
    )*};
}

pub(crate) use report;

report! {
    /// The answer to a check.
    pub CheckReport {
        decision: String,
        error: Option<StsError>,
        causes: Vec<Cause>,
        checks: Vec<Check>,
        statements: Vec<Statement>,
        storable: Storable,
        unknowns: Vec<Unknown>,
        session: Option<Session>,
        findings: Vec<Finding>,
    }

    /// Input that can't be read.
    pub ErrorReport { causes: Vec<Cause>, }

    /// AWS's refusal.
    pub StsError { code: String, message: String, also_seen: Vec<String>, }

    /// One reason.
    pub Cause {
        id: String,
        summary: String,
        help: String,
        claim: Option<String>,
        location: Option<Location>,
        actual: Option<String>,
        expected: Option<String>,
        fix: Option<Edit>,
    }

    /// A step of STS, or of the look at a token.
    pub Check { id: String, outcome: String, summary: String, }

    /// A statement of the policy.
    pub Statement {
        index: usize,
        sid: Option<String>,
        effect: String,
        outcome: String,
        parts: Vec<Part>,
    }

    /// A part of a statement.
    pub Part {
        part: String,
        operator: Option<String>,
        key: Option<String>,
        outcome: String,
        actual: Option<Vec<String>>,
        expected: Vec<Expected>,
        why: String,
        location: Location,
    }

    /// A value of the policy.
    pub Expected { value: String, outcome: String, why: String, location: Option<Location>, }

    /// Whether IAM would store the policy.
    pub Storable { accepted: bool, code: Option<String>, message: Option<String>, }

    /// A fact that is not known.
    pub Unknown {
        key: String,
        if_: Vec<Answer>,
    }

    /// What a possible fact would lead to.
    pub Answer { value: String, decision: String, }

    /// The session that STS would issue.
    pub Session {
        assumed_role_arn: Option<String>,
        audience: Option<String>,
        subject: Option<String>,
        provider: Option<String>,
        expires_in_seconds: i64,
    }

    /// Something remarkable about the policy.
    pub Finding {
        rule: String,
        severity: String,
        summary: String,
        help: String,
        location: Option<Location>,
        witness: Option<Claims>,
    }

    /// A place in a text.
    pub Location { document: String, path: String, start: Position, end: Position, }

    /// One end of it; lines and columns count from 1.
    pub Position { line: usize, column: usize, byte: usize, utf16: u32, }

    /// A repair.
    pub Edit {
        label: String,
        summary: String,
        edits: Vec<Replacement>,
        admits_also: String,
        outsider: String,
        witnesses: Vec<Claims>,
    }

    /// A change of the text.
    pub Replacement { location: Location, text: String, }

    /// A token taken apart.
    pub InspectReport {
        warnings: Vec<Warning>,
        notes: Vec<String>,
        header: Option<Claims>,
        issuer: Option<Issuer>,
        claims: Vec<Claim>,
        subject: Option<Subject>,
        keys: Vec<Key>,
        judged_at: Option<String>,
        times: Vec<Time>,
        checks: Vec<Check>,
    }

    /// Something to be careful about.
    pub Warning { id: String, message: String, }

    /// Who issued the token.
    pub Issuer { url: String, kind: String, key_prefix: String, }

    /// A claim.
    pub Claim {
        name: String,
        value: Value,
        meaning: Option<String>,
        use_: String,
        condition_key: Option<String>,
    }

    /// The anatomy of `sub`.
    pub Subject { value: String, form: String, tail: String, segments: Vec<Segment>, }

    /// A segment of it, or a part of one.
    pub Segment {
        name: String,
        text: String,
        decoded: String,
        start: Position,
        end: Position,
        parts: Vec<Segment>,
    }

    /// A condition key of the issuer.
    pub Key { key: String, presence: String, values: Option<Vec<String>>, when: Option<String>, }

    /// A time in the token.
    pub Time { claim: String, seconds: i64, at: String, relative_seconds: Option<i64>, }

    /// Who gets in.
    pub WhoReport { policies: Vec<WhoPolicy>, }

    /// The same, of one policy.
    pub WhoPolicy { scope: String, outsider: Outsider, sets: Vec<Set>, }

    /// Whether an outsider gets in.
    pub Outsider {
        verdict: String,
        witness: Option<Claims>,
        recipe: Vec<String>,
        trusts: Vec<String>,
        assumptions: Vec<String>,
    }

    /// A set of tokens that gets in.
    pub Set {
        words: String,
        form: String,
        tail: String,
        statement: usize,
        witness: Option<Claims>,
    }

    /// Repairs, safest first.
    pub FixReport { edits: Vec<Edit>, refused: Option<String>, }

    /// The tokens of a workflow's jobs.
    pub Prediction { jobs: Vec<JobPrediction>, findings: Vec<Finding>, notes: Vec<String>, }

    /// A job on an event.
    pub JobPrediction {
        job: String,
        event: String,
        runs: String,
        asks: bool,
        tokens: Vec<TokenPrediction>,
        more_tokens: usize,
        no_token: Option<Cause>,
        unless: Vec<Cause>,
        roles: Vec<RolePrediction>,
        notes: Vec<String>,
        location: Location,
    }

    /// A token that a job can get.
    pub TokenPrediction { when: Vec<String>, claims: Claims, partial: bool, patterns: Claims, unknown: Claims, }

    /// A step that assumes a role.
    pub RolePrediction {
        step: String,
        by: String,
        role: Option<String>,
        written: Option<String>,
        causes: Vec<Cause>,
        location: Location,
    }

    /// What the role's session may do.
    pub PushReport {
        decision: String,
        principal: String,
        stops_at: Option<String>,
        error: Option<String>,
        steps: Vec<PushStep>,
        missing: Vec<Missing>,
        unknowns: Vec<Unknown>,
        notes: Vec<String>,
    }

    /// An action on the way of an image.
    pub PushStep { stage: String, action: String, decision: String, why: String, }

    /// A policy to add.
    pub Missing { summary: String, document: Value, }

    /// The usual triggers.
    pub Triggers { triggers: Vec<Trigger>, }

    /// A trigger, its token's claims, and what would become of it.
    pub Trigger { title: String, claims: Claims, partial: bool, decision: String, }

    /// What the guide says.
    pub Explained { pages: Vec<GuidePage>, }

    /// A page of it.
    pub GuidePage {
        id: String,
        title: String,
        meaning: String,
        recognise: String,
        what_to_do: String,
        example_before: String,
        example_after: String,
        sources: Vec<String>,
    }

    /// A set-up, and what was proved of it.
    pub Written {
        role_arn: String,
        repository: String,
        files: Vec<File>,
        proved: Vec<Proved>,
        notes: Vec<String>,
    }

    /// A file of a set-up.
    pub File { path: String, text: String, }

    /// What was proved, and by which verb.
    pub Proved { by: String, says: String, }

    /// What is shared, and the same question to the command line.
    pub ShareReport { members: Claims, command: String, }

    /// Real failures, restated.
    pub Examples { examples: Vec<Example>, }

    /// One of them.
    pub Example {
        id: String,
        title: String,
        about: String,
        decision: String,
        token: String,
        policy: String,
        now: i64,
    }

    /// What changed between two policies.
    pub DiffReport {
        relation: String,
        newly_admitted: Option<Claims>,
        no_longer_admitted: Option<Claims>,
        universe: Value,
    }
}

impl Cause {
    /// Nothing is given where something is expected.
    pub fn lacks_value(&self) -> bool {
        self.expected.is_some() && self.actual.is_none()
    }
}

impl InspectReport {
    /// The time that a claim tells.
    pub fn time(&self, claim: &str) -> Option<&Time> {
        self.times.iter().find(|time| time.claim == claim)
    }

    /// How far it is from the moment that is judged at.
    pub fn seconds(&self, claim: &str) -> Option<i64> {
        self.time(claim)?.relative_seconds
    }
}

impl CheckReport {
    /// No statement was looked at: there is no token that it could be about.
    pub fn is_untried(&self) -> bool {
        let trust = self.checks.iter().find(|check| check.id == "trust-policy");
        self.statements.is_empty() && trust.is_some_and(|check| check.outcome == "not-reached")
    }

    /// The token that the causes are about, where the tokens that a run can get fare differently.
    pub fn of_token(&self) -> Option<&str> {
        let which = self.unknowns.iter().find(|fact| fact.is_which_token())?;
        let refused = which.if_.iter().find(|one| one.decision != "allow");
        refused.map(|one| one.value.as_str())
    }
}

impl Unknown {
    /// Which of several tokens a run gets, and no fact about one token.
    pub fn is_which_token(&self) -> bool {
        self.key == "which of the tokens the run gets"
    }
}

impl JobPrediction {
    /// Nothing of it asks for a token, and it may not: there is nothing to judge, and nothing to repair.
    pub fn asks_for_none(&self) -> bool {
        !self.asks && self.no_token.is_some()
    }
}

impl TokenPrediction {
    /// The claims that the token certainly has.
    pub fn known(&self) -> Claims {
        let mut claims = self.claims.clone();
        claims.retain(|_, value| !value.is_null());
        claims
    }
}

impl Location {
    /// In UTF-16 units, as the browser counts.
    pub const fn range(&self) -> (u32, u32) {
        (self.start.utf16, self.end.utf16)
    }

    /// The text of the place.
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start.byte..self.end.byte).unwrap_or_default()
    }
}

/// The policy after the edits.
pub fn applied(edits: &[Replacement], policy: &str) -> String {
    let start = |edit: &Replacement| edit.location.start.byte;
    let mut ordered: Vec<&Replacement> = Vec::new();
    for edit in edits {
        let before = ordered.iter().take_while(|old| start(old) <= start(edit));
        ordered.insert(before.count(), edit);
    }
    let mut text = String::new();
    let mut at = 0;
    for edit in ordered {
        text.push_str(policy.get(at..edit.location.start.byte).unwrap_or_default());
        text.push_str(&edit.text);
        at = edit.location.end.byte.max(at);
    }
    text.push_str(policy.get(at..).unwrap_or_default());
    text
}
