// The bodies that the Go client of the Terraform provider sends: members that are empty but there, times of the
// year 1, the id once more in a change. And what it can decode of the answers.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {call, Clew} from './honeycomb.js';

const never = '0001-01-01T00:00:00Z';
const times = {created_at: never, updated_at: never};

// A time.Time takes RFC 3339 and null, but no empty text; an int no fraction and no text.
function assertDecodes(body, integers = []) {
  for (const name of ['created_at', 'updated_at', 'last_written', 'last_written_at']) {
    if (body[name] !== undefined && body[name] !== null) assert.match(body[name], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, name);
  }
  for (const name of integers) assert.ok(Number.isInteger(body[name]), `${name} is ${body[name]}`);
}

describe('the Terraform provider', () => {
  let clew;
  before(async () => {
    clew = await Clew.start();
    const {body} = await call(clew, 'POST', '/1/batch/web', [{data: {name: 'GET', duration_ms: 5, 'app.tenant': 'a', ok: true, 'trace.trace_id': 'a'.repeat(32), 'trace.span_id': 'b'.repeat(16)}}]);
    assert.deepEqual(body, [{status: 202}]);
  });
  after(() => clew?.stop());

  // As a resource is applied, refreshed, changed and destroyed. `expected` are the members that must come back.
  async function walk(path, body, change, {status = 201, removed = 204, single = true, listed = path, integers = [], written = body} = {}) {
    const made = await call(clew, 'POST', path, body);
    assert.equal(made.status, status, `${path}: ${made.text}`);
    const {id} = made.body;
    assert.match(id, /^[\w-]+$/);
    assertDecodes(made.body, integers);
    const has = (answer, members) => { for (const [name, value] of Object.entries(members)) assert.deepEqual([path, name, answer[name]], [path, name, value]); };
    has(made.body, written);
    const read = async () => single ? (await call(clew, 'GET', `${path}/${id}`)).body : (await call(clew, 'GET', listed)).body.find((one) => one.id === id);
    has(await read(), written);
    assert.ok((await call(clew, 'GET', listed)).body.some((one) => one.id === id));
    const changed = await call(clew, 'PUT', `${path}/${id}`, {...body, ...change, id});
    assert.equal(changed.status, 200, `${path}: ${changed.text}`);
    assertDecodes(changed.body, integers);
    has(await read(), {...written, ...change});
    assert.equal((await call(clew, 'DELETE', `${path}/${id}`)).status, removed);
    if (single) {
      const gone = await call(clew, 'GET', `${path}/${id}`);
      assert.deepEqual([gone.status, typeof gone.body.error], [404, 'string']);
    }
    const again = await call(clew, 'DELETE', `${path}/${id}`);
    assert.equal(again.status, 404);
    return id;
  }
  const make = async (path, body, status = 201) => {
    const made = await call(clew, 'POST', path, body);
    assert.equal(made.status, status, `${path}: ${made.text}`);
    return made.body;
  };

  test('what it asks first', async () => {
    const {body} = await call(clew, 'GET', '/1/auth');
    for (const name of ['boards', 'columns', 'create_datasets', 'events', 'markers', 'queries', 'recipients', 'slos', 'triggers']) assert.equal(body.api_key_access[name], true, name);
    assert.deepEqual([body.environment.slug, body.team.slug], ['default', 'clew']);
  });

  test('datasets', async () => {
    const made = await call(clew, 'POST', '/1/datasets', {name: 'terraform/made', description: 'd', expand_json_depth: 3, settings: {}, last_written_at: never, created_at: never});
    assert.equal(made.status, 201, made.text);
    assert.deepEqual([made.body.name, made.body.slug, made.body.expand_json_depth], ['terraform/made', 'terraform-made', 3]);
    assertDecodes(made.body, ['expand_json_depth']);
    // 200 is how it knows that there is one already.
    assert.equal((await call(clew, 'POST', '/1/datasets', {name: 'terraform/made', settings: {}})).status, 200);
    const changed = await call(clew, 'PUT', '/1/datasets/terraform-made', {name: 'terraform/made', slug: 'terraform-made', description: 'e', expand_json_depth: 2, settings: {delete_protected: false}, last_written_at: never, created_at: never});
    assert.deepEqual([changed.status, changed.body.description, changed.body.settings], [200, 'e', {delete_protected: false}]);
    assert.ok((await call(clew, 'GET', '/1/datasets')).body.some(({name}) => name === 'terraform/made'));
    assert.equal((await call(clew, 'DELETE', '/1/datasets/terraform-made')).status, 202);
    assert.equal((await call(clew, 'GET', '/1/datasets/terraform-made')).status, 404);
  });

  test('columns, derived columns and definitions', async () => {
    await walk('/1/columns/web', {key_name: 'duration_s', hidden: false, description: 'd', type: 'float', last_written: never, ...times}, {description: 'e', hidden: true}, {written: {key_name: 'duration_s', type: 'float', description: 'd', hidden: false}});
    const {body: column} = await call(clew, 'GET', '/1/columns/web?key_name=app.tenant');
    assertDecodes(column);
    assert.equal((await call(clew, 'POST', '/1/columns/web', {key_name: 'app.tenant', type: 'string', ...times})).status, 409);
    for (const dataset of ['web', '__all__']) {
      await walk(`/1/derived_columns/${dataset}`, {alias: 'is_fast', expression: 'LT($duration_ms, 10)', description: 'd'}, {expression: 'LT($duration_ms, 20)'});
    }
    const {body: definitions} = await call(clew, 'PATCH', '/1/dataset_definitions/web', {duration_ms: {name: 'duration_ms', column_type: 'column'}, user: {name: 'app.tenant', column_type: 'column'}});
    assert.deepEqual(definitions.user, {name: 'app.tenant', column_type: 'column'});
  });

  test('markers and their settings', async () => {
    await walk('/1/markers/web', {start_time: 1767607200, message: 'deploy', type: 'deploy', url: 'https://ci/1'}, {message: 'deployed'}, {single: false, removed: 200, integers: ['start_time']});
    await walk('/1/marker_settings/web', {type: 'deploy', color: '#7b1fa2'}, {color: '#000000'}, {single: false, removed: 200});
  });

  test('queries, annotations, boards and their views', async () => {
    const query = await make('/1/queries/web', {
      calculations: [{op: 'P99', column: 'duration_ms'}, {op: 'COUNT', name: 'bad', filters: [{column: 'ok', op: '=', value: false}]}, {op: 'COUNT', name: 'all'}],
      formulas: [{name: 'share', expression: '$bad / $all'}], calculated_fields: [{name: 'slow', expression: 'GT($duration_ms, 100)'}],
      filters: [{column: 'trace.parent_id', op: 'does-not-exist'}, {column: 'app.tenant', op: 'in', value: ['a', 'b']}], breakdowns: ['app.tenant', 'slow'],
      orders: [{op: 'P99', column: 'duration_ms', order: 'descending'}], havings: [{calculate_op: 'P99', column: 'duration_ms', op: '>', value: 1}], limit: 100, time_range: 7200, granularity: 30,
    }, 200);
    assert.deepEqual((await call(clew, 'GET', `/1/queries/web/${query.id}`)).body, query);
    const annotation = {name: 'n', description: 'd', query_id: query.id};
    await walk('/1/query_annotations/web', annotation, {name: 'm'});
    const {id} = await make('/1/query_annotations/web', annotation);
    const panels = [
      {type: 'query', position: {x_coordinate: 0, y_coordinate: 0, height: 4, width: 6}, query_panel: {query_id: query.id, query_annotation_id: id, query_style: 'combo', visualization_settings: {utc_xaxis: true, charts: [{chart_type: 'line', chart_index: 0}]}}},
      {type: 'text', position: {x_coordinate: 6, y_coordinate: 0, height: 4, width: 6}, text_panel: {content: '# hello'}},
    ];
    await walk('/1/boards', {type: 'flexible', layout_generation: 'manual', panels, name: 'board', description: 'd', links: {}, tags: null, preset_filters: [{column: 'app.tenant', alias: 'Tenant'}]}, {name: 'other', tags: [{key: 'team', value: 'blue'}]},
      {written: {type: 'flexible', panels, name: 'board', description: 'd', preset_filters: [{column: 'app.tenant', alias: 'Tenant'}]}});
    const board = await make('/1/boards', {type: 'flexible', name: 'with views', links: {}, tags: null});
    assert.ok(board.links.board_url);
    await walk(`/1/boards/${board.id}/views`, {name: 'v', filters: [{column: 'app.tenant', operation: '=', value: 'a'}, {column: 'ok', operation: 'exists'}]}, {name: 'w'});
  });

  test('recipients of every type', async () => {
    const all = {
      email: {email_address: 'ops@example.com'}, slack: {slack_channel: '#ops'}, pagerduty: {pagerduty_integration_key: 'k'.repeat(32), pagerduty_integration_name: 'pd'},
      webhook: {webhook_name: 'w', webhook_url: 'https://hook.example/', webhook_secret: 's', webhook_headers: null}, msteams_workflow: {webhook_name: 't', webhook_url: 'https://teams.example/'},
    };
    for (const [type, details] of Object.entries(all)) {
      await walk('/1/recipients', {type, details, ...times}, {details: {...details, ...(type === 'email' && {email_address: 'dev@example.com'})}}, {written: {type, details}});
    }
  });

  test('triggers, SLOs and burn alerts', async () => {
    const recipient = await make('/1/recipients', {type: 'pagerduty', details: {pagerduty_integration_key: 'p'.repeat(32), pagerduty_integration_name: 'pd'}, ...times});
    const query = {calculations: [{op: 'COUNT'}], filters: [{column: 'app.tenant', op: '=', value: 'a'}], time_range: 900};
    const trigger = {
      name: 'slow', description: 'd', disabled: true, query, alert_type: 'on_change', threshold: {op: '>', value: 100, exceeded_limit: 2}, evaluation_schedule_type: 'window',
      evaluation_schedule: {window: {days_of_week: ['monday', 'friday'], start_time: '09:00', end_time: '17:00'}}, frequency: 900, baseline_details: {type: 'percentage', offset_minutes: 1440},
    };
    await walk('/1/triggers/web', {...trigger, recipients: [{id: recipient.id, type: 'pagerduty', details: {pagerduty_severity: 'warning'}}], tags: null}, {name: 'slower', tags: [{key: 'team', value: 'blue'}]}, {written: trigger, integers: ['frequency']});
    const {id: query_id} = await make('/1/queries/web', {...query, calculations: [{op: 'MAX', column: 'duration_ms'}]}, 200);
    const {query: _, baseline_details, ...plain} = trigger;
    await walk('/1/triggers/web', {...plain, query_id, tags: null}, {frequency: 1800}, {integers: ['frequency']  , written: {...plain, query_id}});

    await make('/1/derived_columns/web', {alias: 'sli', expression: 'EQUALS($ok, true)'});
    const slo = {name: 'works', description: 'd', time_period_days: 30, target_per_million: 999_000, sli: {alias: 'sli'}};
    await walk('/1/slos/web', {...slo, tags: null, ...times}, {target_per_million: 990_000}, {written: slo, integers: ['time_period_days', 'target_per_million']});
    await walk('/1/slos/__all__', {...slo, dataset_slugs: ['web'], tags: null, ...times}, {name: 'all of it'}, {written: {...slo, dataset_slugs: ['web']}});
    const {id} = await make('/1/slos/web', {...slo, tags: null, ...times});
    const alerts = [
      {alert_type: 'exhaustion_time', exhaustion_minutes: 240, description: 'd', slo: {id}},
      {alert_type: 'budget_rate', budget_rate_window_minutes: 480, budget_rate_decrease_threshold_per_million: 10_000, description: '', slo: {id}},
    ];
    for (const alert of alerts) {
      await walk('/1/burn_alerts/web', {...alert, recipients: [{id: recipient.id, type: 'pagerduty', details: {pagerduty_severity: 'critical'}}], ...times}, {description: 'e'}, {written: alert, listed: `/1/burn_alerts/web?slo_id=${id}`});
    }
  });

  test('a refusal is told with what it can show', async () => {
    const {status, type, body} = await call(clew, 'POST', '/1/triggers/web', {name: '', threshold: {op: '>', value: 1}, tags: null});
    assert.deepEqual([status, type, body.status], [422, 'application/problem+json', 422]);
    assert.ok(body.type_detail.length > 0 && body.type_detail.every(({field, code, description}) => field && code && description), JSON.stringify(body));
  });
});
