//! Keys, tokens, hashes.
