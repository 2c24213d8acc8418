import { textWidth, wrap } from '@almagest/text';

/** A mail as it is sent: text for every reader, HTML for those who want it. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export const HELPDESK =
  'If you have any problems with your ALMA data, please contact the ALMA helpdesk at https://help.almascience.org/';

/** Columns of a text mail. */
const WIDTH = 78;

/** Folds a paragraph of a text mail, each line after `indent`; a line that fits stays as it is. */
export function folded(paragraph: string, indent = ''): string {
  const width = WIDTH - indent.length;
  const lines = textWidth(paragraph) <= width ? [paragraph] : wrap(paragraph, width);
  return lines.map((line) => `${indent}${line}`).join('\n');
}
