import { Call } from '@highroad/plugin-platform-node';
import { keyParts } from './service/keyParts';
import { AskedInParts, Recorder } from './service/Recorder';

type Asked = Pick<
  Call<{ service: string; reason?: string }>,
  'actor' | 'correlation' | 'door' | 'input' | 'note'
>;

/**
 * Does what a call asks for once each part of its keys has a record of its own: where they are too many for that of the call.
 *
 * @throws ServiceUnavailableError where one of them cannot be written; nothing is done then
 */
export async function inParts<T>(
  recorder: Pick<Recorder, 'asked'>,
  call: Asked,
  what: AskedInParts<T>,
  work: () => Promise<T>,
): Promise<T> {
  const { reason } = call.input;
  const about = { ...what.about, ...(reason && { reason }) };
  call.note({ parts: what.parts.length });
  return recorder.asked(call, { ...what, about }, work);
}

/**
 * Reads values once all of their keys are named: at the end of the record of the call where it holds them, else in parts,
 * before any is read.
 *
 * @returns without those that came after they were listed
 * @throws ServiceUnavailableError where they cannot be named; nothing is read then
 */
export async function readNamed<T extends { items: Array<{ key: string }> }>(
  recorder: Pick<Recorder, 'asked'>,
  call: Asked,
  what: Omit<AskedInParts<T>, 'ended' | 'parts'> & { keys: string[] },
  read: () => Promise<T>,
): Promise<T> {
  const { keys, ...rest } = what;
  const named = new Set(keys);
  const readThem = async () => {
    const answer = await read();
    return {
      ...answer,
      items: answer.items.filter(({ key }) => named.has(key)),
    };
  };
  const parts = keyParts(keys);
  if (parts.length > 1) {
    const ended = ({ items }: T, part: string[]) => {
      const had = new Set(items.map(({ key }) => key));
      const without = part.filter(key => !had.has(key));
      return without.length > 0 ? { without } : {};
    };
    return inParts(recorder, call, { ...rest, parts, ended }, readThem);
  }
  // Where it fails half way, some were read.
  call.note({ keys });
  const answer = await readThem();
  call.note({ keys: answer.items.map(({ key }) => key) });
  return answer;
}
