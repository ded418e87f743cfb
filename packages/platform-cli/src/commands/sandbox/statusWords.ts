import {
  durationText,
  headline,
  memoryText,
  podsSentence,
  preparingText,
  retrySentence,
  SandboxStatus,
  ServerStatus,
  serverStateWords,
} from '@highroad/plugin-sandbox-common';
import { Output } from '../../output/Output';
import { table } from '../../output/table';

/** Where the cluster and the rest are, for the end of an answer. */
export interface SandboxPlaces {
  kubeconfig: string;
  connection: string;
}

const MARKS: Record<ServerStatus['state'], string> = {
  answering: '✔',
  starting: '…',
  waiting: '…',
  stopping: '…',
  stopped: '–',
  restarting: '✖',
  unavailable: '✖',
};

/** A sandbox in words: one headline, a line a server, what is wrong, and how to get at it. */
export function statusInWords(
  status: SandboxStatus,
  places: SandboxPlaces | undefined,
  output: Output,
): string {
  const pods = podsSentence(status);
  return [
    output.paint.bold(headline(status)),
    ...(pods ? [pods] : []),
    '',
    table(
      ['NAME', 'STATE', 'VERSION', 'ADDRESS', 'ANSWERED', 'MEMORY', 'RESTARTS'],
      status.servers.map(row),
      output.width,
    ),
    ...preparing(status),
    ...problems(status),
    ...ways(status, places),
  ].join('\n');
}

function ways(
  status: SandboxStatus,
  places: SandboxPlaces | undefined,
): string[] {
  if (!places) return [];
  const cluster = status.servers.some(one => one.name === 'kube-apiserver');
  return [
    '',
    ...(cluster
      ? [
          'Cluster:      platform sandbox kubectl get pods -A',
          `Kubeconfig:   ${places.kubeconfig}`,
        ]
      : []),
    `Credentials:  ${places.connection}`,
  ];
}

function row(server: ServerStatus): string[] {
  const { state, tookSeconds, lastTookSeconds, memoryBytes } = server;
  return [
    server.name,
    `${MARKS[state]} ${serverStateWords[state]}${waitingFor(server)}`,
    server.version ?? '',
    server.address ?? '',
    answered(tookSeconds, lastTookSeconds),
    memoryBytes === undefined ? '' : memoryText(memoryBytes),
    server.restarts > 0 ? String(server.restarts) : '',
  ];
}

function waitingFor({ waitingFor: names }: ServerStatus): string {
  return names.length > 0 ? ` for ${names.join(', ')}` : '';
}

function answered(now: number | undefined, last: number | undefined): string {
  if (now !== undefined) return `after ${durationText(now)}`;
  return last === undefined ? '' : `last time ${durationText(last)}`;
}

function preparing(status: SandboxStatus): string[] {
  const doing = status.programs.map(preparingText).filter(Boolean);
  const waiting = status.programs.filter(one => one.state === 'waiting');
  if (doing.length === 0) return [];
  const then = waiting.map(one => one.name).join(', ');
  return ['', `Now: ${doing.join(', ')}${then && `; then ${then}`}`];
}

function problems(status: SandboxStatus): string[] {
  const programs = status.programs.map(program => ({
    name: program.name,
    problem:
      program.problem && `${program.problem} ${retrySentence(program) ?? ''}`,
  }));
  const lines = [...programs, ...status.servers].flatMap(({ name, problem }) =>
    problem ? [`  ${name}: ${problem}`] : [],
  );
  return lines.length > 0
    ? [
        '',
        'What is wrong',
        ...lines,
        '  Runbook: docs/runbooks/sandbox-server-does-not-answer.md',
      ]
    : [];
}
