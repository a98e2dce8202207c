//! The memory of a page.

use serde_json::{Value, json};

use crate::person::Person;

/// The memory that a page holds after a garbage collection.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// The bytes of JavaScript objects.
    pub heap: u64,
    /// The number of event listeners.
    pub listeners: u64,
}

impl Person {
    /// Measures the memory of the page after a garbage collection.
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

    /// Returns the number of live objects of a class. `class` is a JavaScript expression.
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

    /// Returns the id of the object that a command returns.
    async fn remote(&self, command: &str, mut parameters: Value) -> Value {
        parameters["objectGroup"] = GROUP.into();
        let answer = self.devtools(command, parameters).await;
        answer["result"]["objectId"].clone()
    }
}

const GROUP: &str = "memory";
