/** Counts the turns that other work of the process has, until the returned function is called. */
export function countTurns(): () => number {
  let turns = 0;
  let isCounting = true;
  const next = (): void => {
    turns += 1;
    if (isCounting) setImmediate(next);
  };
  setImmediate(next);
  return () => {
    isCounting = false;
    return turns;
  };
}
