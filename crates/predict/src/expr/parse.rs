//! Text into a tree.

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// `'text'`
    Text(String),
    /// A context: `github`.
    Name(String),
    /// `a.b`, `a[b]`
    Index(Box<Self>, Box<Self>),
    /// `a.*`
    Star(Box<Self>),
    /// `f(a, b)`
    Call(String, Vec<Self>),
    /// `!a`
    Not(Box<Self>),
    /// `a && b`
    And(Box<Self>, Box<Self>),
    /// `a || b`
    Or(Box<Self>, Box<Self>),
    /// `a == b` and the like.
    Compare(Comparison, Box<Self>, Box<Self>),
}

/// The operators that compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// Why a text is no expression, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Byte offset.
    pub at: usize,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

/// The longest expression (docs.github.com, "Evaluate expressions": 21 KB was seen in the runner's messages).
const MOST_BYTES: usize = 21_000;
/// The deepest nesting (actions/languageservices, `ExpressionConstants.MaxDepth`).
const MOST_NESTED: usize = 50;

impl Expr {
    /// This and all that is inside.
    pub fn walk(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        match self {
            Self::Index(a, b) | Self::And(a, b) | Self::Or(a, b) | Self::Compare(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Self::Star(a) | Self::Not(a) => a.walk(visit),
            Self::Call(_, arguments) => arguments.iter().for_each(|a| a.walk(visit)),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Name(_) => {}
        }
    }

    /// The path of a property, lower-cased: `github.ref` of `github.ref` and of `GitHub['ref']`.
    #[must_use]
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Name(name) => Some(name.to_lowercase()),
            Self::Index(of, key) => match &**key {
                Self::Text(key) if !key.contains('.') => {
                    Some(format!("{}.{}", of.path()?, key.to_lowercase()))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// Reads an expression, without `${{` and `}}` around it.
///
/// # Errors
/// It is none; the message says what was expected, and where.
pub fn parse(text: &str) -> Result<Expr, SyntaxError> {
    if text.len() > MOST_BYTES {
        return Err(SyntaxError {
            at: 0,
            message: format!("the expression is longer than {MOST_BYTES} bytes"),
        });
    }
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    let expr = parser.or()?;
    parser.blanks();
    match parser.rest().is_empty() {
        true => Ok(expr),
        false => Err(parser.unexpected("the end of the expression")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        let found: String = self.rest().chars().take(12).collect();
        let found = if found.is_empty() {
            "the expression ends".to_owned()
        } else {
            format!("`{found}` stands there")
        };
        SyntaxError {
            at: self.at,
            message: format!("expected {expected}, but {found}"),
        }
    }

    fn or(&mut self) -> Result<Expr, SyntaxError> {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            return Err(SyntaxError {
                at: self.at,
                message: format!("nested deeper than {MOST_NESTED} levels"),
            });
        }
        let mut left = self.and()?;
        while self.take("||") {
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
            self.grow()?;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// A chain of operators leans to the left: each makes the tree deeper.
    fn grow(&self) -> Result<(), SyntaxError> {
        // The longest text holds a few thousand operators; the evaluator walks no deeper than this.
        match self
            .text
            .get(..self.at)
            .unwrap_or_default()
            .matches(['|', '&', '=', '<', '>', '!', '.', '['])
            .count()
        {
            0..=1_000 => Ok(()),
            _ => Err(SyntaxError {
                at: self.at,
                message: "the expression has more than 1000 operators".to_owned(),
            }),
        }
    }

    fn and(&mut self) -> Result<Expr, SyntaxError> {
        let mut left = self.equal()?;
        while self.take("&&") {
            left = Expr::And(Box::new(left), Box::new(self.equal()?));
            self.grow()?;
        }
        Ok(left)
    }

    fn equal(&mut self) -> Result<Expr, SyntaxError> {
        self.chain(
            &[("==", Comparison::Equal), ("!=", Comparison::NotEqual)],
            Self::less,
        )
    }

    fn less(&mut self) -> Result<Expr, SyntaxError> {
        let operators = [
            ("<=", Comparison::AtMost),
            (">=", Comparison::AtLeast),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        self.chain(&operators, Self::unary)
    }

    fn chain(
        &mut self,
        operators: &[(&str, Comparison)],
        operand: fn(&mut Self) -> Result<Expr, SyntaxError>,
    ) -> Result<Expr, SyntaxError> {
        let mut left = operand(self)?;
        while let Some((_, comparison)) = operators.iter().find(|(token, _)| self.take(token)) {
            left = Expr::Compare(*comparison, Box::new(left), Box::new(operand(self)?));
            self.grow()?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, SyntaxError> {
        let mut negations = 0_usize;
        self.blanks();
        while self.rest().starts_with('!') && !self.rest().starts_with("!=") {
            self.at += 1;
            negations += 1;
            self.blanks();
        }
        let operand = self.postfix()?;
        Ok(match negations {
            0 => operand,
            // `!!` makes a boolean of anything, and more pairs say no more.
            n if n % 2 == 1 => Expr::Not(Box::new(operand)),
            _ => Expr::Not(Box::new(Expr::Not(Box::new(operand)))),
        })
    }

    fn postfix(&mut self) -> Result<Expr, SyntaxError> {
        let mut expr = self.primary()?;
        loop {
            if self.take(".") {
                expr = if self.take("*") {
                    Expr::Star(Box::new(expr))
                } else {
                    self.blanks();
                    let name = self.name().ok_or_else(|| self.unexpected("a name"))?;
                    Expr::Index(Box::new(expr), Box::new(Expr::Text(name)))
                };
            } else if self.take("[") {
                if self.take("*") {
                    expr = Expr::Star(Box::new(expr));
                } else {
                    let index = self.or()?;
                    expr = Expr::Index(Box::new(expr), Box::new(index));
                }
                if !self.take("]") {
                    return Err(self.unexpected("`]`"));
                }
            } else {
                return Ok(expr);
            }
            self.grow()?;
        }
    }

    fn primary(&mut self) -> Result<Expr, SyntaxError> {
        if self.take("(") {
            let inner = self.or()?;
            return if self.take(")") {
                Ok(inner)
            } else {
                Err(self.unexpected("`)`"))
            };
        }
        if self.take("'") {
            return self.string();
        }
        if let Some(name) = self.name() {
            return self.named(name);
        }
        self.number().ok_or_else(|| self.unexpected("a value"))
    }

    fn named(&mut self, name: String) -> Result<Expr, SyntaxError> {
        if self.take("(") {
            return Ok(Expr::Call(name.to_lowercase(), self.arguments()?));
        }
        Ok(match name.as_str() {
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "null" => Expr::Null,
            "NaN" => Expr::Number(f64::NAN),
            "Infinity" => Expr::Number(f64::INFINITY),
            _ => Expr::Name(name),
        })
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, SyntaxError> {
        let mut arguments = Vec::new();
        if self.take(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.or()?);
            if self.take(")") {
                return Ok(arguments);
            }
            if !self.take(",") {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if !(first.is_ascii_alphabetic() || first == '_') {
            return None;
        }
        let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let end = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).map(str::to_owned)
    }

    fn string(&mut self) -> Result<Expr, SyntaxError> {
        let start = self.at;
        let mut text = String::new();
        loop {
            let Some((before, _)) = self.rest().split_once('\'') else {
                return Err(SyntaxError {
                    at: start,
                    message: "the text has no closing quote".to_owned(),
                });
            };
            text.push_str(before);
            self.at += before.len() + 1;
            if !self.rest().starts_with('\'') {
                return Ok(Expr::Text(text));
            }
            text.push('\'');
            self.at += 1;
        }
    }

    fn number(&mut self) -> Option<Expr> {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let text = rest.get(..end)?;
        let number = super::value::number(text).filter(|_| !text.is_empty())?;
        self.at += end;
        Some(Expr::Number(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn broken_expressions_are_told_where() {
        for (text, at, message) in [
            ("", 0, "expected a value, but the expression ends"),
            ("github.", 7, "expected a name, but the expression ends"),
            ("a == ", 5, "expected a value, but the expression ends"),
            (
                "a b",
                2,
                "expected the end of the expression, but `b` stands there",
            ),
            ("f(a", 3, "expected `,` or `)`, but the expression ends"),
            ("(a", 2, "expected `)`, but the expression ends"),
            ("a['b'", 5, "expected `]`, but the expression ends"),
            ("'a", 1, "the text has no closing quote"),
            ("\"a\"", 0, "expected a value, but `\"a\"` stands there"),
        ] {
            let expected = SyntaxError {
                at,
                message: message.to_owned(),
            };
            assert_eq!(parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        for text in [
            format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000)),
            format!("a{}", ".b".repeat(5_000)),
            format!("a{}", "||a".repeat(5_000)),
            format!("{}a{}", "a[".repeat(60), "]".repeat(60)),
        ] {
            assert!(parse(&text).is_err(), "{} bytes", text.len());
        }
        assert!(parse(&format!("{}a", "!".repeat(20_000))).is_ok());
        assert!(parse(&"a".repeat(30_000)).is_err());
    }

    #[test]
    fn paths_are_read_in_both_notations() {
        for (text, path) in [
            ("github.REF", Some("github.ref")),
            ("github['head_ref']", Some("github.head_ref")),
            ("github.event.inputs.x", Some("github.event.inputs.x")),
            ("github[env.x]", None),
        ] {
            assert_eq!(parse(text).unwrap().path().as_deref(), path, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "(\\(|\\)|\\[|\\]|'|!|&&|\\|\\||==|<|\\.|\\*|,|a|1|é| ){0,24}") {
            if let Err(error) = parse(&text) {
                prop_assert!(text.get(error.at..).is_some());
            }
        }
    }
}
