/** What the notifier's mails are made with. */
export class NotifierConfig {
  constructor(
    readonly databaseUrl: string,
    /** Where links in mails begin. */
    readonly publicUrl: string,
    /** Who is told of refused deliveries; null: nobody. */
    readonly submitter: { name: string; email: string } | null,
  ) {}
}
