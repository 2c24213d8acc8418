/** Settings for the notifier's mails. */
export class NotifierConfig {
  constructor(
    /** Days that the links in mails are valid. */
    readonly linkDays: number,
    /** Recipient of the mails about rejected deliveries; null: none. */
    readonly submitter: { name: string; email: string } | null,
  ) {}
}
