import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PcapCounter } from '../../../../shared/capture/pcap-counter.ts';
import { pcapFile } from '../../../helpers/pcap.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

function counted(...chunks: readonly Uint8Array[]): PcapCounter {
  const counter = new PcapCounter();
  for (const chunk of chunks) counter.add(chunk);
  return counter;
}

const state = ({ format, problem, packets, bytes: all, wholeBytes, truncated }: PcapCounter) => ({
  format,
  problem,
  packets,
  bytes: all,
  wholeBytes,
  truncated,
});

const shape = fc.record({
  little: fc.boolean(),
  nano: fc.boolean(),
  snaplen: fc.constantFrom(0, 96, 65_535, 262_144),
  linkType: fc.constantFrom(1, 113, 276),
});
const packets = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });

function cutAt(file: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (file.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => file.subarray(from, places[i] ?? file.length));
}

describe('a whole file', () => {
  it.each([
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ])('little-endian %s, nanoseconds %s', (little, nano) => {
    const file = pcapFile([bytes(60), bytes(0), bytes(1)], { little, nano, snaplen: 96, linkType: 276 });
    expect(state(counted(file))).toEqual({
      format: {
        byteOrder: little ? 'little' : 'big',
        fraction: nano ? 'nanoseconds' : 'microseconds',
        snaplen: 96,
        linkType: 276,
      },
      problem: undefined,
      packets: 3,
      bytes: file.length,
      wholeBytes: file.length,
      truncated: false,
    });
  });

  it('says nothing of the bits beside the link type (length of the frame check sequence)', () => {
    const file = pcapFile([], { little: true, nano: false, snaplen: 96, linkType: 0x5400_0001 });
    expect(counted(file).format?.linkType).toBe(1);
  });

  it('without a packet is one', () => {
    expect(state(counted(pcapFile([])))).toMatchObject({ packets: 0, wholeBytes: 24, truncated: false });
  });

  it('is counted the same however it arrives', () => {
    fc.assert(
      fc.property(shape, packets, fc.array(fc.nat()), (form, content, cuts) => {
        const file = pcapFile(content, form);
        expect(state(counted(...cutAt(file, cuts)))).toEqual(state(counted(file)));
        expect(counted(file).packets).toBe(content.length);
      }),
    );
  });
});

describe('a file that is cut', () => {
  it('has the packets before the cut, wherever that is', () => {
    fc.assert(
      fc.property(shape, packets, fc.nat(), fc.array(fc.nat()), (form, content, place, cuts) => {
        const file = pcapFile(content, form);
        const cut = file.subarray(0, place % (file.length + 1));
        const counter = counted(...cutAt(cut, cuts));
        let [whole, ended] = [0, cut.length < 24 ? 0 : 24];
        for (const packet of content) {
          if (ended === 0 || ended + 16 + packet.length > cut.length) break;
          ended += 16 + packet.length;
          whole += 1;
        }
        expect(state(counter)).toMatchObject({ packets: whole, bytes: cut.length, wholeBytes: ended });
        expect(counter.truncated).toBe(cut.length > ended);
        expect(counter.problem).toBeUndefined();
      }),
    );
  });
});

describe('what is no capture', () => {
  it('is told as soon as a header would be whole', () => {
    const counter = counted(Buffer.from('Welcome to this host!'));
    expect(counter.problem).toBeUndefined();
    counter.add(Buffer.from('\nLast login: today'));
    expect(state(counter)).toMatchObject({
      problem: 'no-pcap',
      packets: 0,
      bytes: 39,
      wholeBytes: 0,
      truncated: false,
    });
  });

  it('pcapng is none', () => {
    expect(counted(Buffer.from('0a0d0d0a', 'hex'), bytes(40)).problem).toBe('no-pcap');
  });

  it('a packet longer than any can be ends the count, and what was before stays', () => {
    const before = pcapFile([bytes(3)]);
    const file = Buffer.concat([before, Buffer.from('00000000000000000100040001000400', 'hex'), bytes(100)]);
    expect(state(counted(file))).toMatchObject({
      problem: 'packet-too-long',
      packets: 1,
      bytes: file.length,
      wholeBytes: before.length,
    });
  });

  it('arbitrary bytes: never throws, counts every byte, and no more whole than came', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), fc.boolean(), (chunks, headed) => {
        const all = headed ? [pcapFile([]), ...chunks] : chunks;
        const counter = counted(...all);
        expect(counter.bytes).toBe(all.reduce((sum, chunk) => sum + chunk.length, 0));
        expect(counter.wholeBytes).toBeLessThanOrEqual(counter.bytes);
      }),
    );
  });
});

describe('enough', () => {
  it('ends behind a packet, wherever chunks end', () => {
    fc.assert(
      fc.property(packets, fc.nat(12), fc.array(fc.nat()), (content, most, cuts) => {
        const file = pcapFile(content);
        const counter = new PcapCounter();
        const kept: Uint8Array[] = [];
        let enough = false;
        for (const chunk of cutAt(file, cuts)) {
          const taken = counter.add(chunk, (so) => (enough = so.packets >= most));
          kept.push(chunk.subarray(0, taken));
          if (enough) break;
        }
        expect(Buffer.concat(kept)).toEqual(pcapFile(content.slice(0, most)));
        expect(enough).toBe(content.length >= most);
      }),
    );
  });
});
