//! Pages of those who look after other people's accounts: registrars, who check who people are,
//! and the administrators of agencies, who make and shut out their officials' accounts.

pub mod agency;
mod lists;
pub mod registrar;
mod staff;
