/** Node has it; its types are in the browser's library only. */
declare namespace WebAssembly {
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>
}
