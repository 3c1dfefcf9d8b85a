//! What the machine's Argon2id gives when nothing else is done: the bound of password logins.

use std::{
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};

/// The server's default cost (19 MiB, two passes, one lane).
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// A hash of `password`, as the server stores it.
pub fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt = argon2::password_hash::SaltString::encode_b64(b"a salt for loads")?;
    Ok(hasher()?.hash_password(password.as_bytes(), &salt)?.to_string())
}

fn hasher() -> Result<Argon2<'static>, argon2::password_hash::Error> {
    let (memory, passes, lanes) = COST;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(memory, passes, lanes, None)?))
}

/// Checks a second, on all cores together.
pub fn rate(seconds: u64) -> f64 {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let threads: Vec<_> = (0..cores).map(|_| thread::spawn(move || checks(until))).collect();
    let done: u32 =
        threads.into_iter().map(|thread| thread.join().ok().and_then(Result::ok).unwrap_or(0)).sum();
    f64::from(done) / started.elapsed().as_secs_f64()
}

fn checks(until: Instant) -> Result<u32, argon2::password_hash::Error> {
    let hasher = hasher()?;
    let stored = hash("a password")?;
    let stored = PasswordHash::new(&stored)?;
    let mut done = 0;
    while Instant::now() < until {
        hasher.verify_password(b"a password", &stored)?;
        done += 1;
    }
    Ok(done)
}
