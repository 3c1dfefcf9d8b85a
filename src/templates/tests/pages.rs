use std::fs;

use super::*;

#[test]
fn every_page_renders_in_every_language_with_nothing_left_unfilled() {
    let templates = templates();
    for locale in Locale::ALL {
        for (name, html) in samples::render_all(&templates, locale).unwrap() {
            assert!(html.starts_with("<!DOCTYPE html>"), "{name} {locale}");
            for unfilled in ["{$", "{ $", ">none<", "undefined"] {
                assert!(!html.contains(unfilled), "{name} {locale}: {unfilled}\n{html}");
            }
            let page = Html::parse_document(&html);
            assert_eq!(select(&page, "h1").len(), 1, "{name} {locale}");
            assert_eq!(select(&page, &format!("html[lang={locale}]")).len(), 1, "{name} {locale}");
            assert_eq!(select(&page, "a.skip[href='#main']").len(), 1, "{name} {locale}");
            let inline = "[style], [onclick], script:not([src]), style";
            assert_eq!(select(&page, inline).len(), 0, "{name} {locale}: the CSP forbids inline code");
            for link in select(&page, "link[href]:not([rel^=openid]), img[src], script[src]") {
                let value = link.value();
                let href = value.attr("href").or(value.attr("src")).unwrap();
                // A client's logo is ours to serve, too, and nothing of the templates.
                if value.has_class("asker-logo", scraper::CaseSensitivity::CaseSensitive) {
                    assert!(href.starts_with("/clients/"), "{name}: {href}");
                    continue;
                }
                let path = href.strip_prefix("/static/").unwrap();
                assert!(templates.asset(path).is_some(), "{name}: {href}");
            }
        }
    }
}

#[test]
fn a_login_page_has_its_stable_names_and_keeps_what_was_typed() {
    let templates = templates();
    let mut shell = samples::journey(Locale::En);
    shell.theme = Some(Theme::Dark);
    let page = LoginPage { username: "\"><script>x</script>".to_owned(), ..samples::login() };
    let html = templates.page(&shell, &page).unwrap();
    assert!(!html.contains("<script>x"), "{html}");
    let page = Html::parse_document(&html);
    let username = select(&page, "#login-form input[name=username]")[0];
    assert_eq!(username.attr("value"), Some("\"><script>x</script>"));
    for css in [
        "html[data-theme=dark]",
        "form#login-form[method=post][action='/login'] input[type=hidden][name=journey][value='0198']",
        "#login-form input[type=hidden][name=csrf]",
        "#login-form input[name=password][autocomplete=current-password]:not([value])",
        "#login-form button#login-submit[type=submit]",
        "#login-form button[data-show=password][hidden]",
        "a#register-link",
        "a#certificate-login",
        "a#phone-login",
        "form#cancel-form[method=post] input[name=journey]",
        "form#cancel-form input[name=csrf]",
        "form#cancel-form button#cancel",
        "nav a[lang=th][hreflang=th]",
        "nav a[lang=en][aria-current]",
    ] {
        assert_eq!(select(&page, css).len(), 1, "{css}");
    }
    let title = select(&page, "title")[0].text().collect::<String>();
    assert_eq!(title, "Sign in to Tax Service – Tamga");
}

#[test]
fn links_that_are_not_offered_and_a_cancel_without_journey_are_not_there() {
    let html = templates().page(&Shell::plain(Locale::En), &samples::login_bare()).unwrap();
    let page = Html::parse_document(&html);
    let absent = "#register-link, #certificate-login, #phone-login, #cancel-form, nav, .asker, #errors";
    assert_eq!(select(&page, absent).len(), 0);
}

