// Engines add to containers that were recognised without them, and make none.
import { describe, expect, it } from 'vitest';
import type { Entities } from '../../../../shared/model/entities.ts';
import { parseNftRuleset } from '../../../../shared/parse/firewall/nft-ruleset.ts';
import { aProcess, aSocket, at, net } from '../../../helpers/entities.ts';
import { aFrame } from '../../../helpers/frames.ts';
import { answer, hostNet, id, init, own, place, resolved, said, shim } from '../../../helpers/engine-answers.ts';

const other = '3f1c9a0b7e44d26583bc10f97ae5d4623c8e7f01b95a6dd2407f18e3c6a9b05d';
const port = {
  protocol: 'tcp' as const,
  hostIp: '127.0.0.1',
  hostPort: 8080,
  containerPort: 80,
  evidence: [at('engine-containers')],
};

describe('what an engine says', () => {
  it('is added to the container of that id', () => {
    const { containers } = resolved({
      engineAnswers: [
        answer({
          containers: [
            said({
              name: 'web',
              image: 'nginx',
              imageId: 'sha256:1',
              labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' },
            }),
          ],
        }),
      ],
    });
    expect(containers).toMatchObject([
      {
        runtimeId: id,
        name: 'web',
        image: 'nginx',
        imageId: 'sha256:1',
        engine: 'docker',
        project: 'shop',
        service: 'web',
        toldBy: [{ engine: 'docker', question: 'GET /containers/json on /run/docker.sock' }],
      },
    ]);
    expect(containers[0]?.init).toBe(init.id);
    expect(containers[0]?.evidence).toContainEqual(at('engine-containers'));
  });

  it('makes no container: one that nobody saw running is a finding, one that has ended is nothing', () => {
    const model = resolved({
      engineAnswers: [answer({ containers: [said(), said({ runtimeId: other, name: 'ghost' })] })],
    });
    expect(model.containers.map((one) => one.runtimeId)).toEqual([id]);
    expect(model.findings).toMatchObject([
      { rule: 'engine.container-not-seen', kind: 'undiscovered', values: { names: 'ghost', count: 1 } },
    ]);
    const ended = resolved({
      engineAnswers: [
        answer({ containers: [said({ runtimeId: other, running: false })] }),
        answer({ question: '/containers.json', complete: false, containers: [said({ runtimeId: other })] }),
      ],
    });
    expect(ended.findings.filter((one) => one.rule.startsWith('engine.'))).toEqual([]);
  });

  it('an id is only the whole id', () => {
    const { containers } = resolved({
      engineAnswers: [answer({ containers: [said({ runtimeId: id.slice(0, 12), name: 'web' })] })],
    });
    expect(containers.map((one) => one.name)).toEqual([id.slice(0, 12)]);
  });

  it('Kubernetes’ own name for a container stays', () => {
    const labels = { 'io.kubernetes.pod.name': 'p', 'io.kubernetes.pod.namespace': 'n' };
    const { containers } = resolved({ engineAnswers: [answer({ containers: [said({ name: 'k8s_x', labels })] })] });
    expect(containers).toMatchObject([{ name: id.slice(0, 12) }]);
  });

  it('the order of answers does not matter: who runs it is believed before who keeps files', () => {
    const answers = [
      answer({ engine: 'cni', question: 'x', complete: false, containers: [said({ ports: [] })] }),
      answer({ containers: [said({ name: 'web', ports: [port, port] })] }),
    ];
    const [first] = resolved({ engineAnswers: answers }).containers;
    expect(resolved({ engineAnswers: [...answers].reverse() }).containers).toEqual([first]);
    expect(first?.ports).toEqual([port]);
  });
});

