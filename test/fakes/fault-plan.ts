// Which host calls fail: the next of a name, the n-th from now (before or after its effect), or all from the n-th on.
import type { CallWatch, FakeCall } from './instrument.ts';
import { hostError } from './fake-state.ts';

export interface FaultOptions {
  /** true: the call takes effect and still reports the error, like a lost acknowledgement */
  readonly after?: boolean;
}

export interface FaultPlan extends CallWatch {
  readonly calls: FakeCall[];
  readonly failNext: (name: string, code: string) => void;
  /** counted from 0 at the next call */
  readonly failCall: (n: number, code: string, options?: FaultOptions) => void;
  /** from call `n` on nothing reaches the host any more: the agent was killed at that call */
  readonly dieAt: (n: number) => void;
  /** called before every call takes effect: the host is then as if the agent had been killed at that call */
  readonly onCall: (listener: (call: FakeCall) => void) => void;
  /** forgets every pending fault; true if there was none */
  readonly clear: () => boolean;
}

export function createFaultPlan(): FaultPlan {
  const calls: FakeCall[] = [];
  const byName: { name: string; code: string }[] = [];
  const byNumber = new Map<number, { code: string; after: boolean }>();
  const listeners: ((call: FakeCall) => void)[] = [];
  let deadFrom = Infinity;

  const named = (call: FakeCall): void => {
    const at = byName.findIndex((f) => f.name === call.name);
    const [fault] = at < 0 ? [] : byName.splice(at, 1);
    if (fault !== undefined) throw hostError(call.name, fault.code);
  };
  const numbered = (call: FakeCall, after: boolean): void => {
    const fault = byNumber.get(calls.length - 1);
    if (fault?.after !== after) return;
    byNumber.delete(calls.length - 1);
    throw hostError(call.name, fault.code);
  };

  return {
    calls,
    before(call) {
      for (const listener of listeners) listener(call);
      calls.push(call);
      if (calls.length > deadFrom) throw hostError(call.name, 'EIO', 'killed here');
      named(call);
      numbered(call, false);
    },
    after: (call) => numbered(call, true),
    failNext: (name, code) => void byName.push({ name, code }),
    failCall: (n, code, { after = false } = {}) => void byNumber.set(calls.length + n, { code, after }),
    dieAt: (n) => (deadFrom = calls.length + n),
    onCall: (listener) => void listeners.push(listener),
    clear() {
      const idle = byName.length === 0 && byNumber.size === 0;
      byName.length = 0;
      byNumber.clear();
      deadFrom = Infinity;
      return idle;
    },
  };
}
