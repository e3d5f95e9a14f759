//! From JSON to the model. Every fault is collected, so that one look repairs all.

use std::collections::BTreeMap;
use std::fmt;

use super::{
    Actions, ConditionTest, Duplicate, Fault, Policy, Principal, PrincipalKind, Principals,
    Spanned, Statement, Unreadable, escape,
};
use crate::condition::{Condition, Effect, Operand, Operator};
use crate::context::Key;
use crate::distance::nearest;
use crate::json::{self, Kind, Member, Node};
use crate::pattern::{Pattern, Syntax};
use crate::permission::{self, Grammar, Resources};
use crate::span::Span;

impl Policy {
    /// Reads a policy document.
    ///
    /// # Errors
    /// The text is no JSON, or breaks the grammar of the [module docs](super).
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        match json::parse(text) {
            Ok(node) => Self::from_node(&node, text),
            Err(error) => Err(broken(error)),
        }
    }

    /// Reads a policy document that is part of a larger text; `node` is its place in `text`.
    ///
    /// # Errors
    /// As [`Policy::parse`], but for the JSON.
    pub fn from_node(node: &Node<'_>, text: &str) -> Result<Self, Unreadable> {
        Parser::default().read(node, text)
    }

    /// Reads a document as if the first of equal keys counted, to see what the author of a repeated key meant.
    pub(crate) fn parse_with_first_keys(text: &str) -> Option<Self> {
        let parser = Parser {
            first_keys_count: true,
            ..Parser::default()
        };
        parser.read(&json::parse(text).ok()?, text).ok()
    }
}

impl permission::Policy {
    /// Reads a policy document that says what may be done.
    ///
    /// # Errors
    /// The text is no JSON, or breaks the grammar of the [module docs](permission).
    pub fn parse(text: &str, grammar: Grammar) -> Result<Self, Unreadable> {
        match json::parse(text) {
            Ok(node) => Self::from_node(&node, text, grammar),
            Err(error) => Err(broken(error)),
        }
    }

    /// Reads a policy document that is part of a larger text; `node` is its place in `text`.
    ///
    /// # Errors
    /// As [`permission::Policy::parse`], but for the JSON.
    pub fn from_node(node: &Node<'_>, text: &str, grammar: Grammar) -> Result<Self, Unreadable> {
        Parser::default().read_permissions(node, text, grammar)
    }
}

fn broken(error: json::JsonError) -> Unreadable {
    Unreadable {
        faults: vec![Fault {
            json: true,
            message: error.message,
            help: "repair the JSON; IAM refuses such a text with MalformedPolicyDocument"
                .to_owned(),
            path: String::new(),
            span: error.span,
            also: None,
        }],
    }
}

/// A byte that begins a character which is no white space.
fn counts(byte: &u8) -> bool {
    !byte.is_ascii_whitespace() && byte & 0xc0 != 0x80
}

/// UTF-8 writes U+0100 and all that follow with a first byte of this or more.
const FIRST_BEYOND_LATIN1: u8 = 0xc4;

/// Looking through this many members is quicker than hashing them.
const FEW: usize = 8;

/// The way to a value, RFC 6901, written out only where it is asked for.
#[derive(Clone, Copy)]
struct Path<'p> {
    parent: Option<&'p Self>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl Path<'_> {
    const ROOT: Path<'static> = Path {
        parent: None,
        step: Step::Root,
    };

    const fn key<'p>(&'p self, key: &'p str) -> Path<'p> {
        Path {
            parent: Some(self),
            step: Step::Key(key),
        }
    }

    const fn index(&self, index: usize) -> Path<'_> {
        Path {
            parent: Some(self),
            step: Step::Index(index),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Key(key) => write!(f, "/{}", escape(key)),
            Step::Index(index) => write!(f, "/{index}"),
        }
    }
}

#[derive(Default)]
struct Parser {
    faults: Vec<Fault>,
    duplicates: Vec<Duplicate>,
    variables: bool,
    sids: BTreeMap<String, Span>,
    first_keys_count: bool,
    /// What kind of permission policy is read; `None`: a trust policy.
    grammar: Option<Grammar>,
}

