//! Tests against a real PostgreSQL and the real router. One binary, so that it links once.

mod private_postgres;
mod support;
