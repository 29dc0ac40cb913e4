// Collects the items of one turn of the event loop, and passes them on together.

/** @param flush gets all items of a turn in their order; it must not throw */
export function perTurn<T>(flush: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = [];
  return (item) => {
    // not a microtask: items of several async functions in one turn go together
    if (items.length === 0)
      setImmediate(() => {
        const all = items;
        items = [];
        flush(all);
      });
    items.push(item);
  };
}
