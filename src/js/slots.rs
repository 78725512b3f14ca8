//! What is under way, each in a slot of a list: its number is how the facade names it.

use alloc::vec::Vec;

use core::cell::RefCell;

/// A list of what is under way; an empty slot is used again.
pub(super) type Slots<T> = RefCell<Vec<Option<T>>>;

/// Puts `item` into the first free slot, and returns its number.
pub(super) fn insert<T>(slots: &Slots<T>, item: T) -> i64 {
    let slots = &mut *slots.borrow_mut();
    let free = slots.iter().position(Option::is_none).unwrap_or(slots.len());
    if free == slots.len() {
        slots.push(None);
    }
    slots[free] = Some(item);
    free as i64
}
