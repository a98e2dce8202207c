use std::sync::Arc;

use parlor_signaling_protocol::Fields;
use tokio::sync::Mutex;

use super::connection::PeerConnection;
use super::hub::Events;
use super::shared::CandidateEvent;
use super::watched::Watched;
use crate::error::{Error, ErrorKind, Result};
use crate::peer::{IceCandidate, SdpType, SessionDescription, SignalingState};

/// What two peers have to tell each other to be connected, over whatever the application has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Signal {
    /// An offer or an answer.
    Description(SessionDescription),
    /// A way; none: there are no more for now.
    Candidate(Option<IceCandidate>),
}

impl Signal {
    /// As JSON: what it holds under its name, in the form of JavaScript's own objects.
    pub fn to_json(&self) -> String {
        match self {
            Self::Description(description) => {
                format!("{{\"description\":{}}}", description.to_json())
            }
            Self::Candidate(Some(candidate)) => {
                format!("{{\"candidate\":{}}}", candidate.to_json())
            }
            Self::Candidate(None) => "{\"candidate\":null}".to_owned(),
        }
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for anything else.
    pub fn from_json(json: &str) -> Result<Self> {
        let invalid = || Error::new(ErrorKind::Invalid, "not a signal");
        let mut fields = Fields::parse(json).ok_or_else(invalid)?;
        if fields.has("description") {
            let description = fields.object("description").map_err(|_| invalid())?;
            return SessionDescription::from_fields(description)
                .map(Self::Description)
                .map_err(|error| invalid().caused_by(error));
        }
        if fields.is_null("candidate") {
            return Ok(Self::Candidate(None));
        }
        let candidate = fields.object("candidate").map_err(|_| invalid())?;
        IceCandidate::from_fields(candidate)
            .map(|candidate| Self::Candidate(Some(candidate)))
            .map_err(|error| invalid().caused_by(error))
    }
}

/// [Perfect negotiation](https://www.w3.org/TR/webrtc/#perfect-negotiation-example) of one
/// connection: either side may change anything at any time, and where two offers cross, the polite
/// side takes its own back.
///
/// Exactly one of the two sides has to be polite; which does not matter. Pass what
/// [`next`](Self::next) gives to the other side, in order and without loss, and what comes from
/// there to [`take`](Self::take), from as many tasks as you like.
#[derive(Clone, Debug)]
pub struct Negotiator {
    connection: PeerConnection,
    polite: bool,
    /// One step at a time: between an offer's making and its setting none of theirs may come in.
    step: Arc<Mutex<Step>>,
    sources: Arc<Mutex<Sources>>,
}

#[derive(Debug, Default)]
struct Step {
    /// Their offer crossed ours, which stands: their candidates for it are not for us.
    ignores: bool,
    answer: Option<SessionDescription>,
}

#[derive(Debug)]
struct Sources {
    needed: Watched<bool>,
    signaling: Watched<SignalingState>,
    candidates: Events<CandidateEvent>,
}

impl Negotiator {
    /// Negotiates this connection from now on.
    pub fn new(connection: PeerConnection, polite: bool) -> Self {
        let sources = Sources {
            needed: connection.negotiation_needed(),
            signaling: connection.signaling_state(),
            candidates: connection.candidates(),
        };
        Self {
            connection,
            polite,
            step: Arc::default(),
            sources: Arc::new(Mutex::new(sources)),
        }
    }

    /// Waits for what the other side has to be told next. `None` once the connection is closed.
    ///
    /// # Errors
    ///
    /// What making an offer gives; the next call goes on.
    pub async fn next(&self) -> Option<Result<Signal>> {
        let mut sources = self.sources.lock().await;
        loop {
            if let Some(answer) = self.step.lock().await.answer.take() {
                return Some(Ok(Signal::Description(answer)));
            }
            if self.is_offer_due() {
                match self.offer().await {
                    Ok(Some(offer)) => return Some(Ok(Signal::Description(offer))),
                    Ok(None) => {}
                    Err(error) if error.kind() == ErrorKind::Closed => return None,
                    Err(error) => return Some(Err(error)),
                }
            }
            match sources.changed().await? {
                Some(CandidateEvent::Found(candidate)) => {
                    return Some(Ok(Signal::Candidate(Some(candidate))));
                }
                Some(CandidateEvent::Complete) => return Some(Ok(Signal::Candidate(None))),
                Some(CandidateEvent::Error(_)) | None => {}
            }
        }
    }

    fn is_offer_due(&self) -> bool {
        self.connection.negotiation_needed().get()
            && self.connection.signaling_state().get() == SignalingState::Stable
    }

    async fn offer(&self) -> Result<Option<SessionDescription>> {
        let _step = self.step.lock().await;
        if !self.is_offer_due() {
            return Ok(None);
        }
        self.connection.describe().await.map(Some)
    }

    /// Takes what the other side said.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for what no connection takes; the connection goes on.
    pub async fn take(&self, signal: Signal) -> Result<()> {
        let mut step = self.step.lock().await;
        match signal {
            Signal::Description(description) => self.described(&mut step, &description).await,
            Signal::Candidate(candidate) => {
                let added = self.connection.add_ice_candidate(candidate.as_ref()).await;
                if step.ignores { Ok(()) } else { added }
            }
        }
    }

    async fn described(&self, step: &mut Step, description: &SessionDescription) -> Result<()> {
        let is_offer = description.kind == SdpType::Offer;
        let crosses = is_offer && self.connection.signaling_state().get() != SignalingState::Stable;
        step.ignores = crosses && !self.polite;
        if step.ignores {
            return Ok(());
        }
        self.connection.set_remote_description(description).await?;
        if is_offer {
            step.answer = Some(self.connection.describe().await?);
        }
        Ok(())
    }
}

impl Sources {
    /// Waits until something changed: a candidate, or whether an offer is due. The outer `None`:
    /// the connection is closed.
    async fn changed(&mut self) -> Option<Option<CandidateEvent>> {
        tokio::select! {
            biased;
            candidate = self.candidates.next() => candidate.map(Some),
            needed = self.needed.changed() => needed.map(|_| None),
            state = self.signaling.changed() => match state? {
                SignalingState::Closed => None,
                _ => Some(None),
            },
        }
    }
}
