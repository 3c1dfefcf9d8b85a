//! What people see: page templates, texts in five languages, and static files.
//!
//! Everything is compiled in from `templates/`. An operator's `templates_dir` has the same shape
//! (`pages/`, `locales/`, `static/`): a page or static file there replaces ours, and a catalogue there
//! replaces only the texts it names. All of it is parsed, and every page rendered once, at start, so
//! a fault in it refuses to start rather than meeting a person.

mod account_pages;
mod assets;
mod attribute_pages;
mod brand;
mod catalogue;
mod confirmation_page;
mod demo_logout_page;
mod dev_pages;
mod device_pages;
mod drawing;
mod environment;
mod mismatch_page;
mod oauth1_pages;
mod openid2_pages;
mod pages;
mod password_pages;
mod portal_pages;
mod register_pages;
mod samples;
mod security_pages;
mod shell;
mod sign_in_pages;
mod sources;

use std::{path::PathBuf, sync::Arc};

use minijinja::{Environment, Value, context, value::Serde};
use time::Date;

pub use account_pages::{
    ActivityLine, ActivityPage, ApplicationRow, ApplicationsPage, ClosePage, ClosedPage, ContactPage,
    DocumentRow, EditProfilePage, FilesPage, Frame, Moment, ProfilePage, ProfileRow, RepresentativeRow,
    RepresentativesPage, SessionRow, SessionsPage,
};
pub use assets::Asset;
pub use attribute_pages::{AttributeField, AttributesPage, LevelPage};
pub use brand::Branding;
pub use confirmation_page::{ConfirmationRow, ConfirmationsPage};
pub use demo_logout_page::DemoSignedOutPage;
pub use dev_pages::{
    DemoAccount, DemoCheck, DemoDevicePage, DemoField, DemoIndexPage, DemoLink, DemoResultPage,
    DemoStartPage, OutboxItem, OutboxPage,
};
pub use device_pages::{DeviceDonePage, DevicePage};
pub use drawing::Drawing;
pub use mismatch_page::{Mismatch, MismatchPage};
pub use oauth1_pages::{DeniedPage, VerifierPage};
pub use openid2_pages::IdentityPage;
pub use pages::{
    CodePage, ConsentPage, ConsentRow, ErrorKind, ErrorPage, FormPostPage, HomePage, LoggedOutPage,
    LoginPage, LogoutPage, Verified,
};
pub use password_pages::{ForgottenPage, NewPasswordPage, PasswordEndPage};
pub use portal_pages::{
    Choice, EvidenceRow, HeldRow, OfficialFormPage, OfficialPage, OfficialRow, PastRow, PeopleList,
    PeoplePage, PersonPage, PersonRow,
};
pub use register_pages::{
    JourneyForm, RegisterFieldsPage, RegisterKindPage, RegisterKnownPage, RegisterPasswordPage, TermsPage,
};
pub use security_pages::{
    ChannelState, FactorRow, NewPasskeyPage, PasswordPage, RecoveryCodesPage, SecurityPage, TotpPage,
};
pub use shell::{BackLink, Cancel, ClientCard, FieldError, LanguageLink, Page, Shell, Text};
pub use sign_in_pages::{CodeSource, OneTimeCodePage, PasskeyPage, PhonePage, Resend, SentCode, Way};

pub use crate::model::theme::Theme;

use crate::model::locale::Locale;
use assets::Assets;
use catalogue::Catalogue;
use sources::Sources;

/// All templates, texts and static files, ready to use. Share it in an `Arc`.
pub struct Templates {
    /// One a language, in the order of [`Locale::ALL`]: so a macro knows its language without being told.
    environments: Vec<Environment<'static>>,
    catalogue: Arc<Catalogue>,
    assets: Arc<Assets>,
}

/// What can be wrong with a template, a catalogue or the branding; all but `Page` at start only.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A file of the operator's directory, or the directory itself, could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or directory.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A template or catalogue is not UTF-8.
    #[error("{0} is not UTF-8 text")]
    NotText(String),
    /// A template does not parse.
    #[error("{name}: {detail}")]
    Template {
        /// Its name.
        name: String,
        /// Line and reason.
        detail: String,
        /// The engine's error.
        source: minijinja::Error,
    },
    /// A catalogue does not parse, or is of a language we do not speak.
    #[error("locales/{name}: {detail}")]
    Catalogue {
        /// The file's name.
        name: String,
        /// What is wrong.
        detail: String,
    },
    /// A template asks for a text that the English catalogue lacks.
    #[error("{template} uses the text {key:?}, which no catalogue has")]
    MissingText {
        /// The template's name.
        template: String,
        /// The text's key.
        key: String,
    },
    /// A static file whose kind we do not serve.
    #[error("static/{0}: we serve css, js, svg, png, jpg, webp, ico and woff2 only")]
    UnknownKind(String),
    /// The accent colour is not `#rrggbb`.
    #[error("the accent {0:?} is not of the form #rrggbb")]
    Accent(String),
    /// A page could not be rendered.
    #[error("{name} could not be rendered: {detail}")]
    Page {
        /// The template's name.
        name: &'static str,
        /// Line and reason.
        detail: String,
        /// The engine's error.
        source: minijinja::Error,
    },
}

