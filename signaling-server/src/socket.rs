//! A WebSocket over a TCP stream, for one task that reads and writes at the same time.
//!
//! It drives tungstenite's protocol itself instead of through `tokio_tungstenite`'s stream, for two
//! reasons: the limits change once the client is greeted, which that stream does not offer, and
//! fragments have to be noticed, which it passes over.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parlor_signaling_protocol::limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::protocol::{
    CloseFrame, Message, Role, WebSocketConfig, WebSocketContext,
};

/// A frame that is a little too long is still answered in words; beyond this the socket closes,
/// since its rest would have to be read to get at the next one.
const FRAME_SLACK: usize = 4 * 1024;

/// Allocated for each socket for as long as it is open, so it decides what an idle peer costs.
/// Larger frames are read in several steps.
const READ_BUFFER: usize = 1024;

/// Small frames that leave together are written with one system call up to this size.
const WRITE_BUFFER: usize = 4 * 1024;

/// The largest frame before the client is greeted. A `hello` has 90 bytes, and one of a later version
/// may have more. Opening a socket costs a client nothing, so an ungreeted one gets no room for large
/// frames.
const UNGREETED_FRAME: usize = 4 * 1024;

/// How many system calls one turn of reading may take. A client that sends endless fragments would
/// otherwise keep its thread from everybody else.
const READS_PER_TURN: usize = 64;

/// Why nothing more can be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// Nothing arrived for too long.
    Silent,
    /// The stream or the protocol failed.
    Failed(Error),
}

/// One WebSocket.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    /// Never locked across an await, and by one task alone.
    context: Mutex<WebSocketContext>,
    pong_queued: Notify,
}

impl Socket {
    /// Takes a stream after the handshake. `early` is what arrived right behind the handshake.
    pub(crate) fn new(stream: TcpStream, early: Vec<u8>) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_write_buffer_size(2 * WRITE_BUFFER)
            .max_message_size(Some(UNGREETED_FRAME))
            .max_frame_size(Some(UNGREETED_FRAME));
        let context = WebSocketContext::from_partially_read(early, Role::Server, Some(config));
        Self {
            stream,
            context: Mutex::new(context),
            pong_queued: Notify::new(),
        }
    }

    /// Allows frames of the size that a greeted client may send and receive.
    pub(crate) fn allow_large_frames(&self) {
        let most = limits::MAX_FRAME_BYTES + FRAME_SLACK;
        self.context().set_config(|config| {
            config.max_message_size = Some(most);
            config.max_frame_size = Some(most);
            config.max_write_buffer_size = 4 * most;
        });
    }

    /// Reads the next message. Anything that arrives ends the silence: a fragment too, or a part of
    /// a frame.
    pub(crate) async fn read(&self, silence_timeout: Duration) -> Result<Message, ReadError> {
        let mut heard = Instant::now();
        loop {
            let mut io = Io::new(&self.stream);
            let result = self.context().read(&mut io);
            match result {
                Err(error) if is_blocked(&error) => {}
                Err(error) => return Err(ReadError::Failed(error)),
                Ok(message) => {
                    if message.is_ping() {
                        self.pong_queued.notify_one();
                    }
                    return Ok(message);
                }
            }
            if io.reads > 0 {
                heard = Instant::now();
            }
            if io.reads == READS_PER_TURN {
                yield_now().await;
                continue;
            }
            match timeout_at(heard + silence_timeout, self.stream.readable()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(ReadError::Failed(error.into())),
                Err(_) => return Err(ReadError::Silent),
            }
        }
    }

    /// Puts a message into the buffer, and waits for room where there is none.
    pub(crate) async fn write(&self, message: Message) -> Result<(), Error> {
        match self.try_write(message) {
            Err(Error::WriteBufferFull(message)) => {
                self.flush().await?;
                self.settle(self.try_write(*message)).await
            }
            result => self.settle(result).await,
        }
    }

    /// Waits until what was blocked is sent; it is in the buffer already.
    async fn settle(&self, result: Result<(), Error>) -> Result<(), Error> {
        match result {
            Err(error) if is_blocked(&error) => self.flush().await,
            result => result,
        }
    }

    fn try_write(&self, message: Message) -> Result<(), Error> {
        self.context().write(&mut Io::new(&self.stream), message)
    }

    /// Sends what is in the buffer.
    pub(crate) async fn flush(&self) -> Result<(), Error> {
        loop {
            let result = self.context().flush(&mut Io::new(&self.stream));
            match result {
                Err(error) if is_blocked(&error) => self.stream.writable().await?,
                result => return result,
            }
        }
    }

    /// Ready when a ping has to be answered. [`flush`](Self::flush) sends the answer.
    pub(crate) async fn pong_queued(&self) {
        self.pong_queued.notified().await;
    }

    /// Sends a close frame, or the answer to that of the client, and waits for the client to hang up.
    pub(crate) async fn close(mut self, frame: Option<CloseFrame>) {
        let said = match frame {
            Some(frame) => self.send_close(frame).await,
            None => self.flush().await,
        };
        if !matches!(said, Ok(()) | Err(Error::ConnectionClosed)) {
            return;
        }
        // Data that arrives after the socket is dropped makes the system reset the connection, and
        // the close frame would be lost with it. So take what comes until the client hangs up.
        let mut ignored = [0; 1024];
        if self.stream.shutdown().await.is_ok() {
            while self
                .stream
                .read(&mut ignored)
                .await
                .is_ok_and(|read| read > 0)
            {}
        }
    }

    async fn send_close(&self, frame: CloseFrame) -> Result<(), Error> {
        // A full buffer would swallow the frame.
        self.flush().await?;
        let result = self
            .context()
            .close(&mut Io::new(&self.stream), Some(frame));
        self.settle(result).await
    }

    fn context(&self) -> MutexGuard<'_, WebSocketContext> {
        self.context.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_blocked(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.kind() == ErrorKind::WouldBlock)
}

/// The stream as tungstenite takes it: an operation that would wait fails instead.
struct Io<'a> {
    stream: &'a TcpStream,
    /// How many reads brought something.
    reads: usize,
}

impl<'a> Io<'a> {
    fn new(stream: &'a TcpStream) -> Self {
        Self { stream, reads: 0 }
    }
}

impl Read for Io<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.reads == READS_PER_TURN {
            return Err(ErrorKind::WouldBlock.into());
        }
        let read = self.stream.try_read(buffer)?;
        self.reads += 1;
        Ok(read)
    }
}

impl Write for Io<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.try_write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
