//! The real binary, end to end.

#![expect(clippy::expect_used, reason = "a test may fail loudly")]

/// JSON Lines in, JSON Lines out.
mod batch;
/// The known-answer cases, as core answers them.
mod cases;
/// Options, exit codes, streams, privacy.
mod cli;
/// Repairs, shown and made.
mod fix;
/// The set-up for a repository that pushes to ECR.
mod generate;
/// What is wrong with policies, and policies against tokens.
mod lint;
/// The way to subjects with ids.
mod migrate;
/// The tokens of a workflow's jobs.
mod predict;
/// What the session may do to an ECR repository.
mod push;
/// The README's example.
mod readme;
/// Runs the binary in a folder of its own.
mod support;
/// The walk-through in docs.
mod walkthrough;
/// `rolecall who` and `rolecall diff`.
mod who;
