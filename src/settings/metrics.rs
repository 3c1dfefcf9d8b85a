//! `[metrics]`: the Prometheus listener, apart from the public one.

use std::net::SocketAddr;

use super::reader::Section;

/// `[metrics]`.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// Where `/metrics` is served; nowhere when left out.
    pub listen: Option<SocketAddr>,
}

impl Metrics {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self { listen: section.address("listen") }
    }
}
