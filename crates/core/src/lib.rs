//! Decides, offline, whether a GitHub Actions token may assume an AWS role, and explains why.
#![doc = "work in progress"]
pub mod condition;
pub mod context;
pub mod distance;
pub mod json;
pub mod pattern;
pub mod policy;
pub mod span;
pub mod tri;