/// A document but for its statements.
struct Head<'n, 'a> {
    version: Option<Spanned>,
    statement: &'n Node<'a>,
}

impl Parser {
    fn read(mut self, node: &Node<'_>, text: &str) -> Result<Policy, Unreadable> {
        let document = text.get(node.span.start..node.span.end).unwrap_or_default();
        match self.policy(node) {
            Some(policy) if self.faults.is_empty() => Ok(Policy {
                duplicates: self.duplicates,
                size: document.bytes().filter(counts).count(),
                latin1: document.bytes().all(|byte| byte < FIRST_BEYOND_LATIN1),
                ..policy
            }),
            _ => Err(Unreadable {
                faults: self.faults,
            }),
        }
    }

    fn read_permissions(
        mut self,
        node: &Node<'_>,
        text: &str,
        grammar: Grammar,
    ) -> Result<permission::Policy, Unreadable> {
        let document = text.get(node.span.start..node.span.end).unwrap_or_default();
        self.grammar = Some(grammar);
        let policy = self.head(node).map(|head| permission::Policy {
            span: node.span,
            version: head.version,
            statements_are_listed: matches!(head.statement.kind, Kind::Array(_)),
            statements: self.statements(head.statement, |parser, item, path| {
                parser.permission(item, path, grammar)
            }),
            duplicates: Vec::new(),
            size: document.bytes().filter(counts).count(),
        });
        match policy {
            Some(policy) if self.faults.is_empty() => Ok(permission::Policy {
                duplicates: self.duplicates,
                ..policy
            }),
            _ => Err(Unreadable {
                faults: self.faults,
            }),
        }
    }

    fn fault(
        &mut self,
        span: Span,
        path: &Path<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.faults.push(Fault {
            json: false,
            message: message.into(),
            help: help.into(),
            path: path.to_string(),
            span,
            also: None,
        });
    }

    /// The members that count, the last of each key; tells of the others.
    fn members<'n, 'a>(
        &mut self,
        node: &'n Node<'a>,
        path: &Path<'_>,
        what: &str,
    ) -> Option<Vec<&'n Member<'a>>> {
        let Some(members) = node.members() else {
            let message = format!("{what} must be an object, found {}", node.kind_name());
            self.fault(node.span, path, message, "write it as `{ ... }`");
            return None;
        };
        let mut kept: Vec<&Member<'a>> = Vec::with_capacity(members.len());
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for member in members {
            let before = if members.len() <= FEW {
                kept.iter().position(|k| k.key == member.key)
            } else {
                places.get(&*member.key).copied()
            };
            let Some(slot) = before.and_then(|index| kept.get_mut(index)) else {
                if members.len() > FEW {
                    places.insert(&member.key, kept.len());
                }
                kept.push(member);
                continue;
            };
            self.duplicates.push(Duplicate {
                key: member.key.to_string(),
                path: path.to_string(),
                dropped: slot.key_span,
                kept: member.key_span,
            });
            if !self.first_keys_count {
                *slot = member;
            }
        }
        Some(kept)
    }

    fn policy(&mut self, node: &Node<'_>) -> Option<Policy> {
        let head = self.head(node)?;
        Some(Policy {
            span: node.span,
            version: head.version,
            statements_are_listed: matches!(head.statement.kind, Kind::Array(_)),
            statements: self.statements(head.statement, |parser, item, path| {
                parser.statement(item, path)
            }),
            duplicates: Vec::new(),
            size: 0,
            latin1: true,
        })
    }

    fn head<'n, 'a>(&mut self, node: &'n Node<'a>) -> Option<Head<'n, 'a>> {
        let mut version = None;
        let mut statement = None;
        for member in self.members(node, &Path::ROOT, "the policy")? {
            match &*member.key {
                "Version" => version = self.version(&member.value),
                "Id" => drop(self.string(&member.value, &Path::ROOT.key("Id"), "Id")),
                "Statement" => statement = Some(&member.value),
                other => self.unknown_element(
                    member,
                    &Path::ROOT.key(other),
                    &["Version", "Id", "Statement"],
                ),
            }
        }
        self.variables = version
            .as_ref()
            .is_some_and(|v: &Spanned| v.text == "2012-10-17");
        let Some(statement) = statement else {
            self.fault(
                node.span,
                &Path::ROOT,
                "Statement is missing",
                "add a `Statement` list with at least one statement",
            );
            return None;
        };
        Some(Head { version, statement })
    }

