// Capture files, written and read the long way, so that what counts them while they arrive has something to agree with.

export interface PcapShape {
  readonly little: boolean;
  readonly nano: boolean;
  readonly snaplen: number;
  readonly linkType: number;
}

export const ethernet: PcapShape = { little: true, nano: false, snaplen: 262_144, linkType: 1 };

export function pcapFile(packets: readonly Uint8Array[], shape: PcapShape = ethernet): Buffer {
  const { little, nano, snaplen, linkType } = shape;
  const numbers = (...all: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(all.length * 4);
    all.forEach((number, i) => (little ? bytes.writeUInt32LE(number, i * 4) : bytes.writeUInt32BE(number, i * 4)));
    return bytes;
  };
  const version = Buffer.from(little ? [2, 0, 4, 0] : [0, 2, 0, 4]);
  return Buffer.concat([
    numbers(nano ? 0xa1b23c4d : 0xa1b2c3d4),
    version,
    numbers(0, 0, snaplen, linkType),
    ...packets.flatMap((packet, i) => [numbers(1_700_000_000 + i, 0, packet.length, packet.length), packet]),
  ]);
}

/** What was captured of each packet of a whole file in this machine's usual byte order. Throws when it is cut. */
export function packetsOf(file: Buffer): readonly Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 24; at < file.length;) {
    const end = at + 16 + file.readUInt32LE(at + 8);
    if (end > file.length) throw new Error(`cut at ${file.length} of ${end}`);
    packets.push(file.subarray(at + 16, end));
    at = end;
  }
  return packets;
}
