//! IAM policy documents to a decision with its reasons
