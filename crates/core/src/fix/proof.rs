//! What a repair opens, and which comes first.

use super::{Candidate, Question};
use crate::analyze::{self, Answer, Gain, Options, Outsider, Verdict};
use crate::explain::Scene;
use crate::explain::repair::{Class, Repair};
use crate::explain::stranger::subject;
use crate::policy::{Policy, storable};
use crate::report::{Edit, EditLabel};

/// A repair that lets the token in, with the proof of what it does besides.
pub(super) struct Proved {
    repair: Repair,
    policy: Policy,
    is_certain: bool,
    outsider: Outsider,
    gain: Answer<Gain>,
    loss: Answer<Gain>,
    /// Why IAM would not store it, where that is the repair's doing.
    unstorable: Option<String>,
}

impl Question<'_> {
    pub(super) fn proved(&self, candidate: Candidate, scene: &Scene<'_>) -> Proved {
        let Candidate {
            repair,
            policy,
            is_certain,
        } = candidate;
        let loss = if repair.loses_nothing {
            Answer::None
        } else {
            analyze::gained(&policy, self.policy, None, self.options)
        };
        Proved {
            outsider: analyze::outsider(&policy, self.options),
            gain: analyze::gained(self.policy, &policy, subject(scene), self.options),
            loss,
            unstorable: storable::check(&policy)
                .err()
                .map(|refusal| refusal.summary),
            repair,
            policy,
            is_certain,
        }
    }
}

/// The order of the answer; a statement of its own only where no repair in place admits as little.
pub(super) fn ranked(mut proved: Vec<Proved>, options: &Options) -> Vec<Proved> {
    let is_narrow = |proved: &Proved| {
        proved.repair.class == Class::Direct
            && proved.repair.label == EditLabel::ThisSubject
            && !matches!(proved.gain, Answer::Found(_))
            && proved.unstorable.is_none()
    };
    if proved.iter().any(is_narrow) {
        proved.retain(|proved| proved.repair.class != Class::Apart);
    }
    let wider: Vec<usize> = (0..proved.len())
        .map(|index| wider_than(&proved, index, options))
        .collect();
    let mut keyed: Vec<(Rank, Proved)> = proved
        .into_iter()
        .zip(wider)
        .map(|(proved, wider)| (proved.rank(wider), proved))
        .collect();
    crate::order::sort_by_key(&mut keyed, |(rank, _)| *rank);
    keyed.into_iter().map(|(_, proved)| proved).collect()
}

/// How many of the others admit strictly less. All admit the token and what the policy admits, but for what
/// they lose: one that gains nothing else is within every other.
fn wider_than(all: &[Proved], index: usize, options: &Options) -> usize {
    let Some(one) = all.get(index).filter(|one| one.gain != Answer::None) else {
        return 0;
    };
    let holds = |outer: &Proved, inner: &Proved| {
        analyze::beside(&outer.policy, &inner.policy, options) == Answer::None
    };
    // Only where nothing before it in the order tells the two apart: each comparison is a search.
    let is_peer = |other: &&Proved| {
        let ((before, ..), (others, ..)) = (one.rank(0), other.rank(0));
        !std::ptr::eq(*other, one) && before == others
    };
    let is_within =
        |other: &&Proved| other.gain == Answer::None || (holds(one, other) && !holds(other, one));
    all.iter().filter(is_peer).filter(is_within).count()
}

/// What decides first stands first.
type Rank = (Before, usize, usize);

/// What decides before breadth does.
type Before = (bool, u8, bool, bool, Class, bool);

impl Proved {
    fn rank(&self, wider: usize) -> Rank {
        let first = if self.repair.follows_form {
            EditLabel::AsBroad
        } else {
            EditLabel::ThisSubject
        };
        let before = (
            self.repair.class == Class::Popular,
            danger(self.outsider.verdict),
            // A key that is given twice still drops what its author wrote.
            self.unstorable.is_some() || !self.policy.duplicates.is_empty(),
            self.repair.follows_form && self.repair.label != first,
            self.repair.class,
            self.loss != Answer::None,
        );
        (before, wider, self.repair.splices.len())
    }

    pub(super) fn edit(self, scene: &Scene<'_>, options: &Options) -> Edit {
        let edit = self.repair.edit(scene);
        let mut witnesses: Vec<analyze::Claims> =
            self.new_outsider(scene, options).into_iter().collect();
        let admits_also = match &self.gain {
            Answer::None => "nothing".to_owned(),
            Answer::Found(gain) => {
                if !witnesses.contains(&gain.witness) {
                    witnesses.push(gain.witness.clone());
                }
                gain.words.join(", ")
            }
            Answer::Unknown(why) => format!("not decided: {why}"),
        };
        Edit {
            summary: self.summary(&edit.summary),
            admits_also,
            outsider: self.outsider.verdict.as_str(),
            witnesses,
            ..edit
        }
    }

    /// The token of an outsider who did not get in before.
    fn new_outsider(&self, scene: &Scene<'_>, options: &Options) -> Option<analyze::Claims> {
        let witness = self.outsider.witness.clone()?;
        let is_new = self.outsider.verdict == Verdict::Open
            && analyze::outsider(scene.policy, options).verdict != Verdict::Open;
        is_new.then_some(witness)
    }

    fn summary(&self, what: &str) -> String {
        let mut summary = what.to_owned();
        match &self.loss {
            Answer::None => {}
            Answer::Found(loss) => {
                let lost = loss.words.join(", ");
                summary.push_str(&format!("; no longer lets in {lost}"));
            }
            Answer::Unknown(why) => {
                summary.push_str(&format!(
                    "; whether it keeps anybody out who got in is not decided: {why}"
                ));
            }
        }
        if let Some(why) = &self.unstorable {
            summary.push_str(&format!("; IAM would refuse to store the result: {why}"));
        }
        if !self.is_certain {
            summary.push_str("; the rest hangs on facts that are not known");
        }
        summary
    }
}

/// How much there is to fear of outsiders.
const fn danger(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Closed => 0,
        Verdict::Depends => 1,
        Verdict::NotDecided => 2,
        Verdict::Lure => 3,
        Verdict::Borrow => 4,
        Verdict::Open => 5,
    }
}
