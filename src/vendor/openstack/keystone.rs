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
use crate::core::text::join;
use crate::core::value::Value;
use crate::core::{answer, json, time};
use crate::vendor::openstack::{endpoints, errors, without_version};
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
    /// The body's JSON in front of the secret and behind it.
    frame: (String, String),
    /// The password or secret.
    pub secret: Secret,
    /// Whether the catalogue is needed, and for which region and interface.
    catalogue: bool,
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
    expires_at: String,
    project: String,
    /// Where the catalogue says that the load balancers are.
    pub endpoint: Option<Endpoint>,
}

impl Identity {
    /// Reads checked options.
    ///
    /// # Errors
    /// `invalid-input` where neither option nor table says where Keystone is, or no project is given.
    pub fn new(
        name: &'static str,
        given: Value<'_>,
        credentials: Value<'_>,
        region: &str,
        catalogue: bool,
    ) -> Result<Self> {
        let endpoint = match options::endpoint(given, "identityEndpoint", &[])? {
            Some(mut endpoint) => {
                if let Some(path) = endpoint.path.strip_suffix("/v3") {
                    endpoint.path = path.to_owned();
                }
                endpoint
            }
            None => match endpoints::identity_host(name, region) {
                Some(host) => Endpoint::https(&host),
                None => {
                    return Err(Error::invalid(
                        "identityEndpoint",
                        "identityEndpoint is missing",
                        "give the URL of Keystone",
                    ));
                }
            },
        };
        let text = |name| credentials.text(name);
        let (frame, secret) = if credentials.get("applicationCredentialId").is_some() {
            let id = quoted(text("applicationCredentialId"));
            let front = join(&[
                "{\"auth\":{\"identity\":{\"methods\":[\"application_credential\"],\"application_credential\":{\"id\":",
                &id,
                ",\"secret\":",
            ]);
            ((front, "}}}}".to_owned()), text("applicationCredentialSecret"))
        } else {
            let user = match text("userId") {
                "" => join(&[
                    "\"name\":",
                    &quoted(text("username")),
                    ",\"domain\":{\"name\":",
                    &quoted(text("userDomain")),
                    "}",
                ]),
                id => join(&["\"id\":", &quoted(id)]),
            };
            let front = join(&[
                "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{",
                &user,
                ",\"password\":",
            ]);
            (((front), join(&["}}},\"scope\":{\"project\":{", &project(credentials)?, "}}}}"])), text("password"))
        };
        Ok(Identity {
            endpoint,
            frame,
            secret: Secret::new(secret),
            catalogue,
            region: region.to_owned(),
            interface: match given.text("interface") {
                "" => "public",
                other => other,
            }
            .to_owned(),
        })
    }

    /// The request that gets a token.
    #[must_use]
    pub fn request(&self) -> Request {
        // The catalogue can be longer than everything else together.
        let path = if self.catalogue { "/v3/auth/tokens" } else { "/v3/auth/tokens?nocatalog=true" };
        let mut request = Request::new("POST", self.endpoint.url(path));
        request.header("content-type", "application/json");
        request.body = Some(join(&[&self.frame.0, &quoted(self.secret.expose()), &self.frame.1]));
        request
    }

    /// Reads the answer to [`Identity::request`].
    ///
    /// # Errors
    /// `auth` for refused credentials and unscoped tokens; what else Keystone answers.
    pub fn accept(&self, response: &Response, now: i64) -> Result<Token> {
        let body = answer::body(response)?;
        let document = json::parse(body).unwrap_or_default();
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
        let Some(project) = token.get("project").and_then(|project| project.get("id")).and_then(Value::as_str) else {
            return Err(Error::new(
                ErrorKind::Auth,
                "Keystone gave a token without a project, which no load balancer service takes",
            )
            .hint("give `project` with `projectDomain`, or `projectId`"));
        };
        let expires_at = token.text("expires_at").to_owned();
        let lifetime = time::parse(&expires_at)
            .zip(time::parse(token.text("issued_at")))
            .map_or(300_000, |(end, start)| (end - start).max(0));
        Ok(Token {
            value: Secret::new(text),
            // Counted from now, so that a wrong clock here does no harm.
            stale_at: now + lifetime - (lifetime / 4).min(30_000),
            project: project.to_owned(),
            endpoint: if self.catalogue { self.find(token)? } else { None },
            expires_at,
        })
    }

    /// The load balancer service of the catalogue: type `load-balancer`, in the wanted region and
    /// interface.
    fn find(&self, token: Value<'_>) -> Result<Option<Endpoint>> {
        let Some(url) = self.address(token) else { return Ok(None) };
        // What Keystone was asked over https is not answered over http.
        let upgraded =
            url.strip_prefix("http://").filter(|_| self.endpoint.secure).map(|rest| join(&["https://", rest]));
        let url = upgraded.as_deref().unwrap_or(url);
        match Endpoint::parse(url, "it", !self.endpoint.secure, &[]) {
            Ok(endpoint) => Ok(Some(without_version(endpoint))),
            Err(error) => {
                let what = ["the catalogue's address of the load balancers: ", &error.0.message];
                Err(Error::new(ErrorKind::UnexpectedAnswer, &join(&what)).hint("give the address as `endpoint`"))
            }
        }
    }

    /// The URL in the catalogue.
    fn address<'d>(&self, token: Value<'d>) -> Option<&'d str> {
        for service in token.get("catalog")?.items() {
            if service.text("type") != "load-balancer" {
                continue;
            }
            for entry in service.get("endpoints")?.items() {
                let here = |name| self.region.is_empty() || entry.text(name) == self.region;
                if entry.text("interface") == self.interface && (here("region_id") || here("region")) {
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

    /// What may be told of it: never the token.
    #[must_use]
    pub fn told(&self, given: Option<&Endpoint>) -> Json {
        let mut told = Json::object(&[("expiresAt", &self.expires_at), ("projectId", &self.project)]);
        if let Some(endpoint) = given.or(self.endpoint.as_ref()) {
            told.add("endpoint", &endpoint.url(""));
        }
        told
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2 + 2);
    json::push_string(&mut out, text);
    out
}

/// The scope's project: by id, or by name in a domain.
fn project(credentials: Value<'_>) -> Result<String> {
    let text = |name| credentials.text(name);
    match (text("projectId"), text("project")) {
        ("", "") => Err(Error::invalid(
            "credentials.project",
            "credentials.project is missing",
            "give the project's name, or projectId: a token without a project opens no load balancer service",
        )),
        ("", name) => {
            let domain = match (text("projectDomain"), text("userDomain")) {
                ("", "") => {
                    return Err(Error::invalid(
                        "credentials.projectDomain",
                        "credentials.projectDomain is missing",
                        "a project's name needs its domain; or give projectId",
                    ));
                }
                ("", domain) | (domain, _) => quoted(domain),
            };
            Ok(join(&["\"name\":", &quoted(name), ",\"domain\":{\"name\":", &domain, "}"]))
        }
        (id, _) => Ok(join(&["\"id\":", &quoted(id)])),
    }
}
