// What a run is made of, for real: SSH, the collector, the cache.
import type { Profile } from '../../shared/ipc/contract.ts';
import { collect } from '../collect/collect.ts';
import { connect } from '../ssh/connect.ts';
import type { SnapshotStore } from '../store/snapshots.ts';
import { snapshotHeader } from '../store/snapshot-header.ts';
import type { RunSteps } from './runs.ts';
import type { Connection } from './targets.ts';

export function runSteps(
  connectionOf: (profile: Profile) => Promise<Connection>,
  snapshots: SnapshotStore,
  version: string,
): RunSteps {
  return {
    connect: async (profile, how) => {
      const { target, knownHosts } = await connectionOf(profile);
      return connect(target, { ...how, knownHosts });
    },
    collect: (shell, profile, how) => collect(shell, { ...how, sudo: profile.sudo }),
    save: (profile, { transcript }) => {
      const about = { hostLabel: profile.name, user: profile.user, collectedAt: new Date(), version };
      return snapshots.add(snapshotHeader(transcript, { ...about, profileId: profile.id }), transcript);
    },
  };
}
