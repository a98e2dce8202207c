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
            if let Some(message) = self.partial.whole() {
                return Ok(message);
            }
            let chunk = self.channel.receive_binary().await;
            let chunk = chunk.map_err(|error| match error.kind() {
                ErrorKind::Invalid => protocol("text between chunks"),
                _ => error,
            })?;
            self.partial.take(&chunk, self.largest)?;
        }
    }
}

impl Partial {
    fn whole(&mut self) -> Option<Vec<u8>> {
        let is_whole = self.size == Some(self.bytes.len());
        is_whole.then(|| std::mem::take(self).bytes)
    }

    fn take(&mut self, chunk: &[u8], largest: usize) -> Result<()> {
        let Some(size) = self.size else {
            let size = read_header(chunk).ok_or_else(|| protocol("a chunk without a header"))?;
            let fits = usize::try_from(size).is_ok_and(|size| size <= largest);
            if !fits {
                return Err(protocol("a message larger than allowed here"));
            }
            // No room is made ahead: the size is only what the other side says.
            self.size = Some(size as usize);
            return Ok(());
        };
        if chunk.is_empty() || chunk.len() > size - self.bytes.len() {
            return Err(protocol("a chunk that does not fit its message"));
        }
        self.bytes.extend_from_slice(chunk);
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod fuzz {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const LARGEST: usize = 1_000;

    fn header(size: u64) -> Vec<u8> {
        [&MAGIC[..], &size.to_be_bytes()].concat()
    }

    fn chunks() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            (0..40_u64).prop_map(header),
            any::<u64>().prop_map(header),
            (0..HEADER).prop_map(|length| header(7)[..length].to_vec()),
            vec(any::<u8>(), 0..30),
        ]
    }

    proptest! {
        #[test]
        fn whatever_comes_stays_within_what_was_allowed(chunks in vec(chunks(), 0..40)) {
            let mut partial = Partial::default();
            for chunk in chunks {
                if let Err(error) = partial.take(&chunk, LARGEST) {
                    prop_assert_eq!(error.kind(), ErrorKind::Protocol);
                }
                prop_assert!(partial.bytes.len() <= LARGEST);
                prop_assert!(partial.bytes.len() <= partial.size.unwrap_or(0));
                if let Some(message) = partial.whole() {
                    prop_assert!(message.len() <= LARGEST);
                    prop_assert!(partial.size.is_none() && partial.bytes.is_empty());
                }
            }
        }

        #[test]
        fn however_a_message_is_cut_it_comes_whole(
            message in vec(any::<u8>(), 0..LARGEST),
            piece in 1..LARGEST,
        ) {
            let mut partial = Partial::default();
            prop_assert!(partial.take(&header(message.len() as u64), LARGEST).is_ok());
            for chunk in message.chunks(piece) {
                prop_assert_eq!(partial.whole(), None);
                prop_assert!(partial.take(chunk, LARGEST).is_ok());
            }
            prop_assert_eq!(partial.whole(), Some(message));
        }
    }
}
