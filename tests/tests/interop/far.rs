//! The two sides and what carries their words.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use parlor_engine::{
    ChannelOptions, Config, Configuration, ConnectionState, DataChannel, Engine, Negotiator,
    PeerConnection, Signal,
};
use parlor_tests::{Person, SOON, contract_site, play_on};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

const PAGE: &str = include_str!("page.js");

/// How often the page is asked for what it has to say.
const ASK: Duration = Duration::from_millis(25);

/// The native side, and a browser at the other end.
pub(crate) struct Far {
    pub(crate) engine: Engine,
    pub(crate) connection: PeerConnection,
    pub(crate) browser: Person,
    /// Ends with this value.
    _carriers: JoinSet<()>,
}

/// Runs a scene between the two, which can reach each other on this machine.
pub(crate) async fn meet(scene: impl AsyncFnOnce(&Far)) {
    meet_with(&configuration(), "{}", scene).await;
}

/// The same with other configurations, the page's in JavaScript.
pub(crate) async fn meet_with(ours: &Configuration, theirs: &str, scene: impl AsyncFnOnce(&Far)) {
    play_on(contract_site(), 1, async |stage| {
        let browser = stage.person("Browser").await;
        browser.open("/").await;
        let script = PAGE.replace("CONFIGURATION", theirs);
        let _: Option<bool> = browser
            .look(&script)
            .await
            .expect("the page takes a script");
        let engine = Engine::new(Config::alone()).expect("an engine");
        let connection = engine.connect(ours).expect("a connection");
        // The page is the impolite one.
        let negotiator = Negotiator::new(connection.clone(), true);
        let mut carriers = JoinSet::new();
        carriers.spawn(carry_there(negotiator.clone(), browser.clone()));
        carriers.spawn(carry_here(browser.clone(), negotiator));
        let far = Far {
            engine,
            connection,
            browser,
            _carriers: carriers,
        };
        scene(&far).await;
        far.engine.close();
    })
    .await;
}

/// A connection on this machine alone.
pub(crate) fn configuration() -> Configuration {
    Configuration {
        local_addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
        ..Configuration::default()
    }
}

async fn carry_there(negotiator: Negotiator, browser: Person) {
    while let Some(signal) = negotiator.next().await {
        let signal = signal.expect("the engine can negotiate").to_json();
        let script = format!(
            "const done = arguments[arguments.length - 1];
             interop.take({signal}).then(() => done(null), (error) => done(String(error)));"
        );
        let complaint: Option<String> =
            browser.look_async(&script).await.expect("the page answers");
        assert_eq!(complaint, None, "the browser refuses what the engine says");
    }
}

async fn carry_here(browser: Person, negotiator: Negotiator) {
    let mut clock = interval(ASK);
    loop {
        clock.tick().await;
        let said: Vec<Value> = match browser.look("return interop.out.splice(0);").await {
            Ok(said) => said,
            // The browser is gone: the scene is over.
            Err(_) => return,
        };
        for signal in said {
            let signal = Signal::from_json(&signal.to_string()).expect("what the browser says");
            let taken = negotiator.take(signal).await;
            taken.expect("the engine takes what the browser says");
        }
    }
}

impl Far {
    /// Runs some JavaScript in the page, where `far` is its side; gives what it returns.
    pub(crate) async fn page<T: serde::de::DeserializeOwned>(&self, body: &str) -> T {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (far) => {{ {body} }})(interop)
               .then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
        );
        let mut answer: Value = self.browser.look_async(&script).await.expect("an answer");
        assert!(answer.get("error").is_none(), "in {body}: {answer}");
        serde_json::from_value(answer["value"].take()).expect("a value of the kind that is read")
    }

    /// Waits until a JavaScript expression about `interop` is true.
    pub(crate) async fn becomes(&self, expression: &str) {
        self.browser.wait_until(expression, expression, SOON).await;
    }

    /// Opens a channel whose other end sends everything back.
    pub(crate) async fn echo(&self) -> DataChannel {
        let channel = self
            .connection
            .create_channel("echo", &ChannelOptions::default());
        let channel = channel.expect("a channel");
        in_time("an open channel", channel.opened())
            .await
            .expect("it opens");
        channel
    }

    /// Something sent comes back.
    pub(crate) async fn echoes(&self, channel: &DataChannel, text: &str) {
        channel.send(text).await.expect("it is sent");
        let back = in_time("an echo", channel.receive_text()).await;
        assert_eq!(back.expect("it comes back"), text);
    }

    pub(crate) async fn is_connected(&self) {
        let mut state = self.connection.connection_state();
        let connected = state.wait_for(|state| state == ConnectionState::Connected);
        in_time("a connection", connected).await.expect("connected");
    }
}

/// What has to come, with a deadline.
pub(crate) async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    let outcome = timeout(SOON, future).await;
    outcome.unwrap_or_else(|_| panic!("waited {} s for {what}", SOON.as_secs()))
}
