//! From a product to a token that proves it.
//!
//! A token that the search finds is completed to a full claim set with plausible values, then it must be one
//! that GitHub can issue ([`super::mintable`]), and [`Attempt::decide`] must allow it. What fails there is
//! not shown, and never counts as "none".

use serde_json::{Map, Value};

use super::formula::{Formula, Glob, Lang};
use super::grammar::{Grammar, INTRICATE, Slot};
use super::model::{Dim, Product, Region, World};
use super::search::{self, Budget, Path, Search, Wanted};
use super::{Answer, Claims, mintable};
use crate::case::{Case, ProviderGiven};
use crate::condition::literal::iso;
use crate::policy::Policy;
use crate::report::Decision;
use crate::sts::{Attempt, GITHUB_ISSUER, usual_audience};
use crate::token::Token;
use crate::token::catalogue::IssuerKind;

/// When witnesses are issued: 2026-11-25T00:00:00Z. The value plays no part; it is fixed so that answers are.
const ISSUED: i64 = 1_795_564_800;
/// Subjects of the default form are not longer: names have 39 and 100 characters, an environment 255, each of
/// which `%3A` can triple; ids have 20 digits.
const LONGEST_DEFAULT: usize = 1_000;
/// No subject is longer: STS takes tokens of 20,000 characters at most (AWS STS API reference).
const LONGEST: usize = 15_000;
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A token that gets in, and what the request needs besides.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The claims, complete.
    pub claims: Claims,
    /// Request context keys that must have these values.
    pub context: Map<String, Value>,
    /// The audience, where it is not the usual one: it must be registered with the provider.
    pub audience: Option<String>,
    /// A role of the account, where the policy names the provider of several.
    pub role_arn: Option<String>,
    /// The keys of the subject's template; empty for a default subject.
    pub template: Vec<String>,
}

/// Everything that a policy lets in, or what is asked of it, in all of its worlds.
#[derive(Clone, Copy)]
pub(crate) struct Field<'f> {
    pub(crate) worlds: &'f [World],
    /// One for each of the worlds.
    pub(crate) regions: &'f [Region],
    /// The policy that must allow the token.
    pub(crate) policy: &'f Policy,
    /// A policy that must not.
    pub(crate) denying: Option<&'f Policy>,
    /// Names to try for owners.
    pub(crate) owners: &'f [String],
}

impl<'f> Field<'f> {
    /// The products, each with who looks for its tokens.
    pub(crate) fn products(self) -> impl Iterator<Item = (Seeker<'f>, &'f Product)> {
        let worlds = self.worlds.iter().zip(self.regions);
        worlds.flat_map(move |(world, region)| {
            let seeker = Seeker {
                world,
                policy: self.policy,
                denying: self.denying,
                several: self.worlds.len() > 1,
                owners: self.owners,
            };
            region.products.iter().map(move |product| (seeker, product))
        })
    }

    /// The first token in what `part` leaves of the products, grammar by grammar, and the statement that lets it in.
    /// A region that has grown is wider than what is let in, so that none is a proof there as well.
    pub(crate) fn first(
        self,
        grammars: &[Grammar],
        part: &dyn Fn(&Product) -> Product,
        budget: &mut Budget,
    ) -> Answer<(Witness, usize)> {
        let mut unknown = None;
        for grammar in grammars {
            for (seeker, product) in self.products() {
                match seeker.find(&part(product), grammar, budget) {
                    Answer::Found(witness) => return Answer::Found((witness, product.statement)),
                    Answer::None => {}
                    Answer::Unknown(why) => {
                        unknown.get_or_insert(why);
                    }
                }
            }
        }
        unknown.map_or(Answer::None, Answer::Unknown)
    }
}

