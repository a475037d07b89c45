'use strict';
// Asks for the status once a second and shows it. Everything is set as text: nothing that the source or a downstream says becomes markup.
const number = new Intl.NumberFormat('en');
const element = id => document.getElementById(id);
const text = (id, value) => { element(id).textContent = value; };
const count = value => value === null || value === undefined ? '–' : number.format(value);
const span = ms => ms === null || ms === undefined ? '–' : ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
let last = null;

function row(system) {
  const cells = [
    [system.leg], [system.state, `state-${system.state.split(' ')[0]}`], [system.requestsPerSecond.toFixed(1), 'n'], [`${(system.errorRatio * 100).toFixed(1)} %`, 'n'],
    [count(system.inFlight), 'n'], [count(system.waiting), 'n'], [count(system.retrying), 'n'], [count(system.unknown), 'n'], [count(system.deadLetters), 'n'],
    [system.budgetLimit === null ? '–' : `${count(system.budgetUsed)} / ${count(system.budgetLimit)}`, 'n'], [system.lastError ?? '', 'error'],
  ];
  const line = document.createElement('tr');
  for (const [value, kind] of cells) {
    const cell = document.createElement('td');
    cell.textContent = value;
    if (kind) { cell.className = kind; }
    if (kind === 'error') { cell.title = value; }
    line.append(cell);
  }
  return line;
}

function show(status) {
  const { flow } = status;
  text('time', `${status.time.slice(0, 19).replace('T', ' ')} UTC`);
  text('ready', status.ready ? 'settling' : 'not firing');
  element('ready').className = status.ready ? 'pill ok' : 'pill';
  text('changes', count(status.source.changes));
  text('source', `${status.source.state}${status.source.detail ? ': ' + status.source.detail : ''}`);
  for (const id of ['known', 'scheduled', 'dueNow', 'calculated', 'completed', 'cancelled', 'refused', 'reversalsRequested', 'reversalsCompleted']) {
    text(id, count(flow[id]));
  }
  const seconds = last ? (Date.parse(status.time) - last.at) / 1000 : 0;
  if (seconds > 0) { text('rate', count(Math.round((flow.calculated - last.calculated) / seconds))); }
  last = { at: Date.parse(status.time), calculated: flow.calculated };
  text('p50', span(flow.latenessMsP50));
  text('p99', span(flow.latenessMsP99));
  text('deadLetters', count(status.deadLetters));
  text('events', count(status.audit.events));
  text('audit', status.audit.reason ?? `${count(status.audit.lagEvents)} behind`);
  element('downstreams').replaceChildren(...status.downstreams.map(row));
  element('reasons').replaceChildren(...status.notReady.map(reason => {
    const item = document.createElement('li');
    item.textContent = reason;
    return item;
  }));
  element('reasons-box').hidden = status.notReady.length === 0;
}

async function ask() {
  try {
    const key = sessionStorage.getItem('key');
    const answer = await fetch('api/v1/status', { cache: 'no-store', headers: key ? { Authorization: `Bearer ${key}` } : {} });
    element('key-form').hidden = answer.status !== 401;
    if (!answer.ok) { throw new Error(`the service answers ${answer.status}`); }
    show(await answer.json());
  } catch (failure) {
    text('ready', `no connection: ${failure.message}`);
    element('ready').className = 'pill bad';
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
