//! `[passwords]`: how passwords are hashed.

use super::reader::Section;

/// `[passwords]`.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// The cost of one hash.
    pub argon2: Argon2,
    /// How many hashes may wait for a free core before sign-ins are answered 503.
    pub queue: u32,
}

/// `[passwords.argon2]`: Argon2id's parameters (RFC 9106 §3.1). The defaults are OWASP's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2 {
    /// Memory in KiB; at least 8 for each lane.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl Passwords {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let argon2 = section.section("argon2", Argon2::read);
        Self { argon2, queue: section.number("queue", 64, 1..=10_000) }
    }
}

impl Argon2 {
    fn read(section: &mut Section<'_>) -> Self {
        let memory_kib = section.number("memory_kib", 19_456, 8..=4_194_304);
        let iterations = section.number("iterations", 2, 1..=100);
        let parallelism = section.number("parallelism", 1, 1..=64);
        // RFC 9106 §3.1: memory is at least 8 KiB for each lane.
        if memory_kib < 8 * parallelism {
            section.fault(
                "memory_kib",
                format!("is too small; {parallelism} lanes need {} KiB", 8 * parallelism),
            );
        }
        Self { memory_kib, iterations, parallelism }
    }
}
