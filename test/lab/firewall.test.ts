// The firewall's rules on real kernels: what may be seen of them as whom, and where they send a published port.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorScript } from '../../electron/collect/collector-script.ts';
import { explain } from '../../shared/explain/explain.ts';
import type { Forward } from '../../shared/model/forward.ts';
import { namespaceId } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { tracePath } from '../../shared/trace/trace.ts';
import type { LabHost } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';
import { runOrThrow } from './run-command.ts';
import { sshArguments } from './ssh-command.ts';
import type { BareHost, Person } from './topologies/bare-host.ts';
import { withBareHost } from './topologies/bare-host.ts';
import { collectFrom } from './topologies/collect-from.ts';

const netOf = (inode: number) => namespaceId('net', inode);
const rulesOf = (model: Model) => model.findings.filter(({ rule }) => rule.startsWith('firewall.'));

describe('nginx on 127.0.0.1:8080 of the reference host', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await startReferenceHost({ sudo: 'nopasswd' });
  });
  afterAll(async () => {
    await host.stop();
  });

  async function collectBy(command: string): Promise<Model> {
    const output = await runOrThrow('ssh', sshArguments(host, [command]), { input: collectorScript });
    return deriveModel(Buffer.from(output)).model;
  }

  /** `CHAIN handle` of the rules with these words, as nft prints them there. */
  async function printed(...words: readonly string[]): Promise<readonly (readonly [string, number])[]> {
    const { childPid, stateDir } = host.truth.rootlesskit;
    const list = `nsenter -t ${childPid} -U --preserve-credentials nsenter --net=/proc/${childPid}/root${stateDir}/netns /usr/sbin/nft -a list ruleset`;
    const lines = (await runOrThrow('ssh', sshArguments(host, [list]))).split('\n');
    return words.map((word) => {
      const at = lines.findIndex((line) => line.includes(word));
      const chain = lines.slice(0, at).findLast((line) => /^\tchain /.test(line)) ?? '';
      return [chain.split(' ')[1] ?? '', Number(/# handle (\d+)$/.exec(lines[at] ?? '')?.[1])];
    });
  }

  async function expectWay(model: Model): Promise<Forward> {
    const [nginx] = host.containers;
    const { truth } = host;
    expect(model.forwards).toHaveLength(1);
    const [forward] = model.forwards;
    if (!forward || !nginx) throw new Error('there is no forward');
    expect(forward).toMatchObject({
      by: 'rootlesskit',
      listen: { address: '127.0.0.1', port: 8080, netns: netOf(truth.namespaces.net) },
      target: { address: nginx.ip, port: 80, netns: netOf(nginx.namespaces.net) },
      container: `container:${nginx.id}`,
      certainty: 'certain',
      rule: 'forward.rootlesskit-api-dnat',
    });
    expect(forward.steps?.map(({ by, netns, certainty }) => [by, netns, certainty])).toEqual([
      ['rootlesskit', netOf(truth.namespaces.net), 'certain'],
      ['nftables', netOf(truth.rootlesskit.netns), 'certain'],
    ]);
    const [hooked, ported, rewritten] = await printed(
      'jump CNI-HOSTPORT-DNAT',
      'jump CNI-DN-',
      `dnat to ${nginx.ip}:80`,
    );
    const rules = forward.steps?.[1]?.rules?.map(({ chain, handle }) => [chain, handle]) ?? [];
    // Both hooks have such a rule; RootlessKit connects from inside.
    expect(rules[0]?.[0]).toBe('OUTPUT');
    expect(hooked?.[0]).toBe('PREROUTING');
    expect(rules.slice(1)).toEqual([ported, rewritten]);
    expect(model.findings.map(({ rule }) => rule)).not.toContain('forward.nobody-listens');
    return forward;
  }

  test('its owner sees the rules in RootlessKit’s network namespace, not the host’s, and is told so', async () => {
    const model = await collectBy('sh -s');
    const forward = await expectWay(model);
    expect(rulesOf(model)).toMatchObject([
      { rule: 'firewall.not-read', kind: 'not-permitted', subjects: [netOf(host.truth.namespaces.net)] },
    ]);
    const [nginx] = host.containers;
    const server = explain(model, forward.id)
      ?.groups.flatMap(({ facts }) => facts)
      .find(({ label }) => label === 'Answered by');
    expect(server?.value).toBe(`nginx[${nginx?.pid}]`);
    const leaves = explain(model, netOf(host.truth.rootlesskit.netns))
      ?.groups.flatMap(({ facts }) => facts)
      .filter(({ label }) => label === 'Leaves as');
    expect(leaves?.map(({ value }) => value)).toContain(
      `${nginx?.ip} with ip daddr != 224.0.0.0/4 as the address of the interface it leaves by`,
    );
  });

  test('root sees all of them', async () => {
    const model = await collectBy('sudo -n sh -s');
    await expectWay(model);
    expect(rulesOf(model)).toEqual([]);
    expect(model.firewalls.map(({ netns }) => netns)).toContain(netOf(host.truth.namespaces.net));
  });
});