impl Templates {
    /// Reads and parses everything, and renders every page once if an operator changed any file.
    pub fn load(branding: Branding) -> Result<Self, TemplateError> {
        let sources = Sources::open(branding.templates_dir.as_deref())?;
        let catalogue = Arc::new(Catalogue::load(&sources)?);
        let assets = Arc::new(Assets::load(&sources, &branding)?);
        let pages = sources.texts("pages/")?;
        environment::check_texts(&pages, &catalogue)?;
        let environments = Locale::ALL
            .into_iter()
            .map(|locale| environment::build(locale, &branding, &pages, &catalogue, &assets))
            .collect::<Result<_, _>>()?;
        let templates = Self { environments, catalogue, assets };
        if branding.templates_dir.is_some() {
            for locale in Locale::ALL {
                samples::render_all(&templates, locale)?;
            }
        }
        Ok(templates)
    }

    /// The whole HTML document of a page.
    pub fn page<P: Page>(&self, shell: &Shell, page: &P) -> Result<String, TemplateError> {
        let title = self.resolve(shell.locale, &page.title(shell));
        let errors = self.error_lines(shell.locale, page);
        let values = context! {
            document_title => page.document_title().unwrap_or_else(|| self.document_title(shell, &title, &errors)),
            title,
            errors,
            shell => Value::from(Serde(shell)),
            page => Value::from(Serde(page)),
        };
        self.environments[shell.locale as usize]
            .get_template(P::TEMPLATE)
            .and_then(|template| template.render(values))
            .map_err(|source| TemplateError::Page {
                name: P::TEMPLATE,
                detail: environment::detail(&source),
                source,
            })
    }

    /// A text of the catalogue; the key itself if there is none of that name. An argument named
    /// `count` chooses the plural form, all others are plain text.
    pub fn text(&self, locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
        self.catalogue.text(locale, key, args.iter().copied()).unwrap_or_else(|| key.to_owned())
    }

    /// A day in words.
    pub fn date(&self, locale: Locale, date: Date) -> Option<String> {
        self.catalogue.date(locale, date.year(), date.month().into(), date.day())
    }

    /// A static file by its path after `/static/`. Its name carries a hash of its content, so it
    /// may be kept for ever.
    pub fn asset(&self, path: &str) -> Option<Asset> {
        self.assets.find(path).cloned()
    }

    /// The address of a static file by its plain name.
    pub fn asset_href(&self, name: &str) -> Option<String> {
        self.assets.href(name)
    }

    fn resolve(&self, locale: Locale, text: &Text) -> String {
        match text {
            Text::Plain(text) => text.clone(),
            Text::Key(key, args) => {
                let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
                self.text(locale, key, &args)
            }
        }
    }

    /// "Error: " when there is one, then the task, then the service.
    fn document_title(&self, shell: &Shell, title: &str, errors: &[Value]) -> String {
        let key = if errors.is_empty() { "document-title" } else { "document-title-error" };
        self.text(shell.locale, key, &[("task", title), ("service", &self.service_name(shell.locale))])
    }

    /// What the installation is called.
    pub fn service_name(&self, locale: Locale) -> String {
        self.environments[locale as usize]
            .globals()
            .find(|(name, _)| *name == "brand")
            .and_then(|(_, brand)| brand.get_attr("name").ok())
            .map(|name| name.to_string())
            .unwrap_or_default()
    }

    /// The page's errors in the person's words, each with the id of its field or none.
    fn error_lines<P: Page>(&self, locale: Locale, page: &P) -> Vec<Value> {
        let wait = page.wait_seconds().map(|seconds| self.catalogue.duration(locale, seconds));
        let line = |error: &FieldError| {
            let mut args: Vec<_> = error.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            args.extend(wait.as_deref().map(|wait| ("wait", wait)));
            let field = page.has_field(&error.field).then_some(&error.field);
            context! { field, text => self.text(locale, error.key, &args) }
        };
        page.errors().iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests;
