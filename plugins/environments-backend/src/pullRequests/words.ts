import {
  EnvironmentPhase,
  EnvironmentStatus,
} from '@highroad/plugin-environments-common';
import { EnvironmentResource } from '../service/EnvironmentResources';

/** The words and signs are the same wherever an environment is shown. */
export const phaseWords: Record<
  EnvironmentPhase,
  { icon: string; word: string }
> = {
  refused: { icon: '⛔', word: 'refused' },
  provisioning: { icon: '🔨', word: 'provisioning' },
  'waiting-for-image': { icon: '📦', word: 'waiting for image' },
  ready: { icon: '✅', word: 'ready' },
  updating: { icon: '🔄', word: 'updating' },
  degraded: { icon: '⚠️', word: 'degraded' },
  failed: { icon: '❌', word: 'failed' },
  deleting: { icon: '🗑️', word: 'deleting' },
};

/** Until the controller has seen what was last asked for, what it says is about something else. */
export function phaseOf(resource: EnvironmentResource): EnvironmentPhase {
  const { status, generation, deletedAt } = resource;
  if (deletedAt) return 'deleting';
  const { phase, observedGeneration = 0 } = status;
  if (phase === undefined) return 'provisioning';
  if (observedGeneration >= generation) return phase;
  return status.readyAt === undefined ? 'provisioning' : 'updating';
}

const serviceWords: Record<
  EnvironmentStatus['services'][number]['state'],
  string
> = {
  waiting: '⏳ waiting',
  'waiting-for-image': '📦 waiting for image',
  starting: '🔨 starting',
  updating: '🔄 updating',
  ready: '✅ ready',
  failing: '❌ failing',
};
const databaseWords: Record<
  EnvironmentStatus['databases'][number]['state'],
  string
> = {
  waiting: '⏳ waiting',
  creating: '🔨 creating',
  seeding: '🌱 seeding',
  ready: '✅ ready',
  failed: '❌ failed',
};

export const serviceWord = (
  state: EnvironmentStatus['services'][number]['state'],
) => serviceWords[state];
export const databaseWord = (
  state: EnvironmentStatus['databases'][number]['state'],
) => databaseWords[state];

/**
 * Text of others, such as messages and names, in a comment of ours: it can call nobody, hide nothing and break no table.
 */
export function plain(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]<>|#~]/g, sign => `\\${sign}`)
    .replace(/@/g, '@\u200b');
}

/** Text of others as code, also in a table: it ends neither that nor a cell, and hides nothing. */
export function code(text: string): string {
  return `\`${text.replace(/[\s`<>|]+/g, ' ').trim()}\``;
}

/** Such as `2026-12-05 07:00 UTC`: a comment cannot count down. */
export function timeWords(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
