// What listens and who talks to whom, in words.
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import type { Socket } from '../../../../shared/model/socket.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { aSocket, at } from '../../../helpers/entities.ts';
import {
  hostNet,
  nginxId,
  nginxNet,
  redisId,
  redisNet,
  referenceEntities,
} from '../../../helpers/reference-entities.ts';

const holder = { nginx: 'process:126799', redis: 'process:126920' } as const;
const established = (netns: typeof nginxNet, local: string, address: string, port: number, fields: Partial<Socket>) =>
  aSocket(netns, local, { state: 'ESTABLISHED', remote: { address, port }, ...fields });

const toRedis = [40001, 40002].map((port) =>
  established(nginxNet, `10.4.0.9:${port}`, '10.4.0.10', 6379, { processIds: [holder.nginx] }),
);
const fromNginx = [40001, 40002].map((port) =>
  established(redisNet, '10.4.0.10:6379', '10.4.0.9', port, {
    id: `socket:served/${port}`,
    processIds: [holder.redis],
  }),
);
const outside = established(nginxNet, '10.4.0.9:50000', '192.0.2.1', 443, { processIds: [holder.nginx] });
const kernels = established(nginxNet, '10.4.0.9:50001', '192.0.2.1', 443, { inode: 0, state: 'TIME_WAIT' });
const model = resolveModel(
  referenceEntities({
    sockets: [
      aSocket(nginxNet, '0.0.0.0:80'),
      aSocket(nginxNet, '0.0.0.0:1', {
        id: 'socket:raw/9',
        protocol: 'raw',
        state: 'UNCONN',
        processIds: [holder.nginx],
      }),
      aSocket(redisNet, '0.0.0.0:6379', { processIds: [holder.redis] }),
      ...toRedis,
      ...fromNginx,
      outside,
      kernels,
    ],
    unixSockets: (['LISTEN', 'ESTAB', 'ESTAB'] as const).map((state, number) => ({
      id: `socket:unix/${number}`,
      netns: nginxNet,
      type: 'stream',
      state,
      name: '/run/php.sock',
      inode: number,
      processIds: [holder.nginx],
      evidence: [at('socket')],
    })),
    packetSockets: [
      {
        id: 'socket:packet/1',
        netns: hostNet,
        type: 'raw',
        etherType: '0003',
        link: `link:${hostNet}/2`,
        inode: 1,
        uid: 0,
        processIds: [],
        evidence: [at('socket')],
      },
    ],
  }),
);
const facts = (id: string): readonly string[] =>
  explain(model, id)?.groups.flatMap((group) =>
    group.facts.map(
      (fact) => `${group.title}: ${fact.label}: ${fact.value}${fact.certainty ? ` (${fact.certainty})` : ''}`,
    ),
  ) ?? [];
const about = (id: string, what: string) => facts(id).filter((line) => line.startsWith(what));

describe('sockets', () => {
  it('a process: what it listens on, and to whom it is connected, what is alike in one line', () => {
    expect(about(holder.nginx, 'Ports')).toEqual([
      'Ports: Listens on: 0.0.0.0 raw, IP protocol 1',
      'Ports: Listens on: /run/php.sock unix stream · 2 clients',
    ]);
    expect(about(holder.nginx, 'Connections')).toEqual([
      'Connections: Connected to: 10.4.0.10:6379 tcp · redis-server[126920] of redis-3f1c9 · 2 connections (certain)',
      'Connections: Connected to: 192.0.2.1:443 tcp',
    ]);
  });

  it('a container: who is connected to it, and at which of its ports', () => {
    expect(about(`container:${redisId}`, 'Connections')).toEqual([
      'Connections: Connected from: 10.4.0.9, at :6379 tcp · nginx[126799] of nginx-d8e2d · 2 connections (certain)',
    ]);
    expect(about(`container:${redisId}`, 'Ports')).toEqual(['Ports: Listens on: 0.0.0.0:6379 tcp']);
    const leads = explain(model, `container:${redisId}`)?.groups.find(({ title }) => title === 'Connections')?.facts[0];
    expect(leads).toMatchObject({ entity: `container:${nginxId}`, rule: 'connection.same-segment' });
  });

  it('a network namespace: whose each is, or that it was not seen', () => {
    expect(about(nginxNet, 'Ports: Listens on')).toEqual([
      'Ports: Listens on: 0.0.0.0:80 tcp · its process was not seen',
      'Ports: Listens on: 0.0.0.0 raw, IP protocol 1 · nginx[126799]',
      'Ports: Listens on: /run/php.sock unix stream · 2 clients · nginx[126799]',
    ]);
    expect(about(hostNet, 'Ports: Sees')).toEqual([
      'Ports: Sees packets of: ens5, every protocol · its process was not seen',
    ]);
  });

  it('a socket itself: its other end, its process, or why it has none', () => {
    expect(facts(toRedis[0]?.id ?? '')).toContain('Connections: Process: redis-server[126920] of redis-3f1c9');
    expect(about(kernels.id, 'Used by')).toEqual(['Used by: Process: none: only the kernel keeps it for a while']);
    expect(about('socket:packet/1', 'Used by')).toEqual(['Used by: Process: its process was not seen']);
    expect(explain(model, 'socket:unix/0')).toMatchObject({ what: 'unix socket', tryIt: 'ss -xap' });
  });

  it('as text: what containers listen on, and who talks to whom on this host', () => {
    const text = describeText(model);
    expect(text).toContain('  redis-3f1c9 · ');
    expect(text).toContain('    listens on: 0.0.0.0:6379 tcp\n');
    expect(text).toContain(
      [
        'Connections on this host',
        '  nginx[126799] of nginx-d8e2d → redis-server[126920] of redis-3f1c9  10.4.0.10:6379 tcp  2 connections\n',
      ].join('\n'),
    );
  });
});