/** A router with one rule, and a network namespace behind it where somebody listens. */
async function startServer(host: BareHost): Promise<void> {
  await host.script(`
    ip link set lo up
    ip netns add inside
    ip link add outer type veth peer name eth0 netns inside
    ip addr add 10.7.0.1/24 dev outer; ip link set outer up
    ip -n inside addr add 10.7.0.2/24 dev eth0; ip -n inside link set eth0 up; ip -n inside link set lo up
    ip netns exec inside perl -MIO::Socket::INET -e '
      my $s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 80, Listen => 1) or die; sleep' \\
      </dev/null >/dev/null 2>&1 &
    for try in $(seq 100); do ip netns exec inside ss -ltn | grep -q ':80 ' && break; sleep 0.02; done
    ip netns exec inside ss -ltn | grep -q ':80 '`);
}

const seen = ({ forwards }: Model) =>
  forwards.map(({ by, listen, target, certainty, targetSocket }) => [
    by,
    `${listen.address}:${listen.port}`,
    `${target.address}:${target.port}`,
    certainty,
    targetSocket !== undefined,
  ]);

describe('a port that somebody forwards by hand', () => {
  const as = async (host: BareHost, person: Person) => (await collectFrom(host, person)).model;

  test('with nft: to who listens; a port nobody listens on; hidden from others', async () => {
    await withBareHost(async (host) => {
      await startServer(host);
      await host.script(`
        nft add table inet mine
        nft add chain inet mine pre '{ type nat hook prerouting priority dstnat; }'
        nft add rule inet mine pre iifname != "outer" tcp dport 8080 dnat ip to 10.7.0.2:80
        nft add rule inet mine pre tcp dport 8081 ct state new dnat ip to 10.7.0.2:81`);
      const model = await as(host, 'root');
      expect(seen(model)).toEqual([
        ['nftables', '0.0.0.0:8080', '10.7.0.2:80', 'certain', true],
        ['nftables', '0.0.0.0:8081', '10.7.0.2:81', 'inferred', false],
      ]);
      const bob = await as(host, 'bob');
      expect(bob.forwards).toEqual([]);
      expect(rulesOf(bob)).toMatchObject([{ rule: 'firewall.not-read', kind: 'not-permitted' }]);
    });
  });

  test('in the old tables, which no question makes', async () => {
    await withBareHost(async (host) => {
      await startServer(host);
      const tables = () =>
        host.script('cat /proc/net/ip_tables_names; ip netns exec inside cat /proc/net/ip_tables_names');
      expect(await tables()).toBe('');
      expect(seen(await as(host, 'root'))).toEqual([]);
      expect(await tables()).toBe('');
      await host.script(
        'iptables-legacy -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.7.0.2:80',
      );
      expect(seen(await as(host, 'root'))).toEqual([['iptables', '0.0.0.0:8080', '10.7.0.2:80', 'certain', true]]);
      expect(await tables()).toBe('nat\n');
      // iptables takes a lock in a file; to list takes none.
      await host.script('rm /run/xtables.lock');
      await as(host, 'root');
      expect(await host.script('ls /run/xtables.lock 2>/dev/null || echo none')).toBe('none\n');
    });
  });

  test('without the tool that lists them, tables are not taken for none', async () => {
    await withBareHost(async (host) => {
      await startServer(host);
      await host.script(`
        nft add table inet mine
        nft add chain inet mine in '{ type filter hook input priority filter; }'
        nft add rule inet mine in tcp dport 8080 drop
        iptables-nft -A INPUT -p tcp --dport 8081 -j DROP
        ip netns exec inside iptables-legacy -A INPUT -p tcp --dport 8082 -j DROP
        rm "$(command -v nft)" "$(command -v iptables-legacy-save)"`);
      const model = await as(host, 'root');
      const own = model.host.initialNamespaces.net?.id;
      const inside = model.namespaces.find(({ name }) => name === 'netns inside')?.id;
      const about = (rule: string) => model.findings.find((one) => one.rule === rule);
      expect(about('firewall.no-nft')?.kind).toBe('not-supported');
      expect(new Set(about('firewall.no-nft')?.subjects)).toEqual(new Set([own, inside]));
      // Only where there are old tables it is missing.
      expect(about('firewall.not-read')).toMatchObject({ kind: 'not-supported', subjects: [inside] });
      expect(new Set(model.firewalls.map(({ netns }) => netns))).toEqual(new Set([own, inside]));
      expect(model.firewalls.every(({ by, incomplete }) => by !== 'nft' && incomplete)).toBe(true);
      const trace = tracePath(model, {
        from: { kind: 'netns', netns: inside ?? 'net:[0]' },
        to: { kind: 'address', address: '10.7.0.1' },
        protocol: 'tcp',
        port: 8080,
      });
      const [path] = 'problem' in trace ? [] : trace.paths;
      expect(path?.certainty).toBe('inferred');
      expect(path?.hops.flatMap(({ doubts }) => doubts.map(({ code }) => code))).toContain('firewall-in-part');
    });
  });
});
