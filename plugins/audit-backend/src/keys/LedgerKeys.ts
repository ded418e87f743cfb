import { InputError } from '@backstage/errors';
import { namedKey, PublicKey } from '@highroad/plugin-audit-common';
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  KeyObject,
  sign,
  timingSafeEqual,
} from 'node:crypto';
import { nodeCrypto, rawPublicKey } from './nodeCrypto';

/** Whether a mark shows that the ledger made something. `unknown`: by a key of which only the public half is known. */
export type Verdict = 'valid' | 'invalid' | 'unknown';

interface Secrets {
  intake: KeyObject;
  seal: KeyObject;
}

/**
 * The ledger's keys. One signs; secrets derived from it mark what the ledger itself has written, so that what somebody
 * else puts into its database is known. Earlier ones still verify.
 */
export class LedgerKeys {
  readonly #signing: KeyObject;
  readonly #previous: KeyObject[];
  readonly #secrets = new Map<string, Secrets>();
  /** The key that signs now */
  readonly current: PublicKey;
  /** All keys whose signatures count, the current one first */
  readonly known: PublicKey[];

  /**
   * @param signingKey - Ed25519, private, PEM
   * @param previous - earlier keys, PEM: private ones while records marked with them may still wait, else public ones
   * @throws InputError that names the setting whose key cannot be used; never with the key itself
   */
  static fromPem(signingKey: string, previous: string[] = []): LedgerKeys {
    return new LedgerKeys(
      readPrivate(signingKey, 'platform.audit.signingKey'),
      previous.map((pem, index) =>
        readAny(pem, `platform.audit.previousKeys[${index}]`),
      ),
    );
  }

  private constructor(
    signing: KeyObject,
    previous: KeyObject[],
    known: PublicKey[] = [],
  ) {
    this.#signing = signing;
    this.#previous = previous;
    const own = [signing, ...previous].map(key => {
      const named = namedKey(rawPublicKey(key), nodeCrypto);
      if (key.type === 'private') this.#secrets.set(named.id, derive(key));
      return named;
    });
    const keys = [...own, ...known];
    this.current = own[0];
    this.known = keys
      .filter((key, at) => keys.findIndex(({ id }) => id === key.id) === at)
      .map(({ id, publicKey }) => {
        // Whoever is given the whole key still seals with it somewhere, so there is no end to it yet.
        const upTo = this.#secrets.has(id)
          ? undefined
          : known.find(key => key.id === id)?.upTo;
        return { id, publicKey, ...(upTo !== undefined && { upTo }) };
      });
  }

  /** These keys, and others of which the public half is known; and up to where each counts of which only that is. */
  with(known: PublicKey[]): LedgerKeys {
    const isNew = known.some(
      key =>
        key.upTo !== undefined || this.known.every(({ id }) => id !== key.id),
    );
    return isNew ? new LedgerKeys(this.#signing, this.#previous, known) : this;
  }

  /** Whether marks of that key can be checked, since not only its public half is there. */
  canCheck(keyId: string): boolean {
    return this.#secrets.has(keyId);
  }

  /** The signature of an earlier key; nothing if only its public half is known. */
  signAsPrevious(publicKey: string, text: string): string | undefined {
    const key = this.#previous.find(
      one => one.type === 'private' && rawPublicKey(one) === publicKey,
    );
    return key && sign(null, Buffer.from(text, 'utf8'), key).toString('hex');
  }

  sign(text: string): { keyId: string; signature: string } {
    return {
      keyId: this.current.id,
      signature: sign(null, Buffer.from(text, 'utf8'), this.#signing).toString(
        'hex',
      ),
    };
  }

  /** Marks a body on its way into the intake. */
  markBody(body: string): string {
    return this.#mark('intake', body);
  }

  checkBody(body: string, mark: string): Verdict {
    return this.#check('intake', body, mark);
  }

  /** Marks a place in the chain. */
  markPlace(hash: string, sealedAt: string): string {
    return this.#mark('seal', `${hash}\n${sealedAt}`);
  }

  checkPlace(hash: string, sealedAt: string, mark: string): Verdict {
    return this.#check('seal', `${hash}\n${sealedAt}`, mark);
  }

  #mark(use: keyof Secrets, text: string): string {
    const { id } = this.current;
    return `${id}:${this.#hmac(id, use, text)?.toString('hex')}`;
  }

  #check(use: keyof Secrets, text: string, mark: string): Verdict {
    const id = keyIdOf(mark);
    const expected = this.#hmac(id, use, text);
    if (!expected) {
      return this.known.some(key => key.id === id) ? 'unknown' : 'invalid';
    }
    // As text, so that a mark can be written in one way only.
    const wanted = Buffer.from(`${id}:${expected.toString('hex')}`, 'utf8');
    const given = Buffer.from(mark, 'utf8');
    return given.length === wanted.length && timingSafeEqual(given, wanted)
      ? 'valid'
      : 'invalid';
  }

  #hmac(id: string, use: keyof Secrets, text: string): Buffer | undefined {
    const secrets = this.#secrets.get(id);
    return (
      secrets &&
      createHmac('sha256', secrets[use]).update(text, 'utf8').digest()
    );
  }
}

/** The id of the key that a mark says it is by. */
export function keyIdOf(mark: string): string {
  return mark.slice(0, Math.max(mark.indexOf(':'), 0));
}

/** Secrets of their own for each use (RFC 5869), so that none can be used for another. */
function derive(key: KeyObject): Secrets {
  const material = key.export({ format: 'der', type: 'pkcs8' });
  // Key objects: Node.js takes several times longer to begin an HMAC with a secret that it has to look at first.
  const secret = (use: string) =>
    createSecretKey(
      Buffer.from(
        hkdfSync('sha256', material, '', `highroad-audit-${use}`, 32),
      ),
    );
  return { intake: secret('intake'), seal: secret('seal') };
}

function readPrivate(pem: string, setting: string): KeyObject {
  return requireEd25519(
    () => createPrivateKey(inLines(pem)),
    setting,
    'private',
  );
}

function readAny(pem: string, setting: string): KeyObject {
  return pem.includes('PRIVATE KEY')
    ? readPrivate(pem, setting)
    : requireEd25519(() => createPublicKey(inLines(pem)), setting, 'public');
}

function requireEd25519(
  read: () => KeyObject,
  setting: string,
  half: string,
): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch {
    // What OpenSSL says about it may quote from the key.
  }
  if (key?.asymmetricKeyType !== 'ed25519') {
    throw new InputError(
      `${setting} is no ${half} Ed25519 key in PEM. Make one with: openssl genpkey -algorithm ed25519`,
    );
  }
  return key;
}

/** Environment variables often carry line breaks as `\n`. */
function inLines(pem: string): string {
  return pem.replace(/\\n/g, '\n');
}
