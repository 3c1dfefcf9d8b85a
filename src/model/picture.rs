//! How large a picture is and whether it moves, as its own header says. Only headers are read: decoding
//! what a stranger sends is how servers are taken over.

use super::file::{MediaType, sniff};

/// What a picture's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its kind.
    pub media_type: MediaType,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// It has more than one frame.
    pub moves: bool,
}

/// Reads the header; `None` when the content is no picture of the kinds that are served, or its header is
/// broken.
pub fn read(content: &[u8]) -> Option<Picture> {
    let media_type = sniff(content)?;
    let (width, height, moves) = match media_type {
        MediaType::Png => png(content)?,
        MediaType::Jpeg => jpeg(content)?,
        MediaType::Webp => webp(content)?,
    };
    (width > 0 && height > 0).then_some(Picture { media_type, width, height, moves })
}

type Header = (u32, u32, bool);

fn bytes<const N: usize>(content: &[u8], at: usize) -> Option<[u8; N]> {
    content.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// PNG §11.2.1: width and height open the first chunk; §11.3.6.1: an animated one says so in `acTL`, which
/// comes before the image data.
fn png(content: &[u8]) -> Option<Header> {
    let (width, height) = (u32::from_be_bytes(bytes(content, 16)?), u32::from_be_bytes(bytes(content, 20)?));
    let mut at = 8;
    loop {
        let (length, kind) = (u32::from_be_bytes(bytes(content, at)?), bytes::<4>(content, at + 4)?);
        match &kind {
            b"acTL" => return Some((width, height, true)),
            b"IDAT" => return Some((width, height, false)),
            // Length, type and checksum take twelve octets.
            _ => at = at.checked_add(usize::try_from(length).ok()?)?.checked_add(12)?,
        }
    }
}

/// ISO/IEC 10918-1 §B.2.2: the frame header, past the segments before it.
fn jpeg(content: &[u8]) -> Option<Header> {
    let mut at = 2;
    loop {
        let [0xff, marker] = bytes(content, at)? else { return None };
        match marker {
            // A fill octet before a marker.
            0xff => at += 1,
            // Start of frame of every coding process; the four left out are tables.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                let (height, width) = (bytes(content, at + 5)?, bytes(content, at + 7)?);
                return Some((u16::from_be_bytes(width).into(), u16::from_be_bytes(height).into(), false));
            }
            // Image data or the end before any frame.
            0xd8..=0xda => return None,
            _ => at = at.checked_add(2)?.checked_add(u16::from_be_bytes(bytes(content, at + 2)?).into())?,
        }
    }
}

/// RFC 9649 §2.5 to §2.7.
fn webp(content: &[u8]) -> Option<Header> {
    match &bytes::<4>(content, 12)? {
        b"VP8X" => {
            let [flags] = bytes(content, 20)?;
            let side = |at| {
                let [a, b, c] = bytes(content, at)?;
                Some(u32::from_le_bytes([a, b, c, 0]) + 1)
            };
            Some((side(24)?, side(27)?, flags & 0b10 != 0))
        }
        b"VP8L" => {
            let [0x2f] = bytes(content, 20)? else { return None };
            let bits = u32::from_le_bytes(bytes(content, 21)?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1, false))
        }
        b"VP8 " => {
            let [0x9d, 0x01, 0x2a] = bytes(content, 23)? else { return None };
            // The two bits above are a scale.
            let side = |at| Some(u32::from(u16::from_le_bytes(bytes(content, at)?) & 0x3fff));
            Some((side(26)?, side(28)?, false))
        }
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The header of a PNG of this size, with a chunk before its data.
    pub(crate) fn png_of(width: u32, height: u32, chunk: &[u8; 4]) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        png.extend(width.to_be_bytes());
        png.extend(height.to_be_bytes());
        png.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
        png.extend([0, 0, 0, 0]);
        png.extend(chunk);
        png.extend([0, 0, 0, 0]);
        png.extend(b"\0\0\0\0IDAT\0\0\0\0");
        png
    }

    fn size(content: &[u8]) -> Option<(u32, u32, bool)> {
        read(content).map(|picture| (picture.width, picture.height, picture.moves))
    }

    #[test]
    fn a_png_says_its_size_and_whether_it_moves() {
        assert_eq!(size(&png_of(64, 48, b"tEXt")), Some((64, 48, false)));
        assert_eq!(size(&png_of(64, 48, b"acTL")), Some((64, 48, true)));
        assert_eq!(size(&png_of(0, 48, b"tEXt")), None);
    }

    #[test]
    fn a_jpeg_says_its_size_in_its_frame_past_other_segments() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xdb\0\x03x\xff\xc2\0\x0b\x08\0\x30\0\x40\x01\0";
        assert_eq!(size(jpeg), Some((64, 48, false)));
        assert_eq!(size(b"\xff\xd8\xff\xe0\0\x04JF\xff\xda\0\x08"), None, "data without a frame");
    }

    #[test]
    fn each_kind_of_webp_says_its_size() {
        let webp = |rest: &[u8]| [b"RIFF\0\0\0\0WEBP".as_slice(), rest].concat();
        assert_eq!(size(&webp(b"VP8X\x0a\0\0\0\x02\0\0\0\x3f\0\0\x2f\0\0")), Some((64, 48, true)));
        assert_eq!(size(&webp(b"VP8X\x0a\0\0\0\x10\0\0\0\x3f\0\0\x2f\0\0")), Some((64, 48, false)));
        let bits = (63u32 | (47 << 14)).to_le_bytes();
        assert_eq!(size(&webp(&[b"VP8L\0\0\0\0\x2f".as_slice(), &bits].concat())), Some((64, 48, false)));
        assert_eq!(size(&webp(b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\0\x30\0")), Some((64, 48, false)));
    }

    proptest! {
        #[test]
        fn no_content_panics(start in 0..4usize, rest in any::<Vec<u8>>()) {
            let starts: [&[u8]; 4] =
                [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"RIFF\0\0\0\0WEBPVP8"];
            read(&[starts[start], &rest].concat());
        }
    }
}
