// Network namespaces that cannot be seen, and veth ends whose indexes meet by chance: two that are seen name each other's index,
// and the true peer of each is hidden. Nothing certain may come of that.
import { describe, expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import { startBareHost } from './bare-host.ts';
import type { BareHost } from './bare-host.ts';
import { asInitialHost, collectFrom } from './collect-from.ts';
import { lent, lendThreadedPerl } from './machine-program.ts';

const noLsns = 'mv /usr/bin/lsns /usr/bin/lsns.gone';

/** A has one end of a veth and B another; each names the index of the other, and their peers are in $h1 and $h2. */
const byChance = `
  ip netns add A
  ip netns add B`;

const veths = (h1: string, h2: string) => `
  ${h1} ip link add eth0 index 2 type veth peer name toh1 index 5 netns A
  ${h2} ip link add tob index 5 type veth peer name eth0 index 2 netns B`;

/** Mounted in mount namespaces that only a mount keeps: as snapd does (/run/snapd/ns). */
const inMountNamespaces = `
  mkdir -p /run/m
  mount -t tmpfs --make-private m /run/m
  # The kernel lets a mount namespace be mounted only where it is younger, by a number that each processor counts (6.18).
  keep() {
    : >/run/m/$1
    until
      rm -f /tmp/$1
      unshare --mount sh -c 'mount -t tmpfs n /mnt && : >/mnt/n && unshare --net=/mnt/n true && : >/tmp/'$1'
        exec sleep 1000' </dev/null >/dev/null 2>&1 &
      until [ -e /tmp/$1 ]; do sleep 0.01; done
      mount --bind /proc/$!/ns/mnt /run/m/$1 2>/dev/null
    do
      kill $!
    done
    kill $!
  }
  keep h1
  keep h2
  ${veths('nsenter --mount=/run/m/h1 nsenter --net=/mnt/n', 'nsenter --mount=/run/m/h2 nsenter --net=/mnt/n')}`;

/** Open files of COMMAND, which makes /tmp/ready; their links name mounts that are no more. */
const inOpenFiles = (command: string) => `
  ip netns add h1
  ip netns add h2
  ${veths('ip netns exec h1', 'ip netns exec h2')}
  PERL5LIB=${lent} ${command} 7</run/netns/h1 8</run/netns/h2 </dev/null >/dev/null 2>&1 &
  until [ -e /tmp/ready ]; do sleep 0.01; done
  ip netns del h1
  ip netns del h2`;

/** exit(2), which ends the thread that calls it alone. */
const exitCall = process.arch === 'arm64' ? 93 : 60;
const mainThreadEnds = (perl: readonly string[]): string =>
  `${perl.join(' ')} -Mthreads -e '$^F = 99; threads->create(sub {
    sleep 1; open(my $out, ">", "/tmp/ready"); close($out); sleep;
  }); syscall(${exitCall}, 0);'`;

async function onHost<T>(use: (host: BareHost) => Promise<T>): Promise<T> {
  const host = await startBareHost();
  try {
    return await use(host);
  } finally {
    await host.stop();
  }
}

const peers = (model: Model): readonly string[] => {
  const name = (id: string): string => {
    const link = model.links.find((one) => one.id === id);
    const netns = model.namespaces.find((one) => one.id === link?.netns);
    return link ? `${netns?.name}:${link.name}` : 'undiscovered';
  };
  return model.relations
    .filter(({ kind }) => kind === 'veth-peer')
    .map(({ from, to, certainty, rule }) => `${[name(from), name(to)].sort().join(' – ')} ${certainty} ${rule}`)
    .sort();
};

const onlyLikely = ['netns A:toh1 – netns B:eth0 inferred veth.reciprocal-among-seen'];
const manyMore = 'for i in $(seq 70); do ip netns add more$i; done';

describe('two ends that only seem to be a pair', () => {
  test.each([
    ['in mount namespaces that nobody is in, without lsns', noLsns, inMountNamespaces],
    ['in mount namespaces that nobody is in, among many', manyMore, inMountNamespaces],
    ['in open files, without lsns', noLsns, inOpenFiles("sh -c ': >/tmp/ready; exec sleep 1000'")],
  ])('%s', async (_, before, hidden) => {
    const model = await onHost(async (host) => {
      await host.script([before, byChance, hidden].join('\n'));
      return asInitialHost(await collectFrom(host, 'root'));
    });
    expect(peers(model)).toEqual(onlyLikely);
    const said = model.findings.find(({ rule }) => rule === 'veth.netns-ids-not-asked');
    expect(said).toMatchObject({ kind: before === noLsns ? 'not-supported' : 'too-large', values: { count: 2 } });
  });

  test('in open files of a process whose main thread has ended, without lsns', async () => {
    const model = await onHost(async (host) => {
      await host.script([noLsns, byChance, inOpenFiles(mainThreadEnds(await lendThreadedPerl(host)))].join('\n'));
      return asInitialHost(await collectFrom(host, 'root'));
    });
    expect(peers(model)).toEqual(onlyLikely);
  });

  test('with netns ids: not even likely', async () => {
    const model = await onHost(async (host) => {
      await host.script([byChance, inMountNamespaces].join('\n'));
      return asInitialHost(await collectFrom(host, 'root'));
    });
    const undiscovered = 'certain veth.peer-undiscovered';
    expect(peers(model)).toEqual([
      `netns A:toh1 – undiscovered ${undiscovered}`,
      `netns B:eth0 – undiscovered ${undiscovered}`,
    ]);
  });
});

// Each pair is a true one; only who asks for netns ids can say so.
test('many pairs that are only likely, and why', async () => {
  const model = await onHost(async (host) => {
    await host.script(`
      for i in $(seq 66); do
        ip netns add n$i
        ip link add v$i index $((100 + i)) type veth peer name eth0 index 2 netns n$i
      done`);
    return asInitialHost(await collectFrom(host, 'root'));
  });
  expect(new Set(peers(model).map((one) => one.replace(/^.* – .*? (?=[a-z]+ veth)/, '')))).toEqual(
    new Set(['inferred veth.reciprocal-among-seen']),
  );
  expect(model.findings.find(({ rule }) => rule === 'veth.netns-ids-not-asked')?.message).toBe(
    '132 ends of veth pairs are matched by their indexes alone, in 67 network namespaces that were not asked for netns ids: there are more than 64.',
  );
});

/** unshare(2) by its number: perl has no other way. */
const unshareCall = process.arch === 'arm64' ? 97 : 272;

test('where to look for a network namespace that only veth ends tell of', async () => {
  const model = await onHost(async (host) => {
    const perl = await lendThreadedPerl(host);
    await host.script(`
      ip netns add in-thread
      ip link add to-thread type veth peer name eth0 netns in-thread
      PERL5LIB=${lent} ${perl.join(' ')} -Mthreads -e 'threads->create(sub {
        syscall(${unshareCall}, 0x400) == 0 && open(my $file, "<", "/run/netns/in-thread") or die "$!";
        open(my $out, ">", "/tmp/open"); close($out);
        sleep;
      }); sleep' </dev/null >/dev/null 2>&1 &
      until [ -e /tmp/open ]; do sleep 0.01; done
      ip netns del in-thread
      ${byChance}
      ${inMountNamespaces}`);
    return asInitialHost(await collectFrom(host, 'root'));
  });
  const seen = model.namespaces.filter(({ kind }) => kind === 'net').length;
  // Ids are counted by who has them: those of A and B may mean the same.
  expect(model.completeness.counts.netns).toEqual({ known: seen, of: seen + 1 });
  const advice = model.findings.filter(({ rule }) => rule === 'veth.peer-not-seen').map((one) => one.advice);
  expect(advice).toHaveLength(3);
  expect(new Set(advice)).toEqual(
    new Set([
      'It may be outside this host, as for a host that is itself a container, or where nobody looked: mounted in a mount namespace that no process is in (/run/m/h1, /run/m/h2), or open in a thread that has a table of files of its own, or in a descriptor on its way through a socket.',
    ]),
  );
});
