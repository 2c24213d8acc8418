import type { Delivery, DeliverySummary } from '@almagest/contracts';
import { dayOf, whatOf } from './delivered.mail';
import { HELPDESK, type RenderedMail } from './layout';
import { renderBoth } from './render';

/** What the mail about a withdrawn delivery is written from. */
export interface WithdrawnMail {
  recipient: string;
  delivery: Delivery;
  title: string | null;
  /** What QA2 decided in its stead. */
  by: { revision: number; outcome: string; decidedAt: string };
  /** Current combined deliveries that were made with it. */
  combinations: DeliverySummary[];
}

/** The mail that tells a recipient that a delivery is good no more. */
export function renderWithdrawn({ recipient, delivery, title, by, combinations }: WithdrawnMail): RenderedMail {
  const what = whatOf(delivery.level);
  return {
    subject: `ALMA project ${delivery.project}: ${what} ${delivery.ous} revision ${delivery.revision} withdrawn`,
    ...renderBoth('withdrawn', {
      ...{ recipient, title, what, project: delivery.project, uid: delivery.ous, revision: delivery.revision },
      deliveredOn: dayOf(delivery.cataloguedAt),
      decidedOn: dayOf(by.decidedAt),
      outcome: by.outcome,
      byRevision: by.revision,
      hasCombinations: combinations.length > 0,
      combinations: combinations.map(({ ous, revision }) => ({ uid: ous, revision })),
      stays:
        'Its files stay in the archive for those who have a right to them, so that what was made with them can be ' +
        'understood, and they do not become public.',
      helpdesk: HELPDESK,
    }),
  };
}
