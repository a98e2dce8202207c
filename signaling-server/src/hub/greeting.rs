//! The first message of a socket: a fresh session starts, or an earlier one goes on.

use std::time::Instant;

use parlor_signaling_protocol::{
    Challenge, ClientMessage, CloseCode, ErrorCode, LeaveReason, Resume, ResumeToken,
    ServerMessage, VERSION,
};

use super::presence::frame;
use super::refusal::Refusal;
use super::session::{Session, SessionId};
use super::{ConnId, Delivery, Due, Hub};

impl Hub {
    pub(super) fn greet(
        &mut self,
        from: ConnId,
        message: ClientMessage,
        now: Instant,
    ) -> Result<(), Refusal> {
        let ClientMessage::Hello { version, resume } = message else {
            return Err(Refusal(ErrorCode::HelloFirst, None));
        };
        if version != VERSION {
            return Err(Refusal(ErrorCode::UnsupportedVersion, None));
        }
        // A token that takes nothing up is no mistake: the session's time was over, or it was an
        // earlier run of the server.
        if let Some(resume) = resume
            && let Some(id) = self.tokens.get(&resume.token).copied()
            && let Some(session) = self.sessions.get(&id)
        {
            if session.can_resume_from(resume.received) {
                return self.resume(from, id, resume, now);
            }
            // Its own session, but one side has lost count: only a fresh one is right.
            self.hang_up(id, CloseCode::Replaced);
            self.end(id, LeaveReason::Lost);
        }
        self.start(from, now)
    }

    fn start(&mut self, from: ConnId, now: Instant) -> Result<(), Refusal> {
        if !self.takes_sessions() {
            return Err(Refusal(ErrorCode::ServerFull, None));
        }
        let token = ResumeToken::from_bytes(self.draw()?);
        let challenge = Challenge::from_bytes(self.draw()?);
        self.started_sessions += 1;
        let id = self.started_sessions;
        tracing::debug!(conn = from, session = id, "session starts");
        self.tokens.insert(token, id);
        self.sessions
            .insert(id, Session::new(from, token, challenge));
        self.begin(from, id, now);
        self.welcome(from, id, token, false);
        Ok(())
    }

    fn resume(
        &mut self,
        from: ConnId,
        id: SessionId,
        resume: Resume,
        now: Instant,
    ) -> Result<(), Refusal> {
        let token = ResumeToken::from_bytes(self.draw()?);
        let Some(session) = self.sessions.get_mut(&id) else {
            return Ok(());
        };
        tracing::debug!(conn = from, session = id, "session resumes");
        if let Some(grace_ends) = session.grace_ends.take() {
            self.due.remove(&(grace_ends, Due::Grace(id)));
        }
        session.confirm(resume.received);
        let rest: Vec<_> = session.unconfirmed().cloned().collect();
        for earlier in session.tokens() {
            self.tokens.remove(&earlier);
        }
        let replaced = session.attach(from, resume.token, token);
        for good in session.tokens() {
            self.tokens.insert(good, id);
        }
        if let Some(old) = replaced {
            self.forget(old);
            self.out
                .push_back(Delivery::Close(old, CloseCode::Replaced));
        }
        self.begin(from, id, now);
        self.welcome(from, id, token, true);
        let again = rest.into_iter().map(|frame| Delivery::Frame(from, frame));
        self.out.extend(again);
        Ok(())
    }

    fn begin(&mut self, conn: ConnId, id: SessionId, now: Instant) {
        if let Some(connection) = self.connections.get_mut(&conn) {
            connection.greet(id, &self.limits, now);
            self.due.remove(&(connection.hello_by, Due::Hello(conn)));
        }
    }

    fn welcome(&mut self, conn: ConnId, id: SessionId, token: ResumeToken, resumed: bool) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        let welcome = ServerMessage::Welcome {
            version: VERSION,
            resume: token,
            resumed,
            received: session.received,
            challenge: session.challenge,
            ice_servers: self.ice_servers.clone(),
            origins: (self.origins)(),
        };
        self.out.push_back(Delivery::Welcome(conn, frame(&welcome)));
    }

    fn draw(&mut self) -> Result<[u8; 16], Refusal> {
        (self.random)().ok_or(Refusal(ErrorCode::ServerFull, None))
    }
}
