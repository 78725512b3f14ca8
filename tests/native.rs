//! `examples/remove.rs` against the emulated clouds: what a program in Rust gets from the crate with
//! an HTTP client of its own. What a call did is read on the clouds' side.

#[path = "../examples/remove.rs"]
#[allow(dead_code, reason = "the program's own part")]
mod remove;

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use remove::{open, send};
use serde_json::{Value as Json, json};
use unpool::{Error, Kind, Sent};

const POOL: &str = "5a9a3e9e-d1aa-448e-af37-a70171f2a332";
const MEMBER: &str = "cf024846-7516-4e3a-b0fb-6590322c836f";

/// Emulated clouds in a process of their own, which ends with the test.
struct Clouds {
    node: Child,
    info: Json,
}

impl Clouds {
    fn start() -> Self {
        let main = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emulator/main.mjs");
        // It also ends when its input does, should this process die without a word.
        let mut node = Command::new("node")
            .args([main, "--exit-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node");
        let mut line = String::new();
        let output = node.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("a line");
        Clouds { info: serde_json::from_str(&line).expect("one line of JSON"), node }
    }

    fn control(&self, path: &str) -> String {
        format!("{}{path}", self.info["control"]["url"].as_str().expect("a URL"))
    }

    fn ask(&self, path: &str) -> Json {
        let text = ureq::get(self.control(path)).call().and_then(|mut answer| answer.body_mut().read_to_string());
        serde_json::from_str(&text.expect("an answer")).expect("JSON")
    }

    fn tell(&self, path: &str, body: &Json) {
        ureq::post(self.control(path))
            .header("content-type", "application/json")
            .send(body.to_string())
            .expect("the emulator takes it");
    }

    /// What arrived at a cloud.
    fn arrived(&self, cloud: &str) -> Vec<Json> {
        let log = self.ask("/log");
        log.as_array().expect("a list").iter().filter(|entry| entry["cloud"] == cloud).cloned().collect()
    }

    fn backends(&self, cloud: &str) -> String {
        self.ask("/state")[cloud]["backends"].to_string()
    }

    /// A client's options for a cloud.
    fn options(&self, cloud: &str, vendor: &str, more: &Json) -> Json {
        let info = &self.info[cloud];
        let mut options = json!({
            "vendor": vendor, "region": info["region"], "endpoint": info["url"], "allowHttp": true,
            "credentials": info["credentials"],
        });
        for (name, value) in more.as_object().expect("an object") {
            options[name] = value.clone();
        }
        options
    }

    fn alibaba(&self, more: &Json) -> Json {
        self.options("alibaba", "alibaba", more)
    }

    fn otc(&self, more: &Json) -> Json {
        self.options("otc", "otc", more)
    }
}

impl Drop for Clouds {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

fn call(options: &Json, operation: &Json) -> Result<Json, Error> {
    let client = open(&options.to_string()).expect("good options");
    send(&client, &operation.to_string()).map(|answer| serde_json::from_str(answer.as_str()).expect("JSON"))
}

fn remove_server() -> Json {
    json!({
        "operation": "RemoveBackendServers", "loadBalancerId": "lb-bp15lbk8uja8rvm4a0001",
        "backendServers": [{"serverId": "i-bp1fq61enf4loa5i0000"}],
    })
}

fn delete_member() -> Json {
    json!({"operation": "DeleteMember", "poolId": POOL, "memberId": MEMBER})
}

#[test]
fn a_server_leaves_its_load_balancer() {
    let clouds = Clouds::start();
    let before = clouds.backends("alibaba");
    assert!(before.contains("default ecs i-bp1fq61enf4loa5i0000"), "{before}");
    let answer = call(&clouds.alibaba(&json!({})), &remove_server()).expect("removed");
    assert!(answer["requestId"].is_string(), "{answer}");
    let after = clouds.backends("alibaba");
    assert!(!after.contains("default ecs i-bp1fq61enf4loa5i0000"), "{after}");
    assert!(after.contains("default ecs i-bp1fq61enf4loa5i0001"), "{after}");
}

#[test]
fn a_password_becomes_a_token_and_a_list_comes_with_all_its_pages() {
    let clouds = Clouds::start();
    let keystone = &clouds.info["keystone"];
    let options = json!({
        "vendor": "openstack", "region": keystone["region"], "identityEndpoint": keystone["identityEndpoint"],
        "allowHttp": true, "credentials": keystone["credentials"],
    });
    let answer = call(&options, &json!({"operation": "ListMembers", "poolId": POOL, "limit": 2})).expect("a list");
    assert_eq!(answer["members"].as_array().map(Vec::len), Some(5), "{answer}");
    assert_eq!(clouds.arrived("keystone").len(), 1);
    assert_eq!(clouds.arrived("otc").len(), 3);
}

#[test]
fn a_refusal_that_passes_is_waited_out() {
    let clouds = Clouds::start();
    clouds.tell("/faults", &json!([{"cloud": "otc", "effect": "busy", "times": 2}]));
    call(&clouds.otc(&json!({})), &delete_member()).expect("removed at the third attempt");
    assert_eq!(clouds.arrived("otc").len(), 3);
    assert!(!clouds.backends("otc").contains(MEMBER));
}

#[test]
fn a_removal_whose_answer_was_lost_is_sent_again_and_told_as_done() {
    let clouds = Clouds::start();
    clouds.tell("/faults", &json!([{"cloud": "otc", "effect": "drop-after", "times": 1}]));
    let answer = call(&clouds.otc(&json!({})), &delete_member()).expect("gone");
    assert_eq!(answer, json!({"alreadyGone": true}));
    assert_eq!(clouds.arrived("otc").len(), 2);
}

#[test]
fn without_another_attempt_a_lost_answer_is_of_unknown_outcome() {
    let clouds = Clouds::start();
    for (effect, cause) in [("drop-after", Kind::Network), ("hang", Kind::Timeout), ("stall", Kind::Timeout)] {
        clouds.tell("/faults", &json!([{"cloud": "alibaba", "effect": effect, "times": 1}]));
        let options = clouds.alibaba(&json!({"maxAttempts": 1, "timeoutMs": 500}));
        let error = call(&options, &remove_server()).expect_err(effect);
        assert_eq!((error.kind(), error.0.sent), (Kind::OutcomeUnknown, Sent::Unknown), "{effect}: {error}");
        assert_eq!(error.0.cause.map(|cause| cause.kind()), Some(cause), "{effect}");
    }
}

#[test]
fn an_answer_that_makes_no_sense_leaves_a_removal_unknown() {
    let clouds = Clouds::start();
    for effect in ["html", "truncate", "redirect", "big-body"] {
        clouds.tell("/faults", &json!([{"cloud": "alibaba", "effect": effect, "times": 1}]));
        let error = call(&clouds.alibaba(&json!({"maxAttempts": 1})), &remove_server()).expect_err(effect);
        assert_eq!((error.kind(), error.0.sent), (Kind::OutcomeUnknown, Sent::Yes), "{effect}: {error}");
    }
}

#[test]
fn a_connection_that_nobody_takes_did_not_carry_anything() {
    let clouds = Clouds::start();
    let options = clouds.alibaba(&json!({}));
    drop(clouds);
    let error = call(&options, &remove_server()).expect_err("nobody there");
    assert_eq!((error.kind(), error.0.sent), (Kind::Network, Sent::No), "{error}");
    assert_eq!(error.0.attempts.len(), 2);
}

#[test]
fn a_wrong_secret_is_told_changes_nothing_and_is_shown_nowhere() {
    let clouds = Clouds::start();
    let before = clouds.backends("alibaba");
    let mut options = clouds.alibaba(&json!({}));
    options["credentials"]["accessKeySecret"] = "not-the-secret".into();
    let error = call(&options, &remove_server()).expect_err("refused");
    assert_eq!((error.kind(), error.0.attempts.len()), (Kind::Auth, 0), "{error}");
    assert!(error.0.hint.as_deref().is_some_and(|hint| hint.contains("accessKeySecret")), "{error:?}");
    assert!(!format!("{error:?}").contains("not-the-secret"));
    assert_eq!(clouds.backends("alibaba"), before);
}

#[test]
fn a_wrong_clock_is_corrected_once() {
    let clouds = Clouds::start();
    clouds.tell("/clock", &json!({"offsetMs": 3_600_000}));
    call(&clouds.alibaba(&json!({})), &remove_server()).expect("removed at the clouds' time");
    assert_eq!(clouds.arrived("alibaba").len(), 2);
}
