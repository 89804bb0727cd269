// The article's questions, asked of the window: what a person sees within two clicks of the picture, compared with what
// the host says of itself.
import { expect } from '@playwright/test';
import { namespaceKinds } from '../../shared/model/id.ts';
import type { LabContainer, LabTruth } from '../lab/lab-truth.ts';
import { expectProof, expectSelected, facts, inspectorOf, openProof } from './inspector.ts';
import type { DrawnPicture } from './picture.ts';

export interface Asked {
  readonly picture: DrawnPicture;
  readonly truth: LabTruth;
  readonly nginx: LabContainer;
}

const child = 'RootlessKit child · ec2-user · detached';

/** 1. The container has eight namespaces; which are its own and which the host’s. */
export async function ownNamespaces({ picture, truth, nginx }: Asked): Promise<void> {
  const { page } = picture;
  await picture.click(picture.node('nginx:latest', 'nginx-d8e2d'));
  await expectSelected(page, 'nginx-d8e2d');
  await expect(facts(page, 'Id')).toContainText(nginx.id);
  await expect(facts(page, 'First process')).toContainText(`nginx[${nginx.pid}]`);
  const rows = inspectorOf(page)
    .locator('section', { has: page.getByRole('heading', { name: 'Namespaces' }) })
    .getByRole('listitem');
  await expect(rows).toHaveCount(8);
  for (const kind of namespaceKinds) {
    const row = rows.filter({ hasText: `${kind}:[${nginx.namespaces[kind]}]` });
    const whose =
      nginx.namespaces[kind] === truth.namespaces[kind]
        ? 'shared with the host'
        : nginx.namespaces[kind] === truth.rootlesskit.namespaces.child[kind]
          ? 'RootlessKit child · ec2-user'
          : 'its own';
    await expect(row, kind).toContainText(whose);
  }
  await expect(rows.filter({ hasText: 'shared with the host' })).toHaveCount(1);
  const proof = await openProof(page, 'network namespace', 'Namespaces');
  await expectProof(proof, /\/ns/, new RegExp(`/proc/${nginx.pid}/ns/net net:\\[${nginx.namespaces.net}\\]`));
}

/** 2. Eth0 is paired with a veth on nerdctl0 in RootlessKit’s child, for certain. */
export async function cableToTheBridge({ picture, nginx }: Asked): Promise<void> {
  const { page } = picture;
  await picture.click(picture.node('eth0', 'nginx-d8e2d'));
  await expectSelected(page, 'eth0');
  await expect(facts(page, 'Address').first()).toContainText('10.4.0.9/24');
  const peer = facts(page, 'Peer');
  await expect(peer).toContainText(`${nginx.veth.name} in ${child}`);
  await expect(peer).toContainText('Certain');
  await expect(facts(page, 'Peer is port of')).toContainText('nerdctl0');
  const proof = await openProof(page, 'Peer');
  await expect(proof).toContainText('Certain');
  await expectProof(proof, /ip -d -j/, /"ifname":"eth0"|link_index|link_netnsid/);
  await peer.getByRole('button', { name: nginx.veth.name }).click();
  await expectSelected(page, nginx.veth.name);
  await expect(facts(page, 'Network namespace')).toContainText(child);
  await expect(facts(page, 'Index')).toContainText(String(nginx.veth.ifindex));
}

/** 3. RootlessKit’s child network namespace by name and path, and why the host’s file is empty. */
export async function childNetnsByNameAndPath({ picture, truth }: Asked): Promise<void> {
  const { page } = picture;
  await picture.click(picture.node(child));
  await expectSelected(page, child);
  const { stateDir, netns, childPid } = truth.rootlesskit;
  await expect(facts(page, 'Inode')).toContainText(String(netns));
  await expect(facts(page, 'Mounted at').filter({ hasText: `${stateDir}/netns` })).toHaveCount(1);
  await expect(facts(page, 'Opens as')).toContainText(`/proc/${childPid}/root/`);
  const remarks = inspectorOf(page).getByRole('region', { name: 'Worth knowing' });
  await expect(remarks).toContainText(`${stateDir}/netns is an empty ordinary file when you look at it from the host`);
  await expect(remarks).toContainText(`--net=/proc/${childPid}/root${stateDir}/netns`);
  await remarks.getByRole('button', { name: 'How do we know?' }).first().click();
  await expect(inspectorOf(page).locator('mark').filter({ hasText: 'netns' }).first()).toBeVisible();
}

/** 4. Its parent is the host’s, where containerd, rootlesskit and slirp4netns run. */
export async function parentIsTheHost({ picture, truth }: Asked): Promise<void> {
  const { page } = picture;
  await picture.click(picture.node(child));
  await expect(facts(page, 'RootlessKit’s parent')).toContainText('host');
  await expect(facts(page, 'RootlessKit’s parent')).toContainText('Certain');
  await picture.click(picture.node('host'));
  await expectSelected(page, 'host');
  await expect(facts(page, 'Inode')).toContainText(String(truth.namespaces.net));
  const remarks = inspectorOf(page).getByRole('region', { name: 'Worth knowing' });
  await expect(remarks).toContainText(
    `RootlessKit's parent network namespace is the host's: net:[${truth.namespaces.net}]`,
  );
  const { parentPid, containerdPid, slirp4netnsPid } = truth.rootlesskit;
  for (const [name, pid] of [
    ['rootlesskit', parentPid],
    ['containerd', containerdPid],
    ['slirp4netns', slirp4netnsPid],
  ] as const) {
    const chip = picture.node(name, 'host');
    expect(chip.lines).toContain(`PID ${pid}`);
    await picture.click(chip);
    await expectSelected(page, `${name}[${pid}]`);
    await expect(facts(page, 'network namespace', 'Namespaces')).toContainText(
      `net:[${truth.namespaces.net}] · shared with the host`,
    );
  }
}

/** 5. Tap0 is served by slirp4netns, which goes out through ens5. */
export async function tapAndTheWayOut({ picture, truth }: Asked): Promise<void> {
  const { page } = picture;
  await picture.click(picture.node('tap0'));
  await expectSelected(page, 'tap0');
  const server = facts(page, 'Served by');
  await expect(server).toContainText(`slirp4netns[${truth.rootlesskit.slirp4netnsPid}]`);
  await expect(server).toContainText('Inferred');
  await server.getByRole('button', { name: /^slirp4netns/ }).click();
  await expect(facts(page, 'Leaves through')).toContainText('ens5 in host');
  const proof = await openProof(page, 'Serves');
  await expectProof(proof, /cmdline/, /--netns-type=path/);
}

/** 6. The published port, from its listener to the container’s port. */
export async function publishedPort({ picture, truth }: Asked): Promise<void> {
  const { page } = picture;
  await picture.click(picture.node('127.0.0.1:8080 → :80'));
  await expectSelected(page, '127.0.0.1:8080 → :80');
  await expect(facts(page, 'Listens on')).toContainText('127.0.0.1:8080/tcp');
  await expect(facts(page, 'Forwarded by')).toContainText(`rootlesskit[${truth.rootlesskit.parentPid}]`);
  await expect(facts(page, 'Socket')).toContainText('127.0.0.1:8080');
  await expect(facts(page, 'Target')).toContainText('10.4.0.9:80');
  await expect(facts(page, 'Container')).toContainText('nginx-d8e2d');
  const proof = await openProof(page, 'Forwarded by');
  await expectProof(proof, /\/v1\/ports|rootlessctl/, /8080/);
}
