use super::channel::DataChannel;
use crate::error::{Error, ErrorKind, Result};

/// How a header begins, so that a channel that is not in this mode is noticed.
const MAGIC: [u8; 8] = *b"PLRchnk1";
const HEADER: usize = MAGIC.len() + 8;
/// Half of what SCTP in browsers interleaves well, and what native sends fastest.
const CHUNK: usize = 32 * 1024;

/// Messages of any size over a data channel.
///
/// On the channel each is a binary message of 16 bytes, `PLRchnk1` and the size as a big-endian
/// 64-bit number, and then binary messages of up to 32 KiB until that many bytes are there. Both
/// sides have to use this mode, and nothing else may go over the channel meanwhile.
#[derive(Debug)]
pub struct Chunked {
    channel: DataChannel,
    largest: usize,
    partial: Partial,
}

/// What has come of a message, kept here so that a dropped `receive` loses nothing.
#[derive(Debug, Default)]
struct Partial {
    size: Option<usize>,
    bytes: Vec<u8>,
}

impl Chunked {
    /// Uses a channel so, and receives no message larger than `largest` bytes.
    ///
    /// # Errors
    ///
    /// [`Invalid`](ErrorKind::Invalid) for a channel that may lose or reorder messages.
    pub fn new(channel: DataChannel, largest: usize) -> Result<Self> {
        let options = channel.options();
        let is_reliable =
            options.max_retransmits.is_none() && options.max_packet_life_time.is_none();
        if !options.ordered || !is_reliable {
            let text = "chunks need a channel that is ordered and reliable";
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        Ok(Self {
            channel,
            largest,
            partial: Partial::default(),
        })
    }

    /// The channel below, for its events and for closing it.
    pub fn channel(&self) -> &DataChannel {
        &self.channel
    }

    /// Sends a message, as fast as the line takes it. Needs the only handle: two messages at once
    /// would mix.
    ///
    /// # Errors
    ///
    /// Those of [`DataChannel::send`]. Dropping the future in the middle leaves a message without
    /// an end: close the channel then.
    pub async fn send(&mut self, message: &[u8]) -> Result<()> {
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(&MAGIC);
        header.extend_from_slice(&(message.len() as u64).to_be_bytes());
        self.channel.send(header).await?;
        for chunk in message.chunks(CHUNK) {
            self.channel.send(chunk).await?;
        }
        Ok(())
    }

    /// Waits for a whole message. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// [`Closed`](ErrorKind::Closed) when there are no more; [`Protocol`](ErrorKind::Protocol) for
    /// one that is too large or is none, after which nothing on this channel can be understood.
    pub async fn receive(&mut self) -> Result<Vec<u8>> {
        loop {
            if let Some(size) = self.partial.size
                && self.partial.bytes.len() == size
            {
                return Ok(std::mem::take(&mut self.partial).bytes);
            }
            let chunk = self.channel.receive_binary().await;
            let chunk = chunk.map_err(|error| match error.kind() {
                ErrorKind::Invalid => protocol("text between chunks"),
                _ => error,
            })?;
            self.take(&chunk)?;
        }
    }

    fn take(&mut self, chunk: &[u8]) -> Result<()> {
        let Some(size) = self.partial.size else {
            let size = read_header(chunk).ok_or_else(|| protocol("a chunk without a header"))?;
            let fits = usize::try_from(size).is_ok_and(|size| size <= self.largest);
            if !fits {
                return Err(protocol("a message larger than allowed here"));
            }
            // No room is made ahead: the size is only what the other side says.
            self.partial.size = Some(size as usize);
            return Ok(());
        };
        if chunk.is_empty() || chunk.len() > size - self.partial.bytes.len() {
            return Err(protocol("a chunk that does not fit its message"));
        }
        self.partial.bytes.extend_from_slice(chunk);
        Ok(())
    }
}

fn read_header(chunk: &[u8]) -> Option<u64> {
    let size = chunk.strip_prefix(&MAGIC)?;
    Some(u64::from_be_bytes(size.try_into().ok()?))
}

fn protocol(what: &'static str) -> Error {
    Error::new(ErrorKind::Protocol, what)
}