    fn version(&mut self, node: &Node<'_>) -> Option<Spanned> {
        let path = Path::ROOT.key("Version");
        let version = self.string(node, &path, "Version")?;
        if !matches!(&*version.text, "2008-10-17" | "2012-10-17") {
            let message = format!(
                "Version must be `2012-10-17` or `2008-10-17`, found `{}`",
                version.text
            );
            let help = "use `2012-10-17`: it names the policy language, not a date of yours";
            self.fault(node.span, &path, message, help);
        }
        Some(version)
    }

    fn statements<T>(
        &mut self,
        node: &Node<'_>,
        one: impl Fn(&mut Self, &Node<'_>, &Path<'_>) -> Option<T>,
    ) -> Vec<T> {
        let path = Path::ROOT.key("Statement");
        match &node.kind {
            Kind::Array(items) if items.is_empty() => {
                self.fault(
                    node.span,
                    &path,
                    "Statement is empty",
                    "add at least one statement",
                );
                Vec::new()
            }
            Kind::Array(items) => {
                let numbered = items.iter().enumerate();
                numbered
                    .filter_map(|(index, item)| one(self, item, &path.index(index)))
                    .collect()
            }
            _ => one(self, node, &path).into_iter().collect(),
        }
    }

    fn statement(&mut self, node: &Node<'_>, path: &Path<'_>) -> Option<Statement> {
        let parts = self.parts(node, path)?;
        self.demand(
            node,
            path,
            &[parts.effect(), parts.principal(), parts.action()],
        );
        Some(Statement {
            span: node.span,
            sid: parts.sid,
            effect: parts.effect??,
            principal: parts.principal??,
            action: parts.action??,
            resource: parts.resource.map(|resource| resource.key_span),
            has_condition: parts.tests.is_some(),
            tests: parts.tests.unwrap_or_default(),
        })
    }

    fn permission(
        &mut self,
        node: &Node<'_>,
        path: &Path<'_>,
        grammar: Grammar,
    ) -> Option<permission::Statement> {
        let parts = self.parts(node, path)?;
        let resource = (
            parts.resource.is_none(),
            "Resource",
            "name what the actions may be done to: `\"Resource\": \"arn:aws:ecr:REGION:ACCOUNT:repository/NAME\"`",
        );
        match grammar {
            Grammar::Identity => match &parts.principal {
                // Most likely it is another kind of policy: what else is missing does not matter then.
                Some(principal) => {
                    let place = principal
                        .as_ref()
                        .map_or(node.span, |principal| principal.key_span);
                    let help = "who may act is told by where the policy is attached; give the permission policy, not the trust policy or a resource policy";
                    self.fault(place, path, "a permission policy names no principal", help);
                }
                None => self.demand(node, path, &[parts.effect(), parts.action(), resource]),
            },
            Grammar::Resource => {
                let principal = (
                    parts.principal.is_none(),
                    "Principal",
                    "say who is meant: `\"Principal\": {\"AWS\": \"arn:aws:iam::ACCOUNT:role/NAME\"}`",
                );
                self.demand(node, path, &[parts.effect(), principal, parts.action()]);
            }
            Grammar::Control => {
                let principal = (
                    parts.principal.is_none(),
                    "Principal",
                    "add `\"Principal\": \"*\"`: a resource control policy is about everyone",
                );
                self.demand(
                    node,
                    path,
                    &[parts.effect(), principal, parts.action(), resource],
                );
            }
        }
        Some(permission::Statement {
            span: node.span,
            sid: parts.sid,
            effect: parts.effect??,
            principal: parts.principal.flatten(),
            action: parts.action??,
            resource: parts.resource,
            tests: parts.tests.unwrap_or_default(),
        })
    }

