// A user who has root look for him: processes that call themselves what they are not and name what is not theirs. What root
// collects has nothing of it, and what is true of his neighbour stays true.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import { folder, installScripts } from './build.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';

const asUser = (user: string) => `setpriv --reuid ${user} --regid ${user} --init-groups env HOME=/home/${user}`;
const stateDir = '/run/user/1000/containerd-rootless';

async function startUsers(host: BareHost): Promise<void> {
  installScripts(host);
  await host.script(`
    ip link set lo up
    for uid in 1000 1001; do install -d -m 700 -o $uid -g $uid /run/user/$uid; done
    install -D -m 600 /dev/null /root/secret-1/plan-swordfish-1
    install -d /root/secret-2/his /root/secret-4/overlay-containers
    echo '{"swordfish-2":0}' >/root/secret-2/his/state.json
    echo '{"annotations":{"fish":"swordfish-2"}}' >/root/secret-2/his/config.json
    echo '{"swordfish-2":1}' >/root/secret-2/his/nerdctl-folder.conflist
    echo '{"annotations":{"fish":"swordfish-3"}}' >/etc/secret-3
    echo '[{"swordfish-4":0}]' >/root/secret-4/overlay-containers/containers.json
    chmod -R go= /root /etc/secret-3
    install -m 4755 "$(command -v perl)" /usr/local/bin/perl-as-root
    ${asUser('ec2-user')} ${folder}/rootless-user.sh </dev/null >/dev/null
    curl -s --fail --unix-socket ${stateDir}/api.sock -H 'Content-Type: application/json' \\
      -d '{"proto":"tcp","parentIP":"127.0.0.1","parentPort":8080,"childIP":"10.4.0.9","childPort":80}' \\
      http://rootlesskit/v1/ports
    ${asUser('bob')} ${folder}/hostile-user.sh </dev/null`);
}

describe('a hostile user', () => {
  let host: BareHost;
  let asRoot: Collected;
  beforeAll(async () => {
    host = await startBareHost();
    await startUsers(host);
    asRoot = await collectFrom(host, 'root');
  });
  afterAll(() => host.stop());

  test.each(['swordfish-1', 'swordfish-2', 'swordfish-3', 'swordfish-4'])(
    'has root bring nothing along that he may not read: %s',
    (secret) => {
      expect(asRoot.bytes.includes(secret)).toBe(false);
    },
  );

  test('does not have root run his program', async () => {
    expect(await host.script('ls /tmp')).not.toContain('ctr-was-run');
  });

  test('has no api.sock asked but his own, and of that only so much is read', () => {
    const asked = asRoot.transcript.frames.filter(({ section }) => section.startsWith('rootlesskit-'));
    const answers = asked.filter(({ output }) => output !== '');
    const directories = answers.map(({ key }) => key.split(' ')[2]);
    expect(new Set(directories)).toEqual(new Set([stateDir, '/run/user/1001/endless']));
    for (const { key, cut, output } of answers) {
      expect(output.length).toBeLessThanOrEqual(1048576);
      expect(cut, key).toBe(key.endsWith('endless') ? 'too-large' : undefined);
    }
  });

  test('is told of where he names what is not his', () => {
    const { model } = asRoot;
    const named = model.findings.filter(({ rule }) => rule === 'rootlesskit.not-its-own');
    expect(named.map(({ values }) => values['stateDir']).sort()).toEqual([
      '/home/bob/link',
      '/root/secret-1',
      stateDir,
    ]);
    for (const { subjects } of named)
      for (const id of subjects) expect(model.processes.find((one) => one.id === id)?.uid).toBe(1001);
  });

  test.each(['root', 'ec2-user'] as const)('as %s: a neighbour’s port has one forwarder, his own', async (person) => {
    const { model } = person === 'root' ? asRoot : await collectFrom(host, person);
    const forwards = model.forwards.filter(({ listen }) => listen.port === 8080);
    expect(forwards).toHaveLength(1);
    const forwarder = model.processes.find(({ id }) => id === forwards[0]?.forwarder);
    expect([forwarder?.uid, forwarder?.roles]).toEqual([1000, ['rootlesskit-parent']]);
  });

  test('two of one user that name one directory: who listens on its api.sock has it', async () => {
    await host.script(`
      cp "$(command -v perl)" /tmp/rootlesskit
      ${asUser('ec2-user')} /tmp/rootlesskit -e sleep -- --state-dir=${stateDir} </dev/null >/dev/null 2>&1 &`);
    const { model } = await collectFrom(host, 'root');
    expect(model.forwards.filter(({ listen }) => listen.port === 8080)).toHaveLength(1);
    const finding = model.findings.find(({ rule }) => rule === 'rootlesskit.claimed-by-others');
    expect(finding?.values['stateDir']).toBe(stateDir);
    // Nobody else sees who listens there.
    const others = (await collectFrom(host, 'bob')).model;
    const undecided = others.findings.find(({ rule }) => rule === 'rootlesskit.several-parents');
    expect(undecided?.kind).toBe('ambiguous');
    expect(others.relations.filter(({ kind }) => kind === 'rootlesskit-parent-netns')).toEqual([]);
  });
});
