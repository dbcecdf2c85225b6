/** What the bundler puts into a function as it is (`lib/functions/bundle.ts`). */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>
  export default bytes
}
declare module '*.cedar' {
  const text: string
  export default text
}
declare module '*.cedarschema' {
  const text: string
  export default text
}

/** Node has it; its types are in the browser's library only. */
declare namespace WebAssembly {
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>
}
