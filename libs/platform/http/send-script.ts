import type { Response } from 'express';

/** Sends a shell script as a download, which nobody but the caller may keep: it can contain the caller's link. */
export function sendScript(response: Response, fileName: string, script: string): void {
  response.attachment(fileName);
  response.set({ 'Content-Type': 'application/x-sh', 'Cache-Control': 'private, no-store' });
  response.set('X-Content-Type-Options', 'nosniff').send(script);
}
