// Makes a plan real on a bare host, by one script (renderPlan, to be read when a seed fails) with about two processes for
// each network namespace, and returns what is true of it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BareHost, Person } from './bare-host.ts';
import { uidOf } from './bare-host.ts';
import type { DevicePlan, EndPlan, NetnsPlan, Plan, TapPlan } from './plan.ts';
import { hostNetns } from './plan.ts';
import type { Truth } from './truth.ts';
import { truthOf } from './truth.ts';

/** Where the scripts are on the host. */
export const folder = '/usr/local/lib/lab';
const scripts = [
  'keep-netns.sh',
  'hold-tap.pl',
  'rootless-user.sh',
  'same-address.sh',
  'hostile-user.sh',
  'engines.sh',
  'machines.sh',
  'open-vswitch.sh',
  'nested-users.sh',
  'nested-runc.sh',
  'rootless-networks.sh',
  'talking-user.sh',
  'talk.pl',
] as const;

/** Puts the scripts that run inside where the others expect them. */
export function installScripts(host: BareHost): void {
  for (const script of scripts) {
    const text = readFileSync(path.join(import.meta.dirname, 'scripts', script));
    writeFileSync(`/proc/${host.initPid}/root${folder}/${script}`, text, { mode: 0o755 });
  }
}

const become = (person: Person): string =>
  person === 'root' ? '' : `setpriv --reuid ${uidOf[person]} --regid ${uidOf[person]} --clear-groups `;

/** Declares `open`, the path by which each network namespace can be entered from the host's. */
function makeNetns(plans: readonly NetnsPlan[]): readonly string[] {
  const byIp = plans.filter((one) => one.keptBy.includes('mount'));
  const byKeeper = (['root', 'ec2-user', 'bob'] as const).flatMap((person) => {
    const theirs = plans.filter((one) => one.owner === person && !one.keptBy.includes('mount'));
    if (theirs.length === 0) return [];
    const user = person === 'root' ? '' : '--user --map-root-user ';
    const wanted = theirs.map((one) => `${one.name}:${one.keptBy.join('+')}`).join(' ');
    const command = `${become(person)}unshare ${user}--mount bash ${folder}/keep-netns.sh ${wanted}`;
    return [`while read -r name inode where; do open[$name]=$where; echo "netns $name $inode"; done < <(${command})`];
  });
  return [
    `declare -A open=([${hostNetns}]=/proc/1/ns/net)`,
    `echo "netns ${hostNetns} $(readlink /proc/1/ns/net | tr -dc 0-9)"`,
    ...(byIp.length === 0 ? [] : [`printf 'netns add %s\\n' ${byIp.map((one) => one.name).join(' ')} | ip -batch -`]),
    ...byIp.flatMap(({ name, keptBy }) => [
      `open[${name}]=/run/netns/${name}; echo "netns ${name} $(stat -L -c %i /run/netns/${name})"`,
      ...(keptBy.includes('process')
        ? [`nsenter --net=/run/netns/${name} sh -c 'sleep infinity </dev/null >/dev/null 2>&1 &'`]
        : []),
    ]),
    ...byKeeper,
  ];
}

const pathOf = (netns: string): string => `\${open[${netns}]}`;
const index = (device: DevicePlan): string => (device.ifindex === undefined ? '' : ` index ${device.ifindex}`);
const bornAs = (end: EndPlan): string => `${end.name}${index(end)} netns ${pathOf(end.bornIn)}`;

/** All that can be made from the host's network namespace; the indexes that are asked for first, before they are taken. */
function makeDevices({ bridges, veths }: Plan): readonly string[] {
  const lines = [
    ...bridges.map((one) => ({
      one,
      line: `link add ${one.name}${index(one)} netns ${pathOf(one.netns)} type bridge`,
    })),
    ...veths.map(([a, b]) => ({ one: a, line: `link add ${bornAs(a)} type veth peer name ${bornAs(b)}` })),
  ];
  const forced = lines.filter(({ one }) => one.ifindex !== undefined);
  const others = lines.filter(({ one }) => one.ifindex === undefined);
  return inNetns(
    undefined,
    [...forced, ...others].map(({ line }) => line),
  );
}

/** Runs lines of `ip -batch`; $ is the shell's. */
function inNetns(netns: string | undefined, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const enter = netns === undefined ? '' : `nsenter --net="${pathOf(netns)}" `;
  return [`${enter}ip -o -batch - <<LINES`, ...lines, 'LINES'];
}

function moveEnds(places: readonly string[], ends: readonly EndPlan[]): readonly string[] {
  return places.flatMap((from) => {
    const moving = ends.filter((end) => end.bornIn === from && end.netns !== from);
    return inNetns(
      from,
      moving.map((end) => `link set ${end.name} netns ${pathOf(end.netns)}`),
    );
  });
}

/** The holder of a user's tap is a process of that user's. */
function holdTaps(plan: Plan): readonly string[] {
  return plan.taps
    .filter((tap) => tap.holder !== 'nobody')
    .map((tap) => {
      const owner = plan.netns.find((one) => one.name === tap.netns)?.owner ?? 'root';
      const back = tap.holder === 'host' ? 'nsenter --net=/proc/1/ns/net ' : '';
      const command = `perl ${folder}/hold-tap.pl ${tap.mode} ${tap.name} ${back}${become(owner)}sleep infinity`;
      const enter = `nsenter --net="${pathOf(tap.netns)}" ${command} </dev/null`;
      return `read -r pid < <(${enter}); echo "tap ${tap.netns} ${tap.name} $pid"`;
    });
}

function configure(netns: string, devices: readonly DevicePlan[], taps: readonly TapPlan[]): readonly string[] {
  const here = devices.filter((device) => device.netns === netns);
  return [
    `echo "links ${netns}"`,
    ...inNetns(netns, [
      ...taps
        .filter((tap) => tap.netns === netns && tap.holder === 'nobody')
        .map((tap) => `tuntap add dev ${tap.name} mode ${tap.mode}`),
      ...here.flatMap((device) =>
        device.master === undefined ? [] : [`link set ${device.name} master ${device.master}`],
      ),
      ...here.filter((device) => device.up).map((device) => `link set ${device.name} up`),
      'link show',
    ]),
  ];
}

/** A bash script, run as root inside a bare host. */
export function renderPlan(plan: Plan): string {
  const places = [hostNetns, ...plan.netns.map((one) => one.name)];
  const ends = plan.veths.flat();
  const devices = [...plan.bridges, ...ends, ...plan.taps];
  return [
    ...makeNetns(plan.netns),
    ...makeDevices(plan),
    ...moveEnds(places, ends),
    ...holdTaps(plan),
    ...places.flatMap((netns) => configure(netns, devices, plan.taps)),
    '',
  ].join('\n');
}

export async function buildPlan(host: BareHost, plan: Plan): Promise<Truth> {
  installScripts(host);
  const devices: readonly DevicePlan[] = [...plan.bridges, ...plan.veths.flat(), ...plan.taps];
  const ports = devices.flatMap(({ netns, name, master }) => (master === undefined ? [] : [{ netns, name, master }]));
  return truthOf({ ...plan, ports }, await host.script(renderPlan(plan)));
}
