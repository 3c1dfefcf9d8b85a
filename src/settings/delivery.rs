//! `delivery` of `[sms]` and `[mail]`: whether messages leave the house.

use super::reader::Section;

/// Where the messages of one channel go.
#[derive(Debug, Clone)]
pub enum Delivery<G> {
    /// Nowhere: none can be sent.
    None,
    /// They stay in the outbox, for `/dev/outbox` to show, and count as delivered.
    Outbox,
    /// Out.
    Gateway(G),
}

impl<G> Delivery<G> {
    /// Whether a message of this channel reaches anybody, so that pages offer it.
    pub const fn is_possible(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Reads `delivery`, then the gateway by `read`; `key` is the one no gateway is without.
    pub(super) fn read(
        section: &mut Section<'_>,
        development: bool,
        key: &str,
        read: impl FnOnce(&mut Section<'_>) -> Option<G>,
    ) -> Self {
        let given = section.gives(key);
        // `tamga dev` sends nothing to anybody unless told where.
        let to_outbox =
            section.word("delivery", &[("gateway", false), ("outbox", true)], development && !given);
        // Read in any case, so that every fault is found and no key is unknown.
        let gateway = read(section);
        match gateway {
            _ if to_outbox => Self::Outbox,
            Some(gateway) if given => Self::Gateway(gateway),
            _ => Self::None,
        }
    }
}
