//! The door. What a run is stands in `mps::run`.

fn main() {}
