// Follows a capture file while it arrives: how many packets are in it, and where the last whole one ends. Keeps none.
//
// The format is that of libpcap, pcap-savefile(5): a file header of 24 bytes
//
//   magic 4 · version 2+2 · reserved 4+4 · snaplen 4 · link type 4 (the lower 16 bits)
//
// then for each packet a header of 16 bytes, and as many bytes as were captured of it:
//
//   seconds 4 · fraction 4 · captured length 4 · length on the wire 4
//
// all in the byte order of whoever wrote it, which the magic tells: a1b2c3d4 with microseconds, a1b23c4d with nanoseconds.

const fileHeaderLength = 24;
const packetHeaderLength = 16;
/** What libpcap allows a packet to have, whatever the file says (MAXIMUM_SNAPLEN). */
const mostCaptured = 262_144;

export interface PcapFormat {
  readonly byteOrder: 'little' | 'big';
  readonly fraction: 'microseconds' | 'nanoseconds';
  readonly snaplen: number;
  /** LINKTYPE_…: 1 is Ethernet, 113 and 276 what `any` is captured as. */
  readonly linkType: number;
}

/** `no-pcap`: it does not begin as one; `packet-too-long`: a packet's header says what none can have. */
export type PcapProblem = 'no-pcap' | 'packet-too-long';

export class PcapCounter {
  readonly #head = new Uint8Array(fileHeaderLength);
  /** Bytes of the header that is being read. */
  #headLength = 0;
  /** Bytes of a packet that are still to come. */
  #left = 0;
  #format: PcapFormat | undefined;
  #problem: PcapProblem | undefined;
  #packets = 0;
  #bytes = 0;
  #wholeBytes = 0;

  /** undefined until the file's header is whole. */
  get format(): PcapFormat | undefined {
    return this.#format;
  }

  /** Why the rest cannot be read; nothing is counted after that but bytes. */
  get problem(): PcapProblem | undefined {
    return this.#problem;
  }

  /** Whole ones. */
  get packets(): number {
    return this.#packets;
  }

  /** All that came. */
  get bytes(): number {
    return this.#bytes;
  }

  /** So many of them are a file by themselves: they end where a packet does. 0 before the file's header is whole. */
  get wholeBytes(): number {
    return this.#wholeBytes;
  }

  /** A packet, or the file's header, has come in part. At the end of a file: it is cut. */
  get truncated(): boolean {
    return this.#bytes > this.#wholeBytes && this.#problem === undefined;
  }

  /**
   * Takes the next bytes. `mayEnd` is asked after the header and after each packet whether that is enough; the rest of
   * the chunk is then left. Returns how many were taken.
   */
  add(chunk: Uint8Array, mayEnd: (so: PcapCounter) => boolean = () => false): number {
    for (let at = 0; at < chunk.length;) {
      if (this.#problem !== undefined) {
        this.#bytes += chunk.length - at;
        break;
      }
      const taken = this.#left > 0 ? this.#skip(chunk.length - at) : this.#read(chunk.subarray(at));
      at += taken;
      if (this.#left > 0 || this.#headLength > 0 || this.#problem !== undefined) continue;
      this.#wholeBytes = this.#bytes;
      if (mayEnd(this)) return at;
    }
    return chunk.length;
  }

  #skip(available: number): number {
    const taken = Math.min(available, this.#left);
    this.#left -= taken;
    this.#bytes += taken;
    if (this.#left === 0) this.#packets += 1;
    return taken;
  }

  #read(bytes: Uint8Array): number {
    const wanted = this.#format === undefined ? fileHeaderLength : packetHeaderLength;
    const taken = Math.min(bytes.length, wanted - this.#headLength);
    this.#head.set(bytes.subarray(0, taken), this.#headLength);
    this.#headLength += taken;
    this.#bytes += taken;
    if (this.#headLength < wanted) return taken;
    this.#headLength = 0;
    const view = new DataView(this.#head.buffer);
    if (this.#format === undefined) {
      this.#format = readFormat(view);
      if (this.#format === undefined) this.#problem = 'no-pcap';
    } else this.#begin(view.getUint32(8, this.#format.byteOrder === 'little'), this.#format);
    return taken;
  }

  #begin(captured: number, { snaplen }: PcapFormat): void {
    if (captured > Math.max(snaplen, mostCaptured)) this.#problem = 'packet-too-long';
    else if (captured === 0) this.#packets += 1;
    else this.#left = captured;
  }
}

function readFormat(view: DataView): PcapFormat | undefined {
  for (const byteOrder of ['little', 'big'] as const) {
    const little = byteOrder === 'little';
    const magic = view.getUint32(0, little);
    if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) continue;
    return {
      byteOrder,
      fraction: magic === 0xa1b2c3d4 ? 'microseconds' : 'nanoseconds',
      snaplen: view.getUint32(16, little),
      linkType: view.getUint32(20, little) & 0xffff,
    };
  }
  return undefined;
}
