//! Write rules.
