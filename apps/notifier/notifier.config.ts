/** What the notifier's mails are made with. */
export class NotifierConfig {
  constructor(
    /** How long the links in mails hold. */
    readonly linkDays: number,
    /** Who is told of refused deliveries; null: nobody. */
    readonly submitter: { name: string; email: string } | null,
  ) {}
}