    /// `(is missing, the element, what to do)`
    fn demand(&mut self, node: &Node<'_>, path: &Path<'_>, elements: &[(bool, &str, &str)]) {
        for (missing, name, help) in elements {
            if *missing {
                self.fault(node.span, path, format!("{name} is missing"), *help);
            }
        }
    }

    fn parts(&mut self, node: &Node<'_>, path: &Path<'_>) -> Option<Parts> {
        let mut parts = Parts::default();
        for member in self.members(node, path, "a statement")? {
            let at = path.key(&member.key);
            match &*member.key {
                "Sid" => parts.sid = self.sid(&member.value, &at),
                "Effect" => parts.effect = Some(self.effect(&member.value, &at)),
                "Principal" | "NotPrincipal" => {
                    let principal = self.principals(member, &at);
                    self.once(&mut parts.principal, principal, member, &at, "Principal");
                }
                "Action" | "NotAction" => {
                    let action = self.actions(member, &at);
                    self.once(&mut parts.action, action, member, &at, "Action");
                }
                "Resource" | "NotResource" => {
                    let resource = self.resources(member, &at);
                    match self.grammar {
                        Some(_) => {
                            self.once(&mut parts.resource, resource, member, &at, "Resource")
                        }
                        // IAM refuses to store either in a trust policy.
                        None => parts.resource = Some(resource),
                    }
                }
                "Condition" => parts.tests = Some(self.conditions(&member.value, &at)),
                _ => self.unknown_element(member, &at, STATEMENT_ELEMENTS),
            }
        }
        Some(parts)
    }

    /// Variables are replaced in resources, too (IAM User Guide, "Policy variables").
    fn resources(&mut self, member: &Member<'_>, path: &Path<'_>) -> Resources {
        let syntax = Syntax {
            wildcards: true,
            variables: self.variables,
        };
        let values = self.strings(&member.value, path, &member.key);
        if values.is_empty()
            && self.grammar.is_some()
            && matches!(&member.value.kind, Kind::Array(items) if items.is_empty())
        {
            let message = format!("{} is empty", member.key);
            self.fault(
                member.value.span,
                path,
                message,
                "name at least one resource",
            );
        }
        let pattern = |resource: Spanned| {
            let pattern = Pattern::new(&resource.text, syntax);
            (resource, pattern)
        };
        Resources {
            span: member.value.span,
            key_span: member.key_span,
            not: member.key == "NotResource",
            entries: values.into_iter().map(pattern).collect(),
        }
    }

    /// Keeps an element of which only one form may be given.
    fn once<T>(
        &mut self,
        slot: &mut Option<T>,
        value: T,
        member: &Member<'_>,
        path: &Path<'_>,
        name: &str,
    ) {
        if slot.replace(value).is_some() {
            let message = format!("{name} and Not{name} are both given");
            self.fault(member.key_span, path, message, "keep one of them");
        }
    }

    fn sid(&mut self, node: &Node<'_>, path: &Path<'_>) -> Option<Spanned> {
        let sid = self.string(node, path, "Sid")?;
        // Resource policies have ids such as `new statement` (ECR User Guide, "Private repository policies").
        let is_free = self
            .grammar
            .is_some_and(|grammar| grammar != Grammar::Identity);
        let strange = |c: &char| !(is_free || c.is_ascii_alphanumeric());
        if let Some(c) = sid.text.chars().find(strange) {
            let message = format!(
                "Sid may hold only letters A-Z, a-z and digits, found `{}`",
                c.escape_debug()
            );
            self.fault(node.span, path, message, "remove the other characters");
        }
        // An empty Sid stands for none: consoles write it into every statement.
        if !sid.text.is_empty()
            && let Some(first) = self.sids.insert(sid.text.clone(), node.span)
        {
            let message = format!("Sid `{}` is given twice", sid.text);
            self.fault(
                node.span,
                path,
                message,
                "give each statement a Sid of its own",
            );
            if let Some(fault) = self.faults.last_mut() {
                fault.also = Some(first);
            }
        }
        Some(sid)
    }

