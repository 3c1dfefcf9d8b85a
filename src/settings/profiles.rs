//! `[profiles]`: the national systems whose paths are served beside our own.

use super::reader::Section;

/// `[profiles]`: off in `tamga serve`, on in `tamga dev`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profiles {
    /// Aitu (Kazakhstan).
    pub aitu: bool,
    /// DSS (Kazakhstan).
    pub dss: bool,
    /// sso.gov.mn (Mongolia).
    pub sso_mn: bool,
    /// eGov (Thailand).
    pub egov_th: bool,
    /// Digital ID (Thailand).
    pub digital_id_th: bool,
}

impl Profiles {
    pub(super) fn read(section: &mut Section<'_>, default: bool) -> Self {
        Self {
            aitu: section.flag("aitu", default),
            dss: section.flag("dss", default),
            sso_mn: section.flag("sso_mn", default),
            egov_th: section.flag("egov_th", default),
            digital_id_th: section.flag("digital_id_th", default),
        }
    }
}
