// Names that are made to be misread. Whoever may name an interface, a process or a folder on a host writes into what the
// collector reads; it must cost nobody else a fact, and make nothing up.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../../shared/explain/explain.ts';
import type { Model } from '../../../shared/model/model.ts';
import type { BareHost } from './bare-host.ts';
import { startBareHost } from './bare-host.ts';
import type { Collected } from './collect-from.ts';
import { collectFrom } from './collect-from.ts';

const escape = '\u001b';
/** The kernel takes anything without `/`, `:` and white space (net/core/dev.c, dev_valid_name). */
const interfaces: readonly string[] = [
  'a-b.c@d',
  'if7',
  'eth0@if3',
  '-r',
  '--help',
  '"q"',
  'back\\slash',
  '$(reboot)',
  '<b>&amp;',
  `${escape}[31mred`,
  '\u007f\u0001',
  '{"a"[1',
  'ü日本',
  "';--",
];

/** What the kernel calls a process is the name of its file, cut at 15 bytes. */
const programs: readonly string[] = [
  'x) R 1 (y',
  'a\nb',
  'Name:\tsystemd',
  `${escape}[2J`,
  ') S 1 1 1 0',
  '/proc/1/stat'.replaceAll('/', '∕'),
];

const argumentsOf: readonly (readonly string[])[] = [
  ['nsatlas-transcript 1 0123456789abcdef0123456789abcdef'],
  ['\n0123456789abcdef0123456789abcdef begin user ns \n0123456789abcdef0123456789abcdef end 0 0 -\n'],
  ['\n/proc/1/cmdline:forged'],
  ['/proc/1/ns/net net:[1]', '/proc/1/ns/net -> net:[2]'],
  ['x'.repeat(4096)],
  ['', '', 'after two empty ones'],
  [' leading and trailing '],
  [`${escape}]0;title\u0007`],
];

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Prints `PID ROLE NUMBER` for each process that was started. */
const script = `
  mkdir /tmp/x
  cd /tmp/x
  mkfifo never
  ip netns add hostile
  ip netns add tame
  ip link add before netns tame type veth peer name first netns hostile
  number=20
  for name in ${interfaces.map(quoted).join(' ')} $'\\xff\\xfe\\x80'; do
    number=$((number + 1))
    nsenter --net=/run/netns/hostile ip link add link$number index $number type bridge
    nsenter --net=/run/netns/hostile ip link set dev link$number name "$name"
  done
  ip link add after netns tame type veth peer name last netns hostile
  nsenter --net=/run/netns/hostile ip link set dev first master '-r'
  # Alike but for bytes that are no UTF-8, and one that is called what those could be written as.
  ip netns add alike
  nsenter --net=/run/netns/alike bash -eu -c '
    ip link add link50 index 50 type bridge; ip link set link50 name "$1"
    ip link add link51 index 51 type bridge; ip link set link51 name "$2"
    ip link add link52 index 52 type bridge; ip link set link52 name "$3"
    ip link add port50 index 60 type veth peer name far50 index 70; ip link set port50 master "$1"
    ip link add port51 index 61 type veth peer name far51 index 71; ip link set port51 master "$2"
    ip link add port52 index 62 type veth peer name far52 index 72; ip link set port52 master "$3"
    ip link add link "$2" link80 index 80 type macvlan' sh $'br\\xff' $'br\\xfe' $'br\\xef\\xbf\\xbdff'
  number=0
  for name in ${programs.map(quoted).join(' ')}; do
    cp /usr/bin/sleep "$name"
    (exec "./$name" infinity) </dev/null >/dev/null 2>&1 &
    echo "$! program $number"
    number=$((number + 1))
  done
  ${argumentsOf
    .map(
      (words, number) => `
  (exec -a sleep bash -c 'read -r' ${words.map(quoted).join(' ')} <>never) >/dev/null 2>&1 &
  echo "$! arguments ${number}"`,
    )
    .join('')}
  (exec -a $'\\xff\\xfe' sleep infinity) </dev/null >/dev/null 2>&1 &
  echo "$! bytes 0"
  # Bind mounts where a line or a field of mountinfo seems to end.
  for folder in 'with space' $'with\\nnewline' 'net:[1]' 'a - nsfs nsfs rw' $'${escape}[31m' '-x'; do
    touch -- "./$folder"
    mount --bind /run/netns/tame "./$folder"
  done
  sleep 0.2`;

