//! What the parameter `BackendServers` holds: one table of fields, stricter where something is set or
//! added than where something is taken out.
//!
//! Sources: seeds 001, 002 and 004; the vendor's API reference of the other operations.

use crate::core::error::{Error, Result};
use crate::core::operation::{Kind, Parameter, doc, optional, required};
use crate::core::parameter::{Batch, Entry};
use crate::core::path::Path;
use crate::core::text::{has_word, part};

const SERVER_ID: Parameter =
    required("serverId", "ServerId", Kind::Id, doc("The id of the ECS instance, ENI or elastic container instance."));
const TYPE: Parameter = optional(
    "type",
    "Type",
    Kind::OneOf("ecs eni eci"),
    doc("What serverId is; must be given for an ENI or an ECI. Default: `ecs`."),
);
const WEIGHT: Parameter = optional(
    "weight",
    "Weight",
    Kind::Integer(0, 100),
    doc(
        "The weight, 0 to 100; 0 gets no new requests. What is added without one has 100; a removal does not look at it.",
    ),
);
/// It is required, since the service may set the default where it is missing, which would end a drain.
const NEW_WEIGHT: Parameter = required(
    "weight",
    "Weight",
    Kind::Integer(0, 100),
    doc("The weight, 0 to 100; 0 gets no new requests, and established connections stay."),
);
const SERVER_IP: Parameter = optional(
    "serverIp",
    "ServerIp",
    Kind::Address,
    doc("The address of the ENI or ECI: tells several of one ENI apart."),
);
const PORT: Parameter = optional("port", "Port", Kind::Integer(1, 65_535), doc("The backend port."));
/// The port that tells the entries of one server apart: required where weights are set and entries are added.
const OWN_PORT: Parameter = required("port", "Port", Kind::Integer(1, 65_535), doc("The backend port."));
const DESCRIPTION: Parameter = optional(
    "description",
    "Description",
    Kind::Text(80),
    doc("The description, 1 to 80 characters. Repeat it when you set a weight; a removal does not look at it."),
);

/// Backend servers, their fields in the order of the vendor's examples. No two entries have the same
/// serverId, serverIp and port.
const SERVERS_OF_GROUP: Batch = Batch {
    fields: &[SERVER_ID, WEIGHT, TYPE, SERVER_IP, PORT, DESCRIPTION],
    bare: false,
    identity_fields: [0, 3, 4],
    rule: typed,
};
/// Servers to take out of the default group. Bare ids are documented for this only.
pub static DEFAULT_GROUP: Batch = Batch { bare: true, ..SERVERS_OF_GROUP };
/// Entries to take out of a vServer group, or servers to add to the default group.
pub static ANY_GROUP: Batch = SERVERS_OF_GROUP;
/// Entries to add to a vServer group.
pub static NEW_IN_VSERVER_GROUP: Batch =
    Batch { fields: &[SERVER_ID, WEIGHT, TYPE, SERVER_IP, OWN_PORT, DESCRIPTION], ..SERVERS_OF_GROUP };
/// Weights to set in the default group.
pub static WEIGHTS_OF_DEFAULT_GROUP: Batch =
    Batch { fields: &[SERVER_ID, NEW_WEIGHT, TYPE, SERVER_IP, PORT, DESCRIPTION], ..SERVERS_OF_GROUP };
/// Weights to set in a vServer group.
pub static WEIGHTS_OF_VSERVER_GROUP: Batch =
    Batch { fields: &[SERVER_ID, NEW_WEIGHT, TYPE, SERVER_IP, OWN_PORT, DESCRIPTION], ..SERVERS_OF_GROUP };

/// What an id says of its type must agree with the type given: without it the service takes an ENI
/// for an ECS instance.
fn typed(entry: &Entry<'_>, here: &Path<'_>) -> Result<()> {
    let id = entry.id();
    let kind = part(id, 0, 3);
    if id.as_bytes().get(3) != Some(&b'-') || !has_word("eni eci", kind) || entry.text("type") == kind {
        return Ok(());
    }
    Err(mistyped(entry, kind, here))
}

#[cold]
fn mistyped(entry: &Entry<'_>, kind: &str, here: &Path<'_>) -> Error {
    let (id, given) = (entry.id(), entry.text("type"));
    let says = match given {
        "" if entry.bare => [" is a bare id, which the service takes for an ECS instance: ", "", "", id, ""],
        "" => [" must be given: ", "", "", id, ""],
        _ => [" is ", given, ", but ", id, " is not one"],
    };
    let of_type = here.field("type");
    let path = if entry.bare { here } else { &of_type };
    path.refuse(&says, &["give { serverId: \"", id, "\", type: \"", kind, "\" }"])
}
