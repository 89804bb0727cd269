// A host whose userland is BusyBox and nothing else, as Alpine's: another root folder of a bare host, with its own mount
// namespace. What is in the bare host is all there: processes, networks, mounts.
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import { deriveModel } from '../../../shared/snapshot/derive.ts';
import type { BareHost, Person } from './bare-host.ts';
import { uidOf } from './bare-host.ts';
import type { Collected } from './collect-from.ts';

/** Returns what collects there. It ends with the bare host. */
export async function busyBoxIn(host: BareHost): Promise<(person: Person) => Promise<Collected>> {
  const said = await host.script(`
    root=/tmp/busybox
    mkdir -p $root/bin $root/etc $root/proc $root/run $root/dev $root/old
    cp /bin/busybox $root/bin/busybox
    for applet in $(busybox --list); do [ -e $root/bin/$applet ] || ln -s busybox $root/bin/$applet; done
    grep -E '^(root|ec2-user|bob):' /etc/passwd >$root/etc/passwd
    echo 'PRETTY_NAME="Alpine Linux v3.22"' >$root/etc/os-release
    mkfifo $root/ready
    unshare --mount sh -euc '
      mount --bind $0 $0
      for part in proc run dev; do mount --rbind /$part $0/$part; done
      cd $0
      pivot_root . old
      exec /bin/sh -c "umount -l /old; echo >/ready; exec sleep 100000"' $root </dev/null >/dev/null 2>&1 &
    pid=$!
    read -r _ <$root/ready
    rm $root/ready
    echo $pid`);
  return async (person) => {
    const id = String(uidOf[person]);
    const become = ['-m', '-t', said.trim(), '-S', id, '-G', id];
    const { status, stdout, stderr } = await host.execAs(
      'root',
      ['nsenter', ...become, '/bin/sh', '-s'],
      collectorScript,
    );
    if (status !== 0 || stderr !== '') throw new Error(`collector as ${person}: status ${status}\n${stderr}`);
    return { bytes: stdout, ...deriveModel(stdout) };
  };
}
