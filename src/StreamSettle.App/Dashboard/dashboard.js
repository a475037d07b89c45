'use strict';
// Asks for the status once a second and shows it. Everything is set as text: nothing that the source or a downstream says becomes markup.
const number = new Intl.NumberFormat('en');
const element = id => document.getElementById(id);
const text = (id, value) => { element(id).textContent = value; };

// A number that is cut off at the edge of its tile would be read as another: long ones are smaller.
const figure = (id, value) => {
  text(id, value);
  element(id).className = value.length > 13 ? 'longer' : value.length > 10 ? 'long' : '';
};
const count = value => value === null || value === undefined ? '–' : number.format(value);
const span = ms => ms === null || ms === undefined ? '–' : ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
let last = null;
let heardAt = null;
const lettersEveryMs = 10000;
let shownLetters = 0;
let lettersAt = 0;

// What stands how: the colour of its words. Health is Good, Warning or Bad.
const colour = (id, health) => { element(id).className = `note health-${health.toLowerCase()}`; };

// A service that does not answer: what is shown is old, and says since when.
function lose(why) {
  text('ready', heardAt ? 'no connection' : 'not there');
  element('ready').className = 'pill bad';
  text('lost', `${why}${heardAt ? `; these numbers are from ${heardAt.toISOString().slice(0, 19).replace('T', ' ')} UTC, ${Math.round((Date.now() - heardAt) / 1000)} s ago` : ''}`);
  element('lost').hidden = false;
  document.body.classList.toggle('old', heardAt !== null);
}

function find() {
  heardAt = new Date();
  element('lost').hidden = true;
  document.body.classList.remove('old');
}

function systemRow(system) {
  const cells = [
    [system.leg], [system.state, `state health-${system.health.toLowerCase()}`], [system.requestsPerSecond.toFixed(1), 'n'], [system.windowErrorRatio === null ? '–' : `${(system.windowErrorRatio * 100).toFixed(1)} %`, `n health-${system.health.toLowerCase()}`],
    [count(system.inFlight), 'n'], [count(system.waiting), 'n'], [count(system.retrying), 'n'], [count(system.unknown), 'n'], [count(system.deadLetters), 'n'], [count(system.invoices), 'n'],
    [budget(system), 'n'], [system.lastError ?? '', 'error'],
  ];
  return line(cells);
}

function budget(system) {
  if (system.budgetLimit === null) return '–';
  const ofAll = system.budgetTotal > system.budgetLimit ? ` of ${count(system.budgetTotal)}` : '';
  return `${count(system.budgetUsed)} / ${count(system.budgetLimit)}${ofAll}`;
}

function line(cells) {
  const row = document.createElement('tr');
  for (const [value, kind] of cells) {
    const cell = document.createElement('td');
    cell.textContent = value;
    if (kind) { cell.className = kind; }
    if (kind === 'error') { cell.title = value; }
    row.append(cell);
  }
  return row;
}

// Only what is not as it should be.
function notaries(all) {
  return all.filter(notary => notary.state === 'failing').map(notary => `, ${count(notary.open)} not notarised by ${notary.name}: ${notary.reason}`).join('');
}

function sealed(seals) {
  return !seals ? '' : `, ${count(seals.notSealed)} not sealed${seals.reason ? `: ${seals.reason}` : ''}`;
}

function personal(data) {
  return data?.reason ? `, personal data: ${data.reason}` : '';
}

function projected(projections) {
  return projections.map(one => `, ${one.name} ${one.reason ? `stands still ${one.reason}` : one.behind === null ? one.state : `${count(one.behind)} behind`}`).join('');
}