describe('published ports', () => {
  const publishing = (fields: Partial<Entities> = {}, ports = [port]) =>
    resolved({ engineAnswers: [answer({ containers: [said({ ports, networks: [place()] })] })], ...fields });

  it('are forwards by the engine’s word alone', () => {
    const { forwards, relations } = publishing();
    expect(forwards).toMatchObject([
      {
        by: 'docker',
        listen: { address: '127.0.0.1', port: 8080, netns: hostNet },
        target: { address: '172.17.0.2', port: 80, netns: own },
        container: `container:${id}`,
        certainty: 'inferred',
        rule: 'forward.engine-says',
      },
    ]);
    expect(forwards[0]?.socket).toBeUndefined();
    expect(relations.filter((one) => one.kind === 'listens-on')).toEqual([]);
    expect(publishing({}, [{ ...port, protocol: 'sctp' as never }]).forwards).toEqual([]);
  });

  it('the one that was seen to listen forwards; who only happens to listen there does not', () => {
    const pasta = aProcess(300, {
      comm: 'pasta',
      argv: ['/usr/bin/pasta', '--netns', '/x'],
      namespaces: { net: 4026531840 },
    });
    const socket = aSocket(hostNet, '127.0.0.1:8080');
    const held = publishing({ processes: [shim, init, pasta], sockets: [{ ...socket, processIds: [pasta.id] }] });
    expect(held.forwards).toMatchObject([{ by: 'pasta', forwarder: pasta.id, socket: socket.id }]);
    const listensOn = ({ relations }: typeof held) =>
      relations.filter(({ kind }) => kind === 'listens-on').map(({ certainty, rule }) => `${certainty} ${rule}`);
    expect(listensOn(held)).toEqual(['certain forward.socket-held-by-forwarder']);
    expect(listensOn(publishing({ sockets: [socket] }))).toEqual(['inferred forward.socket-same-address']);
    const stranger = publishing({ sockets: [{ ...socket, processIds: [init.id] }] });
    expect(stranger.forwards[0]?.socket).toBeUndefined();
    const elsewhere = aSocket(hostNet, '10.0.0.5:8080', { processIds: [pasta.id] });
    const beside = publishing({ processes: [shim, init, pasta], sockets: [elsewhere] });
    expect(beside.forwards.map(({ by, socket: on }) => [by, on])).toEqual([['docker', undefined]]);
  });

  it('on two addresses of the host are two, also where the proxy of one of them was seen', () => {
    const proxy = aProcess(400, {
      comm: 'docker-proxy',
      argv: '/usr/bin/docker-proxy -proto tcp -host-ip 127.0.0.1 -host-port 8080 -container-ip 172.17.0.2 -container-port 80',
      namespaces: { net: 4026531840 },
    });
    const ports = [port, { ...port, hostIp: '127.0.0.2', containerPort: 81 }];
    const { forwards } = publishing({ processes: [shim, init, proxy] }, ports);
    expect(forwards.map(({ by, listen, target }) => [by, listen.address, target.port])).toEqual([
      ['docker-proxy', '127.0.0.1', 80],
      ['docker', '127.0.0.2', 81],
    ]);
  });

  it('name the container of a forwarder that was seen, and are not told twice', () => {
    const proxy = (hostIp: string) =>
      aProcess(400, {
        comm: 'docker-proxy',
        argv: `/usr/bin/docker-proxy -proto tcp -host-ip ${hostIp} -host-port 8080 -container-ip 172.17.0.2 -container-port 80`,
        namespaces: {},
      });
    const { forwards, relations } = publishing({ processes: [shim, init, proxy('127.0.0.1')] });
    expect(forwards).toMatchObject([{ by: 'docker-proxy', container: `container:${id}` }]);
    expect(relations.filter((one) => one.kind === 'forwards-to')).toMatchObject([
      { to: `container:${id}`, rule: 'forward.engine-says', certainty: 'inferred' },
    ]);
    // Another address of the host is another port.
    const another = publishing({ processes: [shim, init, proxy('10.0.0.5')] });
    expect(another.forwards.map(({ by, listen, container }) => [by, listen.address, container])).toEqual([
      ['docker-proxy', '10.0.0.5', undefined],
      ['docker', '127.0.0.1', `container:${id}`],
    ]);
  });

  it('who answers in the container is looked for, and is nobody only where no socket takes it', () => {
    const listening = (where: string) =>
      publishing({ sockets: [aSocket(own, where, { processIds: [init.id] })], socketsSeenIn: [own] });
    const { forwards, relations, findings } = listening('0.0.0.0:80');
    expect(forwards).toMatchObject([{ rule: 'forward.engine-says', servers: [init.id] }]);
    expect(relations.filter(({ kind }) => kind === 'reaches')).toMatchObject([{ to: init.id }]);
    expect(findings.map(({ rule }) => rule)).not.toContain('forward.nobody-listens');
    expect(listening('0.0.0.0:81').findings.map(({ rule }) => rule)).toContain('forward.nobody-listens');
  });

  it('of a user-mode network the engine says no address: who listens at any of them answers, inferred', () => {
    const without = (where: string) =>
      resolved({
        engineAnswers: [answer({ containers: [said({ ports: [port] })] })],
        sockets: [aSocket(own, where, { processIds: [init.id] })],
        socketsSeenIn: [own],
      });
    for (const where of ['0.0.0.0:80', '172.17.0.2:80', '127.0.0.1:80']) {
      const { forwards, relations, findings } = without(where);
      expect(forwards, where).toMatchObject([{ target: { address: '*' }, servers: [init.id] }]);
      expect(relations.filter(({ kind }) => kind === 'reaches')).toMatchObject([{ certainty: 'inferred' }]);
      expect(findings.map(({ rule }) => rule)).not.toContain('forward.nobody-listens');
    }
  });

  it('a rule in another network namespace than the engine’s is another forward', () => {
    const frame = aFrame(
      'nft',
      `table ip t {
	chain c {
		type nat hook output priority dstnat; policy accept;
		ip daddr 127.0.0.1 tcp dport 8080 dnat to 172.17.0.2:80
	}
	chain p {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr 127.0.0.1 tcp dport 8080 dnat to 172.17.0.2:80
	}
}
`,
    );
    const { unparsable: _, ...ruleset } = parseNftRuleset(frame);
    const firewalls = [{ netns: hostNet, by: 'nft' as const, ...ruleset, evidence: [{ frame: 0, section: 'nft' }] }];
    const where = (engineIn: number) =>
      publishing({ firewalls, processes: [{ ...shim, namespaces: { ...shim.namespaces, net: net(engineIn) } }, init] })
        .forwards.map(({ by, listen }) => `${by} ${listen.netns}`)
        .toSorted();
    expect(where(4026531840)).toEqual([`nftables ${hostNet}`]);
    expect(where(4026533000)).toEqual([`docker ${net(4026533000)}`, `nftables ${hostNet}`]);
  });
});
