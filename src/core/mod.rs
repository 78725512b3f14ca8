//! The pure core: no I/O, no clock, no randomness and no JavaScript types.
//!
//! Everything that more than one vendor needs and no vendor owns: the generic [`value::Value`] with
//! its JSON and XML readers, encodings, time formats, secrets, requests, errors, and the machinery
//! of the operation tables.

pub mod answer;
pub mod canonical;
pub mod clock;
pub mod compare;
pub mod endpoint;
pub mod explain;
pub mod ids;
pub mod input;
pub mod meaning;
pub mod paging;
pub mod request;
pub mod retry;
pub mod secret;
pub mod time;
pub mod xml;

pub use unpool_fast::{batch, check, encode, error, hash, json, nearest, operation, path, text, value};
