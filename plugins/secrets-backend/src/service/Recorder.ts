import {
  AuditorService,
  AuditorServiceEvent,
} from '@backstage/backend-plugin-api';
import { JsonObject } from '@backstage/types';
import { AuditContext } from '@highroad/plugin-platform-common';
import { Call } from '@highroad/plugin-platform-node';
import { randomUUID } from 'node:crypto';
import { correlated, currentCorrelation } from '../drivers/vault/correlation';
import { keyParts } from './keyParts';

/** What is recorded of a call besides its own record. */
export interface AskedInParts<T> {
  event: string;
  about: Pick<AuditContext, 'service' | 'environment' | 'reason'>;
  /** What each of the records says besides keys */
  detail?: JsonObject;
  /** Keys, as many as one record names */
  parts: string[][];
  /** What the record of a part says at its end */
  ended?: (result: T, keys: string[]) => JsonObject;
}

/**
 * Records what the platform does with secrets on its own, and each key of what somebody asks for where one record does not
 * hold them all. Not done where it cannot be recorded.
 */
export class Recorder {
  readonly #auditor: AuditorService;

  constructor(options: { auditor: AuditorService }) {
    this.#auditor = options.auditor;
  }

  /**
   * Does something that nobody asked for. There are as many records as it takes to name each key, all before `work` begins.
   *
   * @throws ServiceUnavailableError where one of them cannot be written; nothing is done then
   */
  async doing<T>(
    event: string,
    about: { service: string; environment: string; keys?: string[] },
    work: () => Promise<T>,
  ): Promise<T> {
    const { service, environment, keys } = about;
    const correlation = currentCorrelation() ?? randomUUID();
    const platform: AuditContext = {
      ...{ service, environment, correlation },
      actor: { kind: 'service', ref: 'plugin:secrets' },
      door: 'controller',
    };
    return this.#recorded(
      {
        ...{ event, platform, correlation },
        metas: keys ? numbered(keyParts(keys)) : [{}],
      },
      work,
    );
  }

  /**
   * Does what a call asks for, which has a record of its own, once each part of its keys has one too.
   *
   * @throws ServiceUnavailableError where one of them cannot be written; nothing is done then
   */
  async asked<T>(
    { actor, door, correlation }: Pick<Call, 'actor' | 'door' | 'correlation'>,
    { event, about, detail, parts, ended }: AskedInParts<T>,
    work: () => Promise<T>,
  ): Promise<T> {
    return this.#recorded(
      {
        ...{ event, correlation },
        platform: { ...about, actor, door, correlation },
        metas: numbered(parts).map(meta => ({ ...meta, ...detail })),
        ended: ended && ((result, at) => ended(result, parts[at])),
      },
      work,
    );
  }

  async #recorded<T>(
    {
      event,
      platform,
      correlation,
      metas,
      ended,
    }: {
      event: string;
      platform: AuditContext;
      correlation: string;
      metas: JsonObject[];
      ended?: (result: T, at: number) => JsonObject;
    },
    work: () => Promise<T>,
  ): Promise<T> {
    const records: AuditorServiceEvent[] = [];
    let refused = true;
    try {
      for (const meta of metas) {
        records.push(
          await this.#auditor.createEvent({
            ...{ eventId: event, severityLevel: 'critical' },
            meta: { ...meta, platform },
          }),
        );
      }
      refused = false;
      const result = await correlated(correlation, work);
      for (const [at, record] of records.entries()) {
        await record.success(ended && { meta: ended(result, at) });
      }
      return result;
    } catch (thrown) {
      const error =
        thrown instanceof Error ? thrown : new Error(String(thrown));
      for (const record of records) {
        await record.fail({
          error,
          ...(refused && { meta: { platform: { refused } } }),
        });
      }
      throw thrown;
    }
  }
}

/** Each with which one it is, where there are several. */
function numbered(parts: string[][]): JsonObject[] {
  return parts.map((keys, at) => ({
    keys,
    ...(parts.length > 1 && { part: `${at + 1} of ${parts.length}` }),
  }));
}
