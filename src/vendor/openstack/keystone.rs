//! Keystone v3: password and application credentials for a token, and the catalogue that comes with
//! it.
//!
//! Source: the Identity API v3 reference; bodies compared with those of keystoneauth1.

use alloc::{borrow::ToOwned, string::String};

use crate::core::endpoint::Endpoint;
use crate::core::error::{Error, Kind as ErrorKind, Result};
use crate::core::json::Json;
use crate::core::operation::{Kind, Parameter, doc, optional, required};
use crate::core::request::{Request, Response};
use crate::core::secret::Secret;
use crate::core::text::{join, replace, split};
use crate::core::value::Value;
use crate::core::{answer, json, time};
use crate::vendor::openstack::template::fill;
use crate::vendor::openstack::{endpoints, errors};
use crate::vendor::options;

const PASS: Parameter = required("password", "", Kind::Text(4_096), doc("The password."));
const PROJECT: Parameter = optional("project", "", Kind::Text(255), doc("The project's name; give it or projectId."));
const PROJECT_ID: Parameter = optional("projectId", "", Kind::Id, doc("The project's id; give it or project."));
const PROJECT_DOMAIN: Parameter =
    optional("projectDomain", "", Kind::Text(255), doc("The domain of the project. Default: the user's."));

/// `{ username, password, userDomain, project | projectId, projectDomain? }`.
pub const PASSWORD: &[Parameter] = &[
    required("username", "", Kind::Text(255), doc("The user's name.")),
    PASS,
    required("userDomain", "", Kind::Text(255), doc("The user's domain; at OTC and Huawei the account's name.")),
    PROJECT,
    PROJECT_ID,
    PROJECT_DOMAIN,
];

/// `{ userId, password, project | projectId, projectDomain? }`.
pub const USER_ID: &[Parameter] = &[
    required("userId", "", Kind::Id, doc("The user's id, instead of name and domain.")),
    PASS,
    PROJECT,
    PROJECT_ID,
    PROJECT_DOMAIN,
];

/// `{ applicationCredentialId, applicationCredentialSecret }`.
pub const APPLICATION: &[Parameter] = &[
    required("applicationCredentialId", "", Kind::Id, doc("The id of the application credential.")),
    required("applicationCredentialSecret", "", Kind::Text(4_096), doc("Its secret.")),
];

/// Who asks, and where.
#[derive(Clone, Debug)]
pub struct Identity {
    endpoint: Endpoint,
    /// The body's JSON, with a line break where the secret goes: JSON has none inside its texts.
    frame: String,
    /// Which entry of the catalogue to use.
    region: String,
    interface: String,
}

/// A token and what came with it.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token.
    pub value: Secret,
    /// From when on it is not used any more, by this machine's clock.
    stale_at: i64,
    /// Where the catalogue says that the load balancers are.
    pub endpoint: Option<Endpoint>,
}

impl Identity {
    /// Keystone's host.
    pub fn host(&self) -> &str {
        self.endpoint.host()
    }

    /// Reads checked options.
    ///
    /// # Errors
    /// `invalid-input` where neither option nor table says where Keystone is, or no project is given.
    pub fn new(name: &str, given: Value<'_>, credentials: Value<'_>, region: &str) -> Result<Self> {
        let Some(endpoint) =
            options::endpoint(given, "identityEndpoint", "")?.or_else(|| endpoints::endpoint(name, "iam", region))
        else {
            return Err(errors::missing("identityEndpoint", "give the URL of Keystone"));
        };
        let mut interface = given.text("interface");
        if interface.is_empty() {
            interface = "public";
        }
        Ok(Identity {
            endpoint: endpoint.without("v3"),
            frame: frame(credentials)?,
            region: region.to_owned(),
            interface: interface.to_owned(),
        })
    }

    /// The request that gets a token for the password or secret, and the catalogue if it is needed.
    #[must_use]
    pub fn request(&self, secret: &Secret, catalogue: bool) -> Request {
        // The catalogue can be longer than all the rest of the answer, so it is left out where it is not needed.
        let path = if catalogue { "/v3/auth/tokens" } else { "/v3/auth/tokens?nocatalog=true" };
        let mut request = Request::new("POST", self.endpoint.url(path));
        request.header("content-type", "application/json");
        let (front, back) = split(&self.frame, "\n").unwrap_or_default();
        request.body = Some(join(&[front, &quoted(secret.expose()), back]));
        request
    }

