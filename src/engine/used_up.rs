//! Lists of a run that are used up one item after the other.
//!
//! The one decision: a list of tens of thousands becomes another one (apps, jobs, the plan, jobs again); both whole at once would
//! take twice the room, which a `Vec` that is taken apart keeps to its end.

use std::iter;

/// Lists that are shorter are not worth a call.
const SMALL: usize = 256;

/// The items in their order; room that was theirs is given back by the eighth.
pub fn used_up<T>(items: Vec<T>) -> impl Iterator<Item = T> {
    let mut left = items;
    left.reverse();
    iter::from_fn(move || {
        let item = left.pop()?;
        if left.capacity() > SMALL && left.len() < left.capacity() / 8 * 7 {
            left.shrink_to_fit();
        }
        Some(item)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_come_in_their_order() {
        for count in [0, 1, SMALL + 1, 5000] {
            let items: Vec<usize> = (0..count).collect();
            assert!(used_up(items).eq(0..count), "{count}");
        }
    }
}
