//! Memory, and what happens where there is no way on.

use lol_alloc::{FreeListAllocator, LockedAllocator};
use zeroizing_alloc::ZeroAlloc;

/// A small allocator that overwrites every block of memory as it is freed: the glue's copies of
/// option texts and bodies hold secrets, too.
#[global_allocator]
static MEMORY: ZeroAlloc<LockedAllocator<FreeListAllocator>> =
    ZeroAlloc(LockedAllocator::new(FreeListAllocator::new()));

/// A trap, without the formatting of a message that nobody would see.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
