/** A mail as it is sent: text for every reader, HTML for those who want it. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export const HELPDESK =
  'If you have any problems with your ALMA data, please contact the ALMA helpdesk at https://help.almascience.org/';

/** Folds a paragraph at 78 characters, each line after `indent`. */
export function wrap(paragraph: string, indent = ''): string {
  const width = 78 - indent.length;
  const folded = paragraph.replaceAll(new RegExp(`(?=.{${width + 1}})(.{1,${width}}) `, 'g'), '$1\n');
  return folded.replaceAll(/^/gm, indent);
}
