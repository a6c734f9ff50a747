//! Runs a handler's JavaScript in an embedded interpreter with Node-like and SDK modules
