//! The first message of a socket: who it is, and which session it takes up.

use parlor_signaling_protocol::{
    ClientMessage, CloseCode, ErrorCode, LeaveReason, PeerId, Resume, ResumeToken, ServerMessage,
    VERSION,
};

use super::session::Session;
use super::{ConnId, Delivery, Due, Hub, Refusal};

impl Hub {
    pub(super) fn greet(&mut self, from: ConnId, message: ClientMessage) -> Result<(), Refusal> {
        let ClientMessage::Hello {
            version,
            peer,
            resume,
        } = message
        else {
            return Err(Refusal(ErrorCode::HelloFirst, None));
        };
        if version != VERSION {
            return Err(Refusal(ErrorCode::UnsupportedVersion, None));
        }
        if let Some(session) = self.sessions.get(&peer) {
            match resume {
                Some(resume) if session.accepts(&resume.token) => {
                    if session.can_resume_from(resume.received) {
                        return self.resume(from, peer, resume);
                    }
                    // Its own session, but one side has lost count: only a fresh one is right.
                    self.hang_up(peer, CloseCode::Replaced);
                    self.end(peer, LeaveReason::Lost);
                }
                _ => return Err(Refusal(ErrorCode::PeerInUse, None)),
            }
        }
        if self.sessions.len() >= self.limits.max_sessions {
            return Err(Refusal(ErrorCode::ServerFull, None));
        }
        let token = self.draw_token()?;
        tracing::debug!(conn = from, %peer, "session starts");
        self.sessions.insert(peer, Session::new(from, token));
        self.welcome(from, peer, token, false);
        Ok(())
    }

    fn resume(&mut self, from: ConnId, peer: PeerId, resume: Resume) -> Result<(), Refusal> {
        let token = self.draw_token()?;
        let Some(session) = self.sessions.get_mut(&peer) else {
            return Ok(());
        };
        tracing::debug!(conn = from, %peer, "session resumes");
        if let Some(grace_ends) = session.grace_ends.take() {
            self.due.remove(&(grace_ends, Due::Grace(peer)));
        }
        session.confirm(resume.received);
        let rest: Vec<_> = session.unconfirmed().cloned().collect();
        if let Some(old) = session.attach(from, resume.token, token) {
            self.forget(old);
            self.out
                .push_back(Delivery::Close(old, CloseCode::Replaced));
        }
        self.welcome(from, peer, token, true);
        let again = rest.into_iter().map(|frame| Delivery::Frame(from, frame));
        self.out.extend(again);
        Ok(())
    }

    fn welcome(&mut self, conn: ConnId, peer: PeerId, token: ResumeToken, resumed: bool) {
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.peer = Some(peer);
            self.due.remove(&(connection.hello_by, Due::Hello(conn)));
        }
        let welcome = ServerMessage::Welcome {
            version: VERSION,
            resume: token,
            resumed,
            received: self
                .sessions
                .get(&peer)
                .map_or(0, |session| session.received),
            ice_servers: self.ice_servers.clone(),
            origins: (self.origins)(),
        };
        self.answer(conn, &welcome);
    }

    fn draw_token(&mut self) -> Result<ResumeToken, Refusal> {
        (self.tokens)().ok_or(Refusal(ErrorCode::ServerFull, None))
    }
}
