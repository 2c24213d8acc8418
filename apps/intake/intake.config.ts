/** The policy of this archive towards QA2 outcomes. */
export class IntakeConfig {
  constructor(readonly deliverSemipass: boolean) {}
}
