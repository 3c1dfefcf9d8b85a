//! Where messages go out: the SMS gateway is there, the SMTP server lets us in.

use super::Finding;
use crate::{
    outbound::{Condition, Senders},
    settings::{Delivery, Settings},
};

/// Looks at both; sends nothing.
pub async fn look(settings: &Settings) -> Vec<Finding> {
    // What keeps them from being made was said with the settings.
    let Ok(senders) = Senders::new(settings) else { return Vec::new() };
    let (sms, mail) = tokio::join!(senders.look_at_sms(), senders.look_at_mail());
    let plain = matches!(&settings.sms, Delivery::Gateway(gateway) if gateway.is_plain());
    vec![of_sms(sms, plain), of_mail(mail)]
}

fn of_sms(condition: Condition, plain: bool) -> Finding {
    const NAME: &str = "sms";
    match condition {
        Condition::Absent => {
            Finding::warning(NAME, "no text message can be sent: set sms.url, or offer mail alone")
        }
        Condition::Outbox => Finding::ok(NAME, "messages stay in the outbox (sms.delivery)"),
        Condition::Well if plain => Finding::warning(
            NAME,
            "the gateway answers, but sms.url is http: codes travel in the clear; use https",
        ),
        Condition::Well => Finding::ok(NAME, "the gateway answers"),
        Condition::Ill(why) => Finding::fault(
            NAME,
            format!("{why}; look at sms.url, at sms.trusted_ca, and whether a firewall lets us out"),
        ),
    }
}

fn of_mail(condition: Condition) -> Finding {
    const NAME: &str = "mail";
    match condition {
        Condition::Absent => {
            Finding::warning(NAME, "no mail can be sent: set mail.host and mail.from, or offer SMS alone")
        }
        Condition::Outbox => Finding::ok(NAME, "messages stay in the outbox (mail.delivery)"),
        Condition::Well => Finding::ok(NAME, "the server lets us in"),
        Condition::Ill(why) => Finding::fault(
            NAME,
            format!(
                "{why}; look at mail.host, mail.port, mail.tls, mail.username and mail.password, and whether a \
                 firewall lets us out"
            ),
        ),
    }
}
