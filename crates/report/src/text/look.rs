//! Colour and width.

use annotate_snippets::Renderer;
use annotate_snippets::renderer::{AnsiColor, Effects, Style};

use crate::Look;

/// What a colour stands for. Blue and red stay apart for all eyes; a word always says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Good,
    Bad,
    Strong,
    Faint,
}

const GOOD: Style = AnsiColor::BrightBlue.on_default();
const BAD: Style = AnsiColor::BrightRed.on_default();

impl Paint {
    const fn style(self) -> Style {
        match self {
            Self::Good => GOOD.effects(Effects::BOLD),
            Self::Bad => BAD.effects(Effects::BOLD),
            Self::Strong => Style::new().effects(Effects::BOLD),
            Self::Faint => Style::new().effects(Effects::DIMMED),
        }
    }
}

impl Look {
    /// Colours a text that is already clean.
    pub(crate) fn paint(&self, text: &str, paint: Paint) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let style = paint.style();
        format!("{style}{text}{style:#}")
    }

    /// The renderer of snippets, in our colours.
    pub(crate) const fn renderer(&self) -> Renderer {
        let renderer = if self.color {
            Renderer::styled()
                .note(Paint::Strong.style())
                .help(Paint::Strong.style())
                .addition(GOOD)
                .removal(BAD)
                .hyperlink(false)
        } else {
            Renderer::plain()
        };
        renderer.term_width(self.width)
    }

    /// Breaks a text at blanks so that it fits beside `indent` columns.
    pub(crate) fn wrap(&self, text: &str, indent: usize) -> String {
        let width = self.width.saturating_sub(indent).max(24);
        text.lines()
            .map(|line| wrap_line(line, width))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn wrap_line(line: &str, width: usize) -> String {
    let mut wrapped = String::new();
    let mut column = 0;
    for (index, word) in line.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 {
            let fits = column + 1 + length <= width;
            wrapped.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        wrapped.push_str(word);
        column += length;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_at_blanks() {
        let look = Look {
            width: 30,
            ..Look::default()
        };
        assert_eq!(
            look.wrap("use `StringLike`, which takes wildcards", 6),
            "use `StringLike`, which\ntakes wildcards"
        );
        assert_eq!(look.wrap("", 0), "");
        assert_eq!(
            look.wrap(&"x".repeat(60), 0),
            "x".repeat(60),
            "words stay whole"
        );
    }
}
