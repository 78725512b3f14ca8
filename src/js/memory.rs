//! Memory, and what happens where there is no way on.

/// A small allocator that overwrites every block of memory as it is freed: the glue's copies of
/// option texts and bodies hold secrets, too.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<talc::wasm::WasmDynamicTalc> =
    zeroizing_alloc::ZeroAlloc(talc::wasm::new_wasm_dynamic_allocator());

/// A trap, without the formatting of a message that nobody would see.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
