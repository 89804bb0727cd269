// The collector on the reference host, over real SSH, as everybody who can log in there.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../../electron/collect/collect.ts';
import type { CollectOptions } from '../../electron/collect/collect.ts';
import { connect } from '../../electron/ssh/connect.ts';
import { readTranscript } from '../../shared/collect/read-transcript.ts';
import type { Frame, Transcript } from '../../shared/model/transcript.ts';
import { netCommands } from '../../shared/parse/net/commands.ts';
import type { LabHost } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';

const ip = 'ip -d -j -s -force -batch -';
const netId = (inode: number): string => `net:[${inode}]`;

describe('the collector on the reference host', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await startReferenceHost({ sudo: 'password' });
  });
  afterAll(async () => {
    await host.stop();
  });

  async function collectAs(user: string, options: Partial<CollectOptions> = {}): Promise<Transcript> {
    const signal = options.signal ?? new AbortController().signal;
    const refuse = () => Promise.resolve(undefined);
    const shell = await connect(
      { host: host.address, port: host.port, user, authentication: [{ kind: 'key', keyFile: host.keyFile }] },
      {
        signal,
        knownHosts: { read: [host.knownHostsFile] },
        questions: { unknownHostKey: () => Promise.resolve(false), passphrase: refuse, password: refuse },
      },
    );
    try {
      const collected = await collect(shell, { sudo: 'never', ...options, signal });
      expect(collected.reason).toBeUndefined();
      const transcript = readTranscript(collected.transcript);
      expect(transcript).toMatchObject({ complete: true, problems: [] });
      return transcript;
    } finally {
      await shell.close();
    }
  }
  const framesOf = ({ frames }: Transcript, section: string): readonly Frame[] =>
    frames.filter((frame) => frame.section === section);
  const networks = (transcript: Transcript) =>
    Object.fromEntries(
      framesOf(transcript, 'net').map(({ key, privilege, command, status }) => [
        key,
        `${privilege} ${status} ${command}`,
      ]),
    );
  /** RootlessKit's child has been seen in the detached network namespace and outside of it. */
  const pathOfDetached = (): string => {
    const { childPid, stateDir, netns, namespaces } = host.truth.rootlesskit;
    return namespaces.child.net === netns ? `/proc/${childPid}/ns/net` : `/proc/${childPid}/root${stateDir}/netns`;
  };
  /** Processes of the host and what it has written to, but for what its sshd notes about logins. */
  const traces = async (): Promise<{ readonly processes: string; readonly files: string }> => {
    const processes = await host.execAsRoot("ps -eo args | grep -vE '^(sshd|ps|grep|sort|sh -c|COMMAND)' | sort");
    const files = await host.execAsRoot(
      'find / -xdev -path /proc -prune -o -path /var/log -prune -o -path /run/utmp -prune -o -type f -printf "%p %s %T@\\n"; ls -d /run/netns; lsmod',
    );
    return { processes: processes.stdout.toString(), files: files.stdout.toString() };
  };

  test('sees, as the owner of the containers, all of them, by the best way into each', async () => {
    const before = await traces();
    const transcript = await collectAs('ec2-user');
    const { truth } = host;
    const { childPid, stateDir, netns } = truth.rootlesskit;
    const enter = (pid: number, path = `/proc/${pid}/ns/net`): string =>
      `userns:${pid} 0 nsenter -t ${pid} -U --preserve-credentials --net=${path} ${ip}`;
    expect(networks(transcript)).toEqual({
      [netId(truth.namespaces.net)]: `user 0 ${ip}`,
      [netId(netns)]: enter(childPid, pathOfDetached()),
      ...Object.fromEntries(truth.containers.map(({ pid, namespaces }) => [netId(namespaces.net), enter(pid)])),
    });
    for (const { stderr, output } of framesOf(transcript, 'net')) {
      expect(stderr).toBe('');
      expect(output.trimEnd().split('\n')).toHaveLength(netCommands.length);
    }

    // Workers of nginx run under a subordinate id: only from inside can their namespaces and files be listed.
    const inside = framesOf(transcript, 'ns').filter(({ privilege }) => privilege === `userns:${childPid}`);
    const nginx = truth.containers.find(({ name }) => name.startsWith('nginx'));
    expect(inside.map(({ output }) => output).join('')).toContain(netId(nginx?.namespaces.net ?? 0));
    expect(framesOf(transcript, 'fd').map(({ privilege }) => privilege)).toEqual(['user', `userns:${childPid}`]);
    expect(
      framesOf(transcript, 'fdinfo')
        .map(({ output }) => output)
        .join(''),
    ).toContain('iff:\ttap0');

    const [kit] = framesOf(transcript, 'rootlesskit');
    expect(kit?.key).toBe(`${truth.rootlesskit.parentPid} ${childPid} ${stateDir}`);
    expect(kit?.output).toMatch(new RegExp(`^# ${stateDir}\n[^#]*^# /proc/${childPid}/root${stateDir}\n`, 'm'));
    expect(JSON.parse(framesOf(transcript, 'rootlesskit-ports')[0]?.output ?? '')).toMatchObject(truth.ports);
    expect(JSON.parse(framesOf(transcript, 'rootlesskit-info')[0]?.output ?? '')).toMatchObject({ childPID: childPid });
    const states = framesOf(transcript, 'runtime-state').map(({ output }) => JSON.parse(output) as { id: string });
    expect(states.map(({ id }) => id).sort()).toEqual(truth.containers.map(({ id }) => id).sort());
    for (const { id } of states)
      expect(framesOf(transcript, 'runtime-state').some(({ key }) => key.includes(id))).toBe(true);

    // The last one counts: lsns gives up when a process ends under its eyes, and is asked again.
    const numbers = framesOf(transcript, 'nsid')
      .findLast(({ key }) => key === netId(netns))
      ?.output.split('\n');
    for (const { namespaces } of truth.containers)
      expect(numbers?.some((line) => new RegExp(`^${namespaces.net} \\d+$`).test(line))).toBe(true);

    const after = await traces();
    expect(after.processes).toBe(before.processes);
    expect(after.files).toBe(before.files);
  });

  test('sees everything as root, and enters without a user namespace', async () => {
    const transcript = await collectAs('root');
    const { truth } = host;
    expect(networks(transcript)).toEqual({
      [netId(truth.namespaces.net)]: `user 0 ${ip}`,
      [netId(truth.rootlesskit.netns)]: `user 0 nsenter --net=${pathOfDetached()} ${ip}`,
      ...Object.fromEntries(
        truth.containers.map(({ pid, namespaces }) => [
          netId(namespaces.net),
          `user 0 nsenter --net=/proc/${pid}/ns/net ${ip}`,
        ]),
      ),
    });
    expect(framesOf(transcript, 'ns')).toHaveLength(1);
    expect(framesOf(transcript, 'ns')[0]?.stderr).not.toContain('Permission denied');
    expect(framesOf(transcript, 'runtime-state')).toHaveLength(truth.containers.length);
  });

  test('says to somebody else what was refused', async () => {
    const transcript = await collectAs('bob');
    const { namespaces, rootlesskit } = host.truth;
    const net = networks(transcript);
    expect(net[netId(namespaces.net)]).toBe(`user 0 ${ip}`);
    // That the namespace is there, everybody may read in mountinfo; nobody else may enter it.
    expect(net[netId(rootlesskit.netns)]).toBeUndefined();
    const refused = framesOf(transcript, 'entered').find(({ key }) => key === netId(rootlesskit.netns));
    expect(refused?.command).toMatch(
      new RegExp(`^nsenter --net=/proc/\\d+/root${rootlesskit.stateDir}/netns readlink `),
    );
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('Permission denied') });
    expect(framesOf(transcript, 'rootlesskit')[0]).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('denied'),
    });
    expect(framesOf(transcript, 'rootlesskit-ports')[0]?.status).not.toBe(0);
    expect(transcript.frames.every(({ privilege }) => privilege === 'user')).toBe(true);
  });

  test('becomes root where sudo takes the password, and stays who it is where it is only tried', async () => {
    const asked: boolean[] = [];
    const sudoPassword = ({ again }: { readonly again: boolean }) => {
      asked.push(again);
      return Promise.resolve(asked.length === 1 ? 'wrong' : 'ec2-user');
    };
    const asRoot = await collectAs('ec2-user', { sudo: 'ask', sudoPassword });
    expect(asked).toEqual([false, true]);
    expect(new Set(asRoot.frames.map(({ privilege }) => privilege))).toEqual(new Set(['root']));
    expect(networks(asRoot)[netId(host.truth.rootlesskit.netns)]).toContain('root 0 nsenter --net=');
    expect(JSON.stringify(asRoot)).not.toContain('wrong');

    await host.execAsRoot('rm -rf /run/sudo/ts');
    const tried = await collectAs('ec2-user', { sudo: 'try' });
    expect(tried.frames.some(({ privilege }) => privilege === 'root')).toBe(false);

    await host.execAsRoot('rm -rf /run/sudo/ts');
    const never = collectAs('ec2-user', { sudo: 'ask', sudoPassword: () => Promise.resolve('wrong') });
    await expect(never).rejects.toMatchObject({ code: 'sudo-password-wrong' });
    const bob = collectAs('bob', { sudo: 'ask', sudoPassword: () => Promise.resolve('bob') });
    await expect(bob).rejects.toMatchObject({ name: 'CollectFailure' });
  });

  test('is gone from the host when it is cancelled', async () => {
    // Those of the logins before may still be ending.
    let before = await traces();
    for (let last = ''; last !== before.processes; before = await traces()) last = before.processes;
    for (const section of ['host', 'ns', 'net']) {
      const stop = new AbortController();
      const run = collectAs('ec2-user', {
        signal: stop.signal,
        onProgress: (progress) => {
          if (progress.section === section) stop.abort();
        },
      });
      await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    }
    let after = await traces();
    for (let tries = 0; tries < 20 && after.processes !== before.processes; tries += 1) after = await traces();
    expect(after.processes).toBe(before.processes);
  });
});
