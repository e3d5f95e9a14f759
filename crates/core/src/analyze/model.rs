//! A policy as sets of requests.
//!
//! A statement is a product: for each condition key a [`Lang`]. What the policy lets in is the union of its
//! Allow products minus that of its Deny products, for each provider of GitHub's that it names. Only
//! statements that cover `sts:AssumeRoleWithWebIdentity` for that provider enter.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::formula::{Formula, Lang};
use super::grammar::Slot;
use super::machine::{DEAD, Machine};
use crate::case::{Case, ProviderGiven};
use crate::condition::{Condition, Effect};
use crate::context::{Context, Fact};
use crate::policy::{
    ASSUME_ROLE_WITH_WEB_IDENTITY, Caller, ConditionTest, Policy, PrincipalKind, ProviderArn,
    Statement,
};
use crate::sts::{Attempt, GITHUB_ISSUER};
use crate::token::Token;
use crate::token::catalogue::{self, IssuerKeys};
use crate::tri::Tri;

/// What a condition is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dim {
    /// The subject.
    Subject,
    /// A claim that stands in subjects.
    Slot(Slot),
    /// The audience, which the caller asks for.
    Audience,
    /// The owner's enterprise.
    EnterpriseId,
    /// A key of the request that the token says nothing of, in lower case.
    Request(String),
}

/// A product of languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Product {
    /// The statement it is from.
    pub(crate) statement: usize,
    /// The value of `sub` it is from, where values were told apart: test and value.
    pub(crate) value: Option<(usize, usize)>,
    pub(crate) tests: BTreeMap<Dim, Lang>,
}

impl Product {
    pub(crate) fn lang(&self, dim: &Dim) -> &Lang {
        self.tests.get(dim).unwrap_or(&Lang::ANYTHING)
    }

    /// Narrows one key.
    pub(crate) fn restrict(&mut self, dim: Dim, lang: &Lang) {
        let narrowed = self.lang(&dim).and(lang);
        self.tests.insert(dim, narrowed);
    }

    pub(crate) fn restricted(&self, dim: Dim, lang: &Lang) -> Self {
        let mut product = self.clone();
        product.restrict(dim, lang);
        product
    }
}

/// A provider of GitHub's in one account, and what every request through it has.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) arn: String,
    pub(crate) host: String,
    pub(crate) account: String,
    pub(crate) partition: String,
    pub(crate) keys: &'static IssuerKeys,
    base: Context,
}

/// What a policy lets in through one provider.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) products: Vec<Product>,
    /// There were more products than are looked at: the region is wider than what the policy lets in.
    pub(crate) grew: bool,
}

/// So many products are kept; where subtraction makes more the answer is unknown.
const MOST_PRODUCTS: usize = 4_096;
/// So many states of one machine are looked at to drop an empty product early.
const EMPTY_STATES: usize = 300;

/// The providers of GitHub's that policies name; the usual one where none is named.
pub(crate) fn worlds(policies: &[&Policy]) -> Vec<World> {
    let mut arns: Vec<(String, String, String)> = Vec::new();
    for named in policies.iter().flat_map(|policy| policy.providers()) {
        let entry = (
            named.partition.to_owned(),
            named.account.to_owned(),
            named.host.to_owned(),
        );
        if catalogue::keys_for(named.host).kind.is_github() && !arns.contains(&entry) {
            arns.push(entry);
        }
    }
    if arns.is_empty() {
        let host = GITHUB_ISSUER.trim_start_matches("https://").to_owned();
        arns.push(("aws".to_owned(), "111122223333".to_owned(), host));
    }
    arns.into_iter()
        .filter_map(|(partition, account, host)| {
            World::new(partition, account, host, policies.first()?)
        })
        .collect()
}

impl World {
    fn new(partition: String, account: String, host: String, policy: &Policy) -> Option<Self> {
        let issuer = format!("https://{host}");
        let case = Case {
            claims: Some(Map::from_iter([(
                "iss".to_owned(),
                Value::String(issuer.clone()),
            )])),
            partial: true,
            role_arn: Some(format!("arn:{partition}:iam::{account}:role/any")),
            provider: ProviderGiven::Given {
                url: issuer,
                audiences: None,
            },
            ..Case::default()
        };
        let token = Token::from_case(&case).ok()?;
        let base = Attempt::prepare(&case, &token, policy).context;
        let arn = ProviderArn {
            partition: &partition,
            account: &account,
            host: &host,
        }
        .to_string();
        Some(Self {
            arn,
            keys: catalogue::keys_for(&host),
            host,
            account,
            partition,
            base,
        })
    }

