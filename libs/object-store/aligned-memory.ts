/** The part of WebAssembly that is used here; Node's types leave it out. */
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number; shared: true }) => { readonly buffer: SharedArrayBuffer };
};

/** Memory of WebAssembly comes in pages of so many bytes. */
const PAGE = 64 * 1024;

/**
 * Memory that begins at a page of the machine, which transfers past the page cache ask for and Node's own buffers do not
 * have, and that threads can share. It is cleared by the system, a page at a time when that is first touched.
 * @param size bytes
 */
export function alignedMemory(size: number): Buffer {
  const pages = Math.ceil(size / PAGE);
  return Buffer.from(new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer, 0, size);
}