/// Looks for tokens of one policy.
#[derive(Clone, Copy)]
pub(crate) struct Seeker<'s> {
    pub(crate) world: &'s World,
    /// The policy that must allow the token.
    pub(crate) policy: &'s Policy,
    /// A policy that must not.
    pub(crate) denying: Option<&'s Policy>,
    /// The policy names the provider of several accounts.
    pub(crate) several: bool,
    /// Names to try for owners.
    pub(crate) owners: &'s [String],
}

/// Which keys of templates are looked at.
#[derive(Default)]
struct Keys {
    once: Vec<&'static str>,
    without: &'static [&'static str],
}

/// Why a search of a product ends without a token.
enum End {
    /// There is none.
    None,
    /// Not decided.
    Unknown(String),
}

impl Seeker<'_> {
    /// A token in the product, the cheapest.
    pub(crate) fn find(
        &self,
        product: &Product,
        grammar: &Grammar,
        budget: &mut Budget,
    ) -> Answer<Witness> {
        let mut unknown = match self.seek(product, grammar, budget, &Keys::default()) {
            Ok(witness) => return Answer::Found(witness),
            Err(End::None) => return Answer::None,
            Err(End::Unknown(why)) => why,
        };
        // A narrower search may find another; finding none, it proves nothing.
        if grammar.length.is_none() && budget.left > 0 {
            let plain = Keys {
                once: Vec::new(),
                without: INTRICATE,
            };
            match self.seek(product, grammar, budget, &plain) {
                Ok(witness) => return Answer::Found(witness),
                Err(End::None) => {}
                Err(End::Unknown(why)) => unknown = why,
            }
        }
        Answer::Unknown(unknown)
    }

    fn seek(
        &self,
        product: &Product,
        grammar: &Grammar,
        budget: &mut Budget,
        keys: &Keys,
    ) -> Result<Witness, End> {
        let path = self.path(product, grammar, budget, keys)?;
        if let Some(repeated) = repeated(&path, grammar) {
            // A template has each key once; forbidding it is exact, so that "none" stays a proof.
            let once: Vec<&'static str> = keys.once.iter().copied().chain([repeated]).collect();
            return self.seek(product, grammar, budget, &Keys { once, ..*keys });
        }
        if let Some((slot, first, second)) = &path.conflict {
            return self.settle(product, grammar, budget, keys, *slot, [first, second]);
        }
        self.complete(product, &path, budget)
    }

    /// A claim stands in the subject twice, with two values: each is tried for both places. Others may exist,
    /// so that finding none proves nothing.
    fn settle(
        &self,
        product: &Product,
        grammar: &Grammar,
        budget: &mut Budget,
        keys: &Keys,
        slot: Slot,
        values: [&String; 2],
    ) -> Result<Witness, End> {
        let mut why = format!(
            "whether `{}` can stand twice in such a subject is not decided",
            slot.claim()
        );
        for value in values {
            let pinned =
                product.restricted(Dim::Slot(slot), &Lang::values(Formula::literal(value)));
            let Ok(path) = self.path(&pinned, grammar, budget, keys) else {
                continue;
            };
            if path.conflict.is_some() || repeated(&path, grammar).is_some() {
                continue;
            }
            match self.complete(&pinned, &path, budget) {
                Ok(witness) => return Ok(witness),
                Err(End::Unknown(reason)) => why = reason,
                Err(End::None) => {}
            }
        }
        Err(End::Unknown(why))
    }

    fn complete(
        &self,
        product: &Product,
        path: &Path,
        budget: &mut Budget,
    ) -> Result<Witness, End> {
        let witness = Builder {
            seeker: self,
            product,
            path,
            budget,
        }
        .build()?;
        self.verify(&witness)
            .map(|()| witness)
            .map_err(End::Unknown)
    }

    fn path(
        &self,
        product: &Product,
        grammar: &Grammar,
        budget: &mut Budget,
        keys: &Keys,
    ) -> Result<Path, End> {
        let subject = &product.lang(&Dim::Subject).present;
        let longest = if grammar.length.is_some() {
            LONGEST_DEFAULT
        } else {
            LONGEST
        };
        if least_length(subject) > longest {
            return Err(End::None);
        }
        let mut wanted = Wanted {
            subject,
            claims: std::collections::BTreeMap::new(),
            pull_request_ref: true,
            impossible: 0,
            once: &keys.once,
            without: keys.without,
            owners: self.owners,
        };
        for (dim, lang) in &product.tests {
            let Dim::Slot(slot) = dim else { continue };
            if lang.present == Formula::Always && (lang.absent || *slot != Slot::Environment) {
                continue;
            }
            match search::claim(*slot, &lang.present, budget) {
                Search::Found(_) => {}
                Search::None => wanted.impossible |= 1 << *slot as u16,
                Search::Stopped => return Err(stopped(budget, slot.claim())),
            }
            if *slot == Slot::Ref {
                wanted.pull_request_ref = self.fits_pull_request(lang, budget);
            }
            wanted.claims.insert(*slot, lang.clone());
        }
        match search::find(grammar, &wanted, budget) {
            Search::Found(path) => Ok(path),
            Search::None => Err(End::None),
            Search::Stopped => Err(stopped(budget, "sub")),
        }
    }

    /// A pull request's ref is its merge commit's; once it is merged, the base branch (github-tokens.md, 8.2).
    fn fits_pull_request(&self, lang: &Lang, budget: &mut Budget) -> bool {
        let kinds = Formula::any(
            ["refs/pull/", "refs/heads/"].map(|p| Formula::glob(Glob::prefix(p, false))),
        );
        let both = lang.present.clone().and(kinds);
        search::claim(Slot::Ref, &both, budget) != Search::None
    }

    /// GitHub must be able to issue it, and the policies must answer as said.
    fn verify(&self, witness: &Witness) -> Result<(), String> {
        let mut claims = witness.claims.clone();
        if !matches!(
            self.world.keys.kind,
            IssuerKind::GitHub | IssuerKind::GitHubEnterprise
        ) {
            claims.insert("iss".to_owned(), GITHUB_ISSUER.into());
        }
        mintable::check(&claims).map_err(|why| {
            format!("a token was found that GitHub would hardly issue ({why}), and no other was looked for")
        })?;
        let expect = |policy: &Policy, expected: Decision| {
            let answer = decide(witness, policy);
            if answer == Ok(expected) {
                Ok(())
            } else {
                Err(hangs_on(witness, answer))
            }
        };
        expect(self.policy, Decision::Allow)?;
        self.denying
            .map_or(Ok(()), |policy| expect(policy, Decision::Deny))
    }
}