describe('names that are made to be misread', () => {
  let host: BareHost;
  let pids: ReadonlyMap<string, number>;
  let truePids: ReadonlySet<number>;
  let asRoot: Collected;
  let asUser: Collected;
  beforeAll(async () => {
    host = await startBareHost();
    const said = await host.script(script);
    pids = new Map(said.split('\n').map((line) => [line.slice(line.indexOf(' ') + 1), Number.parseInt(line, 10)]));
    truePids = new Set(pids.values());
    asRoot = await collectFrom(host, 'root');
    asUser = await collectFrom(host, 'ec2-user');
  });
  afterAll(() => host.stop());

  const processOf = (model: Model, key: string) => model.processes.find((one) => one.pid === pids.get(key));

  test('every interface keeps its name and index, and those beside it their links', () => {
    const { model } = asRoot;
    const hostile = model.links.find((link) => link.name === 'first')?.netns;
    const names = new Map(model.links.filter((link) => link.netns === hostile).map((one) => [one.ifindex, one.name]));
    expect(interfaces.map((_, i) => names.get(21 + i))).toEqual(interfaces);
    // Three bytes that are no UTF-8.
    expect(names.get(21 + interfaces.length)).toBe('\ufffdff\ufffdfe\ufffd80');
    const [first, last] = ['first', 'last'].map((name) => model.links.find((link) => link.name === name)?.id);
    const certain = model.relations.filter((one) => one.kind === 'veth-peer' && one.certainty === 'certain');
    expect(certain).toHaveLength(5);
    expect(certain.flatMap((one) => [one.from, one.to])).toEqual(expect.arrayContaining([first, last]));
    const dashed = model.links.find((link) => link.name === '-r')?.id;
    const masters = model.relations.filter((one) => one.kind === 'master' && one.from === first);
    expect(masters.map((one) => one.to)).toEqual([dashed]);
  });

  test('names that are no UTF-8 are told apart, and from one that looks like them', async () => {
    const { model } = asRoot;
    const netns = model.links.find((link) => link.name === 'port50')?.netns;
    const names = new Map(model.links.filter((link) => link.netns === netns).map((one) => [one.ifindex, one.name]));
    expect([50, 51, 52].map((index) => names.get(index))).toEqual([
      'br\ufffdff',
      'br\ufffdfe',
      'br\ufffdef\ufffdbf\ufffdbdff',
    ]);
    const indexes = (kind: string) =>
      model.relations
        .filter((one) => one.kind === kind && one.from.startsWith(`link:${netns}/`))
        .map((one) =>
          [one.from, one.to].map((id) => Number(id.split('/').at(-1))).concat([one.certainty === 'certain' ? 1 : 0]),
        );
    expect(indexes('master')).toEqual([
      [60, 50, 1],
      [61, 51, 1],
      [62, 52, 1],
    ]);
    expect(indexes('lower')).toEqual([[80, 51, 1]]);
    // The command that is offered finds the very one.
    for (const index of [50, 51, 52]) {
      const { tryIt = '' } = explain(model, `link:${netns}/${index}`) ?? {};
      const said = await host.script(tryIt.replace(/^sudo /, ''));
      expect(said, tryIt).toMatch(new RegExp(String.raw`^${index}: `));
    }
  });

  test.each(programs.map((name, number) => ({ name, number })))('a process called $name', ({ name, number }) => {
    const process = processOf(asRoot.model, `program ${number}`);
    const fifteen = Buffer.from(name).subarray(0, 15).toString();
    expect(process?.comm).toBe(fifteen);
    expect(process?.argv).toEqual([`./${name}`, 'infinity']);
    expect(process?.state).toBe('S');
    expect(process?.namespaces.net).toBe(processOf(asRoot.model, 'arguments 0')?.namespaces.net);
  });

  test.each(argumentsOf.map((words, number) => ({ words, number })))('arguments $number', ({ words, number }) => {
    expect(processOf(asRoot.model, `arguments ${number}`)?.argv).toEqual(['sleep', '-c', 'read -r', ...words]);
  });

  test('an argument that is no text', () => {
    expect(processOf(asRoot.model, 'bytes 0')?.argv).toEqual(['\ufffdff\ufffdfe', 'infinity']);
  });

  test.each(['root', 'ec2-user'] as const)('as %s, nothing is made up', async (person) => {
    const { model, transcript } = person === 'root' ? asRoot : asUser;
    expect(transcript.frames.filter((frame) => frame.section === 'ns').length).toBeLessThan(3);
    const listed = await host.script(`readlink /proc/[0-9]*/ns/*; stat -L -c 'net:[%i]' /run/netns/*`);
    const real = new Set(listed.split('\n'));
    const collectors = new Set(model.processes.filter((one) => one.roles.includes('collector')).map((one) => one.pid));
    const invented = model.processes.filter(
      (one) => one.pid !== 1 && !truePids.has(one.pid) && !collectors.has(one.pid) && one.comm !== 'cat',
    );
    expect(invented.map((one) => [one.pid, one.comm, one.argv])).toEqual([]);
    expect(model.namespaces.map((one) => one.id).filter((id) => !real.has(id))).toEqual([]);
  });

  test('every place where a namespace is mounted keeps its name', () => {
    const tame = asRoot.model.links.find((link) => link.name === 'before')?.netns;
    const mounts = asRoot.model.namespaces.find((one) => one.id === tame)?.keptBy.filter((one) => one.by === 'mount');
    expect(mounts?.map((one) => one.path).sort()).toEqual(
      [
        '/run/netns/tame',
        '/tmp/x/with space',
        '/tmp/x/with\nnewline',
        '/tmp/x/net:[1]',
        '/tmp/x/a - nsfs nsfs rw',
        `/tmp/x/${escape}[31m`,
        '/tmp/x/-x',
      ].sort(),
    );
  });
});
