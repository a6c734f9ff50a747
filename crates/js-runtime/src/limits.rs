//! How much a handler may use. Plain numbers, no behaviour.

/// The price of time: this many interpreted instructions pass in one microsecond of virtual time.
///
/// Every instruction of the interpreter costs the same, so a handler's duration does not depend on the machine, and
/// an endless loop ends when its deadline comes: 36 million instructions for the default timeout of 3 s.
pub const INSTRUCTIONS_PER_MICROSECOND: u64 = 12;

/// Limits of one environment.
///
/// Not bounded here: the sum of all that a handler keeps alive. The host bounds it with the maximum of the wasm memory
/// and reports [`aws_protocol::handler::KillReason::OutOfMemory`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeLimits {
    /// Virtual microseconds that loading the code may take. Lambda: 10 s.
    pub init_micros: u64,
    /// Calls that may be open at once. A call that a built-in makes (`[].map(f)`, a getter) counts twice.
    pub call_depth: usize,
    /// Values on the interpreter's stack: arguments and registers of all open calls.
    pub stack_values: usize,
    /// Brackets that may be open at once in code, and levels of JSON text and of values given to `JSON.stringify`.
    pub nesting_depth: usize,
    /// Bytes of one `ArrayBuffer`, and characters of one string that a single built-in call may make.
    pub allocation_bytes: usize,
    /// Elements of an array that a single built-in call may make.
    pub array_elements: usize,
    /// Characters of code.
    pub code_bytes: usize,
    /// Characters that one turn may log; the rest is dropped with a notice.
    pub log_bytes: usize,
    /// AWS calls that one turn may make.
    pub calls_per_turn: usize,
}

impl Default for RuntimeLimits {
    fn default() -> Self {
        RuntimeLimits {
            init_micros: 10_000_000,
            call_depth: 400,
            stack_values: 100_000,
            nesting_depth: 120,
            allocation_bytes: 32 << 20,
            array_elements: 1 << 20,
            code_bytes: 4 << 20,
            log_bytes: 1 << 20,
            calls_per_turn: 1_000,
        }
    }
}
