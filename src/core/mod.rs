//! The pure core: no I/O, no clock, no randomness and no JavaScript types.
//!
//! Everything that more than one vendor needs and no vendor owns: the generic [`value::Value`] with
//! its JSON and XML readers, encodings, time formats, secrets, requests, errors, and the machinery
//! of the operation tables.

pub mod answer;
pub mod batch;
pub mod canonical;
pub mod check;
pub mod check_value;
pub mod clock;
pub mod compare;
pub mod doc;
pub mod encode;
pub mod endpoint;
pub mod error;
pub mod explain;
pub mod field;
pub mod find_effect;
pub mod hash;
pub mod ids;
pub mod input;
pub mod json;
pub mod meaning;
pub mod nearest;
pub mod operation;
pub mod paging;
pub mod parameter;
pub mod path;
pub mod request;
pub mod retry;
pub mod sample;
pub mod secret;
pub mod text;
pub mod time;
pub mod xml;

pub use unpool_fast::value;
