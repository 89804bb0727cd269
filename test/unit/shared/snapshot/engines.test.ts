// Which engines answered, which did not, and that the two differ.
import { describe, expect, it } from 'vitest';
import { collectorScript } from '../../../../electron/collect/collector-script.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript, sourceText } from '../../../helpers/frames.ts';

const socket = (stderr: string, fields: Parameters<typeof aFrame>[2] = {}) =>
  aFrame('engine-socket', 'srw-rw---- 1 0 101 0 Nov 24 03:35 /run/docker.sock\n', {
    key: 'docker 318 /run/docker.sock',
    status: 1,
    stderr,
    ...fields,
  });
const assembled = (...frames: Parameters<typeof aTranscript>[0]) => assemble(aTranscript(frames));
const engineFindings = (...frames: Parameters<typeof aTranscript>[0]) =>
  assembled(...frames).findings.filter(({ rule }) => rule.startsWith('engine.') || rule.startsWith('section.'));

describe('engines', () => {
  it('that answer: what they say, by who was asked what', () => {
    const { engineAnswers, findings } = assembled(
      aFrame('engine-containers', sourceText('engines/docker-26-containers.json'), {
        key: 'docker 318 /run/docker.sock',
      }),
      aFrame('engine-networks', sourceText('engines/docker-26-networks.json'), { key: 'docker 318 /run/docker.sock' }),
      aFrame('engine-images', sourceText('engines/ctr-containers.txt'), {
        key: 'default 184 /run/containerd/containerd.sock',
      }),
      aFrame('engine-files', sourceText('engines/podman-files.txt')),
      aFrame('engine-files', sourceText('engines/cni-and-nerdctl-files.txt')),
    );
    expect(findings.filter(({ rule }) => !rule.startsWith('initial.') && !rule.startsWith('tools.'))).toEqual([]);
    expect(engineAnswers.map((one) => [one.engine, one.complete, one.containers.length, one.networks.length])).toEqual([
      ['docker', true, 4, 0],
      ['docker', false, 0, 4],
      ['containerd', false, 2, 0],
      ...[2, 3].map((containers) => ['podman', false, containers, 0]),
      ['podman', false, 0, 1],
      ['podman', false, 1, 0],
      ['cni', false, 1, 0],
      ['cni', false, 1, 0],
      ...[1, 1, 1].map((containers) => ['nerdctl', false, containers, 0]),
    ]);
    expect(engineAnswers[0]?.question).toBe('GET /containers/json on /run/docker.sock');
  });

  it('nerdctl’s networks, with where their bridges are', () => {
    const path = '/home/ec2-user/.config/cni/net.d/nerdctl-bridge.conflist';
    const folder = '/home/ec2-user/.config/cni/net.d';
    const { engineAnswers, findings } = assembled(
      aFrame('nerdctl-networks', sourceText('engines/nerdctl-networks.txt'), { key: `1000 93 ${folder}` }),
      aFrame('nerdctl-networks', '/etc/cni/net.d/nerdctl-x.conflist:{"name":"x"}\n', { key: '0 - /etc/cni/net.d' }),
    );
    expect(engineAnswers).toMatchObject([
      { engine: 'nerdctl', question: path, bridgesIn: 'process:93', networks: [{ name: 'bridge' }] },
      { bridgesIn: 'process:93', networks: [{ name: 'shop', driver: 'macvlan' }] },
      { question: '/etc/cni/net.d/nerdctl-x.conflist', bridgesIn: 'host', networks: [] },
    ]);
    expect(findings.find(({ rule }) => rule === 'section.unparsable')?.values['section']).toBe('nerdctl-networks');
  });

  it('that run none are no gap', () => {
    const frame = aFrame('engine-containers', '[]\n', { key: 'docker 318 /run/docker.sock' });
    expect(engineFindings(frame)).toEqual([]);
    expect(assembled(frame).engineAnswers).toMatchObject([{ complete: true, containers: [] }]);
  });

  it('that are closed to the user are said to be, with what would open them', () => {
    expect(engineFindings(socket('/run/docker.sock: Permission denied'))).toMatchObject([
      {
        rule: 'engine.not-permitted',
        kind: 'not-permitted',
        subjects: ['process:318'],
        advice: expect.stringContaining('group docker') as string,
      },
    ]);
  });

  it('that there is no client for, that are not there, and that say an error', () => {
    const key = 'docker 318 /run/docker.sock';
    expect(
      engineFindings(aFrame('engine-containers', '', { key, status: 127, stderr: 'sh: 1: curl: not found' })),
    ).toMatchObject([{ rule: 'engine.not-supported', kind: 'not-supported' }]);
    const gone = "ls: cannot access '/run/docker.sock': No such file or directory";
    expect(engineFindings(socket(gone, { output: '', status: 2 }))).toMatchObject([
      { rule: 'engine.undiscovered', kind: 'undiscovered' },
    ]);
    const refused = 'curl: (22) The requested URL returned error: 400';
    expect(engineFindings(aFrame('engine-containers', '', { key, status: 22, stderr: refused }))).toMatchObject([
      { rule: 'engine.undiscovered', values: { example: refused } },
    ]);
  });

  it('whose files are closed: one finding for all of them; those that went meanwhile are none', () => {
    const stderr = [
      'grep: /var/lib/containers/storage/overlay-containers/containers.json: Permission denied',
      'grep: /home/bob/.local/share/containers/storage/overlay-containers/containers.json: Permission denied',
      'grep: /var/lib/cni/networks/bridge/10.4.0.9: No such file or directory',
    ].join('\n');
    expect(engineFindings(aFrame('engine-files', '', { status: 2, stderr }))).toMatchObject([
      { rule: 'engine.files-not-permitted', kind: 'not-permitted', values: { count: 2 } },
    ]);
  });
});

// The environment of a container is where its secrets are: nothing is asked that would tell it.
describe('the script', () => {
  it('asks engines for lists only', () => {
    const paths = [...collectorScript.matchAll(/\$get\/([\w/]+)/g)].map((match) => match[1]);
    expect(paths).toEqual(['containers/json', 'networks']);
    expect(collectorScript).not.toMatch(/config\.v2|hostconfig|log-config|\binspect\b(?!ed)|nerdctl ps|podman ps/);
    expect(collectorScript).not.toMatch(/-X|--request|--data|POST|PUT|DELETE/);
  });
});
