// The script that runs on the host, as text: shown on request and sent to the host's shell. It is one script in several
// files, each with one subject; what a file needs stands in the files before it.
import frames from './remote/frames.sh?raw';
import watchdog from './remote/watchdog.sh?raw';
import enter from './remote/enter.sh?raw';
import host from './remote/host.sh?raw';
import processes from './remote/processes.sh?raw';
import threads from './remote/threads.sh?raw';
import cgroups from './remote/cgroups.sh?raw';
import oncePerNamespace from './remote/once-per-namespace.sh?raw';
import closedProcesses from './remote/closed-processes.sh?raw';
import lsns from './remote/lsns.sh?raw';
import owners from './remote/owners.sh?raw';
import names from './remote/names.sh?raw';
import rootlesskit from './remote/rootlesskit.sh?raw';
import containers from './remote/containers.sh?raw';
import openVSwitch from './remote/open-vswitch.sh?raw';
import nerdctl from './remote/nerdctl.sh?raw';
import engines from './remote/engines.sh?raw';
import waysIn from './remote/ways-in.sh?raw';
import firewall from './remote/firewall.sh?raw';
import standIns from './remote/stand-ins.sh?raw';
import networkQuestions from './remote/network-questions.sh?raw';
import manyNetworks from './remote/many-networks.sh?raw';
import networks from './remote/networks.sh?raw';
import run from './remote/run.sh?raw';

const parts = [
  frames,
  watchdog,
  enter,
  host,
  threads,
  processes,
  cgroups,
  oncePerNamespace,
  closedProcesses,
  lsns,
  owners,
  names,
  rootlesskit,
  containers,
  openVSwitch,
  nerdctl,
  engines,
  waysIn,
  firewall,
  standIns,
  networkQuestions,
  manyNetworks,
  networks,
  run, // starts it: a script that arrived in part does nothing
];

/** A checkout on Windows may have given its lines other ends, which no shell there would take. */
export const collectorScript: string = parts.join('\n').replaceAll('\r\n', '\n');
