//! Advice on definitions: one rule a file, with quick fixes
