//! What answers tell besides the kind of an error: how long to wait, and whose word it is.

mod support;

use serde_json::json;
use support::*;
use unpool::{Kind, Response};

/// `retry-after` and its like are read in every form, and the wait is never made shorter.
#[test]
fn the_servers_own_delay() {
    let with = |status, body: &str, headers: &[(&'static str, &str)]| Response {
        lines: headers.iter().map(|(name, value)| format!("{name}\n{value}\n")).collect(),
        ..answer(status, body)
    };
    let delay = |options, operation, response: &Response| {
        let error = read(&client(options), operation, response).expect_err("an error");
        // Behind an unknown outcome is the answer's own error.
        match &error.0.cause {
            Some(inner) => inner.0.retry_after_ms,
            _ => error.0.retry_after_ms,
        }
    };
    let throttled = r#"{"Code": "Throttling.User", "Message": "m", "RequestId": "r"}"#;
    assert_eq!(delay(ALIBABA, REMOVE, &with(400, throttled, &[("x-acs-retry-after", "1500")])), Some(1_500));
    assert_eq!(delay(ALIBABA, REMOVE, &with(400, throttled, &[("retry-after", "2")])), Some(2_000));
    assert_eq!(delay(ALIBABA, REMOVE, &with(400, throttled, &[])), None);
    let limited = r#"{"error_code": "APIGW.0308", "error_msg": "m"}"#;
    assert_eq!(delay(OTC, DELETE, &with(429, limited, &[("retry-after", "60")])), Some(60_000));
    assert_eq!(delay(OTC, DELETE, &with(429, limited, &[("retry-after", "99999999999")])), Some(u32::MAX));
    let until = [("retry-after", "Thu, 14 Mar 2024 15:09:56 GMT"), ("date", "Thu, 14 Mar 2024 15:09:26 GMT")];
    for (options, removal) in [(ALIBABA, REMOVE), (UCLOUD, RELEASE), (OTC, DELETE)] {
        for (status, body) in [(429, "<html></html>"), (503, "<html></html>"), (503, "")] {
            assert_eq!(delay(options, removal, &with(status, body, &until)), Some(30_000), "{options} {status}");
        }
    }
}

/// A 404 without a word of the service is a proxy's, and nothing that was found missing.
#[test]
fn a_not_found_page_is_no_not_found() {
    for body in ["", "<html><h1>404 Not Found</h1></html>", "{}"] {
        for (options, removal, describe) in
            [(ALIBABA, REMOVE, DESCRIBE), (UCLOUD, RELEASE, DESCRIBE_VSERVER), (OTC, DELETE, LIST)]
        {
            let client = client(options);
            let error = read(&client, removal, &answer(404, body)).expect_err("no answer");
            assert_eq!(error.kind(), Kind::OutcomeUnknown, "{options} {body}");
            assert_eq!(read(&client, describe, &answer(404, body)).expect_err("").kind(), Kind::UnexpectedAnswer);
        }
    }
}

/// What the gateway's one code for everything about keys and tokens tells apart.
#[test]
fn apigws_0301_by_its_text() {
    for (text, hint) in [
        ("verify aksk signature fail", "secretKey"),
        ("Get secretKey failed,ak:AK,err:ak not exist", "accessKey"),
        ("AK access failed to reach the limit,forbidden", "five minutes"),
        ("decrypt token fail", "token"),
        ("token expires, expires_at: 2024-03-14T15:09:26Z", "token"),
        ("x-auth-token not found", "token"),
        ("signature expired", "clock"),
        ("x-sdk-date expired", "clock"),
    ] {
        let body = json!({"error_code": "APIGW.0301", "error_msg": format!("Incorrect IAM authentication information: {text}")});
        let error = read(&client(OTC), DELETE, &answer(401, body.to_string())).expect_err("an error");
        let shown = error.0.hint.clone().unwrap_or_default();
        assert!(shown.contains(hint), "{text}: {shown}");
        assert_eq!(error.kind(), Kind::Auth);
        assert_eq!(unpool::core::clock::is_wrong(&error), hint == "clock", "{text}");
    }
}

/// A parameter that UCloud names is named in our words.
#[test]
fn uclouds_parameters_are_ours() {
    for (code, message, field) in [
        (220, "Missing params [ULBId]", Some("ulbId")),
        (230, "Params [BackendId] not available", Some("backendId")),
        (230, "Params [api.ReleaseBackend.Request.Region] not available", Some("region")),
        (240, "Params [Odd] too large", None),
        (230, "Params [", None),
    ] {
        let body = json!({"RetCode": code, "Message": message});
        let error = read(&client(UCLOUD), RELEASE, &answer(200, body.to_string())).expect_err("an error");
        assert_eq!((error.kind(), error.0.field.as_deref()), (Kind::InvalidInput, field), "{message}");
    }
}
