/** The kind of observation a MemberOUS of a group stands for (§2 a-d). */
export const ARRAYS = ['12m', '7m', 'TP', 'TP-calibration'] as const;
export type ArrayKind = (typeof ARRAYS)[number];

/** The most members of each kind that §2 foresees in Cycles 1 and 2. */
const AT_MOST: Record<ArrayKind, number> = { '12m': 2, '7m': 1, TP: 1, 'TP-calibration': 1 };

/**
 * Says, one sentence each, where a group departs from §2's composition (at most two 12 m members, one 7 m, one TP, one
 * TP calibration). Real projects break it, so this is told and never refused.
 */
export function groupCompositionRemarks(members: readonly { array: ArrayKind }[]): string[] {
  return ARRAYS.flatMap((array) => {
    const count = members.filter((member) => member.array === array).length;
    const most = AT_MOST[array];
    return count > most ? [`the group has ${count} ${array} members; §2 foresees at most ${most}`] : [];
  });
}
