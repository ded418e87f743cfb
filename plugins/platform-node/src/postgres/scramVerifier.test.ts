import { SecretValue } from '@highroad/plugin-platform-common';
import { scramVerifier } from './scramVerifier';

describe('scramVerifier', () => {
  it('gives for the password and salt of RFC 7677 the keys of its exchange', async () => {
    expect(
      await scramVerifier(
        new SecretValue('pencil'),
        Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
      ),
    ).toBe(
      'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
    );
  });

  it('takes another salt each time', async () => {
    const password = new SecretValue('pencil');
    expect(await scramVerifier(password)).not.toBe(
      await scramVerifier(password),
    );
  });
});