    fn caller(&self) -> Caller<'_> {
        Caller {
            kind: PrincipalKind::Federated,
            name: Some(&self.arn),
            host: &self.host,
            action: ASSUME_ROLE_WITH_WEB_IDENTITY,
        }
    }

    /// Whether a statement is about web identities of this provider.
    pub(crate) fn concerns(&self, statement: &Statement) -> bool {
        let caller = self.caller();
        statement.action.covers(caller.action) && statement.principal.names(caller) != Tri::No
    }

    /// What a condition is about; `None`: its key has the same value in every request, or none.
    pub(crate) fn dimension(&self, condition: &Condition) -> Option<Dim> {
        let key = condition.key.as_str();
        let prefix = format!("{}:", self.host.to_ascii_lowercase());
        if let Some(suffix) = key.strip_prefix(&prefix) {
            match self.keys.claims_behind(suffix)?.last().copied()? {
                "sub" => return Some(Dim::Subject),
                "aud" => return Some(Dim::Audience),
                // GitHub sends neither (docs.github.com, "OpenID Connect reference").
                "amr" | "email" => return None,
                "enterprise_id" if self.keys.documented => return Some(Dim::EnterpriseId),
                claim if self.keys.documented => {
                    return Slot::ALL
                        .into_iter()
                        .find(|slot| slot.claim() == claim)
                        .map(Dim::Slot);
                }
                _ => {}
            }
        }
        (self.base.get(&condition.key) == &Fact::Unknown).then(|| Dim::Request(key.to_owned()))
    }

    /// What a test says. `Err`: the same for every request.
    fn test(&self, test: &ConditionTest, effect: Effect) -> Result<(Dim, Lang), bool> {
        match self.dimension(&test.condition) {
            Some(dim) => Ok((dim, Lang::of(&test.condition, effect, &self.base))),
            None => Err(self.holds_always(&test.condition, effect)),
        }
    }

    fn holds_always(&self, condition: &Condition, effect: Effect) -> bool {
        let mut base = self.base.clone();
        if base.get(&condition.key) == &Fact::Unknown {
            base.insert(condition.key.clone(), Fact::Absent);
        }
        condition.evaluate(&base, effect) == Tri::Yes
    }

    /// A test that no token of this provider meets, if the statement has one.
    pub(crate) fn never_met<'t>(&self, statement: &'t Statement) -> Option<&'t ConditionTest> {
        statement
            .tests
            .iter()
            .find(|test| match self.test(test, statement.effect) {
                Ok((_, lang)) => lang.is_plainly_empty(),
                Err(holds) => !holds,
            })
    }

    /// A statement's product; `None` where no request meets it.
    fn product(
        &self,
        index: usize,
        statement: &Statement,
        value: Option<(usize, usize)>,
    ) -> Option<Product> {
        let mut product = Product {
            statement: index,
            value,
            tests: BTreeMap::new(),
        };
        for (number, test) in statement.tests.iter().enumerate() {
            let single = value
                .filter(|(at, _)| *at == number)
                .and_then(|(_, value)| one_value(test, value));
            match self.test(single.as_ref().unwrap_or(test), statement.effect) {
                Ok((dim, lang)) => product.restrict(dim, &lang),
                Err(true) => {}
                Err(false) => return None,
            }
        }
        (!product.tests.values().any(Lang::is_plainly_empty)).then_some(product)
    }

    /// The values of `sub` that are listed side by side: the test and how many.
    fn listed_subjects(&self, statement: &Statement) -> Option<(usize, usize)> {
        let is_list = |test: &ConditionTest| {
            !test.condition.operator.negated
                && test.condition.operands.len() > 1
                && self.dimension(&test.condition) == Some(Dim::Subject)
                && test.condition.operator.test != crate::condition::Test::Null
        };
        let at = statement.tests.iter().position(is_list)?;
        Some((at, statement.tests.get(at)?.condition.operands.len()))
    }

    /// What the policy lets in; `apart`: the values of `sub` are kept apart.
    pub(crate) fn region(&self, policy: &Policy, apart: bool) -> Region {
        let mut products = Vec::new();
        for (index, statement) in self.statements(policy, Effect::Allow) {
            match self.listed_subjects(statement).filter(|_| apart) {
                Some((test, count)) => {
                    products.extend(
                        (0..count).filter_map(|value| {
                            self.product(index, statement, Some((test, value)))
                        }),
                    );
                }
                None => products.extend(self.product(index, statement, None)),
            }
        }
        let mut region = Region {
            products,
            grew: false,
        };
        for denied in self.denied(policy) {
            region.subtract(&denied);
        }
        region
    }

    /// The products of the Deny statements.
    fn denied(&self, policy: &Policy) -> Vec<Product> {
        self.statements(policy, Effect::Deny)
            .filter_map(|(index, statement)| self.product(index, statement, None))
            .collect()
    }

    fn statements<'p>(
        &self,
        policy: &'p Policy,
        effect: Effect,
    ) -> impl Iterator<Item = (usize, &'p Statement)> {
        let all = policy.statements.iter().enumerate();
        all.filter(move |(_, statement)| statement.effect == effect && self.concerns(statement))
    }

    /// What `new` lets in and `old` does not.
    pub(crate) fn gained(&self, old: &Policy, new: &Policy) -> Region {
        let mut region = self.region(new, false);
        let denied_by_old = self.denied(old);
        let mut kept = Region {
            products: region
                .products
                .iter()
                .flat_map(|p| denied_by_old.iter().filter_map(|d| meet(p, d)))
                .collect(),
            grew: region.grew,
        };
        for (index, statement) in self.statements(old, Effect::Allow) {
            if let Some(allowed) = self.product(index, statement, None) {
                region.subtract(&allowed);
            }
        }
        region.products.append(&mut kept.products);
        region
    }
}

