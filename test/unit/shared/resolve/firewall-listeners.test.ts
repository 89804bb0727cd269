// Who answers where the firewall sends it.
import { describe, expect, it } from 'vitest';
import type { Socket } from '../../../../shared/model/socket.ts';
import { aProcess, aSocket } from '../../../helpers/entities.ts';
import { host, inChain, withRules } from '../../../helpers/firewall-rules.ts';

describe('who answers behind a rule', () => {
  const answering = (...sockets: readonly Partial<Socket>[]) => {
    const processes = sockets.flatMap(({ processIds = [] }) =>
      processIds.map((id) => aProcess(Number(id.replace('process:', '')), { namespaces: { net: 1 } })),
    );
    const listening = sockets.map((fields, at) => aSocket(host, '0.0.0.0:81', { id: `socket:${at}`, ...fields }));
    const model = withRules(inChain('tcp dport 80 redirect to :81'), 'nft', { sockets: listening, processes });
    return {
      reaches: model.relations
        .filter(({ kind }) => kind === 'reaches')
        .map(({ to, certainty, rule }) => `${to} ${certainty} ${rule}`),
      targetSocket: model.forwards[0]?.targetSocket,
      servers: model.forwards[0]?.servers,
    };
  };
  const [one, two] = [{ processIds: ['process:5'] }, { processIds: ['process:6'] }] as const;

  it('is certain where its socket is bound to no device, and was told so', () => {
    expect(answering(one)).toEqual({
      reaches: ['process:5 certain forward.listener'],
      targetSocket: 'socket:0',
      servers: ['process:5'],
    });
    const untold = aSocket(host, '0.0.0.0:81');
    delete (untold as { device?: string }).device;
    const model = withRules(inChain('tcp dport 80 redirect to :81'), 'nft', {
      sockets: [{ ...untold, ...one }],
      processes: [aProcess(5, { namespaces: { net: 1 } })],
    });
    expect(model.relations.filter(({ kind }) => kind === 'reaches')).toMatchObject([
      { certainty: 'inferred', rule: 'forward.listener-any-device' },
    ]);
  });

  it('is not certain where it is bound to a device', () => {
    expect(answering({ ...one, device: 'eth0' }).reaches).toEqual(['process:5 certain forward.listener']);
    expect(answering({ ...one, device: 'eth7' }).reaches).toEqual([]);
  });

  it('is any of those that share the port', () => {
    expect(answering(one, two)).toEqual({
      reaches: ['process:5 ambiguous forward.several-listeners', 'process:6 ambiguous forward.several-listeners'],
      targetSocket: undefined,
      servers: ['process:5', 'process:6'],
    });
    // Two sockets of one process.
    expect(answering(one, one).reaches).toEqual(['process:5 certain forward.listener']);
  });
});
