// npm run lab -- up|down|status|ssh|capture|collect: the reference host by hand. README.md.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { collectorScript } from '../../electron/collect/collector-script.ts';
import type { LabHost } from './reference-host.ts';
import { recordFixtures } from './record.ts';
import { findReferenceHost, startReferenceHost, stopReferenceHost } from './reference-host.ts';
import { sshArguments } from './ssh-command.ts';

const usage = `usage: npm run lab -- COMMAND
  up              start the host, or tell where it is when it runs
  down            end it without a trace
  status          where it is, and what is true of it, as JSON
  ssh [COMMAND]   log in as ec2-user, or run COMMAND there
  capture FILE    run the collector there and keep its transcript
  collect FILE    collect a snapshot with the command line, as a user would
  record [NAME…]  record the fixtures of it and its variants anew (it must not run)`;

const project = path.join(import.meta.dirname, '..', '..');

function tellWhere(host: LabHost): void {
  console.log(
    `${host.name}: ssh -i ${host.keyFile} -o UserKnownHostsFile=${host.knownHostsFile} ${host.user}@${host.address}`,
  );
  for (const container of host.containers) console.log(`  ${container.name} PID ${container.pid} ${container.ip}`);
}

function running(): LabHost {
  const host = findReferenceHost(0);
  if (host === undefined) throw new Error('The host is not up: npm run lab -- up');
  return host;
}

/** Runs a program on this terminal; standard output may be a file. Its exit status becomes ours. */
function onTerminal(program: string, args: readonly string[], stdout?: number, input?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      stdio: [input === undefined ? 'inherit' : 'pipe', stdout ?? 'inherit', 'inherit'],
    });
    child.stdin?.end(input);
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
}

async function capture(host: LabHost, file: string): Promise<number> {
  const transcript = openSync(file, 'w');
  const status = await onTerminal('ssh', sshArguments(host, ['sh -s']), transcript, collectorScript);
  closeSync(transcript);
  return status;
}

async function run(command: string | undefined, rest: readonly string[]): Promise<number> {
  const file = rest[0];
  switch (command) {
    case 'up': {
      const host = findReferenceHost(0) ?? (await startReferenceHost({ slot: 0, keep: true }));
      tellWhere(host);
      return 0;
    }
    case 'down':
      await stopReferenceHost(0);
      return 0;
    case 'status': {
      const host = running();
      tellWhere(host);
      console.log(JSON.stringify(host.truth, null, 2));
      return 0;
    }
    case 'record':
      await recordFixtures(rest);
      return 0;
    case 'ssh':
      return onTerminal('ssh', sshArguments(running(), rest));
    case 'capture':
      if (file !== undefined) return capture(running(), file);
      break;
    case 'collect':
      if (file !== undefined) {
        const host = running();
        const target = [`${host.user}@${host.address}`, '-i', host.keyFile, '--known-hosts', host.knownHostsFile];
        const args = [path.join(project, 'build', 'run.mjs'), 'cli', 'collect', ...target, '-o', file];
        return onTerminal(process.execPath, args);
      }
      break;
    default:
  }
  console.error(usage);
  return 2;
}

try {
  process.exitCode = await run(process.argv[2], process.argv.slice(3));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
