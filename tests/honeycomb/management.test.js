// The management API, in the sequences that the Terraform provider makes: create, read, change, read, remove, read.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';

import {ask, call, Clew, eventually} from './honeycomb.js';

describe('the management API', () => {
  let clew;
  before(async () => {
    clew = await Clew.start();
    await call(clew, 'POST', '/1/batch/shop', [{data: {name: 'GET', duration_ms: 5, status: 200}}]);
  });
  after(() => clew?.stop());

  // Makes one, reads it, changes it, removes it; every answer echoes what was written.
  async function life(path, made, changed, {removed = 204, single = true} = {}) {
    const created = await call(clew, 'POST', path, made);
    assert.equal(created.status, 201, created.text);
    const one = created.body;
    assert.ok(one.id);
    for (const [name, value] of Object.entries(made)) assert.deepEqual([name, one[name]], [name, value]);
    if (single) assert.deepEqual((await call(clew, 'GET', `${path}/${one.id}`)).body, one);
    const listed = (await call(clew, 'GET', path)).body.find(({id}) => id === one.id);
    assert.equal(listed.id, one.id);
    const after = await call(clew, 'PUT', `${path}/${one.id}`, {...made, ...changed});
    assert.equal(after.status, 200, after.text);
    for (const [name, value] of Object.entries({...made, ...changed})) assert.deepEqual([name, after.body[name]], [name, value]);
    assert.equal(after.body.created_at, one.created_at);
    assert.equal((await call(clew, 'DELETE', `${path}/${one.id}`)).status, removed);
    if (single) {
      const gone = await call(clew, 'GET', `${path}/${one.id}`);
      assert.deepEqual([gone.status, gone.type, gone.body.status], [404, 'application/problem+json', 404]);
    }
    assert.equal((await call(clew, 'PUT', `${path}/${one.id}`, {...made, ...changed})).status, 404);
    assert.equal((await call(clew, 'DELETE', `${path}/${one.id}`)).status, 404);
    assert.ok((await call(clew, 'GET', path)).body.every(({id}) => id !== one.id));
  }
  async function faults(method, path, body) {
    const answer = await call(clew, method, path, body);
    assert.equal(answer.status, 422, answer.text);
    return answer.body.type_detail.map(({field, code}) => `${field} ${code}`);
  }

  test('datasets: 201, then 200 for the same name; settings; protection', async () => {
    const made = await call(clew, 'POST', '/1/datasets', {name: 'My Dataset!', description: 'd', expand_json_depth: 2});
    assert.equal(made.status, 201);
    assert.equal(made.body.slug, 'my-dataset-');
    assert.deepEqual(made.body.settings, {delete_protected: false});
    assert.equal((await call(clew, 'POST', '/1/datasets', {name: 'my dataset!'})).status, 200);
    assert.equal((await call(clew, 'POST', '/1/datasets', {name: 'Shop'})).status, 200);
    const changed = await call(clew, 'PUT', '/1/datasets/my-dataset-', {description: 'e', expand_json_depth: 3, settings: {delete_protected: true}});
    assert.deepEqual([changed.status, changed.body.description, changed.body.expand_json_depth], [200, 'e', 3]);
    assert.equal((await call(clew, 'DELETE', '/1/datasets/my-dataset-')).status, 409);
    await call(clew, 'PUT', '/1/datasets/my-dataset-', {description: 'e', expand_json_depth: 3, settings: {delete_protected: false}});
    assert.equal((await call(clew, 'DELETE', '/1/datasets/my-dataset-')).status, 202);
    const gone = await call(clew, 'GET', '/1/datasets/my-dataset-');
    assert.deepEqual([gone.status, gone.body.error], [404, 'Dataset not found']);
    assert.deepEqual(await faults('POST', '/1/datasets', {name: ''}), ['name missing']);
    assert.deepEqual(await faults('POST', '/1/datasets', {name: 'x', expand_json_depth: 11}), ['expand_json_depth invalid']);
  });

  test('datasets: JSON is flattened down to expand_json_depth; a removed one is empty when it comes back', async () => {
    await call(clew, 'POST', '/1/datasets', {name: 'deep', expand_json_depth: 1});
    await call(clew, 'POST', '/1/events/deep', {outer: {inner: {last: 1}, plain: 2}});
    const rows = await clew.ask('/query', {body: {signal: 'logs', query: 'ROWS outer.plain, outer.inner WHERE meta.dataset = deep'}});
    assert.deepEqual(rows.rows, [[2, '{"last":1}']]);
    assert.equal((await call(clew, 'DELETE', '/1/datasets/deep')).status, 202);
    assert.equal((await call(clew, 'POST', '/1/queries/deep', {})).status, 404);
    await call(clew, 'POST', '/1/events/deep', {again: 1});
    assert.equal((await call(clew, 'GET', '/1/datasets/deep')).status, 200);
  });

  test('columns: those that data have, and those that are made', async () => {
    const {body} = await call(clew, 'GET', '/1/columns/shop?key_name=status');
    assert.deepEqual([body.key_name, body.type], ['status', 'integer']);
    const duplicate = await call(clew, 'POST', '/1/columns/shop', {key_name: 'status'});
    assert.deepEqual([duplicate.status, duplicate.body.error], [409, 'A resource by that name already exists.']);
    assert.equal((await call(clew, 'GET', '/1/columns/shop?key_name=nothing')).status, 404);
    await life('/1/columns/shop', {key_name: 'new.column', type: 'float', description: 'd', hidden: false}, {description: 'e', hidden: true});
    const described = await call(clew, 'PUT', `/1/columns/shop/${body.id}`, {description: 'the status'});
    assert.deepEqual([described.status, described.body.description], [200, 'the status']);
    assert.deepEqual(await faults('POST', '/1/columns/shop', {key_name: 'x', type: 'decimal'}), ['type invalid']);
    assert.deepEqual((await call(clew, 'POST', '/1/columns/shop', {key_name: ''})).body, {error: 'Key name cannot be blank'});
    assert.equal((await call(clew, 'GET', '/1/columns/nowhere')).status, 404);
  });

  test('columns: a dataset has its own alone, __all__ has every one', async () => {
    await call(clew, 'POST', '/1/batch/kitchen', [{data: {oven: 'hot', status: 'busy', 'trace.trace_id': 'a'.repeat(32), 'trace.span_id': 'b'.repeat(16), duration_ms: 4}}, {data: {oven: 'cold'}}]);
    await call(clew, 'POST', '/1/batch/garden', [{data: {tree: 'oak'}}]);
    const columns = async (dataset) => new Map((await call(clew, 'GET', `/1/columns/${dataset}`)).body.map(({key_name, type}) => [key_name, type]));
    const kitchen = await columns('kitchen'), garden = await columns('garden'), all = await columns('__all__');
    assert.deepEqual([kitchen.get('oven'), kitchen.get('status'), kitchen.get('duration_ms'), kitchen.has('tree')], ['string', 'string', 'float', false]);
    assert.deepEqual([garden.get('tree'), garden.has('oven'), garden.has('duration_ms'), garden.has('trace.span_id')], ['string', false, false, false]);
    for (const name of ['oven', 'tree', 'status', 'duration_ms']) assert.ok(all.has(name), name);
    assert.equal((await columns('shop')).get('status'), 'integer');
  });

  test('derived columns: of a dataset and of the environment', async () => {
    for (const dataset of ['shop', '__all__']) {
      await life(`/1/derived_columns/${dataset}`, {alias: 'is_slow', expression: 'GT($duration_ms, 100)', description: 'd'}, {expression: 'GT($duration_ms, 200)'});
    }
    const {body} = await call(clew, 'POST', '/1/derived_columns/shop', {alias: 'a', expression: 'INT(1)'});
    const clash = await call(clew, 'POST', '/1/derived_columns/shop', {alias: 'a', expression: 'INT(1)'});
    assert.deepEqual([clash.status, clash.body.error], [409, 'Your chosen alias is the same as an existing derived column. Please choose a different alias.']);
    assert.deepEqual((await call(clew, 'GET', '/1/derived_columns/shop?alias=a')).body, body);
    assert.equal((await call(clew, 'GET', '/1/derived_columns/shop?alias=b')).status, 404);
    assert.deepEqual(await faults('POST', '/1/derived_columns/shop', {alias: 'x'}), ['expression missing']);
    assert.deepEqual(await faults('POST', '/1/derived_columns/shop', {alias: 'x', expression: 'GT($duration_ms'}), ['expression invalid']);
  });

  test('a query names derived columns, of its dataset first', async () => {
    await call(clew, 'POST', '/1/derived_columns/__all__', {alias: 'speed', expression: '"of all"'});
    const asked = async (dataset) => (await ask(clew, dataset, {breakdowns: ['speed'], filters: [{column: 'duration_ms', op: 'exists'}], time_range: 3600}, {disable_series: true})).data.results;
    assert.deepEqual(await asked('shop'), [{data: {speed: 'of all', COUNT: 1}}]);
    await call(clew, 'POST', '/1/derived_columns/shop', {alias: 'speed', expression: 'IF(GT($duration_ms, 100), "slow", "fast")'});
    assert.deepEqual(await asked('shop'), [{data: {speed: 'fast', COUNT: 1}}]);
  });

  test('dataset definitions', async () => {
    const {body} = await call(clew, 'GET', '/1/dataset_definitions/shop');
    assert.deepEqual(body.name, {name: 'name', column_type: 'column'});
    assert.equal(body.route, null);
    const changed = await call(clew, 'PATCH', '/1/dataset_definitions/shop', {status: {name: 'status', column_type: 'column'}});
    assert.deepEqual(changed.body.status, {name: 'status', column_type: 'column'});
    const cleared = await call(clew, 'PATCH', '/1/dataset_definitions/shop', {status: {name: ''}});
    assert.equal(cleared.body.status, null);
    const {status, body: refused} = await call(clew, 'PATCH', '/1/dataset_definitions/shop', {user: {name: 'no.such'}});
    assert.deepEqual([status, refused.error], [422, 'The following columns were not found: no.such']);
  });

  test('markers and their settings', async () => {
    await life('/1/markers/shop', {start_time: 1767607200, end_time: 1767607300, message: 'deploy 5', type: 'deploy', url: 'http://ci/5'}, {message: 'deploy 6'}, {removed: 200, single: false});
    await call(clew, 'POST', '/1/marker_settings/shop', {type: 'release', color: '#F96E11'});
    await call(clew, 'POST', '/1/markers/shop', {message: 'm', type: 'release'});
    const [marker] = (await call(clew, 'GET', '/1/markers/shop')).body;
    assert.equal(marker.color, '#F96E11');
    assert.ok(Math.abs(marker.start_time - Date.now() / 1000) < 60);
    await life('/1/marker_settings/__all__', {type: 'deploy', color: '#7b1fa2'}, {color: '#000000'}, {removed: 200, single: false});
    assert.deepEqual(await faults('POST', '/1/marker_settings/shop', {type: 't', color: 'purple'}), ['color invalid']);
    assert.deepEqual(await faults('POST', '/1/markers/shop', {start_time: 5, end_time: 4}), ['end_time invalid']);
  });

  test('query annotations', async () => {
    const {body: query} = await call(clew, 'POST', '/1/queries/shop', {});
    await life('/1/query_annotations/shop', {name: 'n', description: 'd', query_id: query.id}, {name: 'm'});
    assert.deepEqual(await faults('POST', '/1/query_annotations/shop', {name: 'n', query_id: 'nothing'}), ['query_id invalid']);
  });

  test('boards and their views', async () => {
    const panel = {type: 'text', position: {x_coordinate: 0, y_coordinate: 0, height: 3, width: 4}, text_panel: {content: '# hello'}};
    const query = {type: 'query', query_panel: {query_id: 'q', query_annotation_id: 'a', query_style: 'combo', visualization_settings: {charts: [{chart_index: 0, chart_type: 'line'}]}}};
    await life('/1/boards', {name: 'b', description: 'd', type: 'flexible', panels: [panel, query], tags: [{key: 'team', value: 'blue'}], preset_filters: [{column: 'name', alias: 'Name'}]}, {name: 'c', panels: [query]});
    const {body: board} = await call(clew, 'POST', '/1/boards', {name: 'with views'});
    assert.match(board.links.board_url, /\/board\//);
    await life(`/1/boards/${board.id}/views`, {name: 'v', filters: [{column: 'name', operation: '=', value: 'GET'}]}, {name: 'w'});
    assert.equal((await call(clew, 'GET', '/1/boards/nothing/views')).status, 404);
    assert.deepEqual(await faults('POST', `/1/boards/${board.id}/views`, {name: 'v', filters: []}), ['filters invalid']);
    assert.deepEqual(await faults('POST', '/1/boards', {name: 'b', panels: [{type: 'query', query_panel: {query_id: 'q'}}, {type: 'pie'}], tags: [{key: 'Team', value: '5'}]}),
      ['tags[0].key invalid', 'tags[0].value invalid', 'panels[0].query_panel.query_annotation_id missing', 'panels[1].type invalid']);
  });

  test('recipients; one that is in use stays', async () => {
    await life('/1/recipients', {type: 'webhook', details: {webhook_name: 'w', webhook_url: 'https://hook.example/x', webhook_secret: 's'}}, {details: {webhook_name: 'v', webhook_url: 'https://hook.example/y'}});
    assert.deepEqual(await faults('POST', '/1/recipients', {type: 'email', details: {}}), ['details.email_address missing']);
    assert.deepEqual(await faults('POST', '/1/recipients', {type: 'pigeon', details: {}}), ['type invalid']);
    // As the provider writes one with a body of its own.
    const payloads = (body) => ({webhook_name: 'w', webhook_url: 'https://hook.example/z', webhook_headers: [{header: 'Authorization', value: 'x'}],
      webhook_payloads: {payload_templates: {trigger: {body}}, template_variables: [{name: 'severity', default_value: 'warning'}]}});
    await life('/1/recipients', {type: 'webhook', details: payloads('{"name": "{{ .Name }}"}')}, {details: payloads('{"id": "{{ .ID }}"}')});
    assert.deepEqual(await faults('POST', '/1/recipients', {type: 'webhook', details: payloads('{{ if .Name }}')}), ['details.webhook_payloads.payload_templates.trigger.body invalid']);
    const {body: recipient} = await call(clew, 'POST', '/1/recipients', {type: 'email', details: {email_address: 'ops@example.com'}});
    const {body: trigger} = await call(clew, 'POST', '/1/triggers/shop', {name: 't', disabled: true, query: {calculations: [{op: 'COUNT'}]}, threshold: {op: '>', value: 1e9}, recipients: [{id: recipient.id}]});
    assert.equal((await call(clew, 'DELETE', `/1/recipients/${recipient.id}`)).status, 409);
    assert.deepEqual((await call(clew, 'GET', `/1/recipients/${recipient.id}/triggers`)).body.map(({id}) => id), [trigger.id]);
    assert.deepEqual((await call(clew, 'GET', '/1/triggers')).body.map(({id, dataset_slug}) => [id, dataset_slug]), [[trigger.id, 'shop']]);
    await call(clew, 'DELETE', `/1/triggers/shop/${trigger.id}`);
    assert.equal((await call(clew, 'DELETE', `/1/recipients/${recipient.id}`)).status, 204);
  });

  test('triggers: what may be watched', async () => {
    const trigger = {name: 't', description: 'd', disabled: true, query: {calculations: [{op: 'COUNT'}], time_range: 900}, threshold: {op: '>', value: 5, exceeded_limit: 1}, frequency: 900, alert_type: 'on_change', recipients: [], evaluation_schedule_type: 'frequency'};
    await life('/1/triggers/shop', trigger, {name: 'u', frequency: 60, query: {calculations: [{op: 'COUNT'}], time_range: 60}});
    const {query, ...rest} = trigger;
    for (const [change, expected] of [
      [{threshold: {op: '=', value: 1}}, 'threshold.op invalid'], [{threshold: {op: '>'}}, 'threshold.value missing'], [{frequency: 90}, 'frequency invalid'], [{frequency: 30}, 'frequency invalid'],
      [{query: {calculations: [{op: 'COUNT'}], time_range: 3601}}, 'query.time_range invalid'], [{query: {calculations: [{op: 'HEATMAP', column: 'duration_ms'}]}}, 'query.calculations invalid'],
      [{query: {orders: [{op: 'COUNT'}]}}, 'query.orders invalid'], [{query: {limit: 5}}, 'query.limit invalid'], [{query: {calculations: [{op: 'COUNT'}, {op: 'MAX', column: 'duration_ms'}]}}, 'query.calculations invalid'],
      [{query: {breakdowns: ['nmae']}}, 'query.breakdowns[0] invalid'], [{recipients: [{id: 'nothing'}]}, 'recipients[0].id invalid'], [{query: null, query_id: 'nothing'}, 'query_id invalid'],
      [{evaluation_schedule_type: 'window'}, 'evaluation_schedule.window missing'], [{baseline_details: {offset_minutes: 7, type: 'value'}}, 'baseline_details.offset_minutes invalid'],
    ]) assert.deepEqual([change, await faults('POST', '/1/triggers/shop', {...rest, query, ...change})], [change, [expected]]);
  });

  test('SLOs and burn alerts', async () => {
    await call(clew, 'POST', '/1/batch/slos', [...Array(99).fill({data: {ok: true}}), {data: {ok: false}}]);
    await call(clew, 'POST', '/1/derived_columns/slos', {alias: 'good', expression: 'IF(EXISTS($ok), $ok)'});
    const slo = {name: 's', description: 'd', sli: {alias: 'good'}, time_period_days: 7, target_per_million: 980_000};
    await life('/1/slos/slos', slo, {target_per_million: 990_000});
    const {body} = await call(clew, 'POST', '/1/slos/slos', slo);
    const {body: detailed} = await call(clew, 'GET', `/1/slos/slos/${body.id}?detailed=true`);
    assert.deepEqual([detailed.compliance, Math.round(detailed.budget_remaining), detailed.status], [99, 50, 'no_alerts']);
    // How it went, at every hour; nothing had come until now.
    const now = Math.floor(Date.now() / 1000), hour = Math.floor(now / 3600) * 3600;
    const {status: reported, body: history, text: report} = await call(clew, 'POST', '/1/reporting/slos/historical', {ids: [body.id], start_time: hour - 3600, end_time: hour + 3600});
    assert.equal(reported, 200, report);
    const {compliance, budget_remaining} = history[body.id][2];
    assert.deepEqual([history[body.id].map(({timestamp}) => timestamp), compliance, Math.round(budget_remaining)], [[hour - 3600, hour, hour + 3600], 99, 50]);
    assert.deepEqual(history[body.id][0], {timestamp: hour - 3600, compliance: 100, budget_remaining: 100});
    assert.deepEqual(await faults('POST', '/1/reporting/slos/historical', {ids: [], start_time: -1, end_time: 'x'}), ['ids missing', 'start_time invalid', 'end_time invalid']);
    assert.equal((await call(clew, 'POST', '/1/reporting/slos/historical', {ids: ['nothing'], start_time: 1, end_time: 2})).status, 404);
    const alert = {alert_type: 'budget_rate', budget_rate_window_minutes: 60, budget_rate_decrease_threshold_per_million: 999_999, slo: {id: body.id}, recipients: [{type: 'email', target: 'ops@example.com'}]};
    const {body: made, status, text} = await call(clew, 'POST', '/1/burn_alerts/slos', alert);
    assert.equal(status, 201, text);
    assert.equal((await call(clew, 'GET', '/1/burn_alerts/slos')).status, 422);
    assert.deepEqual((await call(clew, 'GET', `/1/burn_alerts/slos?slo_id=${body.id}`)).body.map(({id}) => id), [made.id]);
    // Of all datasets at once, which is clew's own.
    assert.deepEqual((await call(clew, 'GET', '/1/burn_alerts')).body.map(({id, dataset_slug}) => [id, dataset_slug]), [[made.id, 'slos']]);
    const everywhere = (await call(clew, 'GET', '/1/slos?detailed=true')).body.find(({id}) => id === body.id);
    const {body: single} = await call(clew, 'GET', `/1/slos/slos/${body.id}?detailed=true`);
    assert.deepEqual([everywhere.dataset_slug, everywhere.budget_remaining, everywhere.status], ['slos', single.budget_remaining, single.status]);
    assert.equal((await call(clew, 'DELETE', `/1/slos/slos/${body.id}`)).status, 409);
    assert.deepEqual(await faults('POST', '/1/burn_alerts/slos', {slo: {id: 'nothing'}, recipients: []}), ['exhaustion_minutes missing', 'slo.id invalid']);
    assert.deepEqual(await faults('POST', '/1/slos/slos', {...slo, target_per_million: 1_000_000}), ['target_per_million invalid']);
  });

  test('bodies that are too large or no JSON', async () => {
    const large = await call(clew, 'POST', '/1/boards', {name: 'x'.repeat(100_001)});
    assert.deepEqual([large.status, large.body.error], [413, 'Body size is larger than maximum size of 100000 bytes']);
    const broken = await call(clew, 'POST', '/1/boards', '{');
    assert.deepEqual([broken.status, broken.body.error, broken.body.type], [400, 'could not parse request body', 'https://api.honeycomb.io/problems/unparseable']);
  });
});

describe('version 2: environments and keys', () => {
  let clew;
  const management = 'hcxmk_01:secret-of-the-management-key';
  const bearer = {key: null, headers: {authorization: `Bearer ${management}`}};
  before(async () => {
    clew = await Clew.start({prepare: (stopped) => {
      stopped.run('keys', 'create', '--name', 'management', '--kind', 'management', '--key', management);
      stopped.run('keys', 'create', '--name', 'plain', '--key', 'a-configuration-key');
    }});
  });
  after(() => clew?.stop());
  const data = (type, attributes, relationships) => ({data: {type, attributes, ...(relationships && {relationships})}});

  test('who may', async () => {
    const {body} = await call(clew, 'GET', '/2/auth', undefined, bearer);
    assert.equal(body.data.attributes.key_type, 'management');
    assert.equal(body.included[0].attributes.slug, 'clew');
    assert.equal((await call(clew, 'GET', '/2/teams/clew/environments', undefined, {key: 'a-configuration-key'})).status, 403);
    assert.equal((await call(clew, 'GET', '/2/teams/others/environments', undefined, bearer)).status, 404);
    assert.equal((await call(clew, 'POST', '/1/events/d', {a: 1}, bearer)).status, 403);
  });

  test('environments: made, listed by pages, changed', async () => {
    const made = await call(clew, 'POST', '/2/teams/clew/environments', data('environments', {name: 'Staging', description: 'd', color: 'green'}), bearer);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.type, 'application/vnd.api+json');
    assert.deepEqual([made.body.data.attributes.slug, made.body.data.attributes.color], ['staging', 'green']);
    assert.equal((await call(clew, 'POST', '/2/teams/clew/environments', data('environments', {name: 'Staging'}), bearer)).status, 409);
    const path = `/2/teams/clew/environments/${made.body.data.id}`;
    const changed = await call(clew, 'PATCH', path, data('environments', {description: 'e', settings: {delete_protected: false}}), bearer);
    assert.deepEqual([changed.body.data.attributes.description, changed.body.data.attributes.settings], ['e', {delete_protected: false}]);
    const first = await call(clew, 'GET', '/2/teams/clew/environments?page[size]=1', undefined, bearer);
    assert.equal(first.body.data.length, 1);
    const second = await call(clew, 'GET', first.body.links.next, undefined, bearer);
    assert.deepEqual([second.body.data[0].attributes.name, second.body.links.next], ['Staging', null]);
    assert.equal((await call(clew, 'GET', '/2/teams/clew/environments/none', undefined, bearer)).status, 404);
  });

  test('markers: of an environment or a dataset, the same as in version 1', async () => {
    const {body: {data: [environment]}} = await call(clew, 'GET', '/2/teams/clew/environments', undefined, bearer);
    assert.equal((await call(clew, 'POST', '/1/datasets', {name: 'marked'}, {key: 'a-configuration-key'})).status, 201);
    const relations = (dataset) => ({environment: {data: {id: environment.id, type: 'environments'}}, dataset: {data: dataset && {id: dataset, type: 'datasets'}}});
    for (const [dataset, listed] of [[null, '__all__'], ['marked', 'marked']]) {
      const made = await call(clew, 'POST', '/2/teams/clew/markers', data('markers', {start_time: 1767607200, message: 'deploy', type: 'deploy'}, relations(dataset)), bearer);
      assert.deepEqual([made.status, made.type], [201, 'application/vnd.api+json'], made.text);
      const {id, type, attributes, relationships, links} = made.body.data;
      assert.deepEqual([type, attributes.start_time, attributes.message], ['markers', 1767607200, 'deploy']);
      assert.deepEqual([relationships.environment.data.id, relationships.dataset.data?.id ?? null], [environment.id, dataset]);
      assert.ok(links.self.endsWith(`/markers/${id}`) && attributes.timestamps.created);
      const changed = await call(clew, 'PATCH', `/2/teams/clew/markers/${id}`, data('markers', {message: 'deployed', end_time: 1767607300}, relations(dataset)), bearer);
      assert.deepEqual([changed.status, changed.body.data.attributes.message, changed.body.data.attributes.start_time], [200, 'deployed', 1767607200], changed.text);
      const one = (await call(clew, 'GET', `/1/markers/${listed}`, undefined, {key: 'a-configuration-key'})).body.find((marker) => marker.id === id);
      assert.deepEqual([one.message, one.end_time], ['deployed', 1767607300]);
      const refused = await call(clew, 'PATCH', `/2/teams/clew/markers/${id}`, data('markers', {end_time: 1}, relations(dataset)), bearer);
      assert.deepEqual([refused.status, refused.body.errors[0].source.pointer], [422, '/data/attributes/end_time'], refused.text);
    }
    assert.equal((await call(clew, 'POST', '/2/teams/clew/markers', data('markers', {message: 'm'}, relations(null)), bearer)).status, 422);
    assert.equal((await call(clew, 'POST', '/2/teams/clew/markers', data('markers', {start_time: 1}, {environment: {data: {id: 'none'}}}), bearer)).status, 422);
    assert.equal((await call(clew, 'POST', '/2/teams/clew/markers', data('markers', {start_time: 1}, relations('nowhere')), bearer)).status, 404);
    assert.equal((await call(clew, 'PATCH', '/2/teams/clew/markers/none', data('markers', {message: 'm'}, relations(null)), bearer)).status, 404);
    assert.equal((await call(clew, 'POST', '/2/teams/clew/markers', data('markers', {start_time: 1}, relations(null)), {key: 'a-configuration-key'})).status, 403);
  });

  test('an environment is removed when it is not protected; another of its name has nothing of it', async () => {
    const environments = '/2/teams/clew/environments', keys = '/2/teams/clew/api-keys';
    const make = async () => (await call(clew, 'POST', environments, data('environments', {name: 'Short lived'}), bearer)).body.data;
    const keyOf = async ({id}) => (await call(clew, 'POST', keys, data('api-keys', {name: 'all', key_type: 'configuration', permissions: {send_events: true, create_datasets: true, run_queries: true, manage_boards: true}}, {environment: {data: {id, type: 'environments'}}}), bearer)).body.data.attributes.secret;
    const statusOf = async (key) => (await call(clew, 'GET', '/1/auth', undefined, {key})).status;
    const first = await make(), key = await keyOf(first);
    await eventually(async () => await statusOf(key) === 200);
    assert.equal((await call(clew, 'POST', '/1/events/d', {a: 1}, {key})).status, 200);
    assert.equal((await call(clew, 'POST', '/1/boards', {name: 'b'}, {key})).status, 201);
    const refused = await call(clew, 'DELETE', `${environments}/${first.id}`, undefined, bearer);
    assert.deepEqual([refused.status, refused.body.errors[0].code], [409, 'conflict']);
    await call(clew, 'PATCH', `${environments}/${first.id}`, data('environments', {settings: {delete_protected: false}}), bearer);
    assert.equal((await call(clew, 'DELETE', `${environments}/${first.id}`, undefined, bearer)).status, 204);
    assert.equal((await call(clew, 'GET', `${environments}/${first.id}`, undefined, bearer)).status, 404);
    assert.equal((await call(clew, 'DELETE', `${environments}/${first.id}`, undefined, bearer)).status, 404);
    await eventually(async () => await statusOf(key) === 401);
    const second = await make(), another = await keyOf(second);
    assert.notEqual(second.id, first.id);
    await eventually(async () => await statusOf(another) === 200);
    assert.deepEqual((await call(clew, 'GET', '/1/datasets', undefined, {key: another})).body, []);
    assert.deepEqual((await call(clew, 'GET', '/1/boards', undefined, {key: another})).body, []);
  });

  test('keys: the secret is shown once and works', async () => {
    const {body: {data: [environment]}} = await call(clew, 'GET', '/2/teams/clew/environments', undefined, bearer);
    const relation = {environment: {data: {id: environment.id, type: 'environments'}}};
    const made = await call(clew, 'POST', '/2/teams/clew/api-keys', data('api-keys', {name: 'in', key_type: 'ingest', permissions: {create_datasets: true}}, relation), bearer);
    assert.equal(made.status, 201, made.text);
    const {id, attributes} = made.body.data;
    const key = id + attributes.secret;
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      if ((await call(clew, 'GET', '/1/auth', undefined, {key})).status === 200) break;
    }
    assert.equal((await call(clew, 'POST', '/1/events/d', {a: 1}, {key})).status, 200);
    assert.equal((await call(clew, 'GET', '/1/boards', undefined, {key})).status, 403);
    const read = await call(clew, 'GET', `/2/teams/clew/api-keys/${id}`, undefined, bearer);
    assert.deepEqual([read.body.data.attributes.secret, read.body.data.attributes.permissions], [undefined, {create_datasets: true}]);
    const listed = await call(clew, 'GET', '/2/teams/clew/api-keys?filter[type]=ingest', undefined, bearer);
    assert.deepEqual(listed.body.data.map((one) => one.id), [id]);
    const changed = await call(clew, 'PATCH', `/2/teams/clew/api-keys/${id}`, data('api-keys', {name: 'renamed', disabled: true}), bearer);
    assert.deepEqual([changed.body.data.attributes.name, changed.body.data.attributes.disabled], ['renamed', true]);
    assert.equal((await call(clew, 'DELETE', `/2/teams/clew/api-keys/${id}`, undefined, bearer)).status, 204);
    assert.equal((await call(clew, 'GET', `/2/teams/clew/api-keys/${id}`, undefined, bearer)).status, 404);
    const wrong = await call(clew, 'POST', '/2/teams/clew/api-keys', data('api-keys', {name: 'x', key_type: 'other'}, relation), bearer);
    assert.deepEqual([wrong.status, wrong.body.errors[0].code], [422, 'validation-failed']);
  });
});
