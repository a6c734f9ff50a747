//! The page in a browser, from the first visit to every way that a run can go.

mod first_visit;
mod runs;
mod tutorial;
