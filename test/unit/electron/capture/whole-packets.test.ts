import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WholePackets } from '../../../../electron/capture/whole-packets.ts';
import { packetsOf, pcapFile } from '../../../helpers/pcap.ts';

const token = 'a1'.repeat(16);
const begin = Buffer.from(`${token}\n`);

function passedOn(
  chunks: readonly Uint8Array[],
  limits = {},
): { readonly file: Buffer; readonly packets: WholePackets } {
  const packets = new WholePackets(token, limits);
  return { file: Buffer.concat(chunks.map((chunk) => packets.add(chunk))), packets };
}

describe('what is passed on', () => {
  it('is a whole file behind each piece, wherever chunks end, and begins behind the line of the script', () => {
    const content = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 8 });
    fc.assert(
      fc.property(content, fc.string(), fc.array(fc.integer({ min: 1, max: 60 })), (packets, before, lengths) => {
        const all = Buffer.concat([Buffer.from(before), begin, pcapFile(packets)]);
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < all.length; i += 1) {
          const length = lengths[i] ?? all.length;
          chunks.push(all.subarray(at, at + length));
          at += length;
        }
        const whole = new WholePackets(token, {});
        let file = Buffer.alloc(0);
        for (const chunk of chunks) {
          file = Buffer.concat([file, whole.add(chunk)]);
          if (file.length > 0) expect(packetsOf(file)).toHaveLength(whole.packets);
          expect(whole.bytes).toBe(file.length);
        }
        expect(file).toEqual(pcapFile(packets));
      }),
    );
  });

  it('has no packet that is not whole', () => {
    const file = pcapFile([Buffer.from('first'), Buffer.from('second')]);
    const { file: kept, packets } = passedOn([begin, file.subarray(0, file.length - 1)]);
    expect(kept).toEqual(pcapFile([Buffer.from('first')]));
    expect(packets).toMatchObject({ packets: 1, enough: false, problem: undefined });
  });

  it('ends before the packet that is too much', () => {
    const file = pcapFile([Buffer.alloc(100), Buffer.alloc(100), Buffer.alloc(100)]);
    const { file: kept, packets } = passedOn([begin, file], { bytes: 300 });
    expect(packetsOf(kept)).toHaveLength(2);
    expect(packets).toMatchObject({ packets: 2, bytes: 256, enough: true });
  });

  it('is the file’s header at least', () => {
    const { file: kept, packets } = passedOn([begin, pcapFile([Buffer.alloc(9)])], { bytes: 1 });
    expect(packetsOf(kept)).toEqual([]);
    expect(packets).toMatchObject({ packets: 0, bytes: 24, enough: true });
  });

  it('nothing, when it is no capture', () => {
    const { file: kept, packets } = passedOn([begin, Buffer.from('tcpdump: this is not what it was told to write')]);
    expect(kept).toHaveLength(0);
    expect(packets.problem).toBe('no-pcap');
  });
});
