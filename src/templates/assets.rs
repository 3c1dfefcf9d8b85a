//! Static files under names that carry a hash of their content: `app.css` is served as
//! `/static/app.<hash>.css`, so browsers may keep it for ever and never meet an old one.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{Branding, TemplateError, brand, sources::Sources};

/// One static file.
#[derive(Clone, Debug)]
pub struct Asset {
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// The content; cheap to clone.
    pub body: Bytes,
}

/// All of them.
pub(super) struct Assets {
    pub(super) by_hashed_name: BTreeMap<String, Asset>,
    hashed_names: BTreeMap<String, String>,
}

/// The generated style sheet that carries the operator's accent.
pub(super) const BRAND_CSS: &str = "brand.css";

impl Assets {
    pub(super) fn load(sources: &Sources, branding: &Branding) -> Result<Self, TemplateError> {
        let mut assets = Self { by_hashed_name: BTreeMap::new(), hashed_names: BTreeMap::new() };
        let palette = branding.accent.as_deref().map(brand::Palette::from_accent).transpose()?;
        // Style sheets name other files, so they come when those have their names.
        let (styles, others): (Vec<_>, Vec<_>) =
            sources.files("static/").into_iter().partition(|(name, _)| name.ends_with(".css"));
        for (name, content) in others {
            match (&palette, name.as_str()) {
                (Some(palette), "emblem.svg") if !sources.is_overridden("static/emblem.svg") => {
                    let recoloured = palette.recolour(&String::from_utf8_lossy(&content));
                    assets.add(&name, recoloured.into_bytes())?;
                }
                _ => assets.add(&name, content.into_owned())?,
            }
        }
        for (name, content) in styles {
            let linked = assets.link(&String::from_utf8_lossy(&content));
            assets.add(&name, linked.into_bytes())?;
        }
        if let Some(palette) = palette {
            assets.add(BRAND_CSS, palette.css().into_bytes())?;
        }
        Ok(assets)
    }

    /// The file of a hashed name.
    pub(super) fn find(&self, hashed_name: &str) -> Option<&Asset> {
        self.by_hashed_name.get(hashed_name)
    }

    /// The address of a file by its plain name.
    pub(super) fn href(&self, name: &str) -> Option<String> {
        self.hashed_names.get(name).map(|hashed| format!("/static/{hashed}"))
    }

    fn add(&mut self, name: &str, body: Vec<u8>) -> Result<(), TemplateError> {
        let unknown = || TemplateError::UnknownKind(name.to_owned());
        let (stem, extension) = name.rsplit_once('.').ok_or_else(unknown)?;
        let content_type = content_type(extension).ok_or_else(unknown)?;
        let digest = ring::digest::digest(&ring::digest::SHA256, &body);
        let hash: String = digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let hashed_name = format!("{stem}.{hash}.{extension}");
        self.hashed_names.insert(name.to_owned(), hashed_name.clone());
        self.by_hashed_name.insert(hashed_name, Asset { content_type, body: body.into() });
        Ok(())
    }

    /// A style sheet with `url(NAME)` turned into the file's hashed address.
    fn link(&self, css: &str) -> String {
        self.hashed_names.iter().fold(css.to_owned(), |css, (name, hashed)| {
            css.replace(&format!("url({name})"), &format!("url(/static/{hashed})"))
        })
    }
}

fn content_type(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => return None,
    })
}