    /// Reads the answer to [`Identity::request`]: the token, and what may be shown of it, as JSON.
    ///
    /// # Errors
    /// `auth` for refused credentials and unscoped tokens; what else Keystone answers.
    pub fn accept(&self, response: &Response, now: i64, catalogue: bool) -> Result<(Token, Json)> {
        let document = json::parse(answer::body(response)?).unwrap_or_default();
        let value = document.value();
        if response.status != 201 {
            return Err(errors::identity(response, value));
        }
        let Some(token) = value.get("token") else {
            return Err(answer::unreadable(response));
        };
        let Some(text) = response.header("x-subject-token") else {
            return Err(Error::new(ErrorKind::Unsupported, "Keystone gave a token that this runtime may not read")
                .hint("in a page, Keystone must expose X-Subject-Token ([cors] expose_headers); or get the token elsewhere and give { token }"));
        };
        let project = token.get("project").map_or("", |project| project.text("id"));
        if project.is_empty() {
            return Err(Error::new(
                ErrorKind::Auth,
                "Keystone gave a token without a project, which no load balancer service takes",
            )
            .hint("give `project` with `projectDomain`, or `projectId`"));
        }
        let expires_at = token.text("expires_at");
        let lifetime = match (time::parse(expires_at), time::parse(token.text("issued_at"))) {
            (Some(end), Some(start)) => (end - start).max(0),
            _ => 300_000,
        };
        let endpoint = if catalogue { self.find(token)? } else { None };
        // Counted from now, so that a wrong clock here does no harm.
        let stale_at = now + lifetime - (lifetime / 4).min(30_000);
        let shown = Json::object(&[("expiresAt", expires_at), ("projectId", project)]);
        Ok((Token { value: Secret::new(text), stale_at, endpoint }, shown))
    }

    /// The load balancer service of the catalogue: type `load-balancer`, in the wanted region and
    /// interface.
    fn find(&self, token: Value<'_>) -> Result<Option<Endpoint>> {
        let Some(url) = self.address(token) else { return Ok(None) };
        let secure = self.endpoint.is_secure();
        // Where Keystone is reached over https, a load balancer service at http is not used.
        let url = replace(url, "http://", if secure { "https://" } else { "http://" });
        match Endpoint::read(&url, !secure, "") {
            Ok(endpoint) => Ok(Some(endpoint.without(endpoints::VERSIONS))),
            Err(what) => {
                let message = join(&["the catalogue's address of the load balancers ", what]);
                Err(Error::new(ErrorKind::UnexpectedAnswer, &message).hint("give the address as `endpoint`"))
            }
        }
    }

    /// The URL in the catalogue.
    fn address<'d>(&self, token: Value<'d>) -> Option<&'d str> {
        for service in token.get("catalog")?.items() {
            if !service.says("type", "load-balancer") {
                continue;
            }
            for entry in service.get("endpoints")?.items() {
                let here = |name| self.region.is_empty() || entry.says(name, &self.region);
                if entry.says("interface", &self.interface) && (here("region_id") || here("region")) {
                    return entry.get("url")?.as_str();
                }
            }
        }
        None
    }
}

impl Token {
    /// Whether it can be used at `now`.
    #[must_use]
    pub fn live(&self, now: i64) -> bool {
        now < self.stale_at
    }
}

/// The bodies of requests for a token: of the kinds of credentials, and how a project is named. Names
/// in angle brackets are fields of the credentials, the line break is the secret.
const BY_NAME: &str = r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":<username>,"domain":{"name":<userDomain>},"password":
}}},"scope":{"project":{"#;
const BY_ID: &str = r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":<userId>,"password":
}}},"scope":{"project":{"#;
const BY_APPLICATION: &str = r#"{"auth":{"identity":{"methods":["application_credential"],"application_credential":{"id":<applicationCredentialId>,"secret":
}}}}"#;
const OF_ID: &str = r#""id":<projectId>}}}}"#;
const OF_DOMAIN: &str = r#""name":<project>,"domain":{"name":<projectDomain>}}}}}"#;
const OF_USER_DOMAIN: &str = r#""name":<project>,"domain":{"name":<userDomain>}}}}}"#;

/// The body of a request for a token, with a line break where the secret goes.
fn frame(credentials: Value<'_>) -> Result<String> {
    let has = |name| credentials.get(name).is_some();
    let user = match (has("applicationCredentialId"), has("userId")) {
        (true, _) => BY_APPLICATION,
        (_, true) => BY_ID,
        _ => BY_NAME,
    };
    let project = if has("applicationCredentialId") {
        ""
    } else if has("projectId") {
        OF_ID
    } else if !has("project") {
        return Err(errors::missing(
            "credentials.project",
            "give the project's name, or projectId: a token without a project opens no load balancer service",
        ));
    } else if has("projectDomain") {
        OF_DOMAIN
    } else if has("userDomain") {
        OF_USER_DOMAIN
    } else {
        return Err(errors::missing(
            "credentials.projectDomain",
            "a project's name needs its domain; or give projectId",
        ));
    };
    let template = join(&[user, project]);
    Ok(fill(&template, "<", ">", &|out, name| json::push_string(out, credentials.text(name))))
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2 + 2);
    json::push_string(&mut out, text);
    out
}
