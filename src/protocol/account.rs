//! Our own pages as a client of the journey: who wants to see their account signs in like anybody,
//! and comes back to the page they asked for.

use time::Duration;

use super::Reply;
use crate::{
    form::Form,
    journey::{Prompt, Refusal, Requirements, Step},
};

/// What one of our own pages asks of a journey.
#[derive(Clone, Debug)]
pub struct OwnPage {
    /// The page to go back to: a path of ours.
    pub next: String,
    /// What must be so before.
    pub requirements: Requirements,
}

/// How sure a page must be of who is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assurance {
    /// How long ago the person may have signed in.
    pub max_age: Option<Duration>,
    /// A second factor is demanded.
    pub second_factor: bool,
}

impl OwnPage {
    /// The parameters a journey to this page is saved with.
    pub fn parameters(next: &str, assurance: Assurance) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("next", next);
        if let Some(max_age) = assurance.max_age {
            form.append_pair("max_age", &max_age.whole_seconds().to_string());
        }
        if assurance.second_factor {
            form.append_pair("second_factor", "yes");
        }
        form.finish()
    }

    /// Reads saved parameters. A page that is not ours becomes the account page: nobody may use
    /// this journey to be sent elsewhere (an open redirector, RFC 9700 §4.11).
    pub fn read(parameters: &str) -> Self {
        let form = Form::parse(parameters.as_bytes());
        let get = |name| form.get(name).ok().flatten();
        let next = get("next").filter(|next| is_ours(next)).unwrap_or("/account").to_owned();
        let max_age = get("max_age").and_then(|seconds| seconds.parse().ok()).map(Duration::seconds);
        let requirements = Requirements {
            prompt: Prompt::default(),
            max_age,
            second_factor: get("second_factor").is_some(),
            own_page: true,
            ..Requirements::default()
        };
        Self { next, requirements }
    }

    /// Where the person goes when all is well.
    pub fn answer(&self) -> Reply {
        Reply::Redirect(self.next.clone())
    }

    /// Where they go when they give up: the front page. Who lacks the second factor that a page
    /// demands is shown where one is set up.
    pub fn refuse(refusal: &Refusal) -> Reply {
        let to = match refusal {
            Refusal::Unmet(step) if **step == Step::SecondFactor => "/account/security?done=factor-first",
            _ => "/",
        };
        Reply::Redirect(to.to_owned())
    }
}

/// A path below the root: no scheme, no host, and nothing a browser takes for one.
fn is_ours(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journey_goes_back_to_pages_of_ours_alone() {
        let back = |next: &str| OwnPage::read(&OwnPage::parameters(next, Assurance::default())).next;
        assert_eq!(back("/account/security?lang=mn"), "/account/security?lang=mn");
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "account", "/a\r\nb"] {
            assert_eq!(back(foreign), "/account", "{foreign}");
        }
    }

    #[test]
    fn who_lacks_a_second_factor_is_led_to_where_one_is_set_up() {
        let to = |refusal| OwnPage::refuse(&refusal);
        assert_eq!(to(Refusal::Denied), Reply::Redirect("/".to_owned()));
        let unmet = Refusal::Unmet(Box::new(Step::SecondFactor));
        assert_eq!(to(unmet), Reply::Redirect("/account/security?done=factor-first".to_owned()));
    }

    #[test]
    fn what_a_page_demands_is_read_back() {
        let assurance = Assurance { max_age: Some(Duration::minutes(10)), second_factor: true };
        let page = OwnPage::read(&OwnPage::parameters("/registrar", assurance));
        assert_eq!(page.requirements.max_age, Some(Duration::minutes(10)));
        assert!(page.requirements.second_factor && page.requirements.own_page);
        assert!(!OwnPage::read("next=/account").requirements.second_factor);
    }
}