fn stopped(budget: &Budget, what: &str) -> End {
    End::Unknown(format!(
        "stopped after {} steps; the part that grew is the patterns for {what}",
        budget.given
    ))
}

fn hangs_on(witness: &Witness, answer: Result<Decision, ()>) -> String {
    let subject = witness
        .claims
        .get("sub")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let answer = answer.map_or("cannot be judged", Decision::as_str);
    format!(
        "a candidate, `{subject}`, is answered with {answer}: what decides hangs on more than the token"
    )
}

/// What STS would answer to a witness.
pub(crate) fn decide(witness: &Witness, policy: &Policy) -> Result<Decision, ()> {
    let case = case(witness);
    let token = Token::from_case(&case).map_err(|_| ())?;
    Ok(Attempt::prepare(&case, &token, policy).decide(policy))
}

/// The question whose answer a witness is.
#[must_use]
pub fn case(witness: &Witness) -> Case {
    let issuer = witness
        .claims
        .get("iss")
        .and_then(Value::as_str)
        .unwrap_or(GITHUB_ISSUER);
    Case {
        claims: Some(witness.claims.clone()),
        context: witness.context.clone(),
        role_arn: witness.role_arn.clone(),
        provider: witness
            .audience
            .as_ref()
            .map_or(ProviderGiven::Default, |audience| ProviderGiven::Given {
                url: issuer.to_owned(),
                audiences: Some(vec![audience.clone()]),
            }),
        ..Case::default()
    }
}

