//! Associations: secrets that sign assertions (OpenID Authentication 2.0 §8). Nothing is stored: a
//! handle is the secret itself, sealed, so every instance knows it and none remembers it.

use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::diffie_hellman::Hash;
use crate::{
    crypto::sealed::{SealError, Sealer},
    rng::Rng,
};

/// How long a private association lives: relying parties verify at once.
const PRIVATE_TTL: Duration = Duration::from_secs(600);

/// The longest handle (OpenID 2.0 §8.2.1).
pub const HANDLE: usize = 255;

/// Who knows an association's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// We and a relying party.
    Shared,
    /// We alone; for direct verification (§11.4.2).
    Private,
}

/// What signs (§8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssocType {
    /// With a key of 160 bits.
    HmacSha1,
    /// With a key of 256 bits.
    HmacSha256,
}

/// How a secret travels to the relying party (§8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionType {
    /// As it is, under TLS.
    NoEncryption,
    /// Masked by what only the two sides can compute.
    DiffieHellman(Hash),
}

/// A secret that signs, and until when.
#[derive(Clone)]
pub struct Association {
    /// Who knows it.
    pub kind: Kind,
    /// What it signs with.
    pub assoc_type: AssocType,
    /// From then on it is no longer good.
    pub expires_at: OffsetDateTime,
    mac_key: Zeroizing<Vec<u8>>,
}

impl Association {
    /// A new one and its handle.
    ///
    /// # Errors
    /// When the sealer fails.
    pub fn issue(
        sealer: &Sealer,
        rng: &Rng,
        kind: Kind,
        assoc_type: AssocType,
        expires_at: OffsetDateTime,
    ) -> Result<(String, Self), SealError> {
        let random = Zeroizing::new(rng.bytes::<32>());
        let mac_key = Zeroizing::new(random[..assoc_type.key_length()].to_vec());
        let mut plain = Zeroizing::new(expires_at.unix_timestamp().to_be_bytes().to_vec());
        plain.extend_from_slice(&mac_key);
        let handle = URL_SAFE_NO_PAD.encode(sealer.seal(kind.place(), &plain, rng)?);
        Ok((handle, Self { kind, assoc_type, expires_at, mac_key }))
    }

    /// A private one and its handle, good for 10 minutes.
    ///
    /// # Errors
    /// When the sealer fails.
    pub fn issue_private(
        sealer: &Sealer,
        rng: &Rng,
        now: OffsetDateTime,
    ) -> Result<(String, Self), SealError> {
        Self::issue(sealer, rng, Kind::Private, AssocType::HmacSha256, now + PRIVATE_TTL)
    }

    /// The association of this kind behind a handle; `None` when it is not ours, of the other kind,
    /// or expired.
    pub fn open(sealer: &Sealer, kind: Kind, handle: &str, now: OffsetDateTime) -> Option<Self> {
        if handle.len() > HANDLE {
            return None;
        }
        let sealed = URL_SAFE_NO_PAD.decode(handle).ok()?;
        // OpenID 2.0 §11.4.2.1: for verification "an OP MUST only use private associations". The kind
        // is the place the secret was sealed for, so one never opens as the other, whatever a
        // relying party that knows a shared secret signs with it (association confusion).
        let plain = sealer.open(kind.place(), &sealed).ok()?;
        let (expires_at, mac_key) = plain.split_first_chunk()?;
        let expires_at = OffsetDateTime::from_unix_timestamp(i64::from_be_bytes(*expires_at)).ok()?;
        let assoc_type = AssocType::of_key_length(mac_key.len())?;
        let mac_key = Zeroizing::new(mac_key.to_vec());
        (now < expires_at).then_some(Self { kind, assoc_type, expires_at, mac_key })
    }

    /// The secret. To the relying party alone, and to the signature.
    pub fn mac_key(&self) -> &[u8] {
        &self.mac_key
    }
}

impl Kind {
    fn place(self) -> &'static str {
        match self {
            Self::Shared => "openid2/association/shared",
            Self::Private => "openid2/association/private",
        }
    }
}

impl AssocType {
    /// By its name in `openid.assoc_type`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::HmacSha1, Self::HmacSha256].into_iter().find(|known| known.name() == name)
    }

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }

    /// The hash it is built on.
    pub fn hash(self) -> Hash {
        match self {
            Self::HmacSha1 => Hash::Sha1,
            Self::HmacSha256 => Hash::Sha256,
        }
    }

    /// OpenID 2.0 §6.2: 160 bits for SHA-1, 256 for SHA-256.
    fn key_length(self) -> usize {
        self.hash().length()
    }

    fn of_key_length(length: usize) -> Option<Self> {
        [Self::HmacSha1, Self::HmacSha256].into_iter().find(|known| known.key_length() == length)
    }
}

