import {
  leadingTo,
  namedRunbook,
  runbookOf,
  withoutNamedRunbook,
} from './runbookOf';

describe('the page that an error leads to', () => {
  it('is the one that it names, by itself or in its words', () => {
    const named = Object.assign(new Error('Sealed.'), {
      runbook: 'vault-sealed',
    });
    expect(namedRunbook(named)).toBe('vault-sealed');
    expect(
      namedRunbook(new Error('Sealed. See docs/runbooks/vault-sealed.md.')),
    ).toBe('vault-sealed');
    expect(
      namedRunbook({
        message: 'No. What to do: /docs/default/component/x/runbooks/a-b/',
      }),
    ).toBe('a-b');
    expect(namedRunbook(new Error('It broke.'))).toBeUndefined();
    expect(namedRunbook('It broke.')).toBeUndefined();
  });

  it('is left out of its words where it stands beside them', () => {
    expect(
      withoutNamedRunbook(
        'Sealed. See docs/runbooks/vault-sealed.md. Before that, A was done.',
      ),
    ).toBe('Sealed. Before that, A was done.');
    expect(withoutNamedRunbook('No. What to do: /docs/x/runbooks/a/')).toBe(
      'No.',
    );
    const other = 'docs/runbooks/audit-cannot-record.md says how to mend it.';
    expect(withoutNamedRunbook(other)).toBe(other);
  });

  it('is no address that somebody else wrote there', () => {
    const error = { message: 'No.', runbook: 'https://evil.example/../x' };
    expect(namedRunbook(error)).toBeUndefined();
  });

  it('is given to one that names none', () => {
    expect(namedRunbook(leadingTo('a', new Error('It broke.')))).toBe('a');
    const named = new Error('See docs/runbooks/b.md.');
    expect(namedRunbook(leadingTo('a', named))).toBe('b');
  });

  it.each([
    [undefined, 'platform-does-not-answer', 'platform-does-not-answer'],
    [400, 'refused', undefined],
    [401, 'platform-not-signed-in', 'platform-not-signed-in'],
    [403, 'refused', 'platform-not-signed-in'],
    [404, 'refused', undefined],
    [409, 'refused', undefined],
    [413, 'refused', undefined],
    [500, 'platform-does-not-answer', 'platform-does-not-answer'],
    [503, 'platform-does-not-answer', 'platform-does-not-answer'],
  ])('of an answer of %s is %s, or else %s', (status, page, other) => {
    const error = new Error('No.');
    expect(runbookOf({ error, status }, 'refused')).toBe(page);
    expect(runbookOf({ error, status })).toBe(other);
    const named = new Error('No. See docs/runbooks/vault-sealed.md.');
    expect(runbookOf({ error: named, status }, 'refused')).toBe('vault-sealed');
  });
});
