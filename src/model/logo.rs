//! A client's logo: a small, still picture, checked before it is kept.

use super::{file::MediaType, picture};
use crate::secret::Digest;

/// More is not kept: it is loaded on the worst phone and network in the country.
pub const LARGEST: usize = 64 * 1024;
/// The longest side in pixels.
const LONGEST_SIDE: u32 = 1024;

/// A logo that may be shown.
#[derive(Clone, Debug)]
pub struct Logo {
    /// Its kind.
    pub media_type: MediaType,
    /// The picture.
    pub content: Vec<u8>,
}

/// Why a picture can't be a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogoFault {
    /// Too many octets.
    #[error("is larger than 64 KB")]
    Large,
    /// None of the kinds that are served; SVG carries scripts.
    #[error("is no PNG, JPEG or WebP picture")]
    Kind,
    /// Too many pixels.
    #[error("is wider or higher than 1024 pixels")]
    Long,
    /// WCAG 2.2 §2.2.2: what moves needs a button to stop it.
    #[error("moves; give a still picture")]
    Moves,
}

impl Logo {
    /// Checks a picture by its own header.
    ///
    /// # Errors
    /// [`LogoFault`] saying what is wrong with it.
    pub fn check(content: Vec<u8>) -> Result<Self, LogoFault> {
        if content.len() > LARGEST {
            return Err(LogoFault::Large);
        }
        let picture = picture::read(&content).ok_or(LogoFault::Kind)?;
        if picture.width.max(picture.height) > LONGEST_SIDE {
            return Err(LogoFault::Long);
        }
        if picture.moves {
            return Err(LogoFault::Moves);
        }
        Ok(Self { media_type: picture.media_type, content })
    }

    /// SHA-256 of the picture.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.content)
    }

    /// The same in hexadecimal digits: a client's settings name its logo by it.
    pub fn fingerprint(&self) -> String {
        super::file::fingerprint(&self.content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::picture::tests::png_of;

    #[test]
    fn logos_are_small_still_pictures() {
        let check = |content: Vec<u8>| Logo::check(content).map(|logo| logo.media_type);
        assert_eq!(check(png_of(1024, 1, b"tEXt")), Ok(MediaType::Png));
        assert_eq!(check(png_of(1025, 1, b"tEXt")), Err(LogoFault::Long));
        assert_eq!(check(png_of(64, 64, b"acTL")), Err(LogoFault::Moves));
        assert_eq!(check(b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()), Err(LogoFault::Kind));
        let padded = [png_of(64, 64, b"tEXt"), vec![0; LARGEST]].concat();
        assert_eq!(check(padded), Err(LogoFault::Large));
    }
}
