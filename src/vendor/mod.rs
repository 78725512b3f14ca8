//! The vendors, behind one interface. A new vendor is a new folder here and one line in each of
//! [`VENDORS`] and [`FAMILIES`].
//!
//! Vendors know nothing of each other, and nothing outside this module knows a vendor by name. Inside it only
//! [`registry`] and [`signers`] do.

pub mod alibaba;
pub mod client;
pub mod flat;
pub mod openstack;
pub mod options;
pub mod registry;
pub mod session;
pub mod signers;
pub mod ucloud;

pub use client::Client;
pub use registry::{FAMILIES, VENDORS, family, find, setting};
#[cfg(not(target_arch = "wasm32"))]
pub use session::{Credentials, Declared};
pub use session::{Prepared, Session, Vendor};
