//! The listener: HTTP/1.1 and HTTP/2, plain or over TLS, that slow or idle peers can't exhaust and
//! that stops without cutting anyone off.
//!
//! 1. [`bind`] takes the address and reads certificate and key, so that faults show before anything
//!    is served.
//! 2. [`Bound::run`] accepts while a place is free, each connection in a task of its own.
//! 3. SIGHUP, when [`Bound::on_hangup`] was called, reads the certificate anew and calls the hook.
//! 4. At `shutdown` it stops accepting, lets requests finish, and after 10 s drops what is left.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
    sync::{Notify, OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tower::ServiceExt;

use super::{
    client_certificate::PeerCertificate,
    tls::{Certificate, TlsError},
};
use crate::{crypto::certificate::Chain, settings::Tls};

/// Why the listener can't start. Each names its setting.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// `server.listen` can't be bound.
    #[error("server.listen: can't listen on {address}: {}", bind_advice(.source))]
    Listen {
        /// The address as set.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// Certificate or key is at fault.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The system gives us no signal handler.
    #[error("can't wait for signals: {0}")]
    Signal(#[source] io::Error),
}

/// Was the request sent over our own TLS? An extension of every request; a trusted proxy's word
/// about its side is another matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionTls {
    /// The listener itself did TLS on this connection.
    pub tls: bool,
}

/// How much a peer may ask of us.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a request's head to be complete, so that one dripping bytes is cut. On HTTP/1.1 it is
    /// also how long a kept-alive connection may stay idle.
    pub head: Duration,
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For requests to finish once we stop.
    pub drain: Duration,
    /// Connections at once; more wait in the system's queue.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let ten = Duration::from_secs(10);
        Self { head: ten, handshake: ten, drain: ten, connections: 8192 }
    }
}

/// Bytes of a request's head that are read at most; the router's own limits are tighter.
const HEAD_BYTES: u32 = 64 * 1024;

/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 100;

/// What is called on SIGHUP.
type Hook = Arc<dyn Fn() + Send + Sync>;

/// An address taken, not yet served.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<(TlsAcceptor, Certificate)>,
    limits: Limits,
    hangup: Option<(Signal, Hook)>,
}

/// Takes the address and reads certificate and key.
///
/// # Errors
/// The address is in use or not ours, or certificate and key can't be used.
pub async fn bind(listen: SocketAddr, tls: Option<&Tls>) -> Result<Bound, ServeError> {
    let tls = match tls {
        None => None,
        Some(files) => {
            let certificate = Certificate::load(files)?;
            Some((TlsAcceptor::from(Arc::new(certificate.server_config(false)?)), certificate))
        }
    };
    let refused = |source| ServeError::Listen { address: listen, source };
    let listener = TcpListener::bind(listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok(Bound { listener, address, tls, limits: Limits::default(), hangup: None })
}

/// Waits for SIGTERM or SIGINT (Ctrl-C).
///
/// # Errors
/// The system gives us no signal handler.
pub async fn shutdown_signal() -> Result<(), ServeError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Signal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signal)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

