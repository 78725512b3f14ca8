//! What every call passes through: reading JSON, comparing, encoding, hashing.
//!
//! A crate of its own because it is compiled for speed, while everything around it is compiled for
//! size: nearly all of a signature's time is spent here. It knows no vendor and no request; `unpool`
//! shows it as `unpool::core`.

#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]
// `String::push` is a piece of code at each call, `push_str` one function.
#![allow(clippy::single_char_add_str)]

extern crate alloc;

pub mod encode;
pub mod json;
pub mod text;
pub mod value;
