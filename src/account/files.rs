//! `/account/files`: the photo, and pictures of documents sent to a registrar as evidence.

use axum::{
    body::Bytes,
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{
    frame::{done, entry, frame, shell},
    visitor::{LOOK, Visitor, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    ids::FileId,
    model::{
        attribute::{Format, Level},
        file::{MediaType, fingerprint, sniff},
    },
    store::{
        user_files::{self, Content, NewFile},
        users::NewAttribute,
    },
    templates::{DocumentRow, ErrorKind, FieldError, FilesPage, Moment},
};

const PAGE: &str = "/account/files";
const PHOTO: &str = "photo";
const DOCUMENT: &str = "document";
/// Octets in a file.
const LARGEST: usize = 5 * 1024 * 1024;
/// Octets in a request that carries one, with the rest of the form.
pub const BODY: usize = LARGEST + 64 * 1024;
/// Documents that one person may have here at once.
const DOCUMENTS: i64 = 10;
/// Letters in a note.
const NOTE: usize = 200;

/// `GET /account/files`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/files/photo`.
pub async fn photo(
    State(app): State<App>,
    visit: Visit,
    sent: Result<Multipart, MultipartRejection>,
) -> Response {
    page::settle(&app, &visit, None, take_photo(&app, &visit, sent).await)
}

/// `POST /account/files/document`.
pub async fn document(
    State(app): State<App>,
    visit: Visit,
    sent: Result<Multipart, MultipartRejection>,
) -> Response {
    page::settle(&app, &visit, None, take_document(&app, &visit, sent).await)
}

/// `POST /account/files/photo/remove`.
pub async fn remove_photo(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, drop_photo(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /account/files/remove`.
pub async fn remove(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, drop_document(&app, &visit, &Form::parse(&body)).await)
}

/// `GET /account/photo`.
pub async fn own_photo(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, serve(&app, &visit, None).await)
}

/// `GET /account/files/{id}`.
pub async fn own(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    page::settle(&app, &visit, None, serve(&app, &visit, Some(id)).await)
}

/// What came with a form that carries a file.
#[derive(Default)]
struct Sent {
    csrf: Form,
    note: String,
    content: Vec<u8>,
}

impl Sent {
    /// Reads the form; the error is a key for the field, and the answer's status.
    async fn read(
        sent: Result<Multipart, MultipartRejection>,
        field: &str,
    ) -> Result<Self, (&'static str, StatusCode)> {
        let unreadable = ("attribute-error-file", StatusCode::UNPROCESSABLE_ENTITY);
        let too_big = ("files-too-big", StatusCode::PAYLOAD_TOO_LARGE);
        let mut parts = sent.map_err(|_| unreadable)?;
        let mut read = Self::default();
        loop {
            let part = match parts.next_field().await {
                Ok(Some(part)) => part,
                Ok(None) => return Ok(read),
                Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_big),
                Err(_) => return Err(unreadable),
            };
            let name = part.name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await.map_err(|error| {
                if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_big } else { unreadable }
            })?;
            match name.as_str() {
                "csrf" => {
                    let token: String = form_urlencoded::byte_serialize(&bytes).collect();
                    read.csrf = Form::parse(format!("csrf={token}").as_bytes());
                }
                "note" => read.note = String::from_utf8_lossy(&bytes).trim().to_owned(),
                other if other == field => read.content = bytes.to_vec(),
                _ => {}
            }
        }
    }
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    render(app, visit, &visitor, String::new(), None, StatusCode::OK).await
}

/// The file of a form from our page, which it must be, and a picture besides.
async fn picture(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    sent: Result<Multipart, MultipartRejection>,
    field: &'static str,
) -> Result<Result<(Sent, MediaType), Response>, Fault<Problem>> {
    let (note, field, (key, status)) = match Sent::read(sent, field).await {
        Err(fault) => (String::new(), field, fault),
        Ok(sent) if !visitor.sent(&sent.csrf) => (sent.note, "form", ("form-stale", StatusCode::FORBIDDEN)),
        Ok(sent) if sent.content.len() > LARGEST => {
            (sent.note, field, ("files-too-big", StatusCode::PAYLOAD_TOO_LARGE))
        }
        Ok(sent) => match sniff(&sent.content) {
            Some(media_type) => return Ok(Ok((sent, media_type))),
            None => (sent.note, field, ("attribute-error-file", StatusCode::UNPROCESSABLE_ENTITY)),
        },
    };
    Ok(Err(render(app, visit, visitor, note, Some(FieldError::new(field, key)), status).await?))
}

fn new_file(app: &App, visitor: &Visitor, name: &str, sent: Sent, media_type: MediaType) -> NewFile {
    let now = app.clock.now();
    NewFile {
        id: FileId(app.rng.uuid(now)),
        user_id: visitor.login.user.id,
        name: name.to_owned(),
        media_type,
        content: sent.content,
        note: (!sent.note.is_empty()).then_some(sent.note),
        created_at: now,
    }
}

fn has_photo(app: &App, visitor: &Visitor) -> bool {
    app.settings.attributes.get(PHOTO).is_some_and(|definition| {
        definition.format == Format::File && definition.applies_to(visitor.login.user.kind)
    })
}

async fn take_photo(
    app: &App,
    visit: &Visit,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    let (sent, media_type) = match picture(app, visit, &visitor, sent, PHOTO).await? {
        Ok(picture) => picture,
        Err(response) => return Ok(response),
    };
    if !has_photo(app, &visitor) {
        return Ok(page::see_other(PAGE));
    }
    let attribute = NewAttribute {
        name: PHOTO.to_owned(),
        value: fingerprint(&sent.content),
        level: Level::UNVERIFIED,
        identifier: false,
    };
    let file = new_file(app, &visitor, PHOTO, Sent { note: String::new(), ..sent }, media_type);
    let line = entry(app, visit, &visitor, "file.replace", Some(json!({"name": PHOTO})));
    user_files::replace(&app.pool, &file, &attribute, "self", &line).await?;
    Ok(done(PAGE, "photo"))
}

async fn take_document(
    app: &App,
    visit: &Visit,
    sent: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    let (sent, media_type) = match picture(app, visit, &visitor, sent, DOCUMENT).await? {
        Ok(picture) => picture,
        Err(response) => return Ok(response),
    };
    let note = sent.note.clone();
    let refuse = |field: &'static str, key| {
        let error = Some(FieldError::new(field, key));
        render(app, visit, &visitor, note.clone(), error, StatusCode::UNPROCESSABLE_ENTITY)
    };
    if note.chars().count() > NOTE || note.chars().any(char::is_control) {
        return refuse("note", "attribute-error-text").await;
    }
    let file = new_file(app, &visitor, DOCUMENT, sent, media_type);
    let line = entry(app, visit, &visitor, "file.insert", Some(json!({"file": file.id})));
    if !user_files::insert_document(&app.pool, &file, DOCUMENTS, &line).await? {
        return refuse("document", "files-too-many").await;
    }
    Ok(done(PAGE, "document"))
}

async fn drop_photo(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    if !visitor.sent(form) {
        let stale = Some(FieldError::new("form", "form-stale"));
        return render(app, visit, &visitor, String::new(), stale, StatusCode::FORBIDDEN).await;
    }
    let line = entry(app, visit, &visitor, "file.remove", Some(json!({"name": PHOTO})));
    user_files::remove(&app.pool, visitor.login.user.id, PHOTO, &line).await?;
    Ok(done(PAGE, "photo-removed"))
}

async fn drop_document(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    let refuse =
        |key, status| render(app, visit, &visitor, String::new(), Some(FieldError::new("form", key)), status);
    if !visitor.sent(form) {
        return refuse("form-stale", StatusCode::FORBIDDEN).await;
    }
    let id = form.get("id").ok().flatten().and_then(|id| id.parse::<FileId>().ok());
    let line = entry(app, visit, &visitor, "file.remove", Some(json!({"file": id})));
    match id {
        Some(id) if user_files::remove_document(&app.pool, visitor.login.user.id, id, &line).await? => {
            Ok(done(PAGE, "document-removed"))
        }
        _ => refuse("account-gone", StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// A file of the person's own; anybody else's is not found.
async fn serve(app: &App, visit: &Visit, id: Option<String>) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    let user = visitor.login.user.id;
    let found = match id.map(|id| id.parse::<FileId>()) {
        None => user_files::find(&app.pool, user, PHOTO).await?,
        Some(Ok(id)) => user_files::find_own(&app.pool, user, id).await?,
        Some(Err(_)) => None,
    };
    let Some(Content { media_type, content }) = found else {
        let text = "there is no such file in this account";
        return Err(Fault::Reject(Problem::new(
            StatusCode::NOT_FOUND,
            ErrorKind::NotFound,
            "not_found",
            text,
        )));
    };
    let media_type = HeaderValue::from_static(media_type.word());
    Ok(([(header::CONTENT_TYPE, media_type)], content).into_response())
}

async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    note: String,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let held = user_files::list(&app.pool, visitor.login.user.id).await?;
    let photo = held.iter().find(|file| file.name == PHOTO);
    let row = |file: &user_files::Held| DocumentRow {
        id: file.id.to_string(),
        note: file.note.clone(),
        at: Moment(file.created_at),
        reviewed: file.reviewed_at.map(Moment),
    };
    let shown = FilesPage {
        frame: frame(visit, visitor, "profile"),
        photo: photo.map(|_| "/account/photo".to_owned()),
        has_photo: has_photo(app, visitor),
        documents: held.iter().filter(|file| file.name == DOCUMENT).map(row).collect(),
        note,
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell(app, visit, visitor, PAGE), &shown, status)?)
}
