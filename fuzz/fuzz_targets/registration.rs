#![no_main]

#[path = "../entries/mod.rs"]
#[allow(dead_code)] // each target enters by one of them
mod entries;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entries::registration(data));