    fn effect(&mut self, node: &Node<'_>, path: &Path<'_>) -> Option<Effect> {
        let text = self.string(node, path, "Effect")?;
        match &*text.text {
            "Allow" => Some(Effect::Allow),
            "Deny" => Some(Effect::Deny),
            other => {
                let message = format!("Effect must be `Allow` or `Deny`, found `{other}`");
                self.fault(node.span, path, message, "letter case counts");
                None
            }
        }
    }

    fn principals(&mut self, member: &Member<'_>, path: &Path<'_>) -> Option<Principals> {
        let node = &member.value;
        let entries = match &node.kind {
            Kind::String(text) if text == "*" => vec![Principal {
                kind: PrincipalKind::Anyone,
                value: spanned(text, node.span),
                index: None,
            }],
            Kind::String(text) => {
                let message = format!("a principal needs its type, found only `{text}`");
                self.fault(node.span, path, message, "write `{\"Federated\": \"...\"}`");
                return None;
            }
            _ => self.typed_principals(node, path)?,
        };
        if entries.is_empty() {
            let help = "name the identity provider under `Federated`";
            self.fault(node.span, path, "the principal is empty", help);
        }
        Some(Principals {
            span: node.span,
            key_span: member.key_span,
            not: member.key == "NotPrincipal",
            entries,
        })
    }

    fn typed_principals(&mut self, node: &Node<'_>, path: &Path<'_>) -> Option<Vec<Principal>> {
        let mut entries = Vec::new();
        for member in self.members(node, path, "a principal")? {
            let at = path.key(&member.key);
            let Some(kind) = PrincipalKind::parse(&member.key) else {
                self.unknown_element(
                    member,
                    &at,
                    &["AWS", "Federated", "Service", "CanonicalUser"],
                );
                continue;
            };
            let listed = matches!(member.value.kind, Kind::Array(_));
            let values = self.strings(&member.value, &at, &member.key);
            entries.extend(
                values
                    .into_iter()
                    .enumerate()
                    .map(|(index, value)| Principal {
                        kind,
                        value,
                        index: listed.then_some(index),
                    }),
            );
        }
        Some(entries)
    }

    fn actions(&mut self, member: &Member<'_>, path: &Path<'_>) -> Option<Actions> {
        let values = self.strings(&member.value, path, &member.key);
        let listed = matches!(member.value.kind, Kind::Array(_));
        if values.is_empty() && listed {
            let message = format!("{} is empty", member.key);
            self.fault(member.value.span, path, message, "name at least one action");
        }
        for action in &values {
            self.service_prefix(action, path);
        }
        let pattern = |action: Spanned| {
            let pattern = Pattern::wildcard(&action.text.to_ascii_lowercase());
            (action, pattern)
        };
        Some(Actions {
            span: member.value.span,
            key_span: member.key_span,
            not: member.key == "NotAction",
            entries: values.into_iter().map(pattern).collect(),
            listed,
        })
    }

    fn service_prefix(&mut self, action: &Spanned, path: &Path<'_>) {
        let (service, name) = action.text.split_once(':').unwrap_or_default();
        if action.text != "*" && (service.is_empty() || name.is_empty()) {
            let message = format!("the action `{}` has no service prefix", action.text);
            let service = if self.grammar.is_some() { "ecr" } else { "sts" };
            let help = format!("write `{service}:{}`", action.text.trim_matches(':'));
            self.fault(action.span, path, message, help);
        }
    }

