//! How far apart two texts are, for "did you mean".

/// The number of edits (insert, remove, replace a character, swap two neighbours) between two texts,
/// or `None` where it is more than `most`. Time is `most` times the length at worst.
///
/// ```
/// use rolecall_core::distance::edits;
///
/// assert_eq!(edits("refs/head/mian", "refs/heads/main", 3), Some(2));
/// assert_eq!(edits("production", "staging", 3), None);
/// ```
#[must_use]
pub fn edits(a: &str, b: &str, most: usize) -> Option<usize> {
    let a: Vec<char> = a.chars().take(MAX_CHARS).collect();
    let b: Vec<char> = b.chars().take(MAX_CHARS).collect();
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut cost = (at(&row, j) + usize::from(x != y))
                .min(at(&row, j + 1) + 1)
                .min(at(&next, j) + 1);
            if i > 0 && j > 0 && b.get(j - 1) == Some(x) && a.get(i - 1) == Some(y) {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            next.push(cost);
        }
        if next.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|edits| *edits <= most)
}

/// Longer texts are compared by their beginnings.
const MAX_CHARS: usize = 512;

/// The candidate nearest to `text`, letter case apart, if one is near: a third of its length at most.
#[must_use]
pub fn nearest<'c>(text: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let lower = text.to_lowercase();
    let most = (text.chars().count() / 3).clamp(1, 4);
    candidates
        .iter()
        .filter_map(|c| Some((edits(&lower, &c.to_lowercase(), most)?, *c)))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        for (a, b, expected) in [
            ("", "", Some(0)),
            ("main", "mian", Some(1)),
            ("main", "main2", Some(1)),
            ("ref/refs", "ref:refs", Some(1)),
            ("abc", "xyz", Some(3)),
            ("abcdef", "x", None),
        ] {
            assert_eq!(edits(a, b, 3), expected, "{a} {b}");
        }
        assert_eq!(
            nearest("stringlike", &["StringEquals", "StringLike"]),
            Some("StringLike")
        );
        assert_eq!(
            nearest("Conditions", &["Condition", "Action"]),
            Some("Condition")
        );
        assert_eq!(nearest("Foo", &["Condition", "Action"]), None);
    }
}
