//! XRDS documents (Yadis 1.0; OpenID Authentication 2.0 §7.3.2): what is served for an identifier, and
//! where.
//!
//! Some relying parties read them with regular expressions, so the elements that count have no prefix
//! and stand on one line each, without white space inside.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::message::AX_NS;

/// Their media type (Yadis 1.0 §6.2).
pub const MEDIA_TYPE: &str = "application/xrds+xml";

/// §7.3.2.1.1: an OP Identifier, where the person chooses who they are.
const SERVER: &str = "http://specs.openid.net/auth/2.0/server";
/// §7.3.2.1.2: a Claimed Identifier.
const SIGNON: &str = "http://specs.openid.net/auth/2.0/signon";
/// OpenID Authentication 1.0 (§7.3.2.3).
const SIGNON_1_0: &str = "http://openid.net/signon/1.0";

/// One service of a document.
struct Service {
    priority: &'static str,
    types: &'static [&'static str],
}

/// The document of the OP Identifier.
///
/// # Errors
/// When XML can't be written.
pub fn of_provider(op_endpoint: &str) -> io::Result<Vec<u8>> {
    // LightOpenID asks for attributes only where their type stands in the same service.
    document(&[Service { priority: "10", types: &[SERVER, AX_NS] }], op_endpoint)
}

/// The document of every identity page: the same for each, so that it says nothing of who has an
/// account.
///
/// # Errors
/// When XML can't be written.
pub fn of_identity(op_endpoint: &str) -> io::Result<Vec<u8>> {
    let services = [
        Service { priority: "10", types: &[SIGNON, AX_NS] },
        Service { priority: "20", types: &[SIGNON_1_0] },
    ];
    document(&services, op_endpoint)
}

fn document(services: &[Service], op_endpoint: &str) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("xrds:XRDS")
        .with_attributes([("xmlns:xrds", "xri://$xrds"), ("xmlns", "xri://$xrd*($v*2.0)")])
        .write_inner_content(|xrds| {
            xrds.create_element("XRD").write_inner_content(|xrd| {
                services.iter().try_for_each(|service| service.write(xrd, op_endpoint))
            })?;
            Ok(())
        })?;
    let mut document = writer.into_inner();
    document.push(b'\n');
    Ok(document)
}

impl Service {
    fn write(&self, xrd: &mut Writer<Vec<u8>>, op_endpoint: &str) -> io::Result<()> {
        let leaf = |xrd: &mut Writer<Vec<u8>>, name: &str, text: &str| {
            xrd.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
        };
        xrd.create_element("Service").with_attribute(("priority", self.priority)).write_inner_content(
            |xrd| {
                self.types.iter().try_for_each(|uri| leaf(xrd, "Type", uri))?;
                leaf(xrd, "URI", op_endpoint)
            },
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(document: io::Result<Vec<u8>>) -> String {
        String::from_utf8(document.unwrap()).unwrap()
    }

    #[test]
    fn the_document_of_the_op_identifier_has_server_and_ax_in_one_service() {
        insta::assert_snapshot!(text(of_provider("https://sso.example/openid2")), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <xrds:XRDS xmlns:xrds="xri://$xrds" xmlns="xri://$xrd*($v*2.0)">
          <XRD>
            <Service priority="10">
              <Type>http://specs.openid.net/auth/2.0/server</Type>
              <Type>http://openid.net/srv/ax/1.0</Type>
              <URI>https://sso.example/openid2</URI>
            </Service>
          </XRD>
        </xrds:XRDS>
        "#);
    }

    #[test]
    fn the_document_of_an_identity_has_openid_2_before_openid_1() {
        insta::assert_snapshot!(text(of_identity("https://sso.example/server.aspx")), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <xrds:XRDS xmlns:xrds="xri://$xrds" xmlns="xri://$xrd*($v*2.0)">
          <XRD>
            <Service priority="10">
              <Type>http://specs.openid.net/auth/2.0/signon</Type>
              <Type>http://openid.net/srv/ax/1.0</Type>
              <URI>https://sso.example/server.aspx</URI>
            </Service>
            <Service priority="20">
              <Type>http://openid.net/signon/1.0</Type>
              <URI>https://sso.example/server.aspx</URI>
            </Service>
          </XRD>
        </xrds:XRDS>
        "#);
    }

    #[test]
    fn an_address_can_not_break_out_of_its_element() {
        let document = text(of_provider("https://sso.example/a?b&c</URI><URI>https://evil.example/"));
        assert_eq!(document.matches("<URI>").count(), 1);
        assert!(document.contains("b&amp;c&lt;/URI"));
    }
}
