//! All black-box tests in one binary: one link, one start.
