//! `[profiles]`: the national systems whose paths are served beside our own.

use super::reader::Section;

/// `[profiles]`: off in `tamga serve`, on in `tamga dev`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profiles {
    /// Aitu (Kazakhstan).
    pub aitu: bool,
    /// CryptoPro DSS (Russia).
    pub dss: bool,
    /// The first part of its paths.
    pub dss_segment: String,
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
            dss_segment: dss_segment(section),
            sso_mn: section.flag("sso_mn", default),
            egov_th: section.flag("egov_th", default),
            digital_id_th: section.flag("digital_id_th", default),
        }
    }
}

/// Our own first parts of paths, which it must not hide.
const TAKEN: [&str; 5] = ["oauth2", "openid2", "api", "account", "static"];

fn dss_segment(section: &mut Section<'_>) -> String {
    let segment = section.text("dss_segment").unwrap_or_else(|| "STS".to_owned());
    let letters = segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if segment.is_empty() || !letters || TAKEN.contains(&segment.as_str()) {
        section.fault("dss_segment", "is no free part of a path; give letters, digits, - and _, such as STS");
    }
    segment
}