/// A key that stands in a template twice. `repo_property_*` may.
fn repeated(path: &Path, grammar: &Grammar) -> Option<&'static str> {
    let mut seen = Vec::new();
    for (key, _) in &path.segments {
        if seen.contains(&key) && !key.starts_with("repo_property_") {
            return grammar
                .segments
                .iter()
                .map(|segment| segment.key)
                .find(|known| known == key);
        }
        seen.push(key);
    }
    None
}

/// No value for this one subject: there may be others.
fn restricted(end: End) -> End {
    match end {
        End::None => End::Unknown(
            "the claims of the one subject that was found contradict each other".to_owned(),
        ),
        unknown @ End::Unknown(_) => unknown,
    }
}

/// How long the shortest text is that may meet a formula, from its patterns alone.
fn least_length(formula: &Formula) -> usize {
    match formula {
        Formula::Glob(glob) => glob.least_length(),
        Formula::And(items) => items.iter().map(least_length).max().unwrap_or(0),
        Formula::Or(items) => items.iter().map(least_length).min().unwrap_or(0),
        _ => 0,
    }
}

/// Completes a path to a token.
struct Builder<'b, 's> {
    seeker: &'b Seeker<'s>,
    product: &'b Product,
    path: &'b Path,
    budget: &'b mut Budget,
}

impl Builder<'_, '_> {
    fn build(&mut self) -> Result<Witness, End> {
        let world = self.seeker.world;
        let (repository, owner) = self.repository()?;
        let owner_id = self.slot(Slot::OwnerId, &["1234567", "7654321"])?;
        let repository_id = self.slot(Slot::RepositoryId, &["987654321", "876543210"])?;
        let reference = self.reference()?;
        let actor = self.slot(Slot::Actor, &["octocat", "hubot"])?;
        let id_of_actor = if actor.eq_ignore_ascii_case(&owner) {
            owner_id.as_str()
        } else {
            "583231"
        };
        let actor_id = self.slot(Slot::ActorId, &[id_of_actor, "583232"])?;
        let workflow = self.slot(Slot::Workflow, &["deploy"])?;
        let is_pull_request = self.path.pull_request || reference.starts_with("refs/pull/");
        let at = if reference.is_empty() {
            COMMIT
        } else {
            reference.as_str()
        };
        let own = format!("{repository}/.github/workflows/deploy.yml@{at}");
        let own = self.segment("workflow_ref").unwrap_or(own);
        let job = self.slot(Slot::JobWorkflowRef, &[&own])?;
        let audience = self.audience()?;
        let mut claims = Map::new();
        let mut set =
            |name: &str, value: String| claims.insert(name.to_owned(), Value::String(value));
        set("iss", format!("https://{}", world.host));
        set("sub", self.path.subject.clone());
        set("aud", audience.clone());
        set("jti", "5f0c6d1e-2b3a-4c4d-8e9f-0a1b2c3d4e5f".to_owned());
        set("actor", actor);
        set("actor_id", actor_id);
        // Once it is merged, a pull request's run is at its base branch.
        let base = reference.strip_prefix("refs/heads/").unwrap_or("main");
        set(
            "base_ref",
            if is_pull_request { base } else { "" }.to_owned(),
        );
        set(
            "head_ref",
            if is_pull_request { "feature/demo" } else { "" }.to_owned(),
        );
        set("event_name", event(&reference, is_pull_request).to_owned());
        set("job_workflow_ref", job);
        set("job_workflow_sha", COMMIT.to_owned());
        set("ref_protected", "false".to_owned());
        set(
            "ref_type",
            if reference.starts_with("refs/tags/") {
                "tag"
            } else {
                "branch"
            }
            .to_owned(),
        );
        set("ref", reference);
        set("repository", repository);
        set("repository_id", repository_id);
        set("repository_owner", owner);
        set("repository_owner_id", owner_id);
        set("repository_visibility", "private".to_owned());
        set("run_attempt", "1".to_owned());
        set("run_id", "19012345678".to_owned());
        set("run_number", "42".to_owned());
        set("runner_environment", "github-hosted".to_owned());
        set("sha", COMMIT.to_owned());
        set("workflow", workflow);
        set("workflow_ref", own);
        set("workflow_sha", COMMIT.to_owned());
        self.enterprise(&mut claims)?;
        self.environment(&mut claims)?;
        for (key, value) in &self.path.segments {
            if !matches!(key.as_str(), "repo" | "context" | "") {
                claims.insert(key.clone(), Value::String(value.clone()));
            }
        }
        for (name, seconds) in [
            ("iat", ISSUED),
            ("nbf", ISSUED - 300),
            ("exp", ISSUED + 300),
        ] {
            claims.insert(name.to_owned(), seconds.into());
        }
        let is_usual = audience == usual_audience(&world.partition);
        Ok(Witness {
            claims,
            context: self.context()?,
            audience: (!is_usual).then_some(audience),
            role_arn: self
                .seeker
                .several
                .then(|| format!("arn:{}:iam::{}:role/ROLE", world.partition, world.account)),
            template: self.template(),
        })
    }

