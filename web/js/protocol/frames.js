// The binary stream frame of PROTOCOL.md: 32 bytes of header, then floats.

const headerBytes = 32;

/** @type {Record<number, "meters"|"load"|"taps">} */
const kinds = { 1: "meters", 2: "load", 3: "taps" };

/**
 * @typedef {object} Frame
 * @property {"meters"|"load"|"taps"|"unknown"} kind
 * @property {number} sub
 * @property {number} seq
 * @property {number} frame position of the end of the interval that it describes
 * @property {number} generation
 * @property {number} skipped
 * @property {number} channels
 * @property {Float32Array} values channel by channel
 */

/**
 * Reads one frame; null for what is no frame of version 1 in 32-bit floats.
 * @param {ArrayBuffer} buffer
 * @returns {Frame|null}
 */
export function decodeFrame(buffer) {
  if (buffer.byteLength < headerBytes) return null;
  const view = new DataView(buffer);
  const count = view.getUint32(28, true);
  const channels = view.getUint16(24, true);
  const readable = view.getUint8(0) === 1 && view.getUint16(26, true) === 1;
  const whole =
    buffer.byteLength === headerBytes + 4 * count &&
    (count === 0 || (channels > 0 && count % channels === 0));
  if (!readable || !whole) return null;
  return {
    kind: kinds[view.getUint8(1)] ?? "unknown",
    sub: view.getUint16(2, true),
    seq: view.getUint32(4, true),
    frame: view.getUint32(8, true) + view.getUint32(12, true) * 2 ** 32,
    generation: view.getUint32(16, true),
    skipped: view.getUint32(20, true),
    channels,
    values: floats(buffer, view, count),
  };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {DataView} view
 * @param {number} count
 */
function floats(buffer, view, count) {
  const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
  if (littleEndian) return new Float32Array(buffer, headerBytes, count);
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(headerBytes + 4 * i, true));
}
