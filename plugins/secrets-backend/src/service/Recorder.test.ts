import { ServiceUnavailableError } from '@backstage/errors';
import { keysNamed } from '../__testUtils__/keysNamed';
import { LedgerAuditor } from '../__testUtils__/LedgerAuditor';
import { Recorder } from './Recorder';

describe('recording what the platform does on its own', () => {
  let auditor: LedgerAuditor;
  let recorder: Recorder;
  const at = { service: 'component:default/cart', environment: 'staging' };

  beforeEach(async () => {
    auditor = await LedgerAuditor.create();
    recorder = new Recorder({ auditor });
  });
  afterEach(() => auditor.stop());

  it('takes one record where that names all keys', async () => {
    const keys = keysNamed(200);
    const done = await recorder.doing('sync', { ...at, keys }, async () => {
      return 'done';
    });
    expect(done).toBe('done');
    const records = await auditor.records();
    expect(records).toMatchObject([
      { phase: 'intent', event: 'sync', severity: 'critical', meta: { keys } },
      { phase: 'outcome', outcome: 'succeeded', meta: { keys } },
    ]);
    expect(records[0].meta.part).toBeUndefined();
  });

  it.each([
    ['many keys', keysNamed(450)],
    ['long names', keysNamed(200, 128)],
  ])('names each key before it is read: %s', async (_, keys) => {
    const parts = keys.length > 400 ? 3 : 2;
    await recorder.doing('sync', { ...at, keys }, async () => {
      const intents = await auditor.records();
      expect(intents).toHaveLength(parts);
      expect(intents.flatMap(({ meta }) => meta.keys)).toEqual(keys);
    });
    const records = await auditor.records();
    const ended = records.filter(({ phase }) => phase === 'outcome');
    expect(ended.flatMap(({ meta }) => meta.keys)).toEqual(keys);
    expect(ended.map(({ meta }) => [meta.part, meta.cut])).toEqual(
      Array.from({ length: parts }, (__, n) => [
        `${n + 1} of ${parts}`,
        undefined,
      ]),
    );
    expect(new Set(records.map(one => one.correlation)).size).toBe(1);
    for (const record of ended) {
      expect(record).toMatchObject({ ...at, outcome: 'succeeded' });
    }
  });

  it('does nothing where one of the records cannot be written, and says so in those that could', async () => {
    auditor.left = 2;
    const work = jest.fn(async () => {});
    const keys = keysNamed(450);
    await expect(recorder.doing('sync', { ...at, keys }, work)).rejects.toThrow(
      ServiceUnavailableError,
    );
    expect(work).not.toHaveBeenCalled();
    const records = await auditor.records();
    const outcomes = records.flatMap(one => one.outcome ?? []);
    expect(outcomes).toEqual(['refused', 'refused']);
  });

  it('says of each part that it failed', async () => {
    const work = async () => {
      throw new Error('Vault is sealed.');
    };
    const keys = keysNamed(250);
    await expect(recorder.doing('sync', { ...at, keys }, work)).rejects.toThrow(
      'Vault is sealed.',
    );
    const records = await auditor.records();
    const outcomes = records.flatMap(one => one.outcome ?? []);
    expect(outcomes).toEqual(['failed', 'failed']);
  });
});
