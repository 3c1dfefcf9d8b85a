//! What the command line does, one file a command group.

pub mod private_postgres;
