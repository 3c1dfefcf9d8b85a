//! What a person may do on our own pages beyond their own account.

use super::words::words;

words! {
    /// Kinds of roles.
    RoleName {
        /// Checks who people are and raises the levels of what their accounts hold.
        Registrar = "registrar",
        /// Makes and shuts out the accounts of one agency's officials.
        AgencyAdministrator = "agency-administrator",
    }
}

/// A role that a person holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Checks who people are.
    Registrar,
    /// Speaks for the agency of this name, as `organization.name` says it.
    AgencyAdministrator(String),
}

impl Role {
    /// A role's name with its agency; `None` when one is missing that is needed, or given where none
    /// belongs.
    pub fn new(name: RoleName, agency: Option<String>) -> Option<Self> {
        match (name, agency) {
            (RoleName::Registrar, None) => Some(Self::Registrar),
            (RoleName::AgencyAdministrator, Some(agency)) => Some(Self::AgencyAdministrator(agency)),
            _ => None,
        }
    }

    /// Its kind.
    pub const fn name(&self) -> RoleName {
        match self {
            Self::Registrar => RoleName::Registrar,
            Self::AgencyAdministrator(_) => RoleName::AgencyAdministrator,
        }
    }

    /// The agency it is held for.
    pub fn agency(&self) -> Option<&str> {
        match self {
            Self::Registrar => None,
            Self::AgencyAdministrator(agency) => Some(agency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_has_an_agency_and_a_registrar_none() {
        let agency = || Some("Revenue Department".to_owned());
        assert_eq!(Role::new(RoleName::Registrar, None), Some(Role::Registrar));
        assert_eq!(Role::new(RoleName::Registrar, agency()), None);
        assert_eq!(Role::new(RoleName::AgencyAdministrator, None), None);
        let administrator = Role::new(RoleName::AgencyAdministrator, agency()).unwrap();
        assert_eq!(administrator.agency(), Some("Revenue Department"));
        assert_eq!(administrator.name().word(), "agency-administrator");
    }
}
