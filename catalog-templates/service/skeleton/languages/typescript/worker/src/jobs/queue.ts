import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Check } from '../runtime/readiness.ts';

export interface Job {
  id: string;
  kind: string;
  payload: unknown;
  /** 1 for the first try. */
  attempt: number;
  /** No attempt is left: the process ended in the last one, or never told how it went. */
  spent?: boolean;
}

/** Where jobs come from. A job may be handed out twice, where a process died or took too long. */
export interface JobQueue {
  /** What has to answer before there can be jobs. */
  checks: Record<string, Check>;
  /** Brings the queue to what this version of the service expects, however long that takes. */
  prepare(): Promise<void>;
  /** Takes the job that is due, if there is one. */
  claim(): Promise<Job | undefined>;
  succeeded(job: Job): Promise<void>;
  /** Answers whether the job will be tried again (`failed`), or is given up (`dead`). */
  failed(job: Job, error: unknown): Promise<'failed' | 'dead'>;
  close(): Promise<void>;
}

export type OpenQueue = (config: Config, logger: Logger, registry: Registry) => JobQueue;
