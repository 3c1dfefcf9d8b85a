//! The files behind the pages: ours, compiled in, and the operator's, which go before them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::TemplateError;

/// `templates/` as it was at the build.
#[derive(rust_embed::RustEmbed)]
#[folder = "templates/"]
struct Compiled;

/// Both sets of files, by their path under `templates/`.
pub(super) struct Sources {
    overrides: BTreeMap<String, Vec<u8>>,
}

impl Sources {
    /// Reads the operator's directory, if there is one; a missing one is a mistake.
    pub(super) fn open(dir: Option<&Path>) -> Result<Self, TemplateError> {
        let mut overrides = BTreeMap::new();
        if let Some(dir) = dir {
            fs::read_dir(dir).map_err(|source| TemplateError::Read { path: dir.to_owned(), source })?;
            for folder in ["pages", "locales", "static"] {
                read_folder(&dir.join(folder), folder, &mut overrides)?;
            }
        }
        Ok(Self { overrides })
    }

    /// Every file under a folder, the operator's instead of ours: name without the folder, and content.
    pub(super) fn files(&self, folder: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let ours = Compiled::iter().map(Cow::into_owned);
        let names: BTreeSet<String> = ours.chain(self.overrides.keys().cloned()).collect();
        let content = |name: &str| match self.overrides.get(name) {
            Some(bytes) => Some(Cow::Owned(bytes.clone())),
            None => Compiled::get(name).map(|file| file.data),
        };
        names
            .iter()
            .filter_map(|name| Some((name.strip_prefix(folder)?.to_owned(), content(name)?)))
            .collect()
    }

    /// Every file under a folder as text.
    pub(super) fn texts(&self, folder: &str) -> Result<Vec<(String, String)>, TemplateError> {
        self.files(folder).into_iter().map(|(name, bytes)| Ok((name.clone(), text(name, &bytes)?))).collect()
    }

    /// Our own file under a folder, whatever the operator has.
    pub(super) fn compiled(&self, name: &str) -> Result<Option<String>, TemplateError> {
        Compiled::get(name).map(|file| text(name.to_owned(), &file.data)).transpose()
    }

    /// The operator's files under a folder only.
    pub(super) fn overrides(&self, folder: &str) -> Result<Vec<(String, String)>, TemplateError> {
        self.overrides
            .iter()
            .filter_map(|(name, bytes)| Some((name.strip_prefix(folder)?, bytes)))
            .map(|(name, bytes)| Ok((name.to_owned(), text(name.to_owned(), bytes)?)))
            .collect()
    }

    /// The operator has this file.
    pub(super) fn is_overridden(&self, name: &str) -> bool {
        self.overrides.contains_key(name)
    }
}

fn text(name: String, bytes: &[u8]) -> Result<String, TemplateError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| TemplateError::NotText(name))
}

/// Reads the files of one folder, not those below it; hidden files are an editor's, not ours.
fn read_folder(path: &Path, folder: &str, into: &mut BTreeMap<String, Vec<u8>>) -> Result<(), TemplateError> {
    let fault = |path: &Path| {
        let path = path.to_owned();
        move |source| TemplateError::Read { path, source }
    };
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(fault(path))?,
    };
    for entry in entries {
        let file: PathBuf = entry.map_err(fault(path))?.path();
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if file.is_file() && !name.starts_with('.') {
            into.insert(format!("{folder}/{name}"), fs::read(&file).map_err(fault(&file))?);
        }
    }
    Ok(())
}
