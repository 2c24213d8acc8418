import { attribute, element, XML_DECLARATION } from '@almagest/votable';
import type { JobRow } from './job.entity';

const NAMESPACES =
  ' xmlns:uws="http://www.ivoa.net/xml/UWS/v1.0" xmlns:xlink="http://www.w3.org/1999/xlink"' +
  ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Returns the document of a list of jobs (UWS 1.1, 2.2.2.1). */
export function jobListDocument(jobs: readonly JobRow[], urlOf: (id: string) => string): string {
  const references = jobs.map(
    ({ id, phase, run_id: runId, owner, created_at: created }) =>
      `<uws:jobref${attribute('id', id)}${attribute('xlink:href', urlOf(id))} xlink:type="simple">` +
      element('uws:phase', phase) +
      element('uws:runId', runId) +
      nullable('uws:ownerId', owner) +
      element('uws:creationTime', created.toISOString()) +
      '</uws:jobref>\n',
  );
  return `${XML_DECLARATION}<uws:jobs${NAMESPACES} version="1.1">\n${references.join('')}</uws:jobs>\n`;
}

/** Returns the document of a job (UWS 1.1, 2.2.2.2). @param url of the job */
export function jobDocument(job: JobRow, url: string): string {
  const { id, run_id: runId, owner, phase, error } = job;
  const time = (name: string, value: Date | null): string => nullable(name, value?.toISOString() ?? null);
  return (
    `${XML_DECLARATION}<uws:job${NAMESPACES} version="1.1">\n` +
    `${element('uws:jobId', id)}\n` +
    element('uws:runId', runId) +
    `${nullable('uws:ownerId', owner)}\n` +
    `${element('uws:phase', phase)}\n` +
    `${time('uws:quote', quoteOf(job))}\n` +
    `${time('uws:creationTime', job.created_at)}\n` +
    `${time('uws:startTime', job.started_at)}\n` +
    `${time('uws:endTime', job.ended_at)}\n` +
    `${element('uws:executionDuration', String(job.execution_duration))}\n` +
    `${time('uws:destruction', job.destruction)}\n` +
    parameterList(job, '') +
    resultList(job, url, '') +
    (error === null
      ? ''
      : `<uws:errorSummary${attribute('type', error.type)} hasDetail="true">` +
        `${element('uws:message', error.message)}</uws:errorSummary>\n`) +
    '</uws:job>\n'
  );
}

/** Returns the document of the parameters of a job (UWS 1.1, 2.2.2.4). */
export function parametersDocument(job: JobRow): string {
  return XML_DECLARATION + parameterList(job, NAMESPACES);
}

/** Returns the document of the results of a job (UWS 1.1, 2.2.2.3). @param url of the job */
export function resultsDocument(job: JobRow, url: string): string {
  return XML_DECLARATION + resultList(job, url, NAMESPACES);
}

/** When a job ends at the latest; null unless it runs (UWS 1.1, 2.1.6). */
export function quoteOf({ phase, started_at: started, execution_duration: seconds }: JobRow): Date | null {
  return phase === 'EXECUTING' && started !== null ? new Date(started.getTime() + seconds * 1000) : null;
}

function parameterList({ parameters }: JobRow, namespaces: string): string {
  const elements = parameters.map(([name, value]) => `${element('uws:parameter', value, attribute('id', name))}\n`);
  return `<uws:parameters${namespaces}>\n${elements.join('')}</uws:parameters>\n`;
}

function resultList({ result }: JobRow, url: string, namespaces: string): string {
  const attributes =
    result === null
      ? null
      : ` id="result"${attribute('xlink:href', `${url}/results/result`)} xlink:type="simple"` +
        attribute('size', String(result.size)) +
        attribute('mime-type', result.mediaType);
  const content = attributes === null ? '' : `<uws:result${attributes}/>\n`;
  return `<uws:results${namespaces}>\n${content}</uws:results>\n`;
}

function nullable(name: string, text: string | null): string {
  return text === null ? `<${name} xsi:nil="true"/>` : element(name, text);
}
