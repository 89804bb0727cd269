// Two users who run rootless containers each: names and indexes are the same everywhere, so that only the kernel's ids tell
// whose is whose; and user namespaces within user namespaces.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namespaceId } from '../../../shared/model/id.ts';
import type { BareHost, Person } from './bare-host.ts';
import { startBareHost, withBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import { collectFrom } from './collect-from.ts';
import { deviations } from './deviations.ts';
import type { Truth } from './truth.ts';
import { truthOf } from './truth.ts';

const people = ['root', 'ec2-user', 'bob'] as const;
const users = ['ec2-user', 'bob'] as const;

async function startUsers(host: BareHost): Promise<Truth> {
  installScripts(host);
  const asUser = (user: string) => `setpriv --reuid ${user} --regid ${user} --init-groups env HOME=/home/${user}`;
  const answer = await host.script(`
    ip link set lo up
    for uid in 1000 1001; do install -d -m 700 -o $uid -g $uid /run/user/$uid; done
    ${asUser('ec2-user')} ${folder}/rootless-user.sh </dev/null >/tmp/ec2-user & first=$!
    ${asUser('bob')} ${folder}/rootless-user.sh </dev/null >/tmp/bob & second=$!
    wait $first && wait $second
    echo "netns host $(readlink /proc/1/ns/net | tr -dc 0-9)"
    cat /tmp/ec2-user /tmp/bob
    echo links host; ip -o link`);
  const child = (user: Person) => `${user}-child`;
  return truthOf(
    {
      netns: users.flatMap((owner) => ['child', '1', '2'].map((name) => ({ owner, name: `${owner}-${name}` }))),
      veths: users.flatMap((user) =>
        ['1', '2'].map(
          (number) =>
            [
              { netns: child(user), name: `veth${number}` },
              { netns: `${user}-${number}`, name: 'eth0' },
            ] as const,
        ),
      ),
      ports: users.flatMap((user) =>
        ['veth1', 'veth2'].map((name) => ({ netns: child(user), name, master: 'nerdctl0' })),
      ),
    },
    answer,
  );
}

describe('two rootless users with the same names and indexes', () => {
  let host: BareHost;
  let truth: Truth;
  beforeAll(async () => {
    host = await startBareHost();
    truth = await startUsers(host);
  });
  afterAll(() => host.stop());

  test.each(users)('as %s: the other’s RootlessKit is closed, not without an answer', async (person) => {
    const { model } = await collectFrom(host, person);
    const untold = model.findings.filter(({ rule }) => rule === 'rootlesskit.ports-not-told');
    expect(untold).toMatchObject([{ kind: 'not-permitted' }]);
    const [parent] = untold[0]?.subjects ?? [];
    expect(model.processes.find(({ id }) => id === parent)?.user).toBe(users.find((one) => one !== person));
  });

  test('as root: the owner of every namespace is known, where that of a user namespace is its parent', async () => {
    const { counts } = (await collectFrom(host, 'root')).model.completeness;
    expect(counts.owners.of).toBeGreaterThan(6);
    expect(counts.owners.known).toBe(counts.owners.of);
  });

  test.each(people)('as %s: every pair, port and tap is its own user’s', async (person) => {
    const { model } = await collectFrom(host, person);
    expect(deviations(model, truth, person)).toEqual([]);
  });

  test.each(users)(
    'as %s: the detached network namespace is a RootlessKit child, and only one’s own',
    async (person) => {
      const { model } = await collectFrom(host, person);
      const own = truth.netns.find((netns) => netns.name === `${person}-child`);
      const children = model.namespaces.filter((one) => one.kind === 'net' && one.role === 'rootlesskit-child');
      expect(children.map((one) => one.id)).toContain(own?.id);
      const others = truth.netns.filter((netns) => netns.owner !== person && netns.owner !== 'root');
      const theirs = new Set(others.map((netns) => netns.id));
      expect(model.links.filter((link) => theirs.has(link.netns))).toEqual([]);
    },
  );
});

test('user namespaces in user namespaces: owners, parents and the veths between them', async () => {
  const levels = [1, 2, 3];
  await withBareHost(async (host) => {
    installScripts(host);
    const answer = await host.script(`
      ip link set lo up
      echo "netns host $(readlink /proc/1/ns/net | tr -dc 0-9)"
      echo "user 0 $(readlink /proc/1/ns/user | tr -dc 0-9)"
      setpriv --reuid 1000 --regid 1000 --clear-groups ${folder}/nested-users.sh ${levels.length}
      echo links host; ip -o link`);
    const truth = truthOf(
      {
        netns: levels.map((level) => ({ name: `level${level}`, owner: 'ec2-user' })),
        veths: [1, 2].map((level) => [
          { netns: `level${level}`, name: 'inner' },
          { netns: `level${level + 1}`, name: 'outer' },
        ]),
        ports: [],
      },
      answer,
    );
    const userOf = (level: number) =>
      namespaceId('user', Number(new RegExp(`^user ${level} (\\d+)$`, 'm').exec(answer)?.[1]));
    for (const person of people) {
      const { model } = await collectFrom(host, person);
      expect(deviations(model, truth, person), person).toEqual([]);
      if (person === 'bob') continue;
      for (const level of levels) {
        const user = model.namespaces.find((one) => one.id === userOf(level));
        // Their processes are orphans: PID 1 adopted them, so that /proc does not tell whose children they were. lsns does.
        expect(user?.parent, `parent of level ${level} as ${person}`).toBe(userOf(level - 1));
        expect(user?.ownerUid, `creator of level ${level} as ${person}`).toBe(1000);
        const netns = truth.netns.find((one) => one.name === `level${level}`);
        expect(model.namespaces.find((one) => one.id === netns?.id)?.owner).toBe(userOf(level));
      }
    }
  });
});
