//! The rules, in the order in which they are asked.

mod callback_without_timeout;
mod choice_without_default;
mod heartbeat_not_below_timeout;
mod missing_dollar;
mod pass_result_is_static;
mod placeholder_queue_url;
mod task_token_unused;
mod uncatchable_error;
mod unknown_function;
mod unknown_queue;

use crate::Advice;
use crate::state::StateText;

pub(crate) const ALL: &[fn(&StateText, &mut Advice)] = &[
    callback_without_timeout::check,
    choice_without_default::check,
    heartbeat_not_below_timeout::check,
    missing_dollar::check,
    pass_result_is_static::check,
    placeholder_queue_url::check,
    task_token_unused::check,
    uncatchable_error::check,
    unknown_function::check,
    unknown_queue::check,
];
