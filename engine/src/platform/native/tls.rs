//! Whom the engine trusts when it speaks TLS.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;

use crate::error::{Error, ErrorKind, Result};

/// Mozilla's roots, and these.
pub(super) fn trusting(extra_roots: &[Vec<u8>]) -> Result<Arc<ClientConfig>> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    for (number, root) in extra_roots.iter().enumerate() {
        let added = roots.add(CertificateDer::from(root.as_slice()));
        added.map_err(|error| {
            let text = format!("extra_roots[{number}]: not a certificate in DER form");
            Error::new(ErrorKind::Invalid, text).caused_by(error)
        })?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Platform, "no TLS").caused_by(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
