//! Amazon States Language: definition model, parse, check
