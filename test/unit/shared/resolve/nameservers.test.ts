// Which process answers at a nameserver's address; and how names are told in words.
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import type { Entities } from '../../../../shared/model/entities.ts';
import type { NameResolution } from '../../../../shared/model/name-resolution.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { anAddress, aSocket, at } from '../../../helpers/entities.ts';
import { hostNet, nginxId, nginxNet, redisId, referenceEntities } from '../../../helpers/reference-entities.ts';

const nginxMount = 'mnt:[4026532275]' as const;
const slirp4netns = 'process:122373';

function names(addresses: readonly string[], fields: Partial<NameResolution> = {}): NameResolution {
  return {
    mountNamespace: nginxMount,
    readThrough: 'process:126799',
    nameservers: addresses.map((address, line) => ({ address, evidence: [at('name-file', line + 1)] })),
    search: [],
    options: [],
    upstream: [],
    hosts: [],
    files: [],
    evidence: [at('name-file', 1)],
    ...fields,
  };
}
const modelOf = (nameResolution: readonly NameResolution[], fields: Partial<Entities> = {}) =>
  resolveModel(referenceEntities({ nameResolution, ...fields }));
const answering = (...given: Parameters<typeof modelOf>) =>
  modelOf(...given)
    .relations.filter(({ kind }) => kind === 'resolved-by')
    .map(({ from, to, rule, certainty }) => [from, to, rule, certainty]);

describe('nameservers', () => {
  it('slirp4netns’ own address, in a container behind its tap', () => {
    expect(answering([names(['10.0.2.3', '1.1.1.1'])])).toEqual([
      [nginxMount, slirp4netns, 'nameserver.slirp4netns', 'inferred'],
    ]);
  });

  it('the third one of the network that slirp4netns was given, whatever its size', () => {
    const { links } = referenceEntities();
    const given = (address: string) =>
      links.map((link) => (link.name === 'tap0' ? { ...link, addresses: [anAddress(address)] } : link));
    const found = (address: string, tap: string) => answering([names([address])], { links: given(tap) }).length;
    expect(found('10.9.0.3', '10.9.8.100/16')).toBe(1);
    expect(found('10.9.8.3', '10.9.8.100/16')).toBe(0);
    expect(found('192.168.7.67', '192.168.7.100/26')).toBe(1);
    expect(found('10.0.2.3', '192.168.7.100/26')).toBe(0);
  });

  it('not another address, not from a network that nothing joins, not where it was told not to', () => {
    expect(answering([names(['10.0.2.2'])])).toEqual([]);
    const onHost = names(['10.0.2.3'], { mountNamespace: 'mnt:[4026531841]', readThrough: slirp4netns });
    expect(answering([onHost])).toEqual([]);
    const { processes } = referenceEntities();
    const silent = processes.map((one) =>
      one.id === slirp4netns ? { ...one, argv: [...one.argv, '--disable-dns'] } : one,
    );
    expect(answering([names(['10.0.2.3'])], { processes: silent })).toEqual([]);
  });

  it('who alone holds port 53 of a loopback address, in the network namespace of who asks', () => {
    const socket = (netns: typeof nginxNet, holders: readonly `process:${number}`[], listen = '127.0.0.53:53') =>
      aSocket(netns, listen, { protocol: 'udp', state: 'UNCONN', processIds: holders });
    const asked = [names(['127.0.0.53'])];
    const [nginx, redis] = ['process:126799', 'process:126920'] as const;
    const found = [[nginxMount, nginx, 'nameserver.loopback-socket', 'inferred']];
    expect(answering(asked, { sockets: [socket(nginxNet, [nginx])] })).toEqual(found);
    expect(answering(asked, { sockets: [socket(nginxNet, [nginx], '0.0.0.0:53')] })).toEqual(found);
    expect(answering(asked, { sockets: [socket(hostNet, [nginx])] })).toEqual([]);
    expect(answering(asked, { sockets: [socket(nginxNet, [nginx, redis])] })).toEqual([]);
    expect(answering(asked, { sockets: [socket(nginxNet, [nginx], '127.0.0.54:53')] })).toEqual([]);
  });

  it('each that answers somebody, where the processes of one mount namespace are in several network namespaces', () => {
    const [nginx, host] = ['process:126799', 'process:122373'] as const;
    const socket = (netns: typeof nginxNet, holder: typeof nginx | typeof host) =>
      aSocket(netns, '127.0.0.53:53', { protocol: 'udp', state: 'UNCONN', processIds: [holder] });
    const { processes, namespaces } = referenceEntities();
    // One more process of its mount namespace, on the host.
    const also = processes.find(({ id }) => id === host) ?? expect.fail();
    const joined = {
      processes: processes.map((one) =>
        one === also ? { ...one, namespaces: { ...one.namespaces, mnt: nginxMount } } : one,
      ),
      namespaces: namespaces.map((one) =>
        one.id === nginxMount ? { ...one, processIds: [...one.processIds, also.id] } : one,
      ),
    } as const;
    const asked = [names(['127.0.0.53'])];
    const both = { ...joined, sockets: [socket(nginxNet, nginx), socket(hostNet, host)] };
    const rule = 'nameserver.loopback-socket';
    expect(answering(asked, both)).toEqual([
      [nginxMount, host, rule, 'ambiguous'],
      [nginxMount, nginx, rule, 'ambiguous'],
    ]);
    expect(describeText(modelOf(asked, both))).toMatch(/names from: 127\.0\.0\.53 \(\S+ or \S+\)\n/);
    expect(answering(asked, { ...joined, sockets: [socket(nginxNet, nginx)] })).toEqual([
      [nginxMount, nginx, rule, 'ambiguous'],
    ]);
  });
});

describe('names in words', () => {
  const { namespaces } = referenceEntities();
  const model = modelOf(
    [
      names(['10.0.2.3', '1.1.1.1'], {
        search: ['example.net'],
        hosts: [{ address: '10.4.0.9', names: ['web', 'web.bridge'], evidence: [at('name-file', 3)] }],
        lookUp: ['files', 'dns'],
        files: [{ path: '/etc/hosts', mountedFrom: '/containers/d8e2/hosts', evidence: [at('mountinfo', 4)] }],
      }),
    ],
    {
      namespaces: namespaces.map((one) => (one.id === 'uts:[4026532276]' ? { ...one, hostname: 'd8e2d622b3d7' } : one)),
    },
  );
  const told = (id: string) =>
    explain(model, id)
      ?.groups.find(({ title }) => title === 'Names')
      ?.facts.map(({ label, value }) => `${label}: ${value}`);

  const lines = [
    'Nameserver: 10.0.2.3 · slirp4netns[122373]',
    'Nameserver: 1.1.1.1',
    'Search list: example.net',
    'Known as: 10.4.0.9 web web.bridge',
    'Looked up in: files dns',
    '/etc/hosts: mounted from /containers/d8e2/hosts',
  ];
  it('of a container, a process, a mount and a UTS namespace', () => {
    expect(told(`container:${nginxId}`)).toEqual(['Host name: d8e2d622b3d7', ...lines]);
    expect(told('process:126799')).toEqual(['Host name: d8e2d622b3d7', ...lines]);
    expect(told(nginxMount)).toEqual(lines);
    expect(told('uts:[4026532276]')).toEqual(['Host name: d8e2d622b3d7']);
    expect(told(`container:${redisId}`)).toBeUndefined();
  });

  it('as text', () => {
    expect(describeText(model)).toContain(
      '    host name: d8e2d622b3d7\n    names from: 10.0.2.3 (slirp4netns[122373]), 1.1.1.1 (search example.net)\n',
    );
  });
});
