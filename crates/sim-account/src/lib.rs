//! The account: clock, agenda, router, permissions, input log, replay