    fn conditions(&mut self, node: &Node<'_>, path: &Path<'_>) -> Vec<ConditionTest> {
        let mut tests = Vec::new();
        for block in self.members(node, path, "Condition").unwrap_or_default() {
            let at = path.key(&block.key);
            let Some(operator) = Operator::parse(&block.key) else {
                let help = match nearest(&block.key, OPERATOR_NAMES) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "see the IAM User Guide, \"Condition operators\"".to_owned(),
                };
                let message = format!("unknown condition operator `{}`", block.key);
                self.fault(block.key_span, &at, message, help);
                continue;
            };
            let what = format!("what stands under {}", block.key);
            for member in self.members(&block.value, &at, &what).unwrap_or_default() {
                tests.extend(self.test(operator, block, member, &at));
            }
        }
        tests
    }

    fn test(
        &mut self,
        operator: Operator,
        block: &Member<'_>,
        member: &Member<'_>,
        path: &Path<'_>,
    ) -> Option<ConditionTest> {
        let (nodes, listed) = match &member.value.kind {
            Kind::Array(items) => (items.as_slice(), true),
            _ => (std::slice::from_ref(&member.value), false),
        };
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            values.push(self.condition_value(node, path, &member.key)?);
        }
        let operands = values
            .iter()
            .map(|v| Operand::prepare(operator, &v.text, self.variables));
        Some(ConditionTest {
            condition: Condition {
                operator,
                key: Key::new(&member.key),
                operands: operands.collect(),
            },
            operator: spanned(&block.key, block.key_span),
            key: spanned(&member.key, member.key_span),
            values,
            listed,
            span: member.value.span,
        })
    }

    /// Numbers and booleans may stand without quotes (IAM User Guide, "Grammar").
    fn condition_value(&mut self, node: &Node<'_>, path: &Path<'_>, key: &str) -> Option<Spanned> {
        let text = match &node.kind {
            Kind::String(text) => text,
            Kind::Number(text) => *text,
            Kind::Bool(true) => "true",
            Kind::Bool(false) => "false",
            _ => {
                let message = format!(
                    "a condition value must be a string, a number or a boolean, found {}",
                    node.kind_name()
                );
                let path = path.key(key);
                self.fault(node.span, &path, message, "write the value as a string");
                return None;
            }
        };
        Some(spanned(text, node.span))
    }

    fn string(&mut self, node: &Node<'_>, path: &Path<'_>, what: &str) -> Option<Spanned> {
        let Some(text) = node.as_str() else {
            let message = format!("{what} must be a string, found {}", node.kind_name());
            self.fault(node.span, path, message, "write it in double quotes");
            return None;
        };
        Some(spanned(text, node.span))
    }

    /// A string or a list of strings.
    fn strings(&mut self, node: &Node<'_>, path: &Path<'_>, what: &str) -> Vec<Spanned> {
        let Kind::Array(items) = &node.kind else {
            return self.string(node, path, what).into_iter().collect();
        };
        let numbered = items.iter().enumerate();
        numbered
            .filter_map(|(index, item)| self.string(item, &path.index(index), what))
            .collect()
    }

    fn unknown_element(&mut self, member: &Member<'_>, path: &Path<'_>, known: &[&str]) {
        let help = match nearest(&member.key, known) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("known here are {}", known.join(", ")),
        };
        let message = format!("unknown element `{}`", member.key);
        self.fault(member.key_span, path, message, help);
    }
}

/// The elements of a statement: given or not, and then readable or not.
#[derive(Default)]
struct Parts {
    sid: Option<Spanned>,
    effect: Option<Option<Effect>>,
    principal: Option<Option<Principals>>,
    action: Option<Option<Actions>>,
    resource: Option<Resources>,
    tests: Option<Vec<ConditionTest>>,
}

/// Whether an element is missing, its name, and what to do.
type Needed = (bool, &'static str, &'static str);

impl Parts {
    const fn effect(&self) -> Needed {
        let help = "add `\"Effect\": \"Allow\"`";
        (self.effect.is_none(), "Effect", help)
    }

    const fn principal(&self) -> Needed {
        let help = if self.resource.is_some() {
            "this looks like a permission policy: give the role's trust policy"
        } else {
            "name the identity provider: `\"Principal\": {\"Federated\": \"arn:aws:iam::ACCOUNT:oidc-provider/...\"}`"
        };
        (self.principal.is_none(), "Principal", help)
    }

    const fn action(&self) -> Needed {
        let help = "add `\"Action\": \"sts:AssumeRoleWithWebIdentity\"`";
        (self.action.is_none(), "Action", help)
    }
}

fn spanned(text: &str, span: Span) -> Spanned {
    Spanned {
        text: text.to_owned(),
        span,
    }
}

const STATEMENT_ELEMENTS: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Names without set prefix and `IfExists`, for suggestions.
const OPERATOR_NAMES: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];