function show(status) {
  const { flow } = status;
  text('time', `${status.time.slice(0, 19).replace('T', ' ')} UTC`);
  const troubles = [status.source.health, status.audit.health, ...(status.audit.seals ? [status.audit.seals.health] : []), ...(status.audit.personalData ? [status.audit.personalData.health] : []), ...status.audit.notaries.map(notary => notary.health), ...status.audit.projections.map(one => one.health), ...status.downstreams.map(system => system.health)];
  const broken = troubles.includes('Bad');
  text('ready', !status.ready ? 'not firing' : troubles.some(health => health !== 'Good') ? 'settling, with trouble' : 'settling');
  element('ready').className = status.ready && !broken && !troubles.includes('Warning') ? 'pill ok' : broken ? 'pill bad' : 'pill';
  colour('source', status.source.health);
  colour('audit', status.audit.health);
  figure('changes', count(status.source.changes));
  text('source', `${status.source.state}${status.source.detail ? ': ' + status.source.detail : ''}`);
  for (const id of ['known', 'scheduled', 'dueNow', 'calculated', 'completed', 'cancelled', 'refused', 'reversalsRequested', 'reversalsCompleted']) {
    figure(id, count(flow[id]));
  }
  const seconds = last ? (Date.parse(status.time) - last.at) / 1000 : 0;
  if (seconds > 0) { text('rate', count(Math.round((flow.calculated - last.calculated) / seconds))); }
  last = { at: Date.parse(status.time), calculated: flow.calculated };
  text('p50', span(flow.latenessMsP50));
  text('p99', span(flow.latenessMsP99));
  text('held', count(flow.held));
  text('holds', status.holds === 1 ? '1 hold' : `${count(status.holds)} holds`);
  text('payoutsWaiting', count(flow.payoutsWaiting));
  text('deadLetters', count(status.deadLetters));
  figure('events', count(status.audit.events));
  text('audit', status.audit.reason ?? `${count(status.audit.lagEvents)} behind${sealed(status.audit.seals)}${notaries(status.audit.notaries)}${projected(status.audit.projections)}${personal(status.audit.personalData)}`);
  element('downstreams').replaceChildren(...status.downstreams.map(systemRow));
  element('reasons').replaceChildren(...status.notReady.map(reason => {
    const item = document.createElement('li');
    item.textContent = reason;
    return item;
  }));
  element('instances').replaceChildren(...status.instances.map(instance => {
    const item = document.createElement('li');
    item.textContent = `${instance.id} has partitions ${instance.partitions || 'none'}; ${instance.state}`;
    return item;
  }));
  element('instances-box').hidden = status.instances.length < 2;
  element('reasons-box').hidden = status.notReady.length === 0;
}

async function get(path) {
  const key = sessionStorage.getItem('key');
  const answer = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(5000), headers: key ? { Authorization: `Bearer ${key}` } : {} });
  element('key-form').hidden = answer.status !== 401;
  // Ids have up to 19 digits, more than a number here keeps: they stay text.
  const said = JSON.parse((await answer.text()).replace(/"(orderId|merchantId)":(-?\d+)/g, '"$1":"$2"'));
  if (!answer.ok) { throw new Error(said.detail ?? `the service answers ${answer.status}`); }
  return said;
}

// The first letters with what their reasons mean; asked for anew when their number has changed, and now and then: one may have gone as another came.
async function showLetters(count) {
  element('letters-box').hidden = count === 0;
  if (count === shownLetters && (count === 0 || Date.now() - lettersAt < lettersEveryMs)) { return; }
  const { items } = count === 0 ? { items: [] } : await get('api/v1/dead-letters?limit=20');
  shownLetters = count;
  lettersAt = Date.now();
  element('letters').replaceChildren(...items.map(letter => line([
    [letter.id], [letter.stage], [letter.orderId ?? '–', 'n'], [letter.since.slice(0, 19).replace('T', ' ')], [letter.discardedBy ? `being discarded by ${letter.discardedBy}; ${letter.reason}` : letter.reason, 'error'], [letter.meaning ?? '', 'meaning'],
  ])));
  text('letters-more', count > items.length ? `and ${number.format(count - items.length)} more` : '');
}

async function ask() {
  try {
    const status = await get('api/v1/status');
    find();
    show(status);
    await showLetters(status.deadLetters).catch(failure => text('letters-more', `The list is not up to date: ${failure.message}`));
  } catch (failure) {
    lose(failure.message);
  } finally {
    setTimeout(ask, 1000);
  }
}

element('key-form').addEventListener('submit', submitted => {
  submitted.preventDefault();
  sessionStorage.setItem('key', element('key').value);
  element('key').value = '';
});

ask();
