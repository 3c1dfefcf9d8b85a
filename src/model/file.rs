//! Binary data of a person: what is accepted as a picture.

use ring::digest::{SHA256, digest};

use super::words::words;

words! {
    /// The kinds of picture that browsers of relying parties show without running anything. SVG is
    /// not among them: it carries scripts.
    MediaType {
        /// JPEG.
        Jpeg = "image/jpeg",
        /// PNG.
        Png = "image/png",
        /// WebP.
        Webp = "image/webp",
    }
}

/// What the content itself says it is; `None` when it is no picture of these kinds. What the
/// sender calls it is not asked: a page sent as a picture would run in the browser of whoever
/// opens it.
pub fn sniff(content: &[u8]) -> Option<MediaType> {
    match content {
        // ISO/IEC 10918-1: start of image, and the next marker's first octet.
        [0xff, 0xd8, 0xff, _, ..] => Some(MediaType::Jpeg),
        // PNG §5.2: the signature, and the header that comes first (§5.6).
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', _, _, _, _, b'I', b'H', b'D', b'R', ..] => {
            Some(MediaType::Png)
        }
        // RFC 9649 §2.4.
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', b'V', b'P', b'8', ..] => {
            Some(MediaType::Webp)
        }
        _ => None,
    }
}

/// The value of the attribute that says a file is held: the SHA-256 of its content in hexadecimal
/// digits.
pub fn fingerprint(content: &[u8]) -> String {
    digest(&SHA256, content).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pictures_are_known_by_their_first_octets() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01";
        assert_eq!(sniff(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), Some(MediaType::Jpeg));
        assert_eq!(sniff(b"\xff\xd8\xff\xe1\0\x10Exif\0"), Some(MediaType::Jpeg));
        assert_eq!(sniff(png), Some(MediaType::Png));
        for vp8 in ["VP8 ", "VP8L", "VP8X"] {
            assert_eq!(sniff(format!("RIFF\0\0\0\0WEBP{vp8}").as_bytes()), Some(MediaType::Webp));
        }
        for other in [
            &b""[..],
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"\x89PNG\n\x1a\n\0\0\0\x0dIHDR",
            b"RIFF\0\0\0\0WAVEfmt ",
            b"GIF89a\x01\0\x01\0",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            b"<!doctype html>",
            b"%PDF-1.7",
            b" \xff\xd8\xff\xe0",
        ] {
            assert_eq!(sniff(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_fingerprint_is_the_sha_256_in_hexadecimal_digits() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(fingerprint(b"abc"), abc, "FIPS 180-4's example");
    }

    proptest! {
        #[test]
        fn no_content_panics(content in any::<Vec<u8>>()) {
            sniff(&content);
        }
    }
}
