// `ss -tulne` inside one network namespace.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBoundDevices } from '../../../../shared/parse/bound-devices.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';

const parse = (text: string) => parseBoundDevices(aFrame('ss', text));
const inShort = (text: string) =>
  parse(text).facts.map(({ protocol, port, device, v6Only }) => [protocol, port, device, v6Only]);

describe('devices of sockets', () => {
  it('reads bound and unbound, IPv4 and IPv6, and one whose device is gone', () => {
    const text = sourceText('ss/bound-and-gone-devices.txt');
    expect(parse(text).unparsable).toEqual([]);
    expect(inShort(text)).toEqual([
      ['udp', 67, 'v2', undefined],
      ['udp', 67, 'v1', undefined],
      ['udp', 99, 'if5', undefined],
      ['udp', 93, '', true],
      ['tcp', 80, '', undefined],
      ['tcp', 81, 'lo', undefined],
      ['tcp', 53, 'v1', true],
      ['tcp', 91, 'lo', true],
      ['tcp', 90, '', false],
      ['tcp', 92, 'v1', false],
      ['tcp', 94, '', false],
    ]);
    expect(parse(text).facts[0]).toMatchObject({ inode: expect.any(Number) as number, evidence: { line: 2 } });
  });

  it('reads what older versions print', () => {
    // iproute2 4.11: no control group, `*` for any address; 3.16: no v6only.
    expect(
      inShort(`Netid  State      Recv-Q Send-Q Local Address:Port               Peer Address:Port
udp    UNCONN     0      0         *%virbr0:67                    *:*                   uid:99 ino:17262 sk:2 <->
tcp    LISTEN     0      5      192.168.122.1:53                    *:*                   ino:17266 sk:4 <->
tcp    LISTEN     0      128      :::22                   :::*                   ino:15 sk:5 v6only:1 <->
tcp    LISTEN     0      128    fe80::1%virbr0:53                   :::*                   ino:16 sk:ffff8800 <->
tcp    LISTEN     0      128    ::ffff:127.0.0.1:8005                   :::*       timer:(keepalive,1min,0) uid:8 ino:17 sk:6`),
    ).toEqual([
      ['udp', 67, 'virbr0', undefined],
      ['tcp', 53, '', undefined],
      ['tcp', 22, '', true],
      ['tcp', 53, 'virbr0', undefined],
      ['tcp', 8005, '', undefined],
    ]);
  });

  it('believes no control group', () => {
    const line = (cgroup: string) => `tcp LISTEN 0 5 *:92 *:* ino:7 sk:1018 cgroup:/${cgroup} v6only:0 <->`;
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }).filter((name) => !name.includes('\n')),
        (name) => {
          for (const cgroup of [name, `${name} ino:9`, `${name} v6only:1 <->`]) {
            expect(parse(line(cgroup)).facts).toMatchObject([{ inode: 7, port: 92, device: '', v6Only: false }]);
          }
        },
      ),
    );
  });

  it('gives every line or says that it could not', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1 })), (lines) => {
        const text = lines.map((line) => `x${line}`).join('\n');
        const { facts, unparsable } = parse(text);
        expect(facts.length + unparsable.length).toBe(lines.length);
      }),
    );
  });
});
