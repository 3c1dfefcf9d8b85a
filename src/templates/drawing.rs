//! QR codes as drawings for a page.

use qrcode::{Color, QrCode, types::QrError};
use serde::Serialize;

/// Light modules around a QR code (ISO/IEC 18004 §5.3.8).
const QUIET_ZONE: usize = 4;

/// A drawing in dark on light.
#[derive(Clone, Debug, Serialize)]
pub struct Drawing {
    /// Its width and height.
    pub size: usize,
    /// What is dark, as an SVG path.
    pub path: String,
}

impl Drawing {
    /// The QR code of a text, its dark modules run by run.
    ///
    /// # Errors
    /// The text is too long for one.
    pub fn qr(text: &str) -> Result<Self, QrError> {
        let code = QrCode::new(text.as_bytes())?;
        let (width, colours) = (code.width(), code.to_colors());
        let mut path = String::new();
        for (y, row) in colours.chunks(width).enumerate() {
            let mut x = 0;
            while x < width {
                let run = row[x..].iter().take_while(|colour| **colour == Color::Dark).count();
                if run > 0 {
                    let (left, top) = (x + QUIET_ZONE, y + QUIET_ZONE);
                    path.push_str(&format!("M{left} {top}h{run}v1h-{run}z"));
                }
                x += run.max(1);
            }
        }
        Ok(Self { size: width + 2 * QUIET_ZONE, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_code_has_every_dark_module_and_no_other() {
        let text = "otpauth://totp/a";
        let code = QrCode::new(text.as_bytes()).unwrap();
        let Drawing { size, path } = Drawing::qr(text).unwrap();
        assert_eq!(size, code.width() + 8);
        let runs = path.split('M').skip(1).map(|run| {
            let length = run.split('h').nth(1).unwrap().split('v').next().unwrap();
            length.parse::<usize>().unwrap()
        });
        let dark = code.to_colors().iter().filter(|colour| **colour == Color::Dark).count();
        assert_eq!(runs.sum::<usize>(), dark);
        assert!(path.starts_with("M4 4h7v1h-7z"), "the first finder begins after the quiet zone: {path}");
    }
}
