// The article's seven questions on the live reference host, as ec2-user without sudo: the collector's script over the
// system's own ssh, then the product's way from the transcript to the model. The seventh is asked here: nothing is left.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectorScript } from '../../electron/collect/collector-script.ts';
import { deriveModel } from '../../shared/snapshot/derive.ts';
import { assertArticle } from '../helpers/article.ts';
import type { LabHost } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';
import { runOrThrow } from './run-command.ts';
import { sshArguments } from './ssh-command.ts';

/** Every file of the host with size, mode, owner and time of change; what sshd keeps of a login is sshd's. */
async function files(host: LabHost): Promise<readonly string[]> {
  // Each mounted file system of its own, without those the kernel makes up.
  const { stdout } = await host.execAsRoot(
    `find / /home /run /tmp -xdev -path '*/proc/*' -prune -o -printf '%p %y %s %m %u %T@\\n' 2>/dev/null | sort -u`,
  );
  return stdout
    .split('\n')
    .filter((line) => !/^\/(var\/log\/(wtmp|btmp|lastlog)|run\/utmp|var\/lib\/wtmpdb)/.test(line));
}

async function processes(host: LabHost): Promise<readonly string[]> {
  const { stdout } = await host.execAsRoot('ps -eo pid=,args= | grep -v -e "ps -eo" -e "sh -c" -e "grep -v"');
  return stdout.split('\n');
}

describe('the article, live', () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await startReferenceHost();
  });
  afterAll(async () => {
    await host.stop();
  });

  test('ec2-user without sudo gets an answer to every question, and the host is as it was', async () => {
    const before = { files: await files(host), processes: await processes(host) };
    expect(before.files.length).toBeGreaterThan(1000);
    const output = await runOrThrow('ssh', sshArguments(host, ['sh -s']), { input: collectorScript });
    const { model, transcript } = deriveModel(Buffer.from(output));
    assertArticle(model, host.truth, transcript);
    expect(model.host.privileges).not.toContain('root');
    // nerdctl's own file says which network the bridge is of.
    const bridge = model.links.find(({ name }) => name === 'nerdctl0');
    expect(bridge?.netns).toBe(`net:[${host.truth.rootlesskit.netns}]`);
    expect(bridge?.engineNetworks).toMatchObject([
      { engine: 'nerdctl', name: 'bridge', gateways: ['10.4.0.1'], certainty: 'certain' },
    ]);
    const attached = model.relations.filter(({ kind }) => kind === 'attached-to');
    expect(attached.map(({ to, certainty }) => [to, certainty])).toEqual(
      host.containers.map(() => [bridge?.id, 'certain']),
    );

    expect(await files(host)).toEqual(before.files);
    expect((await host.execAsRoot('ls /run/netns')).status).not.toBe(0);
    // sshd takes a moment to notice that its client went away.
    for (let tries = 0; tries < 20 && (await processes(host)).length > before.processes.length; tries += 1)
      await delay(100);
    expect(await processes(host)).toEqual(before.processes);
  });
});
