import { QuerySlots } from './query-slots';

const never = new AbortController().signal;

describe('QuerySlots', () => {
  it('runs the query of the caller with the fewest running queries next', async () => {
    const slots = new QuerySlots({ running: 2, waiting: 10 });
    const order: string[] = [];
    const take = async (caller: string, name: string): Promise<() => void> => {
      const free = await slots.take(caller, never);
      order.push(name);
      return free;
    };
    const first = await take('a', 'a1');
    await take('a', 'a2');
    const third = take('a', 'a3');
    const other = take('b', 'b1');
    first();
    (await other)();
    await third;
    expect(order).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('refuses a query when too many wait, and forgets one whose caller has gone', async () => {
    const slots = new QuerySlots({ running: 1, waiting: 1 });
    const free = await slots.take('a', never);
    const gone = new AbortController();
    const waiting = slots.take('b', gone.signal);
    await expect(slots.take('c', never)).rejects.toMatchObject({ code: 'search.too-many-queries' });
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    const next = slots.take('c', never);
    free();
    free();
    (await next)();
    await slots.take('d', never);
  });
});
