/** The kind of observation of a MemberOUS in a group (§2 a-d). */
export const ARRAYS = ['12m', '7m', 'TP', 'TP-calibration'] as const;
export type ArrayKind = (typeof ARRAYS)[number];

/** The maximum number of members of each kind in Cycles 1 and 2 (§2). */
const AT_MOST: Record<ArrayKind, number> = { '12m': 2, '7m': 1, TP: 1, 'TP-calibration': 1 };

/**
 * Describes how a group differs from the composition of §2 (at most two 12 m members, one 7 m, one TP, one TP
 * calibration), in one sentence for each kind. Real projects differ, so this is a remark and never an error.
 */
export function groupCompositionRemarks(members: readonly { array: ArrayKind }[]): string[] {
  return ARRAYS.flatMap((array) => {
    const count = members.filter((member) => member.array === array).length;
    const most = AT_MOST[array];
    return count > most ? [`the group has ${count} ${array} members; §2 specifies at most ${most}`] : [];
  });
}
