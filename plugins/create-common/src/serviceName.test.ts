import { explainServiceName } from './serviceName';

describe('explainServiceName', () => {
  it.each(['a', 'my-service', 'v2', 'a'.repeat(40)])('accepts %s', name => {
    expect(explainServiceName(name)).toBeUndefined();
  });

  it.each([
    ['', /Give the service a name/],
    ['a'.repeat(41), /at most 40 characters; this has 41/],
    ['My-Service', /between words: my-service$/],
    ['my service', /my-service/],
    ['My_Own.service', /my-own-service$/],
    ['my.service', /my-service/],
    ['dienst-ö', /a to z/],
    ['1st', /Start with a letter/],
    ['-x', /Start with a letter/],
    ['x-', /End with a letter or a digit/],
    ['x/../y', /./],
  ])('says how to mend %j', (name, fix) => {
    expect(explainServiceName(name)).toMatch(fix);
  });
});
