/// What an [`Engine`](super::Engine) needs to know.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Config {
    /// The address of the signaling server, `wss://…/ws` (`ws://` for this machine alone). Without
    /// one there are no rooms; peer connections need none.
    pub server: Option<String>,
}

impl Config {
    /// A configuration for this server, with everything else as usual.
    pub fn new(server: impl Into<String>) -> Self {
        Self {
            server: Some(server.into()),
        }
    }

    /// A configuration for peer connections alone, with signaling of the application's.
    pub fn alone() -> Self {
        Self::default()
    }
}
