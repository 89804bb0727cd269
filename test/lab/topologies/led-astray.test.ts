// Ways into a network namespace that lead elsewhere: a mount that another covers, a process that goes to and fro.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import { namespaceId } from '../../../shared/model/id.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost, withBareHost } from './bare-host.ts';
import { collectFrom } from './collect-from.ts';

/** setns(2) by its number: perl has no other way. */
const setnsCall = process.arch === 'arm64' ? 268 : 308;

/** Names of the links in each network namespace that has any but `lo`, by the name the script gave it. */
function linksByName(model: Model, numbers: ReadonlyMap<string, number>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...numbers].map(([name, inode]) => {
      const links = model.links.filter(({ netns }) => netns === namespaceId('net', inode));
      return [name, links.map((link) => link.name).sort()];
    }),
  );
}

/** Lines `NAME INODE`. */
const numbersOf = (said: string): ReadonlyMap<string, number> =>
  new Map(
    said
      .trim()
      .split('\n')
      .map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])] as const),
  );

/** Makes network namespaces that have a bridge of their own name, and says their numbers. */
const make = `
  make() {
    for name; do
      ip netns add "$name"
      ip -n "$name" link add "in-$name" type bridge
      echo "$name $(stat -L -c %i "/run/netns/$name")"
    done
  }`;

/** Makes `here` and `there`, and a process that is in the one and the other by turns. */
const toAndFro = `
  make here there
  perl -e 'open(my $here, "<", "/run/netns/here"); open(my $there, "<", "/run/netns/there");
    for (;;) { for ($here, $there) { syscall(${setnsCall}, fileno($_), 0) == 0 or die; select(undef, undef, undef, 0.011) } }' \\
    </dev/null >/dev/null 2>&1 &
  until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/1/ns/net)" ]; do sleep 0.01; done`;

/** As on a host with many: the collector does not stand in each. */
const ofMany = collectorScript.replace(/^few_networks=64$/m, 'few_networks=1');

describe.each([
  ['few', collectorScript],
  ['many', ofMany],
])('on a host with %s network namespaces', (_, script) => {
  test('a mount that another covers is not entered for it; by another way it is', async () => {
    await withBareHost(async (host) => {
      const numbers = numbersOf(
        await host.script(`${make}
          make under other hidden twice
          mount --bind /run/netns/other /run/netns/under
          # The same namespace is mounted elsewhere, where nothing covers it (private: the cover would come after it).
          : >/run/elsewhere && mount --bind /run/netns/twice /run/elsewhere && mount --make-private /run/elsewhere
          mount --bind /run/netns/other /run/netns/twice
          mkdir -p /run/inner && : >/run/inner/hidden && mount --bind /run/netns/hidden /run/inner/hidden
          umount /run/netns/hidden
          mount -t tmpfs tmpfs /run/inner`),
      );
      const { model } = await collectFrom(host, 'root', script);
      expect(linksByName(model, numbers)).toEqual({
        under: [],
        other: ['in-other', 'lo'],
        hidden: [],
        twice: ['in-twice', 'lo'],
      });
      const [finding, ...more] = model.findings.filter(({ rule }) => rule === 'gaps.netns-not-entered');
      expect(more).toEqual([]);
      expect(finding?.subjects.toSorted()).toEqual(
        ['under', 'hidden'].map((name) => namespaceId('net', numbers.get(name) ?? 0)).toSorted(),
      );
      expect(finding?.message).toContain('are kept only by mounts that another mount covers');
      const under = model.namespaces.find(({ inode }) => inode === numbers.get('under'));
      expect(under?.keptBy).toMatchObject([{ by: 'mount', path: '/run/netns/under', covered: true }]);
      expect(under?.keptBy[0]).not.toHaveProperty('reachableAs');
    });
  });

  test('a process that goes to and fro between two leaves each its own links', async () => {
    await withBareHost(async (host) => {
      const numbers = numbersOf(await host.script(`${make}${toAndFro}`));
      for (let run = 0; run < 6; run++) {
        const { model } = await collectFrom(host, 'root', script);
        const found = linksByName(model, numbers);
        // By the mounts both can always be entered.
        expect(found).toEqual({ here: ['in-here', 'lo'], there: ['in-there', 'lo'] });
      }
    });
  });

  test('one that goes to and fro as fast as it can does not pass the links of one off as those of the other', async () => {
    await withBareHost(async (host) => {
      const numbers = numbersOf(
        await host.script(`${make}
          make here there
          perl -e 'sub enter { syscall(${setnsCall}, fileno($_[0]), 0) == 0 or die }
            my @own = map { open(my $mount, "<", "/run/netns/$_"); enter($mount); open(my $own, "<", "/proc/self/ns/net"); $own } "here", "there";
            for (;;) { enter($_) for @own }' \
            </dev/null >/dev/null 2>&1 &
          until [ "$(ls -l /proc/$!/fd | grep -c 'net:')" = 2 ]; do sleep 0.01; done
          umount --lazy /run/netns/here /run/netns/there`),
      );
      for (let run = 0; run < 6; run++) {
        const { model } = await collectFrom(host, 'root', script);
        // Its open descriptors stay where they are.
        expect(linksByName(model, numbers)).toEqual({ here: ['in-here', 'lo'], there: ['in-there', 'lo'] });
      }
    });
  });
});

