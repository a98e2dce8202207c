//! What a page holds on to.

use serde_json::{Value, json};

use crate::person::Person;

/// What a page holds, after its garbage was collected.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// Bytes of JavaScript's objects.
    pub heap: u64,
    /// Listeners for events.
    pub listeners: u64,
}

impl Person {
    /// Measures what the page holds.
    pub async fn holds(&self) -> Held {
        self.collect_garbage().await;
        self.devtools("Performance.enable", json!({})).await;
        let answer = self.devtools("Performance.getMetrics", json!({})).await;
        let metrics = answer["metrics"].as_array().expect("a list of metrics");
        let metric = |name: &str| {
            let found = metrics.iter().find(|metric| metric["name"] == name);
            let value = found.and_then(|metric| metric["value"].as_f64());
            value.unwrap_or_else(|| panic!("there is no metric {name}")) as u64
        };
        Held {
            heap: metric("JSHeapUsedSize"),
            listeners: metric("JSEventListeners"),
        }
    }

    /// How many objects of a class are alive. `class` is a JavaScript expression.
    pub async fn alive(&self, class: &str) -> u64 {
        self.collect_garbage().await;
        let expression = format!("({class}).prototype");
        let prototype = self.remote("Runtime.evaluate", json!({ "expression": expression }));
        let query = json!({ "prototypeObjectId": prototype.await, "objectGroup": GROUP });
        let answer = self.devtools("Runtime.queryObjects", query).await;
        let count = json!({
            "objectId": answer["objects"]["objectId"],
            "functionDeclaration": "function() { return this.length; }",
            "returnByValue": true,
        });
        let answer = self.devtools("Runtime.callFunctionOn", count).await;
        // Or the question itself would keep them alive.
        self.devtools(
            "Runtime.releaseObjectGroup",
            json!({ "objectGroup": GROUP }),
        )
        .await;
        answer["result"]["value"].as_u64().expect("a number")
    }

    async fn collect_garbage(&self) {
        self.devtools("HeapProfiler.collectGarbage", json!({}))
            .await;
    }

    /// The id of the object that a command gives.
    async fn remote(&self, command: &str, mut parameters: Value) -> Value {
        parameters["objectGroup"] = GROUP.into();
        let answer = self.devtools(command, parameters).await;
        answer["result"]["objectId"].clone()
    }
}

const GROUP: &str = "memory";
