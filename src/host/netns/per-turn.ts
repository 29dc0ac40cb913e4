// Collects the items of one turn of the event loop, and passes them on together.

/** @param flush gets all of a turn, in its order; it must not throw */
export function perTurn<T>(flush: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = [];
  return (item) => {
    // not a microtask: what several async functions say in one turn is to travel together
    if (items.length === 0)
      setImmediate(() => {
        const all = items;
        items = [];
        flush(all);
      });
    items.push(item);
  };
}