test('a process that spoke for a network namespace and is in another one since is told', async () => {
  await withBareHost(async (host) => {
    await host.script(`${make}${toAndFro}`);
    // Every second time it is back where it was.
    for (let run = 0; run < 40; run++) {
      const { model } = await collectFrom(host, 'root');
      const moved = model.findings.find(({ rule }) => rule === 'processes.moved');
      if (!moved) continue;
      expect(moved).toMatchObject({ kind: 'gone', evidence: [{ section: 'moved' }] });
      return;
    }
    throw new Error('not once in 40 times');
  });
});

describe('a process in a chroot', () => {
  let host: BareHost;
  let numbers: ReadonlyMap<string, number>;
  beforeAll(async () => {
    host = await startBareHost();
    numbers = numbersOf(
      await host.script(`
        unshare --mount bash -eu -c '
          mount -t tmpfs tmpfs /mnt
          mkdir -p /mnt/jail/usr
          mount --rbind /usr /mnt/jail/usr
          for link in bin lib lib64; do [ ! -e /usr/$link ] || ln -s usr/$link /mnt/jail/$link; done
          : >/mnt/bound
          unshare --net=/mnt/bound true
          echo "bound $(stat -L -c %i /mnt/bound)"
          chroot /mnt/jail /usr/bin/sleep 1000 </dev/null >/dev/null 2>&1 &
          echo "jailed $!"
          until [ "$(readlink /proc/$!/root)" = /mnt/jail ]; do sleep 0.01; done
          sleep 1000 </dev/null >/dev/null 2>&1 &
          until [ "$(readlink /proc/$!/exe)" = /usr/bin/sleep ]; do sleep 0.01; done
          kill -KILL $$' || true`),
    );
  });
  afterAll(() => host.stop());

  test('does not hide what is mounted outside it', async () => {
    const { model } = await collectFrom(host, 'root');
    const bound = model.namespaces.find(({ inode }) => inode === numbers.get('bound'));
    expect(bound?.keptBy).toMatchObject([{ by: 'mount', path: '/mnt/bound' }]);
    expect(linksByName(model, numbers)['bound']).toEqual(['lo']);
  });

  test('is said to be in one', async () => {
    const { model } = await collectFrom(host, 'root');
    const jailed = model.processes.filter(({ rootDirectory }) => rootDirectory);
    expect(jailed).toMatchObject([{ pid: numbers.get('jailed'), rootDirectory: { path: '/mnt/jail' } }]);
  });
});
