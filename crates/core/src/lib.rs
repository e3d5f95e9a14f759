//! Decides, offline, whether a GitHub Actions token may assume an AWS role, and explains why.
#![doc = "work in progress"]
pub mod case;
pub mod check;
pub mod condition;
pub mod context;
pub mod distance;
pub mod explain;
pub mod json;
pub mod jwks;
pub mod pattern;
pub mod policy;
pub mod report;
pub mod span;
pub mod sts;
pub mod token;
pub mod tri;
