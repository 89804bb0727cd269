// What tcpdump writes, as a file that may end at any time: behind each piece that is passed on, it ends with a packet.
import { PcapCounter } from '../../shared/capture/pcap-counter.ts';
import type { PcapProblem } from '../../shared/capture/pcap-counter.ts';

/** Of what a login shell may say first. */
const mostBefore = 1024 * 1024;

export interface FileLimits {
  readonly packets?: number;
  /** The file's header is written whatever its length. */
  readonly bytes?: number;
}

export class WholePackets {
  readonly #begin: Buffer;
  readonly #limits: FileLimits;
  readonly #counter = new PcapCounter();
  /** What came before the capture; undefined once that has begun. */
  #before: Buffer | undefined = Buffer.alloc(0);
  /** The beginning of a packet whose end has not come. */
  #part: Uint8Array[] = [];
  #packets = 0;
  #bytes = 0;
  #enough = false;

  /** `token`: the line of the script before the capture. */
  constructor(token: string, limits: FileLimits) {
    this.#begin = Buffer.from(`${token}\n`);
    this.#limits = limits;
  }

  /** Passed on. */
  get packets(): number {
    return this.#packets;
  }

  /** Passed on, the file's header included. */
  get bytes(): number {
    return this.#bytes;
  }

  get problem(): PcapProblem | undefined {
    return this.#counter.problem;
  }

  /** A limit is reached; what comes later is not taken. */
  get enough(): boolean {
    return this.#enough;
  }

  /** Takes the next bytes, returns those up to the end of the last whole packet; empty when there are none. */
  add(chunk: Uint8Array): Uint8Array {
    const bytes = this.#before === undefined ? chunk : this.#skipBefore(this.#before, chunk);
    if (this.#enough || this.problem !== undefined || bytes.length === 0) return nothing;
    const came = this.#counter.bytes;
    this.#counter.add(bytes, (so) => this.#take(so));
    const length = Math.max(0, this.#bytes - came);
    const whole = length === 0 ? nothing : Buffer.concat([...this.#part, bytes.subarray(0, length)]);
    if (length > 0) this.#part = [];
    if (length < bytes.length) this.#part.push(bytes.subarray(length));
    return whole;
  }

  #skipBefore(before: Buffer, chunk: Uint8Array): Uint8Array {
    const all = Buffer.concat([before, chunk]);
    const at = all.indexOf(this.#begin);
    this.#before = at === -1 ? all.subarray(-mostBefore) : undefined;
    return at === -1 ? nothing : all.subarray(at + this.#begin.length);
  }

  /** The file could end here. True: it does. */
  #take({ packets, wholeBytes }: PcapCounter): boolean {
    const { packets: mostPackets = Infinity, bytes: mostBytes = Infinity } = this.#limits;
    if (packets > 0 && wholeBytes > mostBytes) return (this.#enough = true);
    this.#packets = packets;
    this.#bytes = wholeBytes;
    return (this.#enough = packets >= mostPackets);
  }
}

const nothing = new Uint8Array(0);
