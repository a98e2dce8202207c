//! The engine's contract in a real browser: every behaviour, in a page of its own that has no app.

use std::time::Duration;

use parlor_tests::{Person, SOON, contract_site, play_on, verdicts};

/// Far longer than any behaviour takes, also where another test runs beside it; shorter than what
/// the driver waits for a script.
const DEADLINE: Duration = Duration::from_secs(25);

const IS_READY: &str = "window.list && window.run && window.title";

/// What came of a behaviour.
struct Verdict {
    id: String,
    title: String,
    /// As in the table: `passes`, or why not.
    text: String,
}

impl Verdict {
    fn is_failure(&self) -> bool {
        self.text.starts_with("failed")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_keeps_the_contract() {
    play_on(contract_site(), 1, async |stage| {
        let browser = stage.person("Browser").await;
        open(&browser).await;
        let ids: Vec<String> = browser.look("return list();").await.expect("a list");
        assert!(!ids.is_empty(), "the contract promises nothing");
        let mut all = Vec::new();
        for id in ids {
            let verdict = judge(&browser, id).await;
            if verdict.is_failure() {
                // What it left behind is not the fault of the next one.
                open(&browser).await;
            }
            all.push(verdict);
        }
        keep(&all);
        let failures: Vec<_> = all.iter().filter(|verdict| verdict.is_failure()).collect();
        let lines = failures
            .iter()
            .map(|verdict| format!("{} ({}) {}", verdict.id, verdict.title, verdict.text));
        assert!(
            failures.is_empty(),
            "{} of {} promises are broken:\n{}",
            failures.len(),
            all.len(),
            lines.collect::<Vec<_>>().join("\n")
        );
    })
    .await;
}

async fn open(browser: &Person) {
    browser.open("/").await;
    browser
        .wait_until("the contract's module", IS_READY, SOON)
        .await;
}

async fn judge(browser: &Person, id: String) -> Verdict {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const late = () => done('failed: it had not come to its end after {seconds} s');
         setTimeout(late, {seconds} * 1000);
         run({id:?}).then(
           (why) => done(why ? `not possible here: ${{why}}` : 'passes'),
           (error) => done(`failed: ${{error}}`));",
        seconds = DEADLINE.as_secs(),
    );
    let title = format!("return title({id:?});");
    Verdict {
        title: browser.look(&title).await.expect("a title"),
        text: browser.look_async(&script).await.expect("a verdict"),
        id,
    }
}

/// For `docs/conformance.md`.
fn keep(all: &[Verdict]) {
    let lines: String = all
        .iter()
        .map(|verdict| {
            let text = verdict.text.replace(['\t', '\n'], " ");
            format!("{}\t{}\t{text}\n", verdict.id, verdict.title)
        })
        .collect();
    std::fs::write(verdicts().join("web.tsv"), lines).expect("the target folder can be written");
}
