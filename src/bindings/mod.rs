//! One module for each capability of the browser that JavaScript gives us.

pub mod editor;
pub mod handler_worker;
pub mod locks;
pub mod picture;
pub mod store;
