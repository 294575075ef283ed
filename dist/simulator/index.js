import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:perf_hooks"
const external_node_perf_hooks_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");
;// CONCATENATED MODULE: external "node:util"
const external_node_util_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");
;// CONCATENATED MODULE: ./lib/simulator/arguments.js

/** The page that `--help` prints. */
const HELP = `A Kupe API on this machine, for trying the action without touching a real cluster.

  node dist/simulator/index.js [options]

  --port N               where to listen on 127.0.0.1; 0 is any free port (8080)
  --tenant NAME          the tenant (acme)
  --cluster NAME         a cluster; give it several times for several (production)
  --cluster-version V    the version the clusters start with (1.31)
  --admin-key KEY        API key that may change things (kupe_sim_admin_0123456789)
  --readonly-key KEY     API key that may only look (kupe_sim_readonly_0123456789)

  --upgrade-start TIME   from a change of version to phase Upgrading (3s)
  --upgrade TIME         how long the upgrade then takes (20s)
  --scale TIME           how long a change of resources takes; the phase stays Running (5s)
  --status-writes TIME   how often the operator writes metrics, which moves the ETag (never)
  --older-server         neither generation nor observedGeneration
  --no-versions          no status.kubernetesVersion
  --etag STYLE           quoted, bare, weak or none (quoted)
  --resources MODE       PATCH does merge or replace resources (merge)
  --alerts MODE          the same for alerts (merge)
  --rate-limit N/TIME    at most N requests in TIME, then 429
  --fate FATE            what the next change comes to; give it several times for several. One of
                         ok, rolled-back, rolled-back-desired, degraded, degraded-heals, stuck,
                         unknown-phase, no-phase, no-status, upgrade-stays-running
  --fault METHOD:N:WHAT  what happens to the Nth request of METHOD, N being 3, or 3-5, or 3-; WHAT is a
                         status, delay=TIME, hang, reset, cut, stall, empty, html, stale=TIME or
                         old-object. With +applied the request takes effect all the same:
                         --fault GET:3:503   --fault PATCH:1:reset+applied

  --log                  a line for every request
  --help                 this page

TIME is a number with a unit: 250ms, 20s, 5m.
`;
const FATES = {
    ok: true,
    'rolled-back': true,
    'rolled-back-desired': true,
    degraded: true,
    'degraded-heals': true,
    stuck: true,
    'unknown-phase': true,
    'no-phase': true,
    'no-status': true,
    'upgrade-stays-running': true,
};
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** Reads the command line; throws, with the words for the user, at what it does not understand. */
function parseArguments(args) {
    const { values } = (0,external_node_util_namespaceObject.parseArgs)({
        args,
        options: {
            port: { type: 'string', default: '8080' },
            tenant: { type: 'string' },
            cluster: { type: 'string', multiple: true, default: ['production'] },
            'cluster-version': { type: 'string', default: '1.31' },
            'admin-key': { type: 'string' },
            'readonly-key': { type: 'string' },
            'upgrade-start': { type: 'string', default: '3s' },
            upgrade: { type: 'string', default: '20s' },
            scale: { type: 'string', default: '5s' },
            'status-writes': { type: 'string' },
            'older-server': { type: 'boolean', default: false },
            'no-versions': { type: 'boolean', default: false },
            etag: { type: 'string', default: 'quoted' },
            resources: { type: 'string', default: 'merge' },
            alerts: { type: 'string', default: 'merge' },
            'rate-limit': { type: 'string' },
            fate: { type: 'string', multiple: true, default: [] },
            fault: { type: 'string', multiple: true, default: [] },
            log: { type: 'boolean', default: false },
            help: { type: 'boolean', default: false },
        },
    });
    const { tenant, 'admin-key': adminKey, 'readonly-key': readonlyKey, 'rate-limit': rateLimit } = values;
    const etag = oneOf('--etag', ['quoted', 'bare', 'weak', 'none'], values.etag);
    const version = values['cluster-version'];
    return {
        help: values.help,
        port: toPort(values.port),
        log: values.log,
        options: {
            ...(tenant === undefined ? {} : { tenant }),
            ...(adminKey === undefined ? {} : { adminKey }),
            ...(readonlyKey === undefined ? {} : { readonlyKey }),
            ...(rateLimit === undefined ? {} : { rateLimit: toRateLimit(rateLimit) }),
            clusters: values.cluster.map((name) => ({ name, version })),
            upgradeStartsAfterMs: toMs(values['upgrade-start']),
            upgradeMs: toMs(values.upgrade),
            scaleMs: toMs(values.scale),
            statusWriteEveryMs: toMs(values['status-writes'] ?? '0ms'),
            generations: !values['older-server'],
            reportKubernetesVersion: !values['no-versions'],
            etags: etag !== 'none',
            etagStyle: etag === 'none' ? 'quoted' : etag,
            resourcesMode: oneOf('--resources', ['merge', 'replace'], values.resources),
            alertsMode: oneOf('--alerts', ['merge', 'replace'], values.alerts),
            script: values.fate.map((fate) => oneOf('--fate', Object.keys(FATES), fate)),
        },
        faults: values.fault.map(toFault),
    };
}
function toFault(text) {
    const [, method, from, span, to, what, applied] = /^([A-Z]+):(\d+)(-(\d*))?:(.+?)(\+applied)?$/.exec(text) ?? [];
    if (method === undefined || from === undefined || what === undefined) {
        throw new Error(`--fault ${text}: must look like GET:3:503 or PATCH:1:reset+applied`);
    }
    const nth = Number(from);
    const last = span === undefined ? nth : to ? Number(to) : Number.POSITIVE_INFINITY;
    return { matcher: { method, nth, times: last - nth + 1 }, fault: named(what, text, applied !== undefined) };
}
function named(what, text, applied) {
    const [kind = '', value = ''] = what.split('=');
    if (/^[1-5]\d\d$/.test(kind))
        return { kind: 'status', status: Number(kind), applied };
    switch (kind) {
        case 'delay':
        case 'stale':
            return { kind, ms: toMs(value) };
        case 'hang':
        case 'reset':
        case 'cut':
        case 'stall':
            return { kind, applied };
        case 'empty':
            return { kind: 'body', body: '', applied };
        case 'html':
            return { kind: 'body', body: '<html><body>Bad gateway</body></html>', contentType: 'text/html', applied };
        case 'old-object':
            return { kind };
        default:
            throw new Error(`--fault ${text}: "${what}" is none of the faults that --help lists`);
    }
}
function toRateLimit(text) {
    const [count = '', time = ''] = text.split('/');
    if (!/^\d+$/.test(count))
        throw new Error(`--rate-limit ${text}: must look like 20/60s`);
    return { requests: Number(count), perMs: toMs(time), retryAfterSeconds: Math.ceil(toMs(time) / 1_000) };
}
function toMs(text) {
    const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
    const factor = UNITS[unit];
    if (factor === undefined)
        throw new Error(`"${text}" is no time: write a number with a unit, such as 250ms, 20s or 5m`);
    return Number(digits) * factor;
}
function toPort(text) {
    const port = Number(text);
    if (!/^\d+$/.test(text) || port > 65_535)
        throw new Error(`--port ${text}: must be a number from 0 to 65535`);
    return port;
}
function oneOf(option, choices, value) {
    const choice = choices.find((name) => name === value);
    if (choice === undefined)
        throw new Error(`${option} ${value}: must be one of ${choices.join(', ')}`);
    return choice;
}

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");
;// CONCATENATED MODULE: external "node:tls"
const external_node_tls_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");
;// CONCATENATED MODULE: ./lib/simulator/server.js



