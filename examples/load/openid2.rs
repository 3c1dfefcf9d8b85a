//! Requests of OpenID 2.0.

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::{StatusCode, header};
use tamga::{
    clock::Clock,
    crypto::sealed::Sealer,
    protocol::openid2::{
        association::Association,
        fields::Fields,
        message::{AX_NS, OPENID2_NS},
        signature,
    },
    rng::Rng,
    secret::Digest,
};

use crate::{
    data::REALM,
    flows::{Workload, form},
    server,
    wire::Wire,
};

/// Where answers go; nobody listens there.
const RETURN_TO: &str = "https://load.example/back?janrain_nonce=2026-01-01T00:00:00Z";
const SELECT: &str = "http://specs.openid.net/auth/2.0/identifier_select";

/// What can be prepared of the requests.
pub struct OpenId2 {
    checkid: String,
    associate: String,
    sealer: Sealer,
}

impl OpenId2 {
    /// Writes down what is the same in every request.
    pub fn new() -> Result<Self, String> {
        let checkid = form(&[
            ("openid.ns", OPENID2_NS),
            ("openid.mode", "checkid_immediate"),
            ("openid.claimed_id", SELECT),
            ("openid.identity", SELECT),
            ("openid.return_to", RETURN_TO),
            ("openid.realm", REALM),
            ("openid.ns.ax", AX_NS),
            ("openid.ax.mode", "fetch_request"),
            ("openid.ax.required", "mail"),
            ("openid.ax.type.mail", "http://axschema.org/contact/email"),
        ]);
        // Any number of the relying party's costs the server the same.
        let mut public = vec![0];
        public.extend((0..4).flat_map(|i: u8| Digest::of(&[i]).into_bytes()));
        public[1] &= 0x7f;
        let associate = form(&[
            ("openid.ns", OPENID2_NS),
            ("openid.mode", "associate"),
            ("openid.assoc_type", "HMAC-SHA256"),
            ("openid.session_type", "DH-SHA256"),
            ("openid.dh_consumer_public", &STANDARD.encode(public)),
        ]);
        Ok(Self { checkid: format!("/openid2?{checkid}"), associate, sealer: server::sealer()? })
    }
}

impl Workload {
    /// The OP document.
    pub async fn xrds(&self, wire: &Wire) -> Result<(), String> {
        let answer = wire.get("/openid2/xrds", None).await?.expect(StatusCode::OK)?;
        if answer.body.starts_with(b"<") { Ok(()) } else { Err(answer.describe()) }
    }

    /// An assertion with a live session and a remembered consent.
    pub async fn checkid(&self, wire: &Wire, user: usize) -> Result<(), String> {
        let cookie = format!("tamga_session=load-session-{user}");
        let answer = wire.get(&self.openid2.checkid, Some((header::COOKIE, &cookie))).await?;
        let location = answer.location()?;
        let asserted = location.contains("&openid.mode=id_res&") && location.contains("&openid.sig=");
        if asserted { Ok(()) } else { Err(answer.describe()) }
    }

    /// The confirmation of an assertion, which is made here as the server would.
    pub async fn confirm(&self, wire: &Wire, turn: usize) -> Result<(), String> {
        let (handle, association) =
            Association::issue_private(&self.openid2.sealer, &Rng::System, Clock::System.now())
                .map_err(|error| error.to_string())?;
        let signed = ["op_endpoint", "claimed_id", "identity", "return_to", "response_nonce", "assoc_handle"];
        let identity = format!("{}/id/Load-{turn}", self.base);
        let fields = Fields::new()
            .with("ns", OPENID2_NS)
            .with("mode", "check_authentication")
            .with("op_endpoint", format!("{}/openid2", self.base))
            .with("claimed_id", &*identity)
            .with("identity", &*identity)
            .with("return_to", RETURN_TO)
            .with("response_nonce", format!("2026-01-01T00:00:00Z{turn}"))
            .with("assoc_handle", handle);
        let signature = signature::sign(&association, &fields, &signed).map_err(|error| error.to_string())?;
        let pairs = fields.with("signed", signed.join(",")).with("sig", signature).to_pairs();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = wire.post("/openid2", (header::ACCEPT, "*/*"), form(&pairs)).await?;
        let answer = answer.expect(StatusCode::OK)?;
        if answer.body.ends_with(b"is_valid:true\n") { Ok(()) } else { Err(answer.describe()) }
    }

    /// A shared secret by Diffie-Hellman.
    pub async fn associate(&self, wire: &Wire) -> Result<(), String> {
        let answer = wire.post("/openid2", (header::ACCEPT, "*/*"), self.openid2.associate.clone()).await?;
        let answer = answer.expect(StatusCode::OK)?;
        let found = answer.body.windows(12).any(|part| part == b"enc_mac_key:");
        if found { Ok(()) } else { Err(answer.describe()) }
    }
}
