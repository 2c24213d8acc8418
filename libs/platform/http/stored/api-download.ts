import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiAnswer } from '../checked';
import { ApiProblems } from '../open-api';
import { MOST_RANGES } from './byte-ranges';

/** Documents what every download understands. */
export function ApiDownload(what: string): MethodDecorator {
  return applyDecorators(
    header('Range', `Byte ranges, at most ${MOST_RANGES}; several are answered as multipart/byteranges`),
    header('If-Range', 'The ETag or Last-Modified that `Range` was made for; else the whole is sent'),
    header('If-None-Match', 'ETags the client has'),
    header('If-Modified-Since', 'Last-Modified the client has'),
    header('If-Match', 'ETags one of which must be the current one'),
    header('If-Unmodified-Since', 'Last-Modified that must still hold'),
    ApiAnswer(200, what),
    ApiAnswer(206, 'A range of it, or several'),
    ApiAnswer(304, 'The client has it already'),
    ApiProblems(400, 401, 404, 412, 416, 503),
  );
}

function header(name: string, description: string): MethodDecorator & ClassDecorator {
  return ApiHeader({ name, required: false, schema: { type: 'string' }, description });
}
