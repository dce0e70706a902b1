// docs/api/openapi.yaml as functions: what is described, and whether an answer is as described.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import {readFileSync} from 'node:fs';
import {parse} from 'yaml';

const file = new URL('../../docs/api/openapi.yaml', import.meta.url);
export const description = parse(readFileSync(file, 'utf8'));

const ajv = new Ajv2020({strict: false, allErrors: true});
addFormats(ajv);
// Our times have up to nine fraction digits, which is RFC 3339.
ajv.addSchema(description, 'openapi');

const pointer = (...steps) => 'openapi#/' + steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

function complaintsOf(reference, value) {
  const validate = ajv.getSchema(reference);
  if (!validate) throw new Error(`no schema at ${reference}`);
  return validate(value) ? [] : validate.errors.map(({instancePath, message, params}) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

// [{path: '/clew/v1/status', method: 'GET', operation}]
export const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({path, method: method.toUpperCase(), operation})));

const typeOf = (header) => (header ?? '').split(';')[0].trim();

// What is wrong with a JSON answer of an operation; nothing when it is as described.
export function complaintsAbout({path, method, operation}, status, contentType, body) {
  const known = String(status) in operation.responses ? String(status) : 'default';
  let response = operation.responses[known];
  if (!response) return [`status ${status} is not described`];
  let steps = ['paths', path, method.toLowerCase(), 'responses', known];
  if (response.$ref) {
    steps = response.$ref.slice(2).split('/');
    response = steps.reduce((node, step) => node[step], description);
  }
  const type = typeOf(contentType);
  if (!(type in (response.content ?? {}))) return [`content type ${type} of status ${status} is not described`];
  return complaintsOf(pointer(...steps, 'content', type, 'schema'), body);
}

export const complaintsAboutSchema = (name, value) => complaintsOf(pointer('components', 'schemas', name), value);
