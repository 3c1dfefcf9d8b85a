//! OpenID 2.0 with Attribute Exchange, as relying parties and browsers see it.

mod checkid;
mod exchange;
mod identities;
mod scene;
