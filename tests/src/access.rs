//! Checks a page for people who cannot see it or use no pointer, and for content outside the
//! window.

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::person::Person;
use crate::waiting::{css, quoted};

/// The roles of the elements that people operate. Each such element must have a name.
const CONTROLS: [&str; 14] = [
    "button",
    "checkbox",
    "combobox",
    "link",
    "listbox",
    "menuitem",
    "popUpButton",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "textbox",
    "toggleButton",
];

/// The script that describes the elements beyond a side of the window.
const OUTSIDE: &str = r#"
const page = document.documentElement;
const outside = [...document.querySelectorAll("a, button, h1, h2, input, p, select, textarea")]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((one) => {
    const { left, right, width } = one.getBoundingClientRect();
    return width > 1 && (left < -1 || right > innerWidth + 1);
  })
  .map((one) => one.outerHTML.slice(0, 160));
if (page.scrollWidth > innerWidth) outside.push(`scrolls to ${page.scrollWidth} of ${innerWidth}`);
return outside;
"#;

/// The script that runs axe-core: all its rules for WCAG 2.2 AA, its best practices, and one rule
/// that it does not apply by default: a button's name contains its visible text.
const AXE: &str = r#"
const done = arguments[arguments.length - 1];
const options = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
  rules: { "label-content-name-mismatch": { enabled: true } },
  resultTypes: ["violations"],
};
const told = ({ id, help, nodes }) => nodes.map(
  (node) => `${id} (${help}): ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`,
);
axe.run(document, options).then(
  ({ violations, passes }) => done(passes.length ? violations.flatMap(told) : ["no rule applied"]),
  (error) => done([`axe failed: ${error}`]),
);
"#;

impl Person {
    /// Fails if axe-core finds a violation on the page as it is now.
    pub async fn passes_axe(&self, page: &str) {
        let has_axe = self.look("return !!window.axe;").await;
        if has_axe != Ok(true) {
            let script = format!("{}; return null;", crate::place::axe());
            let _: Value = self.look(&script).await.expect("axe can be put in");
        }
        let found: Vec<String> = self.look_async(AXE).await.expect("axe answers");
        if !found.is_empty() {
            let picture = self.picture("axe").await;
            panic!("{page}: axe found {found:#?} ({picture})");
        }
    }

    /// Fails if the browser computes no accessible name for a control.
    pub async fn can_name_every_control(&self, page: &str) {
        let tree = self
            .devtools("Accessibility.getFullAXTree", json!({}))
            .await;
        let nodes = tree["nodes"].as_array().expect("a tree");
        let controls = nodes.iter().filter(|node| {
            let role = node["role"]["value"].as_str().unwrap_or_default();
            node["ignored"] != json!(true) && CONTROLS.contains(&role)
        });
        let mut count = 0;
        let mut nameless = Vec::new();
        for control in controls {
            count += 1;
            if control["name"]["value"]
                .as_str()
                .unwrap_or_default()
                .trim()
                .is_empty()
            {
                nameless.push(self.source_of(&control["backendDOMNodeId"]).await);
            }
        }
        assert!(count > 0, "{page}: no controls at all");
        assert!(nameless.is_empty(), "{page}: without a name: {nameless:#?}");
    }

    async fn source_of(&self, node: &Value) -> String {
        let html = self
            .devtools("DOM.getOuterHTML", json!({ "backendNodeId": node }))
            .await;
        html["outerHTML"]
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect()
    }

    /// Fails if the page is wider than its window.
    pub async fn has_all_in_sight(&self, page: &str) {
        let outside: Vec<String> = self.look(OUTSIDE).await.expect("the page answers");
        assert!(outside.is_empty(), "{page}: out of sight: {outside:#?}");
    }

    /// Fails if the Tab key does not reach an element.
    pub async fn gets_with_tab_to(&self, selector: &str) {
        const MOST: usize = 40;
        let _: Value = self
            .look("document.activeElement?.blur(); return null;")
            .await
            .expect("the page answers");
        let there = format!(
            "return !!document.activeElement?.matches({})",
            quoted(&css(selector))
        );
        for _ in 0..MOST {
            self.press(Key::Tab).await;
            if self.look(&there).await.expect("the page answers") {
                return;
            }
        }
        let picture = self.picture("tab").await;
        panic!("{MOST} times Tab never got to {selector} ({picture})");
    }
}