impl SessionType {
    /// By its name in `openid.session_type` of OpenID 2.0.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::NoEncryption, Self::DiffieHellman(Hash::Sha1), Self::DiffieHellman(Hash::Sha256)];
        all.into_iter().find(|known| known.name() == name)
    }

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoEncryption => "no-encryption",
            Self::DiffieHellman(Hash::Sha1) => "DH-SHA1",
            Self::DiffieHellman(Hash::Sha256) => "DH-SHA256",
        }
    }

    /// Whether secrets of this type can travel so. OpenID 2.0 §8.4.2: the key "MUST be the same
    /// length as the output of H", the hash of the session, which masks it.
    pub fn carries(self, assoc_type: AssocType) -> bool {
        match self {
            Self::NoEncryption => true,
            Self::DiffieHellman(hash) => hash == assoc_type.hash(),
        }
    }
}

impl fmt::Debug for Association {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Association")
            .field("kind", &self.kind)
            .field("assoc_type", &self.assoc_type)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Association {
    /// One with a known key.
    pub(super) fn with_key(assoc_type: AssocType, key: &[u8]) -> Self {
        let mac_key = Zeroizing::new(key.to_vec());
        Self { kind: Kind::Private, assoc_type, expires_at: OffsetDateTime::UNIX_EPOCH, mac_key }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-01 09:00 UTC);

    fn sealer() -> Sealer {
        Sealer::new([("a-key-with-the-longest-id-that-is", &[7; 32])]).unwrap()
    }

    fn issue(kind: Kind, assoc_type: AssocType) -> (String, Association) {
        Association::issue(&sealer(), &Rng::seeded(1), kind, assoc_type, NOW + Duration::from_secs(60))
            .unwrap()
    }

    #[test]
    fn openid_2_s8_2_1_a_handle_is_printable_ascii_of_255_characters_at_most() {
        for assoc_type in [AssocType::HmacSha1, AssocType::HmacSha256] {
            let (handle, _) = issue(Kind::Shared, assoc_type);
            assert!(handle.len() <= HANDLE, "{}", handle.len());
            // More than the standard asks: nothing that would be encoded in a URL.
            assert!(handle.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        }
    }

    #[test]
    fn a_handle_gives_its_association_back_until_it_expires() {
        for (kind, assoc_type) in
            [(Kind::Shared, AssocType::HmacSha1), (Kind::Private, AssocType::HmacSha256)]
        {
            let (handle, issued) = issue(kind, assoc_type);
            let open = |now| Association::open(&sealer(), kind, &handle, now);
            let opened = open(NOW).unwrap();
            assert_eq!(opened.mac_key(), issued.mac_key());
            assert_eq!(
                (opened.kind, opened.assoc_type, opened.expires_at),
                (kind, assoc_type, issued.expires_at)
            );
            assert!(open(NOW + Duration::from_secs(59)).is_some());
            assert!(open(NOW + Duration::from_secs(60)).is_none());
        }
    }

    #[test]
    fn openid_2_s11_4_2_1_a_shared_association_never_opens_as_a_private_one() {
        for (kind, other) in [(Kind::Shared, Kind::Private), (Kind::Private, Kind::Shared)] {
            let (handle, _) = issue(kind, AssocType::HmacSha256);
            assert!(Association::open(&sealer(), other, &handle, NOW).is_none());
        }
    }

    #[test]
    fn a_handle_that_is_not_ours_opens_nothing() {
        let (handle, _) = issue(Kind::Shared, AssocType::HmacSha1);
        let open = |handle: &str| Association::open(&sealer(), Kind::Shared, handle, NOW);
        let other = Sealer::new([("b", &[8; 32])]).unwrap();
        assert!(Association::open(&other, Kind::Shared, &handle, NOW).is_none());
        for at in 0..handle.len() {
            let mut changed = handle.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(open(std::str::from_utf8(&changed).unwrap()).is_none(), "{at}");
        }
        for nonsense in ["", "A", "{HMAC-SHA1}{x}{y}", &"A".repeat(256), &handle[1..], &format!("{handle}=")]
        {
            assert!(open(nonsense).is_none(), "{nonsense}");
        }
    }

    #[test]
    fn openid_2_s6_2_keys_have_160_and_256_bits() {
        assert_eq!(issue(Kind::Shared, AssocType::HmacSha1).1.mac_key().len(), 20);
        assert_eq!(issue(Kind::Shared, AssocType::HmacSha256).1.mac_key().len(), 32);
    }

    #[test]
    fn openid_2_s8_4_2_a_session_carries_keys_of_its_hashs_length() {
        use {AssocType::*, SessionType::*};
        for (session, sha1, sha256) in [
            (NoEncryption, true, true),
            (DiffieHellman(Hash::Sha1), true, false),
            (DiffieHellman(Hash::Sha256), false, true),
        ] {
            assert_eq!((session.carries(HmacSha1), session.carries(HmacSha256)), (sha1, sha256));
            assert_eq!(SessionType::from_name(session.name()), Some(session));
        }
        assert_eq!(AssocType::from_name("hmac-sha1"), None);
        assert_eq!(SessionType::from_name(""), None);
    }

    #[test]
    fn a_secret_is_never_printed() {
        let shown = format!("{:?}", Association::with_key(AssocType::HmacSha1, &[115; 20]));
        assert!(!shown.contains("mac_key") && !shown.contains("115"), "{shown}");
    }
}