fn one_value(test: &ConditionTest, value: usize) -> Option<ConditionTest> {
    let mut single = test.clone();
    single.condition.operands = vec![test.condition.operands.get(value)?.clone()];
    Some(single)
}

/// What is in both; `None` where that is plainly empty.
fn meet(a: &Product, b: &Product) -> Option<Product> {
    let mut both = a.clone();
    for (dim, lang) in &b.tests {
        both.restrict(dim.clone(), lang);
    }
    (!both.tests.values().any(Lang::is_plainly_empty)).then_some(both)
}

impl Region {
    /// Takes a product away.
    fn subtract(&mut self, taken: &Product) {
        let mut empty = Emptiness::default();
        let mut left = Vec::new();
        for product in std::mem::take(&mut self.products) {
            if left.len() > MOST_PRODUCTS {
                self.grew = true;
                left.push(product);
                continue;
            }
            without(product, taken, &mut empty, &mut left);
        }
        self.products = left;
    }
}

/// `product` minus `taken`, in pieces that do not overlap.
fn without(
    mut product: Product,
    taken: &Product,
    empty: &mut Emptiness,
    pieces: &mut Vec<Product>,
) {
    for (dim, lang) in &taken.tests {
        let inside = product.lang(dim).and(lang);
        if empty.of(&inside) {
            pieces.push(product);
            return;
        }
        let outside = product.lang(dim).and(&lang.not());
        if !empty.of(&outside) {
            let mut piece = product.clone();
            piece.tests.insert(dim.clone(), outside);
            pieces.push(piece);
        }
        product.tests.insert(dim.clone(), inside);
    }
}

/// Whether languages are empty, remembered.
#[derive(Default)]
struct Emptiness {
    known: HashMap<Formula, bool>,
}

impl Emptiness {
    fn of(&mut self, lang: &Lang) -> bool {
        if lang.absent {
            return false;
        }
        if let Some(known) = self.known.get(&lang.present) {
            return *known;
        }
        let empty = is_empty(&lang.present);
        self.known.insert(lang.present.clone(), empty);
        empty
    }
}

/// Whether no text at all meets a formula. `false` also where that would take long to see.
fn is_empty(formula: &Formula) -> bool {
    match formula {
        Formula::Never => return true,
        Formula::Always | Formula::Glob(_) | Formula::Opaque(_) => return false,
        _ => {}
    }
    let mut machine = Machine::new(formula);
    let mut alphabet = machine.literals();
    let fresh = "demoapirvlnstbfghjkquwxyzc0123456789é€λжקあ中";
    alphabet.extend(fresh.chars().find(|c| alphabet.binary_search(c).is_err()));
    if machine.start == DEAD {
        return true;
    }
    let mut seen = std::collections::HashSet::from([machine.start]);
    let mut queue = vec![machine.start];
    while let Some(state) = queue.pop() {
        if machine.accepts(state) || machine.size() > EMPTY_STATES {
            return false;
        }
        for c in &alphabet {
            let next = machine.step(state, *c);
            if next != DEAD && seen.insert(next) {
                queue.push(next);
            }
        }
    }
    true
}
