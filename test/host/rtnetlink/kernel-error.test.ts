import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { errnoName, errnoText, kernelError } from '../../../src/host/rtnetlink/kernel-error.ts';

const { EDOM, EEXIST, ENODEV, EOPNOTSUPP } = constants.errno;

describe('kernelError', () => {
  it('has the attempt, the reason and the name', () => {
    const error = kernelError('add route 10.70.89.0/31 dev wg222 table 2', ENODEV);
    expect(error.message).toBe('add route 10.70.89.0/31 dev wg222 table 2: there is no such device (ENODEV)');
    expect([error.code, error.operation]).toEqual(['ENODEV', 'add route 10.70.89.0/31 dev wg222 table 2']);
  });
  it("prefers the operation's text to the general one", () => {
    const words = { EOPNOTSUPP: 'the kernel has no such kind of link' };
    expect(kernelError('add link wg7', EOPNOTSUPP, words).detail).toBe('the kernel has no such kind of link');
    expect(kernelError('add link wg7', EEXIST, words).detail).toBe('one like it is already there');
  });
  it("has the system's text for other errors, and a number for one without a name", () => {
    expect(errnoText('EPIPE')).toBe('broken pipe');
    expect(kernelError('x', 524)).toMatchObject({ code: 'ERRNO_524', detail: 'the kernel refused it' });
    expect(errnoName(EDOM)).toBe('EDOM');
  });
});
