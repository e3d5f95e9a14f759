//! Sorting with little code for each type that is sorted.
//!
//! The standard library's sort is made anew for each type and closure, 4 KB of a WebAssembly module every time. What is
//! sorted here are a few faults or edits: their places are sorted instead, by the same sort, once for all types.

use std::cmp::Ordering;

/// As [`slice::sort_by_key`].
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let compare = |a: usize, b: usize| items.get(a).map(&key).cmp(&items.get(b).map(&key));
    let order = sorted(items.len(), &compare);
    place(items, order);
}

/// As [`slice::sort`].
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    let order = sorted(items.len(), &|a, b| items.get(a).cmp(&items.get(b)));
    place(items, order);
}

fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|a, b| compare(*a, *b));
    places
}

/// Moves every item from its place in `order`, cycle by cycle.
fn place<T>(items: &mut [T], mut order: Vec<usize>) {
    for first in 0..order.len() {
        let mut at = first;
        while let Some(from) = order.get_mut(at).map(|from| std::mem::replace(from, at)) {
            if from == first {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        let mut random = fastrand::Rng::with_seed(1);
        for count in 0..60 {
            // Few keys, so that the order of equal ones is seen.
            let given: Vec<(u8, usize)> = (0..count).map(|n| (random.u8(..9), n)).collect();
            let (mut ours, mut theirs) = (given.clone(), given);
            sort_by_key(&mut ours, |item| item.0);
            theirs.sort_by_key(|item| item.0);
            assert_eq!(ours, theirs);
            sort(&mut ours);
            theirs.sort();
            assert_eq!(ours, theirs);
        }
    }
}
