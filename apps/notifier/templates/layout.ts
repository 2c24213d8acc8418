import { html, type Markup } from './markup';

/** A mail as it is sent: text for every reader, HTML for those who want it. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export const HEADING = 'font-size:18px;margin:24px 0 8px';
export const CODE = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;word-break:break-all';
const BODY =
  "margin:0;padding:16px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1b2733;background:#fff";

export const HELPDESK =
  'If you have any problems with your ALMA data, please contact the ALMA helpdesk at https://help.almascience.org/';

/** The HTML page of a mail: one column, readable on a phone. */
export function page(title: string, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
      </head>
      <body style="${BODY}">
        <div style="max-width:640px;margin:0 auto">${body}</div>
      </body>
    </html> `;
}

/** A headed section of a text mail. */
export function section(title: string, body: string): string {
  return `${title}\n${'-'.repeat(title.length)}\n${body}`;
}

/** Folds a paragraph at 78 characters, each line after `indent`. */
export function wrap(paragraph: string, indent = ''): string {
  const width = 78 - indent.length;
  const folded = paragraph.replaceAll(new RegExp(`(?=.{${width + 1}})(.{1,${width}}) `, 'g'), '$1\n');
  return folded.replaceAll(/^/gm, indent);
}