/** Puts a simulator on a socket and carries out there the faults that only a socket can have. */
async function startServer(simulator, { port = 0, host = '127.0.0.1', tls } = {}) {
    const answer = (incoming, response) => {
        serve(simulator, incoming, response).catch((cause) => {
            // A hook that throws is a fault of the test: 400 is an answer no client repeats, so it shows.
            const { message } = cause instanceof Error ? cause : new Error(String(cause));
            if (!response.headersSent)
                send(response, toFailure(message));
        });
    };
    const server = tls === undefined ? (0,external_node_http_namespaceObject.createServer)(answer) : (0,external_node_https_namespaceObject.createServer)(tls, answer);
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
    });
    const address = server.address();
    const close = () => new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
    });
    const scheme = tls === undefined ? 'http' : 'https';
    return { url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port, close };
}
async function serve(simulator, incoming, response) {
    const request = await read(incoming);
    carryOut(simulator.handle(request), response);
}
async function read(incoming) {
    const chunks = [];
    for await (const chunk of incoming)
        chunks.push(chunk);
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]);
    const body = Buffer.concat(chunks).toString('utf8');
    const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers: Object.fromEntries(headers) };
    return body === '' ? request : { ...request, body };
}
function carryOut({ reply, fault }, response) {
    switch (fault?.kind) {
        case undefined:
            send(response, reply);
            return;
        case 'delay':
            setTimeout(() => send(response, reply), fault.ms).unref();
            return;
        case 'hang':
            return;
        case 'reset':
            // Node resets bare TCP only; under TLS the connection is closed without a word.
            if (response.socket instanceof external_node_tls_namespaceObject.TLSSocket)
                response.socket.destroy();
            else
                response.socket?.resetAndDestroy();
            return;
        case 'cut':
            sendHalf(response, reply, () => response.destroy());
            return;
        case 'stall':
            sendHalf(response, reply, () => undefined);
            return;
    }
}
function send(response, { status, headers, body }) {
    if (response.destroyed)
        return;
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
/** Announces the whole body, if need be a byte more than there is, and sends half of it. */
function sendHalf(response, { status, headers, body }, then) {
    const bytes = Buffer.from(body);
    response.writeHead(status, { ...headers, 'content-length': Math.max(bytes.length, 1) });
    response.flushHeaders();
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    if (half.length === 0)
        setImmediate(then);
    else
        response.write(half, then);
}
function toFailure(message) {
    const body = JSON.stringify({ error: `simulator: ${message}` });
    return { status: 400, headers: { 'content-type': 'application/json' }, body };
}

;// CONCATENATED MODULE: ./lib/simulator/cluster.js
/** A copy through JSON: made in the caller's realm, so that a test can compare it strictly. */
function copy(value) {
    return JSON.parse(JSON.stringify(value));
}
/** A cluster with its whole past, so that an older replica can answer too. */
class StoredCluster {
    state;
    exists = true;
    rollout;
    history = [];
    past = [];
    constructor(at, state) {
        this.state = state;
        this.create(at, 'user', state);
    }
    create(at, writer, state) {
        this.exists = true;
        this.rollout = undefined;
        this.keep(at, state, { writer, kind: 'create' });
    }
    write(at, by, change) {
        const draft = copy(this.state);
        change(draft);
        draft.resourceVersion += 1;
        this.keep(at, draft, by);
    }
    remove(at, writer) {
        this.exists = false;
        this.rollout = undefined;
        const { generation, resourceVersion } = this.state;
        this.past.push({ at, state: undefined });
        this.history.push({ at, writer, kind: 'delete', generation, resourceVersion });
    }
    /** The state at a moment; before the first one, the first. */
    asOf(at) {
        const then = this.past.findLast((entry) => entry.at <= at) ?? this.past[0];
        return then?.state;
    }
    keep(at, state, by) {
        this.state = state;
        this.past.push({ at, state });
        const { generation, resourceVersion } = state;
        this.history.push(copy({ at, ...by, generation, resourceVersion }));
    }
}

;// CONCATENATED MODULE: ./lib/simulator/replies.js
/** What a path names, its segments decoded; `undefined` where there is nothing. */
function toRoute(path) {
    const match = /^\/api\/v1\/tenants\/([^/?]+)(\/clusters(?:\/([^/?]+))?)?(?:\?|$)/.exec(path);
    if (match === null)
        return undefined;
    const [, tenant = '', clusters, name] = match;
    const kind = clusters === undefined ? 'tenant' : name === undefined ? 'clusters' : 'cluster';
    try {
        return { tenant: decodeURIComponent(tenant), kind, name: decodeURIComponent(name ?? '') };
    }
    catch {
        return undefined;
    }
}
/** A JSON answer. */
function ok(object, headers = {}, status = 200) {
    return { status, headers: { 'content-type': 'application/json', ...headers }, body: json(object) };
}
/** An answer with the documented error body. */
function refuse(status, error, headers = {}) {
    return ok({ error }, headers, status);
}
/** A value as the text of a body; nothing as no text. */
function json(value) {
    return JSON.stringify(value) ?? '';
}

;// CONCATENATED MODULE: ./lib/simulator/settings.js
/** Keys and names used where none are given. */
const DEFAULTS = {
    tenant: 'acme',
    cluster: 'production',
    adminKey: 'kupe_sim_admin_0123456789',
    readonlyKey: 'kupe_sim_readonly_0123456789',
};
const KUBERNETES_PATCH = {
    '1.35': '5',
    '1.34': '8',
    '1.33': '12',
    '1.32': '3',
    '1.31': '9',
    '1.30': '14',
};
/** Fills in the defaults. */
function toSettings(options) {
    const kubernetesPatch = { ...KUBERNETES_PATCH, ...options.kubernetesPatch };
    return {
        date: () => Date.UTC(2026, 10, 2, 9) + options.now(),
        tenant: DEFAULTS.tenant,
        adminKey: DEFAULTS.adminKey,
        readonlyKey: DEFAULTS.readonlyKey,
        clusters: [{}],
        generations: true,
        generationMoves: true,
        earlyObservedGeneration: false,
        reportKubernetesVersion: true,
        etags: true,
        etagStyle: 'quoted',
        resourcesMode: 'merge',
        alertsMode: 'merge',
        clamp: {},
        upgradeStartsAfterMs: 3_000,
        upgradeMs: 60_000,
        scaleMs: 5_000,
        degradedMs: 60_000,
        statusWriteEveryMs: 0,
        supportedVersions: Object.keys(kubernetesPatch),
        defaultVersion: '1.33',
        emptyPatchAnswer: false,
        patchStatus: 200,
        script: [],
        ...options,
        kubernetesPatch,
    };
}
/** The minor of a version: `1.32` of `1.32.3`. */
function minorOf(version) {
    return version.split('.').slice(0, 2).join('.');
}
/** The version in full, as the supported list and the operator name it: `1.32.3` for `1.32`. */
function fullVersion(version, { kubernetesPatch }) {
    return version === minorOf(version) ? `${version}.${kubernetesPatch[version] ?? '0'}` : version;
}

;// CONCATENATED MODULE: ./lib/simulator/validation.js

const IMMUTABLE = {
    name: 'FIELD_IMMUTABLE',
    displayName: 'FIELD_IMMUTABLE',
    type: 'FIELD_IMMUTABLE',
    highAvailability: 'HA_ENABLE_ON_EXISTING_UNSUPPORTED',
};
const QUANTITY = {
    cpu: /^\d+(\.\d+)?m?$/,
    memory: /^\d+(\.\d+)?([KMGTPE]i|[kMGTPE])$/,
    storage: /^\d+(\.\d+)?([KMGTPE]i|[kMGTPE])$/,
};
const SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Whether a value is a JSON object. */
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** Reads the body of a PATCH as the server does: every doubt is a refusal. */
function parsePatch(body, settings) {
    const patch = parseJson(body);
    if (!isObject(patch))
        return validation_refuse('INVALID_BODY', 'request body must be a JSON object');
    if (Object.keys(patch).length === 0)
        return validation_refuse('INVALID_BODY', 'at least one field is required');
    for (const [field, value] of Object.entries(patch)) {
        const immutable = IMMUTABLE[field];
        if (immutable !== undefined)
            return validation_refuse(immutable, `${field} cannot be changed after creation`, `spec.${field}`);
        const fault = checkField(field, value, settings);
        if (fault !== undefined)
            return { refusal: fault };
    }
    return { patch: patch };
}
/** The number a quantity stands for, near enough to tell which of two is more. */
function quantityValue(text) {
    const [, digits = '0', suffix = ''] = /^([\d.]+)(\w*)$/.exec(text) ?? [];
    if (suffix === 'm')
        return Number(digits) / 1000;
    const power = SUFFIXES.findIndex((letter) => letter.toLowerCase() === suffix.replace('i', '').toLowerCase());
    return Number(digits) * (suffix.endsWith('i') ? 1024 : 1000) ** Math.max(power, 0);
}
function checkField(field, value, settings) {
    if (field === 'version')
        return checkVersion(value, settings);
    if (field === 'resources')
        return checkResources(value);
    if (field === 'alerts')
        return isObject(value) ? undefined : invalid('alerts must be an object', 'spec.alerts');
    return { code: 'UNKNOWN_FIELD', message: `unknown field "${field}"`, field: `spec.${field}` };
}
function checkVersion(version, settings) {
    const field = 'spec.version';
    if (typeof version !== 'string')
        return invalid('version must be a string', field);
    // Not a fault on the real server either: it becomes the default version without a word.
    if (version === '')
        return undefined;
    const minors = settings.supportedVersions.map(minorOf);
    if (/^\d+\.\d+(\.\d+)?$/.test(version) && minors.includes(minorOf(version)))
        return undefined;
    const supported = minors.map((minor) => fullVersion(minor, settings)).join(', ');
    const message = `unsupported Kubernetes version "${version}"; supported versions: ${supported}`;
    return { code: 'CLUSTER_VERSION_UNSUPPORTED', message, field };
}
function checkResources(resources) {
    if (!isObject(resources))
        return invalid('resources must be an object', 'spec.resources');
    for (const [name, value] of Object.entries(resources)) {
        const field = `spec.resources.${name}`;
        if (!Object.hasOwn(QUANTITY, name))
            return { code: 'UNKNOWN_FIELD', message: `unknown field "resources.${name}"`, field };
        const key = name;
        if (typeof value !== 'string')
            return invalid(`${name} must be a string`, field);
        if (key !== 'cpu' && /^\d+(\.\d+)?$/.test(value))
            return invalid(`${name} must include a unit suffix, such as 16Gi`, field);
        if (!QUANTITY[key].test(value))
            return invalid(`${name} is not a valid quantity: "${value}"`, field);
    }
    return undefined;
}
function parseJson(body) {
    try {
        return JSON.parse(body ?? '');
    }
    catch {
        return undefined;
    }
}
function invalid(message, field) {
    return { code: 'INVALID_VALUE', message, field };
}
function validation_refuse(code, message, field) {
    return { refusal: field === undefined ? { code, message } : { code, message, field } };
}

;// CONCATENATED MODULE: ./lib/simulator/faults.js


/** Rules in the order they were made. */
class Rules {
    rules = [];
    add(matcher, value) {
        this.rules.push({ matcher, value, seen: 0, used: 0 });
    }
    /** Counts the request in, and gives back the values of the rules for it: all of them, or the first `most`. */
    take(method, cluster, most = Number.POSITIVE_INFINITY) {
        const taken = [];
        for (const rule of this.rules) {
            const { matcher } = rule;
            if (matcher.method !== undefined && matcher.method !== method)
                continue;
            if (matcher.cluster !== undefined && matcher.cluster !== cluster)
                continue;
            rule.seen += 1;
            const { nth, times = 1 } = matcher;
            const holds = nth === undefined ? rule.used < times : rule.seen >= nth && rule.seen < nth + times;
            if (!holds || taken.length >= most)
                continue;
            rule.used += 1;
            taken.push(rule.value);
        }
        return taken;
    }
}
/** Whether a fault is the transport's to carry out. */
function isTransportFault(fault) {
    return ['delay', 'hang', 'reset', 'cut', 'stall'].includes(fault.kind);
}
/** Answers a request with a fault in it; `route` is the server without faults. */
function answerWith(fault, request, route) {
    const untouched = { ...request, method: 'GET' };
    switch (fault?.kind) {
        case undefined:
        case 'delay':
            return route(request);
        case 'hang':
        case 'reset':
        case 'cut':
        case 'stall':
            return route(fault.applied ? request : untouched);
        case 'status': {
            const { status, body = json({ error: `simulated ${status}` }), headers } = fault;
            if (fault.applied)
                route(request);
            return { status, headers: { 'content-type': 'application/json', ...lowerCased(headers) }, body };
        }
        case 'body': {
            const { body, status = 200, contentType = 'application/json' } = fault;
            const { headers } = route(fault.applied ? request : untouched);
            return { status, headers: { ...headers, 'content-type': contentType }, body };
        }
        case 'stale':
            return request.method === 'GET' ? route(request, fault.ms) : route(request);
        case 'old-object': {
            const before = route(untouched);
            const after = route(request);
            return after.status < 300 ? { ...before, status: after.status } : after;
        }
        case 'headers': {
            const reply = route(request);
            const headers = Object.entries({ ...reply.headers, ...lowerCased(fault.headers) });
            const kept = headers.filter((header) => header[1] !== null);
            return { ...reply, headers: Object.fromEntries(kept) };
        }
        case 'edit': {
            const reply = route(request);
            const object = reply.body === '' ? {} : JSON.parse(reply.body);
            return { ...reply, body: json(fault.edit(isObject(object) ? object : {})) };
        }
    }
}
function lowerCased(headers) {
    return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

;// CONCATENATED MODULE: ./lib/simulator/rollout.js

const DEGRADED_TEXT = 'control plane is not ready: 1 of 3 API servers does not answer';
/** The version a cluster will run for what its spec says: the one it has, if that will do. */
function targetVersion({ version, status }, settings) {
    const running = status.kubernetesVersion;
    if (running !== undefined && version === minorOf(running.slice(1)))
        return running;
    return `v${fullVersion(version, settings)}`;
}
/** The operator behind the API: turns a changed spec into steps, each a write to the status some time later. */
class Operator {
    timeline;
    settings;
    fates;
    constructor(timeline, settings) {
        this.timeline = timeline;
        this.settings = settings;
        this.fates = [...settings.script];
    }
    addFates(fates) {
        this.fates.push(...fates);
    }
    created(cluster, { busyForMs }) {
        this.writeMetrics(cluster);
        if (busyForMs === undefined)
            return;
        const upgrade = cluster.state.status.phase === 'Upgrading';
        const steps = [{ due: this.timeline.time + busyForMs, run: this.complete }];
        this.start(cluster, { upgrade, begun: upgrade, steps });
    }
    specChanged(cluster, before) {
        const { timeline, settings } = this;
        const live = cluster.rollout;
        const versionChanged = before.version !== cluster.state.version;
        const scaled = timeline.time + settings.scaleMs;
        const last = live?.steps.at(-1);
        if (live?.upgrade && last !== undefined && !versionChanged) {
            // A scale joins the upgrade under way: that one's end stamps the generation of both.
            last.due = Math.max(last.due, scaled);
            return;
        }
        const begun = live?.upgrade === true && live.begun;
        const moves = targetVersion(cluster.state, settings) !== cluster.state.status.kubernetesVersion;
        const upgrade = versionChanged && (begun || moves);
        const begin = upgrade
            ? timeline.time + (begun ? 0 : settings.upgradeStartsAfterMs)
            : timeline.time + settings.scaleMs / 2;
        const end = upgrade ? begin + settings.upgradeMs : scaled;
        const steps = this.stepsFor(this.fates.shift() ?? 'ok', { upgrade, begin, end, before });
        if (settings.earlyObservedGeneration)
            steps.unshift({ due: timeline.time, run: stampGeneration });
        this.start(cluster, { upgrade, begun, steps });
    }
    stepsFor(fate, change) {
        const { upgrade, begin, end, before } = change;
        const middle = (begin + end) / 2;
        const enter = (phase) => ({ due: begin, run: (draft) => setPhase(draft, phase) });
        const usual = upgrade ? [enter('Upgrading')] : [];
        const done = { due: end, run: this.complete };
        const plans = {
            ok: [...usual, done],
            'upgrade-stays-running': [done],
            'unknown-phase': [enter('Migrating'), done],
            'no-phase': [enter(undefined), done],
            'no-status': [{ due: begin, run: hide }, done],
            stuck: [...usual, { due: Number.POSITIVE_INFINITY, run: this.complete }],
            degraded: [...usual, { due: middle, run: degrade }],
            'degraded-heals': [
                ...usual,
                { due: middle, run: degrade },
                { due: Math.max(end, middle + this.settings.degradedMs), run: this.complete },
            ],
            'rolled-back': [...usual, { due: end, run: upgrade ? giveUp : this.undo(before) }],
            'rolled-back-desired': [...usual, { due: end, run: this.undo(before) }],
        };
        return plans[fate];
    }
    complete = (draft) => {
        draft.status.kubernetesVersion = targetVersion(draft, this.settings);
        settle(draft, { type: 'Ready', status: 'True' });
    };
    /** The spec goes back to what it was, which is a change of its own. */
    undo(before) {
        return (draft) => {
            draft.version = before.version;
            draft.resources = before.resources;
            if (before.alerts === undefined)
                delete draft.alerts;
            else
                draft.alerts = before.alerts;
            if (this.settings.generationMoves)
                draft.generation += 1;
            giveUp(draft);
        };
    }
    start(cluster, rollout) {
        cluster.rollout = rollout;
        this.scheduleNext(cluster, rollout);
    }
    scheduleNext(cluster, rollout) {
        const step = rollout.steps[0];
        if (step === undefined) {
            cluster.rollout = undefined;
            return;
        }
        this.timeline.schedule(step.due, () => {
            if (cluster.rollout !== rollout)
                return;
            // A change that joined may have moved the step after it was scheduled.
            if (step.due <= this.timeline.time) {
                rollout.steps.shift();
                rollout.begun ||= step.run !== stampGeneration;
                const { generation } = cluster.state;
                cluster.write(this.timeline.time, { writer: 'operator', kind: 'status' }, step.run);
                if (cluster.state.generation !== generation)
                    markAsSpec(cluster);
            }
            this.scheduleNext(cluster, rollout);
        });
    }
    writeMetrics(cluster) {
        const every = this.settings.statusWriteEveryMs;
        if (every <= 0)
            return;
        const { createdAt } = cluster.state;
        this.timeline.schedule(this.timeline.time + every, () => {
            if (!cluster.exists || cluster.state.createdAt !== createdAt)
                return;
            const at = this.timeline.time;
            cluster.write(at, { writer: 'operator', kind: 'status' }, (draft) => {
                draft.status.metrics = { sampledAt: at };
            });
            this.writeMetrics(cluster);
        });
    }
}
const stampGeneration = (draft) => {
    draft.status.observedGeneration = draft.generation;
};
const hide = (draft) => {
    draft.statusHidden = true;
};
const giveUp = (draft) => {
    settle(draft, {
        type: 'Ready',
        status: 'True',
        reason: 'RolledBack',
        message: 'the change failed and was rolled back',
    });
};
const degrade = (draft) => {
    setPhase(draft, 'Degraded');
    draft.status.conditions = [
        { type: 'Ready', status: 'False', reason: 'ControlPlaneUnhealthy', message: DEGRADED_TEXT },
    ];
};
function settle(draft, condition) {
    draft.statusHidden = false;
    setPhase(draft, 'Running');
    stampGeneration(draft);
    draft.status.conditions = [condition];
}
function setPhase(draft, phase) {
    if (phase === undefined)
        delete draft.status.phase;
    else
        draft.status.phase = phase;
}
function markAsSpec(cluster) {
    const last = cluster.history.at(-1);
    if (last !== undefined)
        last.kind = 'spec';
}

;// CONCATENATED MODULE: ./lib/simulator/spec.js



/** A cluster as its spec says, with defaults for the rest. */
function toState(spec, settings, resourceVersion) {
    const { name = DEFAULTS.cluster, version = '1.31', generation = 7, busyForMs } = spec;
    return copy({
        name,
        displayName: spec.displayName ?? name,
        type: spec.type ?? 'shared',
        version,
        resources: spec.resources ?? { cpu: '4', memory: '16Gi', storage: '100Gi' },
        ...(spec.alerts === undefined ? {} : { alerts: spec.alerts }),
        generation,
        resourceVersion,
        createdAt: spec.createdAt ?? '2026-02-01T14:00:00Z',
        statusHidden: false,
        status: {
            phase: spec.phase ?? 'Running',
            kubernetesVersion: spec.kubernetesVersion ?? `v${fullVersion(version, settings)}`,
            endpoint: spec.endpoint ?? `https://${name}.${settings.tenant}.kupe.cloud`,
            observedGeneration: spec.observedGeneration ?? (busyForMs === undefined ? generation : generation - 1),
            conditions: [{ type: 'Ready', status: busyForMs === undefined ? 'True' : 'False' }],
            metrics: {},
        },
    });
}
/** The object as the API shows it. */
function toObject(state, settings) {
    const { statusHidden, generation, resourceVersion, ...rest } = state;
    const { observedGeneration, kubernetesVersion, ...status } = state.status;
    return copy({
        ...rest,
        generation: settings.generations ? generation : undefined,
        resourceVersion: String(resourceVersion),
        warnings: [],
        status: statusHidden
            ? undefined
            : {
                ...status,
                kubernetesVersion: settings.reportKubernetesVersion ? kubernetesVersion : undefined,
                observedGeneration: settings.generations ? observedGeneration : undefined,
            },
    });
}
/** Writes a patch into the spec of a draft, by the merge rules and limits of this server. */
function applyPatch(draft, patch, settings) {
    const { version, resources, alerts } = copy(patch);
    if (version !== undefined)
        draft.version = version === '' ? settings.defaultVersion : version;
    if (resources !== undefined) {
        const kept = settings.resourcesMode === 'merge' && Object.keys(resources).length > 0 ? draft.resources : {};
        draft.resources = { ...kept, ...stored(resources, settings) };
    }
    if (alerts !== undefined) {
        const kept = settings.alertsMode === 'merge' ? draft.alerts : undefined;
        draft.alerts = mergeObjects(mergeObjects(copy(settings.alertDefaults ?? {}), kept ?? {}), alerts);
    }
}
function stored(resources, { clamp, respell }) {
    const result = {};
    for (const field of ['cpu', 'memory', 'storage']) {
        const asked = resources[field];
        if (asked === undefined)
            continue;
        const most = clamp[field];
        const value = most !== undefined && quantityValue(asked) > quantityValue(most) ? most : asked;
        result[field] = respell === undefined ? value : respell(field, value);
    }
    return result;
}
/** JSON Merge Patch (RFC 7396). */
function mergeObjects(target, patch) {
    const merged = { ...target };
    for (const [key, value] of Object.entries(patch)) {
        const old = merged[key];
        if (value === null)
            delete merged[key];
        else
            merged[key] = isObject(value) ? mergeObjects(isObject(old) ? old : {}, value) : value;
    }
    return merged;
}

;// CONCATENATED MODULE: ./lib/simulator/timeline.js
/** What is to happen when, without timers: everything due is done, in order of time, as soon as somebody looks. */
class Timeline {
    /** The moment being lived through: while something overdue runs, the time it was due at. */
    time;
    now;
    appointments = [];
    made = 0;
    advancing = false;
    constructor(now) {
        this.now = now;
        this.time = now();
    }
    schedule(due, run) {
        this.made += 1;
        this.appointments.push({ due, order: this.made, run });
    }
    advance() {
        // What runs here may itself touch the simulator; it must then see its own moment, not the present.
        if (this.advancing)
            return;
        this.advancing = true;
        try {
            const now = this.now();
            for (let next = this.takeNext(now); next !== undefined; next = this.takeNext(now)) {
                this.time = Math.max(this.time, next.due);
                next.run();
            }
            this.time = Math.max(this.time, now);
        }
        finally {
            this.advancing = false;
        }
    }
    takeNext(now) {
        const due = this.appointments.filter((appointment) => appointment.due <= now);
        const next = due.sort((a, b) => a.due - b.due || a.order - b.order)[0];
        if (next !== undefined)
            this.appointments = this.appointments.filter((appointment) => appointment !== next);
        return next;
    }
}

;// CONCATENATED MODULE: ./lib/simulator/simulator.js










const FIRST_RESOURCE_VERSION = 294_810;
/** A Kupe API in memory, with an operator behind it, on whatever clock it is given. */
class Simulator {
    requests = [];
    settings;
    timeline;
    operator;
    clusters = new Map();
    faults = new Rules();
    hooks = { before: new Rules(), after: new Rules() };
    constructor(options) {
        this.settings = toSettings(options);
        this.timeline = new Timeline(this.settings.now);
        this.operator = new Operator(this.timeline, this.settings);
        for (const spec of this.settings.clusters)
            this.addCluster(spec);
    }
    /** Answers a request. The transport, a server or a test, carries out the fault that comes with the reply. */
    handle(request) {
        this.timeline.advance();
        const number = this.requests.length + 1;
        const requestId = `sim-${String(number).padStart(4, '0')}`;
        const recorded = { at: this.timeline.time, requestId, ...request, headers: { ...request.headers } };
        this.requests.push(recorded);
        const { method } = request;
        const cluster = toRoute(request.path)?.name;
        for (const action of this.hooks.before.take(method, cluster))
            action(this);
        const fault = this.faults.take(method, cluster, 1)[0];
        const handled = (asked, staleMs) => this.route(asked, staleMs);
        const reply = this.rateLimited() ?? answerWith(fault, request, handled);
        reply.headers = { 'x-request-id': requestId, date: new Date(this.settings.date()).toUTCString(), ...reply.headers };
        if (fault !== undefined)
            recorded.fault = fault;
        if (fault?.kind !== 'hang' && fault?.kind !== 'reset')
            recorded.status = reply.status;
        for (const action of this.hooks.after.take(method, cluster))
            action(this);
        return fault !== undefined && isTransportFault(fault) ? { reply, fault } : { reply };
    }
    /** Lets a fault happen to the requests matched; where several match one request, the first injected has it. */
    inject(matcher, fault) {
        this.faults.add(matcher, fault);
    }
    /** Faults for the next requests of a method, in turn; `'ok'` lets one pass. */
    queue(method, faults) {
        for (const [index, fault] of faults.entries()) {
            if (fault !== 'ok')
                this.inject({ method, nth: index + 1 }, fault);
        }
    }
    /** Acts before the matched requests are handled (the default), or after, when the answer is already fixed. */
    on({ when = 'before', ...matcher }, action) {
        this.hooks[when].add(matcher, action);
    }
    /** Acts at a time of the clock; done, in order of time, when the simulator is next touched at or after it. */
    at(ms, action) {
        this.timeline.schedule(ms, () => action(this));
    }
    /** What the next changes come to. */
    nextFates(...fates) {
        this.operator.addFates(fates);
    }
    addCluster(spec) {
        this.timeline.advance();
        const state = toState(spec, this.settings, FIRST_RESOURCE_VERSION + this.clusters.size * 1000);
        const cluster = new StoredCluster(this.timeline.time, state);
        this.clusters.set(state.name, cluster);
        this.operator.created(cluster, spec);
    }
    /** A change of the spec by another writer, with all that follows from it; the patch is not checked. */
    patchAs(writer, name, patch) {
        this.timeline.advance();
        this.changeSpec(this.existing(name), writer, patch);
    }
    /** Writes the status directly; `undefined` instead of a change hides it whole until the next write here. */
    setStatus(name, change, writer = 'test') {
        this.timeline.advance();
        this.existing(name).write(this.timeline.time, { writer, kind: 'status', patch: change }, (draft) => {
            draft.statusHidden = change === undefined;
            Object.assign(draft.status, change);
        });
    }
    /** Ends whatever the operator has under way for a cluster, without a write: from here on it is `setStatus` alone. */
    freeze(name) {
        this.timeline.advance();
        this.existing(name).rollout = undefined;
    }
    deleteCluster(name, { terminatingMs = 0, phase = 'Terminating' } = {}) {
        this.timeline.advance();
        const cluster = this.existing(name);
        const { createdAt } = cluster.state;
        this.freeze(name);
        this.setStatus(name, { phase }, 'operator');
        const remove = () => {
            if (cluster.exists && cluster.state.createdAt === createdAt)
                cluster.remove(this.timeline.time, 'operator');
        };
        if (terminatingMs === 0)
            remove();
        else
            this.timeline.schedule(this.timeline.time + terminatingMs, remove);
    }
    /** Gives the name to a new cluster, whether or not the old one is gone. */
    recreate(name, spec = {}) {
        this.timeline.advance();
        const cluster = this.find(name);
        const createdAt = new Date(this.settings.date()).toISOString().replace(/\.\d+Z$/, 'Z');
        const next = { generation: 1, createdAt, ...spec, name };
        const state = toState(next, this.settings, cluster.state.resourceVersion + 1);
        cluster.create(this.timeline.time, 'user', state);
        this.operator.created(cluster, next);
    }
    /** The truth about a cluster, whatever the API shows. */
    cluster(name) {
        this.timeline.advance();
        const { state, exists, history } = this.find(name);
        return copy({ ...state, exists, history });
    }
    rateLimited() {
        const limit = this.settings.rateLimit;
        if (limit === undefined)
            return undefined;
        const recent = this.requests.filter(({ at, status }) => at > this.timeline.time - limit.perMs && status !== 429);
        // The request in hand is recorded already.
        if (recent.length <= limit.requests)
            return undefined;
        return refuse(429, 'rate limit exceeded', { 'retry-after': String(limit.retryAfterSeconds) });
    }
    route(request, staleMs = 0) {
        const { method, headers } = request;
        const route = toRoute(request.path);
        if (route === undefined)
            return refuse(404, 'not found');
        const key = headers.authorization?.replace(/^Bearer /, '');
        const { adminKey, readonlyKey, tenant } = this.settings;
        if (key === headers.authorization || (key !== adminKey && key !== readonlyKey))
            return refuse(401, 'unauthorized');
        if (route.tenant !== tenant)
            return refuse(403, 'access denied');
        const allowed = route.kind === 'cluster' ? ['GET', 'PATCH'] : ['GET'];
        if (!allowed.includes(method))
            return refuse(405, 'method not allowed', { allow: allowed.join(', ') });
        if (method === 'PATCH' && key !== adminKey)
            return refuse(403, 'access denied');
        if (route.kind !== 'cluster')
            return this.collection(route.kind);
        const cluster = this.clusters.get(route.name);
        const state = staleMs > 0 ? cluster?.asOf(this.timeline.time - staleMs) : cluster?.state;
        if (cluster === undefined || state === undefined)
            return refuse(404, 'cluster not found');
        if (staleMs === 0 && !cluster.exists)
            return refuse(404, 'cluster not found');
        return method === 'GET' ? this.show(state) : this.patch(cluster, request);
    }
    collection(kind) {
        const states = [...this.clusters.values()].filter(({ exists }) => exists).map(({ state }) => state);
        if (kind === 'clusters')
            return ok({ items: states.map((state) => toObject(state, this.settings)) });
        const poolResources = { cpu: '64', memory: '256Gi', storage: '2Ti' };
        const status = { phase: 'Active', clusterCount: states.length, poolResources };
        return ok({ name: this.settings.tenant, plan: 'team', status }, { etag: '"1"' });
    }
    show(state, status = 200) {
        return ok(toObject(state, this.settings), this.settings.etags ? { etag: this.etagOf(state) } : {}, status);
    }
    patch(cluster, { headers, body }) {
        const { 'content-type': contentType = 'application/json', 'if-match': ifMatch } = headers;
        if (!/^application\/json\s*(;|$)/.test(contentType))
            return refuse(415, 'content type must be application/json');
        const parsed = parsePatch(body, this.settings);
        if ('refusal' in parsed) {
            const { code, message, field } = parsed.refusal;
            return { ...refuse(400, message), body: json({ code, severity: 'error', message, field, error: message }) };
        }
        if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== this.etagOf(cluster.state)) {
            return refuse(412, 'resource version mismatch: the cluster was modified');
        }
        if (['Terminating', 'Deleting'].includes(cluster.state.status.phase ?? '')) {
            return refuse(409, 'cluster is being deleted');
        }
        this.changeSpec(cluster, 'api', parsed.patch);
        const reply = this.show(cluster.state, this.settings.patchStatus);
        return this.settings.emptyPatchAnswer ? { ...reply, body: '' } : reply;
    }
    changeSpec(cluster, writer, patch) {
        const before = cluster.state;
        const draft = copy(before);
        applyPatch(draft, patch, this.settings);
        // A write that changes nothing moves nothing, as in Kubernetes.
        if ((0,external_node_util_namespaceObject.isDeepStrictEqual)(draft, before))
            return;
        if (this.settings.generationMoves)
            draft.generation += 1;
        cluster.write(this.timeline.time, { writer, kind: 'spec', patch }, (state) => void Object.assign(state, draft));
        this.operator.specChanged(cluster, before);
    }
    etagOf({ resourceVersion }) {
        if (this.settings.etagStyle === 'bare')
            return String(resourceVersion);
        return this.settings.etagStyle === 'weak' ? `W/"${resourceVersion}"` : `"${resourceVersion}"`;
    }
    find(name) {
        const cluster = this.clusters.get(name);
        if (cluster === undefined)
            throw new Error(`the simulator has no cluster "${name}"`);
        return cluster;
    }
    existing(name) {
        const cluster = this.find(name);
        if (!cluster.exists)
            throw new Error(`the simulator's cluster "${name}" is deleted`);
        return cluster;
    }
}

;// CONCATENATED MODULE: ./lib/simulator/cli.js




async function main() {
    const parsed = parseOrExplain();
    if (parsed === undefined)
        return;
    if (parsed.help) {
        process.stdout.write(HELP);
        return;
    }
    const simulator = new Simulator({ ...parsed.options, now: () => external_node_perf_hooks_namespaceObject.performance.now(), date: () => Date.now() });
    for (const { matcher, fault } of parsed.faults)
        simulator.inject(matcher, fault);
    if (parsed.log)
        logRequests(simulator);
    const { url, close } = await startServer(simulator, { port: parsed.port });
    process.stdout.write(`${startLine(url, parsed)}\n`);
    for (const signal of ['SIGINT', 'SIGTERM'])
        process.once(signal, () => void close());
}
function parseOrExplain() {
    try {
        return parseArguments(process.argv.slice(2));
    }
    catch (cause) {
        process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\nSee --help.\n`);
        process.exitCode = 2;
        return undefined;
    }
}
function startLine(url, { options }) {
    const { tenant = DEFAULTS.tenant, adminKey = DEFAULTS.adminKey, readonlyKey = DEFAULTS.readonlyKey } = options;
    const clusters = (options.clusters ?? []).map(({ name }) => name).join(',');
    return `Kupe simulator url=${url} tenant=${tenant} cluster=${clusters} admin-key=${adminKey} readonly-key=${readonlyKey}`;
}
function logRequests(simulator) {
    simulator.on({ when: 'after', times: Number.POSITIVE_INFINITY }, ({ requests }) => {
        const last = requests.at(-1);
        if (last === undefined)
            return;
        const { at, method, path, status, fault, body = '' } = last;
        const outcome = [status, fault?.kind].filter((part) => part !== undefined).join(' ');
        process.stdout.write(`${(at / 1_000).toFixed(1)}s ${method} ${path} ${body} -> ${outcome}\n`);
    });
}
main().catch((cause) => {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exitCode = 1;
});

