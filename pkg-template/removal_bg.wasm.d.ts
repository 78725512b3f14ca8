/** The compiled module (`WebAssembly.Module`), as Workers import it. */
declare const module: object;
export default module;