impl Bound {
    /// The address taken; its port is the real one when port 0 was asked.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// From now on peers are asked for their certificates, though none is demanded. Nothing without TLS.
    ///
    /// # Errors
    /// As [`bind`], of the certificate.
    pub fn asking_for_certificates(mut self) -> Result<Self, ServeError> {
        if let Some((acceptor, certificate)) = &mut self.tls {
            *acceptor = TlsAcceptor::from(Arc::new(certificate.server_config(true)?));
        }
        Ok(self)
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What SIGHUP would reload; `None` without TLS.
    pub fn certificate(&self) -> Option<Certificate> {
        self.tls.as_ref().map(|(_, certificate)| certificate.clone())
    }

    /// From now on SIGHUP no longer ends the process, but reads the certificate anew and calls
    /// `hook` (on a thread where it may block).
    ///
    /// # Errors
    /// The system gives us no signal handler.
    pub fn on_hangup(mut self, hook: impl Fn() + Send + Sync + 'static) -> Result<Self, ServeError> {
        let signal = signal(SignalKind::hangup()).map_err(ServeError::Signal)?;
        self.hangup = Some((signal, Arc::new(hook)));
        Ok(self)
    }

    /// Serves until `shutdown` is done and requests have finished, or the time for that is over.
    /// Every request carries `ConnectInfo<SocketAddr>` and [`ConnectionTls`] as extensions, and
    /// [`PeerCertificate`] where the peer showed one.
    ///
    /// # Errors
    /// None today: what fails while serving is logged and concerns one connection.
    pub async fn run(self, router: Router, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Self { listener, tls, limits, mut hangup, .. } = self;
        let places = Arc::new(Semaphore::new(limits.connections));
        let (stop, stopping) = watch::channel(());
        let acceptor = tls.as_ref().map(|(acceptor, _)| acceptor.clone());
        let peer = Peer { router, acceptor, limits, stopping };
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                (stream, address, place) = accept(&listener, &places) => {
                    connections.spawn(peer.clone().serve(stream, address, place));
                }
                // Finished tasks are taken out as they end, or the set would grow for ever.
                Some(ended) = connections.join_next() => log_panic(ended),
                hook = hung_up(&mut hangup) => reload(tls.as_ref().map(|(_, c)| c.clone()), hook),
            }
        }
        // Closed first: a peer that is refused now tries another instance.
        drop(listener);
        drop(stop);
        let drained = async {
            while let Some(ended) = connections.join_next().await {
                log_panic(ended);
            }
        };
        if timeout(limits.drain, drained).await.is_err() {
            tracing::warn!(connections = connections.len(), "stopped before all requests had finished");
        }
        Ok(())
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there is always a place in the end.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // On [::] an IPv4 peer comes as ::ffff:a.b.c.d, which no range of proxies would match.
                let address = SocketAddr::new(address.ip().to_canonical(), address.port());
                return (stream, address, place);
            }
            // The peer went away while it waited in the queue; the next one may be there already.
            Err(error) if is_of_one_peer(&error) => {}
            // Out of file descriptors or memory: others must end first, so don't spin.
            Err(error) => {
                tracing::error!(%error, "can't accept connections; is the limit on open files too low?");
                sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn is_of_one_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

async fn hung_up(hangup: &mut Option<(Signal, Hook)>) -> Hook {
    let Some((signal, hook)) = hangup else { return std::future::pending().await };
    match signal.recv().await {
        Some(()) => Arc::clone(hook),
        None => std::future::pending().await,
    }
}

fn reload(certificate: Option<Certificate>, hook: Hook) {
    tokio::task::spawn_blocking(move || {
        match certificate.map(|certificate| certificate.reload()) {
            Some(Ok(())) => tracing::info!("read the TLS certificate anew"),
            Some(Err(error)) => tracing::error!(%error, "the old TLS certificate stays in use"),
            None => {}
        }
        hook();
    });
}

fn log_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        // Its Display says where, not the message, which might hold a value.
        tracing::error!(panicked = error.is_panic(), "a connection's task failed");
    }
}

/// What each connection is served with.
#[derive(Clone)]
struct Peer {
    router: Router,
    acceptor: Option<TlsAcceptor>,
    limits: Limits,
    /// Its sender is dropped when we stop.
    stopping: watch::Receiver<()>,
}

impl Peer {
    async fn serve(mut self, stream: TcpStream, address: SocketAddr, _place: Option<OwnedSemaphorePermit>) {
        // Answers are small and written at once; waiting for more to send only adds latency.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY refused");
        }
        let Some(acceptor) = self.acceptor.take() else {
            return self.answer(stream, address, ConnectionTls { tls: false }, None).await;
        };
        let accepted = tokio::select! {
            accepted = timeout(self.limits.handshake, acceptor.accept(stream)) => accepted,
            // No request was made yet, so nothing is lost.
            _ = self.stopping.changed() => return,
        };
        match accepted {
            Ok(Ok(stream)) => {
                let shown = certificate_of(&stream);
                self.answer(stream, address, ConnectionTls { tls: true }, shown).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        }
    }

    async fn answer<S>(
        self,
        stream: S,
        address: SocketAddr,
        tls: ConnectionTls,
        certificate: Option<PeerCertificate>,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { router, limits, mut stopping, .. } = self;
        let asked = Arc::new(Notify::new());
        let tell = Arc::clone(&asked);
        let service = service_fn(move |mut request: Request<Incoming>| {
            tell.notify_one();
            request.extensions_mut().insert(ConnectInfo(address));
            request.extensions_mut().insert(tls);
            if let Some(certificate) = &certificate {
                request.extensions_mut().insert(certificate.clone());
            }
            router.clone().oneshot(request.map(Body::new))
        });
        let builder = protocol(limits);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let mut first = pin!(sleep(limits.head));
        let (mut silent, mut told) = (true, false);
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "connection ended");
                    }
                    return;
                }
                _ = stopping.changed(), if !told => {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = asked.notified(), if silent => silent = false,
                // hyper's own timer starts only when the protocol is known: a peer that sends
                // nothing at all, or half of HTTP/2's preface, would keep its place for ever.
                () = &mut first, if silent => return,
            }
        }
    }
}

/// What the peer proved to hold the key of; taken apart once for all requests of the connection.
fn certificate_of(stream: &TlsStream<TcpStream>) -> Option<PeerCertificate> {
    let chain = stream.get_ref().1.peer_certificates()?;
    Chain::parse(chain.iter().map(AsRef::as_ref)).ok().map(|chain| PeerCertificate(Arc::new(chain)))
}

fn protocol(limits: Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(HEAD_BYTES as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEAD_BYTES)
        .max_concurrent_streams(STREAMS)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10));
    builder
}

fn bind_advice(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => "another program uses it; stop that one or choose another port".into(),
        io::ErrorKind::PermissionDenied => {
            "not allowed; choose a port above 1023 or grant CAP_NET_BIND_SERVICE".into()
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address; 0.0.0.0 means all of its own".into()
        }
        _ => error.to_string(),
    }
}
