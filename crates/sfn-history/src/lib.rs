//! History events as GetExecutionHistory gives them
