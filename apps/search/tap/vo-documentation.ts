import { ApiAnswer } from '@almagest/platform';
import { applyDecorators, Header, HttpCode } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation } from '@nestjs/swagger';
import { XML } from './availability';

/** Documents the form that a route takes, with an example. */
export function ApiForm(example: Record<string, string>): MethodDecorator {
  const properties = Object.fromEntries(Object.keys(example).map((name) => [name, { type: 'string' }]));
  return applyDecorators(
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({ schema: { type: 'object', properties, example } }),
  );
}

/** Makes a POST answer a form as GET answers the parameters of a URL, with 200. */
export function AnswersForm(example: Record<string, string>): MethodDecorator {
  return applyDecorators(HttpCode(200), ApiForm(example));
}

/** Documents the answers of a route whose errors are VOTables (DALI 1.1, 4.4). */
export function ApiVoAnswers(result: string): MethodDecorator {
  return applyDecorators(
    ApiAnswer(200, result),
    ApiAnswer(400, 'A VOTable that says what is wrong'),
    ApiAnswer(503, 'A VOTable that says why not now; `Retry-After` says when to try again'),
  );
}

/** Makes a route answer with a document of VOSI. */
export function VosiDocument(summary: string): MethodDecorator {
  return applyDecorators(Header('Content-Type', XML), ApiOperation({ summary }), ApiAnswer(200, 'XML'));
}
