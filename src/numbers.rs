//! The numbers by which the modules and the JavaScript around them understand each other. The package's `numbers.js` and
//! `removal_numbers.js` are generated from here.

macro_rules! numbers {
    ($($(#[$about:meta])* $list:ident: $kind:ident { $($(#[$what:meta])* $name:ident = $number:expr,)* })*) => {
        $(
            $(#[$about])*
            pub mod $list {
                $($(#[$what])* pub const $name: $kind = $number;)*
                /// All of them, by name.
                #[cfg(not(target_arch = "wasm32"))]
                pub const ALL: &[(&str, i64)] = &[$((stringify!($name), $name as i64)),*];
            }
        )*
    };
}

numbers! {
    /// What the module that signs and sends is to do.
    client: u32 {
        /// Take the options.
        OPEN = 0,
        /// Forget the credentials.
        CLOSE = 1,
        /// Take the random part of nonces.
        SEED = 2,
        /// Sign an operation.
        SIGN = 3,
        /// Say what would be signed.
        EXPLAIN = 4,
        /// Begin a call.
        SEND = 5,
        /// Go on with a call.
        STEP = 6,
        /// Sign without a client.
        SIGN_WITH = 7,
        /// List the regions of a cloud.
        REGIONS = 8,
        /// Say what the other module has to know of the client.
        SETTING = 9,
        /// Take the secrets out of what the other module said.
        CLEAN = 10,
    }
    /// What the module of the safe removal is to do.
    removal: u32 {
        /// Begin a job.
        BEGIN = 0,
        /// Go on with one of its lanes.
        ADVANCE = 1,
        /// End it.
        FINISH = 2,
    }
    /// What came of an exchange, where it is no HTTP status.
    outcome: i32 {
        /// Nothing was sent yet.
        READY = -1,
        /// No connection was made.
        NEVER_LEFT = -2,
        /// It may have left, and no answer came.
        NETWORK = -3,
        /// No complete answer came in time.
        TIMEOUT = -4,
        /// The caller aborted before anything was sent.
        ABORTED_BEFORE = -5,
        /// The caller aborted while it was under way.
        ABORTED = -6,
        /// What `fetch` gave is no response.
        NO_RESPONSE = -7,
        /// The answer has no text.
        UNREADABLE = -8,
        /// The connection broke within the answer.
        BROKEN = -9,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_number_means_two_things() {
        for list in [super::client::ALL, super::removal::ALL, super::outcome::ALL] {
            let mut numbers: Vec<i64> = list.iter().map(|(_, number)| *number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), list.len());
        }
        assert!(super::outcome::ALL.iter().all(|(_, number)| *number < 0), "an HTTP status would be taken for it");
    }
}