    /// The keys of the template, where the subject has not the default form.
    fn template(&self) -> Vec<String> {
        let keys: Vec<&str> = self
            .path
            .segments
            .iter()
            .map(|(key, _)| key.as_str())
            .collect();
        if matches!(keys.as_slice(), ["repo", "context"]) {
            return Vec::new();
        }
        keys.into_iter().map(str::to_owned).collect()
    }

    fn segment(&self, key: &str) -> Option<String> {
        self.path
            .segments
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, value)| value.clone())
    }

    /// A claim's value: as the subject has it, else the first of `usual` that fits, else any that does.
    fn slot(&mut self, slot: Slot, usual: &[&str]) -> Result<String, End> {
        if let Some(read) = self.path.claims.get(&slot) {
            return Ok(read.clone());
        }
        let lang = self.product.lang(&Dim::Slot(slot)).clone();
        self.choose(&lang, usual, &Grammar::values(slot), slot.claim())
    }

    fn choose(
        &mut self,
        lang: &Lang,
        usual: &[&str],
        grammar: &Grammar,
        name: &str,
    ) -> Result<String, End> {
        if let Some(fit) = usual.iter().find(|value| lang.present.holds(value)) {
            return Ok((*fit).to_owned());
        }
        match search::value(grammar, &lang.present, self.budget) {
            Search::Found(path) if lang.present.holds(&path.subject) => Ok(path.subject),
            Search::None => Err(End::None),
            Search::Stopped => Err(stopped(self.budget, name)),
            Search::Found(_) => {
                let fit = lang
                    .candidates()
                    .into_iter()
                    .find(|value| lang.present.holds(value));
                fit.ok_or_else(|| {
                    End::Unknown(format!(
                        "no value of `{name}` was found that the policy's condition on it admits"
                    ))
                })
            }
        }
    }

    /// `OWNER/NAME` and the owner.
    fn repository(&mut self) -> Result<(String, String), End> {
        let split = |full: String| {
            let owner = full.split('/').next().unwrap_or_default().to_owned();
            (full, owner)
        };
        if let Some(full) = self.path.claims.get(&Slot::Repository) {
            return Ok(split(full.clone()));
        }
        let mut lang = self.product.lang(&Dim::Slot(Slot::Repository)).clone();
        let owners = self.product.lang(&Dim::Slot(Slot::Owner));
        let mut usual: Vec<String> =
            vec!["octo-org/octo-repo".to_owned(), "evil-corp/demo".to_owned()];
        if let Some(owner) = self.path.claims.get(&Slot::Owner) {
            let prefix = format!("{owner}/");
            lang = lang.and(&Lang::values(Formula::glob(Glob::prefix(&prefix, false))));
            usual = vec![format!("{owner}/demo")];
        }
        usual.retain(|full| {
            owners
                .present
                .holds(full.split('/').next().unwrap_or_default())
        });
        let usual: Vec<&str> = usual.iter().map(String::as_str).collect();
        let full = self.choose(
            &lang,
            &usual,
            &Grammar::values(Slot::Repository),
            "repository",
        );
        full.map(split).map_err(restricted)
    }

    fn reference(&mut self) -> Result<String, End> {
        let usual = if self.path.pull_request {
            &["refs/pull/7/merge", "refs/heads/main"][..]
        } else {
            &[
                "refs/heads/main",
                "refs/heads/demo",
                "refs/tags/v1.0.0",
                "refs/pull/7/merge",
                "",
            ]
        };
        self.slot(Slot::Ref, usual)
    }

    fn audience(&mut self) -> Result<String, End> {
        let usual = usual_audience(&self.seeker.world.partition);
        let lang = self.product.lang(&Dim::Audience).clone();
        self.choose(
            &lang,
            &[usual, "sts.amazonaws.com"],
            &Grammar::free(false),
            "aud",
        )
    }

    fn enterprise(&mut self, claims: &mut Claims) -> Result<(), End> {
        let slug = self
            .seeker
            .world
            .host
            .rsplit_once('/')
            .map(|(_, slug)| slug.to_owned());
        let slug = slug.filter(|_| self.seeker.world.keys.kind == IssuerKind::GitHubEnterprise);
        let lang = self.product.lang(&Dim::EnterpriseId).clone();
        if lang.absent && slug.is_none() {
            return Ok(());
        }
        let id = self.choose(&lang, &["4321"], &Grammar::free(true), "enterprise_id")?;
        claims.insert(
            "enterprise".to_owned(),
            slug.unwrap_or_else(|| "octo-enterprise".to_owned()).into(),
        );
        claims.insert("enterprise_id".to_owned(), id.into());
        Ok(())
    }

    fn environment(&mut self, claims: &mut Claims) -> Result<(), End> {
        let lang = self.product.lang(&Dim::Slot(Slot::Environment));
        let is_read = self.path.claims.contains_key(&Slot::Environment);
        let needs_job = self.segment("environment_node_id").is_some();
        if self.path.no_environment || (!is_read && lang.absent && !needs_job) {
            return Ok(());
        }
        let name = self
            .slot(Slot::Environment, &["production"])
            .map_err(restricted)?;
        claims.insert("environment".to_owned(), name.into());
        claims.insert("environment_node_id".to_owned(), "EN_kwDOexample".into());
        Ok(())
    }

    /// Values for the keys of the request that the policy asks for.
    fn context(&mut self) -> Result<Map<String, Value>, End> {
        let mut context = Map::new();
        for (dim, lang) in &self.product.tests.clone() {
            let Dim::Request(key) = dim else { continue };
            let now = iso(ISSUED);
            let is_now = match key.as_str() {
                "aws:currenttime" => lang.admits(Some(&now)),
                "aws:epochtime" => lang.admits(Some(&ISSUED.to_string())),
                _ => lang.absent && lang.present == Formula::Always,
            };
            if is_now {
                continue;
            }
            if key.starts_with(&format!("{}:", self.seeker.world.host.to_ascii_lowercase())) {
                return Err(End::Unknown(format!(
                    "whether AWS offers `{key}` for this issuer is not documented"
                )));
            }
            let value = if lang.absent && !key.starts_with("aws:sourceip") {
                Value::Null
            } else {
                let usual = ["198.51.100.7", "demo"];
                self.choose(lang, &usual, &Grammar::free(false), key)?
                    .into()
            };
            context.insert(key.clone(), value);
        }
        Ok(context)
    }
}

const fn event(reference: &str, is_pull_request: bool) -> &'static str {
    if is_pull_request {
        "pull_request"
    } else if reference.is_empty() {
        "deployment"
    } else {
        "push"
    }
}