#[test]
fn errors_are_summed_up_at_the_top_and_tied_to_their_fields() {
    let page = LoginPage {
        errors: vec![FieldError::new("username", "login-throttled"), FieldError::new("csrf", "form-stale")],
        wait_seconds: Some(95),
        ..samples::login()
    };
    let html = templates().page(&samples::journey(Locale::En), &page).unwrap();
    let page = Html::parse_document(&html);
    let summary = select(&page, "#errors[role=alert][tabindex='-1'][autofocus] li");
    assert_eq!(summary.len(), 2);
    let link = select(&page, "#errors a[href='#username']")[0].text().collect::<String>();
    assert_eq!(link, "There were too many wrong tries. Wait 2 minutes, then try again.");
    assert_eq!(
        select(&page, "#errors li")[1].child_elements().count(),
        0,
        "no field of that name to link to"
    );
    let described = select(&page, "#username[aria-invalid=true][aria-describedby=username-error]");
    assert_eq!(described.len(), 1);
    assert_eq!(select(&page, "#username-error").len(), 1);
    assert_eq!(select(&page, "#password[aria-invalid]").len(), 0);
    assert!(select(&page, "title")[0].text().collect::<String>().starts_with("Error: Sign in to"));
}

#[test]
fn a_consent_page_offers_both_answers_and_boxes_only_for_what_is_optional() {
    let html = templates().page(&samples::journey(Locale::En), &samples::consent()).unwrap();
    let page = Html::parse_document(&html);
    for css in [
        "#consent-form button#consent-allow[name=decision][value=allow]",
        "#consent-form button#consent-deny[name=decision][value=deny]",
        "#consent-form input[type=checkbox][name=remember][checked]",
        "#consent-form input[name=claim][value=email][checked]",
        "#consent-form input[name=claim][value=occupation]",
        "#cancel-form #cancel",
    ] {
        assert_eq!(select(&page, css).len(), 1, "{css}");
    }
    assert_eq!(select(&page, "input[name=claim]").len(), 2);
    let badge = select(&page, ".badge")[0].text().collect::<String>();
    assert_eq!(badge, "Checked against the register, 12 March 2026");
}

#[test]
fn the_other_pages_have_their_stable_names() {
    let rendered = samples::render_all(&templates(), Locale::En).unwrap();
    for (name, css) in [
        ("error_developer", "#error-code"),
        ("error_developer", "#error-description[lang=en]"),
        ("error_developer", "#request-id"),
        ("logout", "form#logout-form[method=post] input[name=csrf]"),
        ("logout", "#logout-form input[name=state]"),
        ("logout", "#logout-form button#logout-confirm"),
        ("logged_out", "#logged-out"),
        ("logged_out", "a#onward"),
        ("form_post", "form#form-post[method=post] input[name=code]"),
        ("form_post", "#form-post button[type=submit]"),
        ("device", "#device-form[action='/device'] input[name=user_code][value='WDJB-MJHT']"),
        ("consent_device", "#device-warning #device-code"),
        ("device_done", "#device-done[data-allowed=true]"),
        ("device_denied", "#device-done[data-allowed=false]"),
        ("dev_device", "#user-code"),
        ("dev_start", "form button#start"),
        ("dev_result", "#result[data-ok=false]"),
    ] {
        let html = &rendered.iter().find(|(other, _)| other == name).unwrap().1;
        assert_eq!(select(&Html::parse_document(html), css).len(), 1, "{name}: {css}");
    }
    let code = &rendered.iter().find(|(name, _)| name == "code").unwrap().1;
    assert!(code.contains("<title>Success code=a-b_c0</title>"), "{code}");
}

/// `TAMGA_DUMP_PAGES=DIR cargo test dumps` writes every sample there, to look at in a browser.
#[test]
fn dumps_every_page_when_asked_to() {
    let Some(dir) = std::env::var_os("TAMGA_DUMP_PAGES").map(PathBuf::from) else { return };
    let templates = templates();
    fs::create_dir_all(dir.join("static")).unwrap();
    for (name, asset) in &templates.assets.by_hashed_name {
        fs::write(dir.join("static").join(name), &asset.body).unwrap();
    }
    for locale in Locale::ALL {
        for (name, html) in samples::render_all(&templates, locale).unwrap() {
            fs::write(dir.join(format!("{name}.{locale}.html")), html).unwrap();
        }
    }
}
