/******/ (() => { // webpackBootstrap
/******/ 	"use strict";
var __webpack_exports__ = {};

;// CONCATENATED MODULE: external "node:perf_hooks"
const external_node_perf_hooks_namespaceObject = require("node:perf_hooks");
;// CONCATENATED MODULE: external "node:util"
const external_node_util_namespaceObject = require("node:util");
;// CONCATENATED MODULE: ./lib/simulator/fault-argument.js
const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** Reads `METHOD:N:WHAT`; throws, with the words for the user, at what it does not understand. */
function toFault(text) {
    const [, method, from, span, to, what, applied] = /^([A-Z]+|\*):(\d+)(-(\d*))?:(.+?)(\+applied)?$/.exec(text) ?? [];
    if (method === undefined || from === undefined || what === undefined) {
        throw new Error(`--fault ${text}: must look like GET:3:503 or PATCH:1:reset+applied`);
    }
    const nth = Number(from);
    const last = span === undefined ? nth : to ? Number(to) : Number.POSITIVE_INFINITY;
    const matcher = { ...(method === '*' ? {} : { method }), nth, times: last - nth + 1 };
    return { matcher, fault: toNamedFault(what, text, applied !== undefined) };
}
/** Milliseconds of a time with a unit: `250ms`, `20s`, `5m`. */
function toMs(text) {
    const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
    const factor = UNITS[unit];
    if (factor === undefined)
        throw new Error(`"${text}" is no time: write a number with a unit, such as 250ms, 20s or 5m`);
    return Number(digits) * factor;
}
function toNamedFault(what, text, applied) {
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
        case 'page':
            if (!/^[45]\d\d$/.test(value))
                throw new Error(`--fault ${text}: page wants a status, such as page=502`);
            return { kind, status: Number(value), applied };
        case 'drop':
            if (value === '')
                throw new Error(`--fault ${text}: drop wants fields, such as drop=alerts,status.phase`);
            return { kind, fields: value.split(',') };
        case 'old-object':
        case 'bom':
        case 'gzip':
            return { kind };
        default:
            throw new Error(`--fault ${text}: "${what}" is none of the faults that --help lists`);
    }
}

;// CONCATENATED MODULE: ./lib/simulator/settings.js
/** What an answer may show as it was some time ago, while the rest of it is new. */
const LAGGING_FIELDS = ['phase', 'generation', 'observedGeneration', 'kubernetesVersion'];
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
        generationsAsText: false,
        reportKubernetesVersion: true,
        lagMs: {},
        replicaLagsMs: [],
        conflictStatus: 412,
        refuseWhileBusy: false,
        etags: true,
        etagStyle: 'quoted',
        resourcesMode: 'merge',
        alertsMode: 'merge',
        clamp: {},
        createMs: 60_000,
        deleteMs: 5_000,
        requireLimits: false,
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
/** Whether a version can be asked for: a minor on offer, or any patch of one. */
function isSupported(version, { supportedVersions }) {
    return /^\d+\.\d+(\.\d+)?$/.test(version) && supportedVersions.map(minorOf).includes(minorOf(version));
}
/** The versions on offer as the server lists them: with the patch number, the newest first. */
function supportedInFull(settings) {
    const inFull = settings.supportedVersions.map((version) => fullVersion(minorOf(version), settings));
    return inFull.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}

;// CONCATENATED MODULE: ./lib/simulator/arguments.js



/** Every switch there is; the page of `--help` says what each does. */
const SWITCHES = {
    port: { type: 'string', default: '8080' },
    tenant: { type: 'string' },
    cluster: { type: 'string', multiple: true, default: ['production'] },
    'cluster-version': { type: 'string', default: '1.31' },
    'no-limits': { type: 'boolean', default: false },
    'admin-key': { type: 'string' },
    'readonly-key': { type: 'string' },
    'upgrade-start': { type: 'string', default: '3s' },
    upgrade: { type: 'string', default: '20s' },
    scale: { type: 'string', default: '5s' },
    create: { type: 'string', default: '20s' },
    delete: { type: 'string', default: '5s' },
    'status-writes': { type: 'string' },
    lag: { type: 'string', multiple: true, default: [] },
    replica: { type: 'string', multiple: true, default: [] },
    'older-server': { type: 'boolean', default: false },
    'text-generations': { type: 'boolean', default: false },
    'generation-moves': { type: 'string' },
    'early-generation': { type: 'boolean', default: false },
    'no-versions': { type: 'boolean', default: false },
    etag: { type: 'string', default: 'quoted' },
    resources: { type: 'string', default: 'merge' },
    alerts: { type: 'string', default: 'merge' },
    conflict: { type: 'string', default: '412' },
    'refuse-while-busy': { type: 'boolean', default: false },
    'require-limits': { type: 'boolean', default: false },
    'rate-limit': { type: 'string' },
    fate: { type: 'string', multiple: true, default: [] },
    fault: { type: 'string', multiple: true, default: [] },
    log: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
};
const FATES = {
    ok: true,
    'rolled-back': true,
    'rolled-back-desired': true,
    degraded: true,
    'degraded-heals': true,
    'degraded-blip': true,
    stuck: true,
    'unknown-phase': true,
    'no-phase': true,
    'no-status': true,
    'upgrade-stays-running': true,
};
const SPEC_FIELDS = ['version', 'resources', 'alerts'];
/** Reads the command line; throws, with the words for the user, at what it does not understand. */
function parseArguments(args) {
    const { values } = (0,external_node_util_namespaceObject.parseArgs)({ args, options: SWITCHES });
    const { tenant, 'admin-key': adminKey, 'readonly-key': readonlyKey, 'rate-limit': rateLimit } = values;
    const { 'generation-moves': moves } = values;
    const etag = oneOf('--etag', ['quoted', 'bare', 'weak', 'none'], values.etag);
    const version = values['cluster-version'] === 'none' ? '' : values['cluster-version'];
    const limits = values['no-limits'] ? { resources: {} } : {};
    return {
        help: values.help,
        port: toPort(values.port),
        log: values.log,
        options: {
            ...(tenant === undefined ? {} : { tenant }),
            ...(adminKey === undefined ? {} : { adminKey }),
            ...(readonlyKey === undefined ? {} : { readonlyKey }),
            ...(rateLimit === undefined ? {} : { rateLimit: toRateLimit(rateLimit) }),
            ...(moves === undefined ? {} : { generationMoves: toFields('--generation-moves', moves) }),
            clusters: values.cluster.map((name) => ({ name, version, ...limits })),
            upgradeStartsAfterMs: toMs(values['upgrade-start']),
            upgradeMs: toMs(values.upgrade),
            scaleMs: toMs(values.scale),
            createMs: toMs(values.create),
            deleteMs: toMs(values.delete),
            statusWriteEveryMs: toMs(values['status-writes'] ?? '0ms'),
            lagMs: Object.fromEntries(values.lag.map(toLag)),
            replicaLagsMs: values.replica.map(toMs),
            generations: !values['older-server'],
            generationsAsText: values['text-generations'],
            earlyObservedGeneration: values['early-generation'],
            reportKubernetesVersion: !values['no-versions'],
            etags: etag !== 'none',
            etagStyle: etag === 'none' ? 'quoted' : etag,
            resourcesMode: oneOf('--resources', ['merge', 'replace'], values.resources),
            alertsMode: oneOf('--alerts', ['merge', 'replace'], values.alerts),
            conflictStatus: oneOf('--conflict', ['412', '409'], values.conflict) === '409' ? 409 : 412,
            refuseWhileBusy: values['refuse-while-busy'],
            requireLimits: values['require-limits'],
            script: values.fate.map((fate) => oneOf('--fate', Object.keys(FATES), fate)),
        },
        faults: values.fault.map(toFault),
    };
}
/** The fields of a list with commas; `none` is an empty one. */
function toFields(option, text) {
    return text === 'none' ? [] : text.split(',').map((field) => oneOf(option, SPEC_FIELDS, field));
}
function toLag(text) {
    const [field = '', time = ''] = text.split('=');
    return [oneOf('--lag', LAGGING_FIELDS, field), toMs(time)];
}
function toRateLimit(text) {
    const [count = '', time = ''] = text.split('/');
    if (!/^\d+$/.test(count))
        throw new Error(`--rate-limit ${text}: must look like 20/60s`);
    return { requests: Number(count), perMs: toMs(time), retryAfterSeconds: Math.ceil(toMs(time) / 1_000) };
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

;// CONCATENATED MODULE: ./lib/simulator/help.js
/** The page that `--help` prints. */
const HELP = `A Kupe API on this machine, for trying the action without touching a real cluster.

  node dist/simulator/index.js [options]

What there is
  --port N               where to listen on 127.0.0.1; 0 is any free port (8080)
  --tenant NAME          the tenant (acme)
  --cluster NAME         a cluster; give it several times for several (production)
  --cluster-version V    the version the clusters start with; none is no desired version (1.31)
  --no-limits            the clusters start without limits: resources is {}
  --admin-key KEY        API key that may change things (kupe_sim_admin_0123456789)
  --readonly-key KEY     API key that may only look (kupe_sim_readonly_0123456789)

How long things take
  --upgrade-start TIME   from a change of version to phase Upgrading (3s)
  --upgrade TIME         how long the upgrade then takes (20s)
  --scale TIME           how long a change of resources takes; the phase stays Running (5s)
  --create TIME          from POST to Running: Pending for a tenth of it, then Provisioning (20s)
  --delete TIME          how long a cluster is Terminating after DELETE (5s)
  --status-writes TIME   how often the operator writes metrics, which moves the ETag (never)
  --lag FIELD=TIME       how far a field is behind in every answer; give it several times for several. FIELD is
                         phase, generation, observedGeneration or kubernetesVersion
  --replica TIME         a replica that far behind; given several times, they take turns at reads of a cluster

What kind of server it is
  --older-server         neither generation nor observedGeneration
  --text-generations     both as texts: "7"
  --generation-moves F   the fields whose change moves the generation: version,resources,alerts or none (all)
  --early-generation     observedGeneration is stamped right after a change, before anything was done
  --no-versions          no status.kubernetesVersion
  --etag STYLE           quoted, bare, weak or none (quoted)
  --resources MODE       PATCH does merge or replace resources (merge)
  --alerts MODE          the same for alerts (merge)
  --conflict STATUS      how an outdated If-Match is refused: 412, or 409 "the object has been modified" (412)
  --refuse-while-busy    PATCH is answered 409 "another operation is in progress" while one is
  --require-limits       POST must set limits for cpu and memory
  --rate-limit N/TIME    at most N requests in TIME, then 429

What goes wrong
  --fate FATE            what the next change comes to; give it several times for several. One of
                         ok, rolled-back, rolled-back-desired, degraded, degraded-heals, degraded-blip, stuck,
                         unknown-phase, no-phase, no-status, upgrade-stays-running
  --fault METHOD:N:WHAT  what happens to the Nth request of METHOD (* is any), N being 3, or 3-5, or 3-; WHAT is a
                         status, delay=TIME, hang, reset, cut, stall, empty, html, page=STATUS, bom, gzip,
                         stale=TIME, old-object or drop=FIELD,FIELD. With +applied a request that gets no answer,
                         or another one, takes effect all the same:
                         --fault GET:3:503   --fault PATCH:1:reset+applied   --fault '*:2-:drop=alerts,status.phase'

  --log                  a line for every request
  --help                 this page

TIME is a number with a unit: 250ms, 20s, 5m.
`;

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = require("node:http");
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = require("node:https");
;// CONCATENATED MODULE: external "node:tls"
const external_node_tls_namespaceObject = require("node:tls");
;// CONCATENATED MODULE: external "node:zlib"
const external_node_zlib_namespaceObject = require("node:zlib");
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
    const bytes = toBytes(headers, body);
    // 204 is an answer without a body, and so without a length.
    const length = status === 204 ? {} : { 'content-length': bytes.length };
    response.writeHead(status, { ...headers, ...length }).end(bytes);
}
/** Announces the whole body, if need be a byte more than there is, and sends half of it. */
function sendHalf(response, { status, headers, body }, then) {
    const bytes = toBytes(headers, body);
    response.writeHead(status, { ...headers, 'content-length': Math.max(bytes.length, 1) });
    response.flushHeaders();
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    if (half.length === 0)
        setImmediate(then);
    else
        response.write(half, then);
}
function toBytes(headers, body) {
    return headers['content-encoding'] === 'gzip' ? (0,external_node_zlib_namespaceObject.gzipSync)(body) : Buffer.from(body);
}
function toFailure(message) {
    const body = JSON.stringify({ error: `simulator: ${message}` });
    return { status: 400, headers: { 'content-type': 'application/json' }, body };
}

;// CONCATENATED MODULE: ./lib/simulator/cluster.js
/** Whether a cluster is on its way out. */
function isDeleting({ status: { phase = '' } }) {
    return ['Terminating', 'Deleting'].includes(phase);
}
/** Whether the operator is at work on a cluster, or its phase says so. */
function isBusy({ rollout, state }) {
    return rollout !== undefined || ['Pending', 'Provisioning', 'Upgrading'].includes(state.status.phase ?? '');
}
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
    /** A new one was not there before: an older replica does not know it. Otherwise it was, as it is now. */
    constructor(at, state, { writer = 'user', isNew = false } = {}) {
        this.state = state;
        if (isNew)
            this.past.push({ at: Number.NEGATIVE_INFINITY, state: undefined });
        this.create(at, writer, state);
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

;// CONCATENATED MODULE: ./lib/simulator/validation.js

const IMMUTABLE = ['name', 'displayName', 'type'];
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
/** Reads the body of a PATCH as the server does: every doubt is a refusal. `isHa` says what the cluster is now. */
function parsePatch(body, isHa, settings) {
    const patch = parseJson(body);
    if (!isObject(patch))
        return { refusal: { message: 'request body must be a JSON object' } };
    if (Object.keys(patch).length === 0)
        return { refusal: { message: 'at least one field required' } };
    for (const [field, value] of Object.entries(patch)) {
        const refusal = field === 'highAvailability' ? checkHa(value, isHa) : checkField(field, value, settings);
        if (refusal !== undefined)
            return { refusal };
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
/** Neither direction is possible; only what is there already may be asked for. Off is refused even where it is off. */
function checkHa(value, isHa) {
    const field = 'spec.highAvailability';
    if (typeof value !== 'boolean')
        return { message: 'highAvailability must be a boolean' };
    if (value && isHa)
        return undefined;
    if (!value) {
        return { message: 'Disabling HA is not supported in v1.', canonical: { code: 'HA_DISABLE_UNSUPPORTED', field } };
    }
    const message = 'Enabling HA on an existing cluster is not supported in v1.';
    return { message, canonical: { code: 'HA_ENABLE_ON_EXISTING_UNSUPPORTED', field } };
}
function checkField(field, value, settings) {
    const message = problemOf(field, value, settings);
    return message === undefined ? undefined : { message };
}
/** What the server says against the value of a field; `undefined` is nothing. */
function problemOf(field, value, settings) {
    if (IMMUTABLE.includes(field))
        return `${field} cannot be changed after creation`;
    if (field === 'version')
        return checkVersion(value, settings);
    if (field === 'resources')
        return checkResources(value);
    if (field === 'alerts')
        return isObject(value) ? undefined : 'alerts must be an object';
    return `unknown field "${field}"`;
}
function checkVersion(version, settings) {
    if (typeof version !== 'string')
        return 'version must be a string';
    // Not a fault on the real server either: it becomes the default version without a word.
    if (version === '' || isSupported(version, settings))
        return undefined;
    const supported = supportedInFull(settings).join(' ');
    return `unsupported Kubernetes version "${version}", supported versions: [${supported}]`;
}
function checkResources(resources) {
    if (!isObject(resources))
        return 'resources must be an object';
    for (const [name, value] of Object.entries(resources)) {
        if (!Object.hasOwn(QUANTITY, name))
            return `unknown field "resources.${name}"`;
        const key = name;
        if (typeof value !== 'string')
            return `${name} must be a string`;
        if (key !== 'cpu' && /^\d+(\.\d+)?$/.test(value))
            return `${name} must include a unit suffix, such as 16Gi`;
        if (!QUANTITY[key].test(value))
            return `${name} is not a valid quantity: "${value}"`;
    }
    return undefined;
}
/** What a body says; none at all counts as an empty object, `undefined` is no JSON. */
function parseJson(body) {
    if (body === undefined || body === '')
        return {};
    try {
        return JSON.parse(body);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/simulator/creation.js


const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/;
const CREATABLE = ['name', 'displayName', 'type', 'version', 'resources', 'alerts', 'highAvailability'];
/** Reads the body of a POST as the server does: every doubt is a refusal. */
function parseCreation(body, settings) {
    const asked = parseJson(body);
    if (!isObject(asked))
        return { refusal: { message: 'request body must be a JSON object' } };
    const { name, displayName, type = 'shared', highAvailability = false } = asked;
    if (type === 'dedicated') {
        const canonical = { code: 'CLUSTER_DEDICATED_UNSUPPORTED', field: 'spec.type' };
        return { refusal: { message: 'Dedicated clusters are not supported in v1.', canonical } };
    }
    const message = unknownField(asked) ??
        checkName(name) ??
        checkText('displayName', displayName) ??
        (type === 'shared' ? undefined : 'type must be shared or dedicated') ??
        (typeof highAvailability === 'boolean' ? undefined : 'highAvailability must be a boolean') ??
        checkSpec(asked, settings) ??
        checkLimits(asked, settings);
    if (message !== undefined)
        return { refusal: { message } };
    return { cluster: { version: '', resources: {}, type, highAvailability, ...asked } };
}
/** High availability on the oldest version on offer, which is to go next, is possible but not wise. */
function warningsOf({ version, highAvailability }, settings) {
    const oldest = minorOf(supportedInFull(settings).at(-1) ?? '');
    if (!highAvailability || minorOf(version || settings.defaultVersion) !== oldest)
        return [];
    const message = `K8s ${oldest} is approaching EOL.`;
    return [{ code: 'HA_K8S_VERSION_RETIRING', severity: 'warning', message, field: 'spec.highAvailability' }];
}
function unknownField(asked) {
    const field = Object.keys(asked).find((key) => !CREATABLE.includes(key));
    return field === undefined ? undefined : `unknown field "${field}"`;
}
function checkName(name) {
    const problem = checkText('cluster name', name);
    if (problem !== undefined || NAME.test(String(name)))
        return problem;
    return 'cluster name must be 2 to 63 lower case letters, digits or hyphens, with a letter or digit at both ends';
}
function checkText(what, value) {
    if (value === undefined || value === '')
        return `${what} is required`;
    return typeof value === 'string' ? undefined : `${what} must be a string`;
}
function checkSpec(asked, settings) {
    const fields = ['version', 'resources', 'alerts'].filter((field) => asked[field] !== undefined);
    return fields.map((field) => problemOf(field, asked[field], settings)).find((problem) => problem !== undefined);
}
/** The platform's own admission check asks for two of the limits; storage it lets pass. */
function checkLimits({ resources }, { requireLimits }) {
    const given = isObject(resources) ? resources : {};
    const missing = ['cpu', 'memory'].find((field) => given[field] === undefined);
    return requireLimits && missing !== undefined ? `spec.resources.${missing} is required` : undefined;
}

;// CONCATENATED MODULE: ./lib/simulator/object.js

/**
 * A state with the fields that lag as they were so long before: `asOf` gives the state some milliseconds earlier. One of
 * another cluster under that name says nothing.
 */
function withLag(state, asOf, lagMs) {
    if (Object.keys(lagMs).length === 0)
        return state;
    const before = (ms = 0) => {
        const then = ms > 0 ? asOf(ms) : undefined;
        return then?.createdAt === state.createdAt ? then : state;
    };
    const { phase } = before(lagMs.phase).status;
    const { generation } = before(lagMs.generation);
    const { observedGeneration } = before(lagMs.observedGeneration).status;
    const { kubernetesVersion } = before(lagMs.kubernetesVersion).status;
    const status = { ...state.status, phase, observedGeneration, kubernetesVersion };
    // The copy leaves out what was not reported yet.
    return copy({ ...state, generation, status });
}
/** The object as the API shows it. */
function toObject(state, settings) {
    const { statusHidden, version, highAvailability, generation, resourceVersion, ...rest } = state;
    const { observedGeneration, kubernetesVersion, ...status } = state.status;
    const shown = (value) => {
        if (!settings.generations || value === undefined)
            return undefined;
        return settings.generationsAsText ? String(value) : value;
    };
    return copy({
        ...rest,
        // The API leaves out a version that was never asked for, and an availability that is not high.
        version: version === '' ? undefined : version,
        highAvailability: highAvailability ? true : undefined,
        generation: shown(generation),
        resourceVersion: String(resourceVersion),
        warnings: [],
        status: statusHidden
            ? undefined
            : {
                ...status,
                kubernetesVersion: settings.reportKubernetesVersion ? kubernetesVersion : undefined,
                observedGeneration: shown(observedGeneration),
            },
    });
}

;// CONCATENATED MODULE: ./lib/simulator/replies.js
/** A JSON answer. */
function ok(object, headers = {}, status = 200) {
    return { status, headers: { 'content-type': 'application/json', ...headers }, body: json(object) };
}
/** An answer with the documented error body. */
function refuse(status, error, headers = {}) {
    return ok({ error }, headers, status);
}
/** A refusal of a body: structured where it is canonical, else with the one field that all errors have. */
function refuseBody({ message, canonical }) {
    if (canonical === undefined)
        return refuse(400, message);
    const { code, field } = canonical;
    return ok({ code, severity: 'error', message, field, error: message }, {}, 400);
}
/** A value as the text of a body; nothing as no text. */
function json(value) {
    return JSON.stringify(value) ?? '';
}
/** A moment of wall time in milliseconds, as the API writes it: to the second, in UTC. */
function toTimestamp(ms) {
    return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

;// CONCATENATED MODULE: ./lib/simulator/routes.js
/** What may be done to each. */
const METHODS = {
    ready: ['GET'],
    plans: ['GET'],
    plan: ['GET'],
    tenant: ['GET'],
    clusters: ['GET', 'POST'],
    cluster: ['GET', 'PATCH', 'DELETE'],
    kubeconfig: ['GET'],
};
/** What needs no API key. */
const PUBLIC = ['ready', 'plans', 'plan'];
/** What a path names, its segments decoded; `undefined` where there is nothing. A query is left aside. */
function toRoute(path) {
    const [pathname = ''] = path.split('?', 1);
    if (pathname === '/readyz')
        return route('ready');
    const [root, api, version, collection, ...rest] = decode(pathname.split('/'));
    if (root !== '' || api !== 'api' || version !== 'v1' || rest.includes(''))
        return undefined;
    if (collection === 'plans')
        return toPlanRoute(rest);
    return collection === 'tenants' ? toTenantRoute(rest) : undefined;
}
function toPlanRoute([plan, ...more]) {
    if (more.length > 0)
        return undefined;
    return plan === undefined ? route('plans') : route('plan', { plan });
}
function toTenantRoute([tenant, clusters, cluster, part, ...more]) {
    if (tenant === undefined || more.length > 0)
        return undefined;
    if (clusters === undefined)
        return route('tenant', { tenant });
    if (clusters !== 'clusters')
        return undefined;
    if (cluster === undefined)
        return route('clusters', { tenant });
    if (part === undefined)
        return route('cluster', { tenant, cluster });
    return part === 'kubeconfig' ? route('kubeconfig', { tenant, cluster }) : undefined;
}
function route(kind, names = {}) {
    return { kind, tenant: '', cluster: '', plan: '', ...names };
}
/** The segments of a path, or none where one is encoded badly. */
function decode(segments) {
    try {
        return segments.map(decodeURIComponent);
    }
    catch {
        return [];
    }
}

;// CONCATENATED MODULE: ./lib/simulator/tenant.js


/** The plan that the simulated tenant has. */
const TENANT_PLAN = {
    name: 'team',
    displayName: 'Team',
    platformFee: '149.00',
    maxClusters: 10,
    resourcePool: { cpu: '64', memory: '256Gi', storage: '2Ti' },
    observabilityPool: { maxActiveSeries: 200_000, logIngestGB: 200, retentionDays: 30, maxReceivers: 20 },
};
const PLANS = [
    {
        name: 'starter',
        displayName: 'Starter',
        platformFee: '29.00',
        maxClusters: 3,
        resourcePool: { cpu: '8', memory: '32Gi', storage: '200Gi' },
        observabilityPool: { maxActiveSeries: 50_000, logIngestGB: 50, retentionDays: 14, maxReceivers: 5 },
    },
    TENANT_PLAN,
];
/** Pounds for an hour of one vCPU, and of one GiB. */
const HOURLY_RATES = { cpu: 0.03, memory: 0.006, storage: 0.000116 };
const GIB = 1024 ** 3;
const HOUR_MS = 3_600_000;
/** The tenant's own object, with what its clusters have been given. `nowMs` is wall time. */
function toTenant(clusters, nowMs, { tenant }) {
    const allocated = {
        cpu: sum(clusters, 'cpu'),
        memory: sum(clusters, 'memory') / GIB,
        storage: sum(clusters, 'storage') / GIB,
    };
    return {
        name: tenant,
        displayName: tenant.charAt(0).toUpperCase() + tenant.slice(1),
        contactEmail: `admin@${tenant}.example`,
        plan: TENANT_PLAN.name,
        enforceMetricsLimit: true,
        enforceLogLimit: true,
        resourceVersion: '1',
        createdAt: '2026-01-15T09:00:00Z',
        status: {
            phase: 'Active',
            clusterCount: clusters.length,
            allocatedResources: {
                cpu: decimal(allocated.cpu, 3),
                memory: `${decimal(allocated.memory, 3)}Gi`,
                storage: `${decimal(allocated.storage, 3)}Gi`,
            },
            poolResources: TENANT_PLAN.resourcePool,
            currentUsage: toUsage(allocated, nowMs),
        },
    };
}
/** The bill of the month so far, as if everything had been allocated since it began. */
function toUsage({ cpu, memory, storage }, nowMs) {
    const now = new Date(nowMs);
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
    const start = Date.UTC(year, month);
    const hours = (nowMs - start) / HOUR_MS;
    const costs = {
        cpu: cpu * hours * HOURLY_RATES.cpu,
        memory: memory * hours * HOURLY_RATES.memory,
        storage: storage * hours * HOURLY_RATES.storage,
    };
    const total = (costs.cpu + costs.memory + costs.storage).toFixed(2);
    return {
        periodStart: toTimestamp(start),
        periodEnd: toTimestamp(Date.UTC(year, month + 1)),
        updatedAt: toTimestamp(nowMs),
        currency: 'GBP',
        compute: {
            cpuCoreHours: decimal(cpu * hours, 2),
            memoryGiBHours: decimal(memory * hours, 2),
            storageGiBHours: decimal(storage * hours, 2),
            cpuCost: costs.cpu.toFixed(2),
            memoryCost: costs.memory.toFixed(2),
            storageCost: costs.storage.toFixed(2),
        },
        estimatedSubtotal: total,
        estimatedTotal: total,
    };
}
function sum(clusters, field) {
    return clusters.reduce((total, { resources }) => total + quantityValue(resources[field] ?? '0'), 0);
}
/** A number with at most so many places, and no zeros at its end. */
function decimal(value, places) {
    return String(Number(value.toFixed(places)));
}

;// CONCATENATED MODULE: ./lib/simulator/api.js







const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nc2ltdWxhdGVk\n-----END CERTIFICATE-----\n';
const OUTDATED = {
    412: 'resource version mismatch: the cluster was modified',
    409: 'the object has been modified; please apply your changes to the latest version and try again',
};
/** The API without faults: who may do what, and what it answers. */
class Api {
    settings;
    timeline;
    store;
    constructor(settings, timeline, store) {
        this.settings = settings;
        this.timeline = timeline;
        this.store = store;
    }
    /** Answers a request; a read may be of the state as it was `staleMs` ago. */
    answer(request, staleMs = 0) {
        const route = toRoute(request.path);
        if (route === undefined)
            return refuse(404, 'not found');
        const refusal = this.refuseAccess(route, request);
        if (refusal !== undefined)
            return refusal;
        return request.method === 'GET' ? this.read(route, staleMs) : this.write(route, request);
    }
    refuseAccess({ kind, tenant }, { method, headers }) {
        const key = headers.authorization?.replace(/^Bearer /, '');
        const { adminKey, readonlyKey } = this.settings;
        if (!PUBLIC.includes(kind)) {
            if (key === headers.authorization || (key !== adminKey && key !== readonlyKey))
                return refuse(401, 'unauthorized');
            if (tenant !== this.settings.tenant)
                return refuse(403, 'access denied');
        }
        const allowed = METHODS[kind];
        if (!allowed.includes(method))
            return refuse(405, 'method not allowed', { allow: allowed.join(', ') });
        return method !== 'GET' && key !== adminKey ? refuse(403, 'access denied') : undefined;
    }
    read({ kind, cluster: name, plan }, staleMs) {
        switch (kind) {
            case 'ready':
                return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'ok' };
            case 'plans':
                return ok({ items: PLANS });
            case 'plan': {
                const found = PLANS.find(({ name: called }) => called === plan);
                return found === undefined ? refuse(404, 'plan not found') : ok(found);
            }
            case 'tenant':
                return ok(toTenant(this.readAll(staleMs), this.settings.date(), this.settings), this.etag('1'));
            case 'clusters':
                return ok({ items: this.readAll(staleMs).map((state) => toObject(state, this.settings)) });
            case 'cluster':
            case 'kubeconfig': {
                const cluster = this.store.get(name);
                const state = cluster && this.stateOf(cluster, staleMs);
                if (state === undefined)
                    return refuse(404, 'cluster not found');
                return kind === 'cluster' ? this.show(state) : showKubeconfig(state);
            }
        }
    }
    write({ kind, cluster: name }, request) {
        const { 'content-type': contentType = 'application/json' } = request.headers;
        const hasJson = /^application\/json\s*(;|$)/.test(contentType);
        if (request.method !== 'DELETE' && !hasJson)
            return refuse(415, 'content type must be application/json');
        if (kind === 'clusters')
            return this.create(request);
        const cluster = this.store.get(name);
        if (!cluster?.exists)
            return refuse(404, 'cluster not found');
        return request.method === 'DELETE' ? this.remove(cluster, request) : this.patch(cluster, request);
    }
    create({ body }) {
        const parsed = parseCreation(body, this.settings);
        if ('refusal' in parsed)
            return refuseBody(parsed.refusal);
        if (this.store.get(parsed.cluster.name)?.exists)
            return refuse(409, 'cluster already exists');
        if (this.readAll(0).length >= TENANT_PLAN.maxClusters)
            return refuse(400, 'maximum cluster limit reached');
        const { state } = this.store.create(parsed.cluster);
        const object = { ...toObject(state, this.settings), warnings: warningsOf(parsed.cluster, this.settings) };
        return ok(object, this.etag(state.resourceVersion), 201);
    }
    remove(cluster, request) {
        if (this.isOutdated(cluster, request))
            return this.refuseOutdated();
        if (!isDeleting(cluster.state)) {
            this.store.remove(cluster, { terminatingMs: this.settings.deleteMs, phase: 'Terminating' });
        }
        return { status: 204, headers: {}, body: '' };
    }
    patch(cluster, request) {
        const parsed = parsePatch(request.body, cluster.state.highAvailability, this.settings);
        if ('refusal' in parsed)
            return refuseBody(parsed.refusal);
        if (this.isOutdated(cluster, request))
            return this.refuseOutdated();
        if (isDeleting(cluster.state))
            return refuse(409, 'cluster is being deleted');
        if (this.settings.refuseWhileBusy && isBusy(cluster))
            return refuse(409, 'another operation is in progress');
        this.store.changeSpec(cluster, 'api', parsed.patch);
        const reply = this.show(this.stateOf(cluster, 0) ?? cluster.state, this.settings.patchStatus);
        return this.settings.emptyPatchAnswer ? { ...reply, body: '' } : reply;
    }
    isOutdated({ state }, { headers }) {
        const ifMatch = headers['if-match'];
        return ifMatch !== undefined && ifMatch !== '*' && ifMatch !== this.toEtag(state.resourceVersion);
    }
    refuseOutdated() {
        const { conflictStatus } = this.settings;
        return refuse(conflictStatus, OUTDATED[conflictStatus]);
    }
    readAll(staleMs) {
        return this.store
            .all()
            .map((cluster) => this.stateOf(cluster, staleMs))
            .filter((state) => state !== undefined);
    }
    /** What an answer shows of a cluster: how it was `staleMs` ago, some fields longer ago. */
    stateOf(cluster, staleMs) {
        const asOf = (earlierMs) => cluster.asOf(this.timeline.time - staleMs - earlierMs);
        const current = cluster.exists ? cluster.state : undefined;
        const state = staleMs > 0 ? asOf(0) : current;
        return state && withLag(state, asOf, this.settings.lagMs);
    }
    show(state, status = 200) {
        return ok(toObject(state, this.settings), this.etag(state.resourceVersion), status);
    }
    /** The ETag as a header of an answer, for servers that send one. */
    etag(resourceVersion) {
        return this.settings.etags ? { etag: this.toEtag(resourceVersion) } : {};
    }
    toEtag(resourceVersion) {
        if (this.settings.etagStyle === 'bare')
            return String(resourceVersion);
        return this.settings.etagStyle === 'weak' ? `W/"${resourceVersion}"` : `"${resourceVersion}"`;
    }
}
/** Where the cluster answers, and with what certificate authority: base64 of PEM. Unavailable until it first runs. */
function showKubeconfig({ status: { phase = '', endpoint } }) {
    if (endpoint === undefined || ['Pending', 'Provisioning'].includes(phase))
        return refuse(503, 'cluster is not ready');
    return ok({ endpoint, certificateAuthority: Buffer.from(CERTIFICATE).toString('base64') });
}

;// CONCATENATED MODULE: ./lib/simulator/faults.js



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
            return edited(route(request), fault.edit);
        }
        case 'drop':
            return edited(route(request), (object) => fault.fields.reduce(without, object));
        case 'page': {
            if (fault.applied)
                route(request);
            return { status: fault.status, headers: { 'content-type': 'text/html' }, body: htmlPage(fault.status) };
        }
        case 'bom': {
            const reply = route(request);
            return { ...reply, body: `\uFEFF${reply.body}` };
        }
        case 'gzip': {
            const reply = route(request);
            return { ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' } };
        }
    }
}
function edited(reply, edit) {
    const object = reply.body === '' ? {} : JSON.parse(reply.body);
    return { ...reply, body: json(edit(isObject(object) ? object : {})) };
}
/** An object without a field, or without a field of one of its own. */
function without(object, path) {
    const [key = '', ...inner] = path.split('.');
    const { [key]: value, ...rest } = object;
    return inner.length > 0 && isObject(value) ? { ...rest, [key]: without(value, inner.join('.')) } : rest;
}
/** What gateways and content delivery networks show people. */
function htmlPage(status) {
    const title = `${status} ${external_node_http_namespaceObject.STATUS_CODES[status] ?? 'Connection timed out'}`;
    return `<!DOCTYPE html>\n<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`;
}
function lowerCased(headers) {
    return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

;// CONCATENATED MODULE: ./lib/simulator/spec.js




/** A cluster as its spec says, with defaults for the rest. */
function toState(spec, settings, resourceVersion) {
    const { name = DEFAULTS.cluster, version = '1.31', generation = 7, busyForMs, highAvailability = false } = spec;
    const createdAt = spec.createdAt ?? '2026-02-01T14:00:00Z';
    return copy({
        name,
        displayName: spec.displayName ?? name,
        type: spec.type ?? 'shared',
        highAvailability,
        version,
        resources: spec.resources ?? { cpu: '4', memory: '16Gi', storage: '100Gi' },
        ...(spec.alerts === undefined ? {} : { alerts: spec.alerts }),
        generation,
        resourceVersion,
        createdAt,
        statusHidden: false,
        status: {
            phase: spec.phase ?? 'Running',
            kubernetesVersion: spec.kubernetesVersion ?? `v${fullVersion(version || settings.defaultVersion, settings)}`,
            endpoint: spec.endpoint ?? endpointOf(name, settings),
            observedGeneration: spec.observedGeneration ?? (busyForMs === undefined ? generation : generation - 1),
            conditions: [{ type: 'Ready', status: busyForMs === undefined ? 'True' : 'False' }],
            metrics: {},
            ...(highAvailability ? haStatus('ha-healthy', createdAt) : {}),
        },
    });
}
/** A cluster that was just asked for: nothing of it exists yet, so it reports next to nothing. */
function toNewState(spec, settings, resourceVersion) {
    const state = toState({ generation: 1, ...spec }, settings, resourceVersion);
    const ha = state.highAvailability ? haStatus('pending', state.createdAt) : {};
    return { ...state, status: { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }], ...ha } };
}
/** Where the cluster's own API server answers. */
function endpointOf(name, { tenant }) {
    return `https://${name}.${tenant}.kupe.cloud`;
}
/** The part of the status that only clusters with high availability have. */
function haStatus(haPhase, enabledAt) {
    const isReady = haPhase === 'ha-healthy';
    const ready = isReady ? 3 : 0;
    return {
        haPhase,
        haConfigured: isReady,
        ...(isReady ? { haEnabledAt: enabledAt } : {}),
        haReplicasReady: ready,
        haReplicasDesired: 3,
        haEtcdReplicasReady: ready,
        haEtcdReplicasDesired: 3,
    };
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
/** Whether what was written counts for the generation of this server. */
function movesGeneration(before, after, { generationMoves }) {
    if (typeof generationMoves === 'boolean')
        return generationMoves;
    return generationMoves.some((field) => !(0,external_node_util_namespaceObject.isDeepStrictEqual)(before[field], after[field]));
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

;// CONCATENATED MODULE: ./lib/simulator/fates.js




const DEGRADED_TEXT = 'control plane is not ready: 1 of 3 API servers does not answer';
/** The version a cluster will run for what its spec says, written `v1.32.3`: the one it has, if that will do. */
function targetVersion({ version, status }, settings) {
    const running = status.kubernetesVersion;
    if (running !== undefined && (version === '' || version === minorOf(running.slice(1))))
        return running;
    return `v${fullVersion(version || settings.defaultVersion, settings)}`;
}
/** What the operator does with a change, each step at its time, for what the change is to come to. */
function toSteps(fate, { upgrade, begin, end, before }, settings) {
    const middle = (begin + end) / 2;
    const enter = (phase) => ({ due: begin, run: (draft) => setPhase(draft, phase) });
    const usual = upgrade ? [enter('Upgrading')] : [];
    const done = { due: end, run: complete(settings) };
    const plans = {
        ok: [...usual, done],
        'upgrade-stays-running': [done],
        'unknown-phase': [enter('Migrating'), done],
        'no-phase': [enter(undefined), done],
        'no-status': [{ due: begin, run: hide }, done],
        stuck: [...usual, { ...done, due: Number.POSITIVE_INFINITY }],
        degraded: [...usual, { due: middle, run: degrade }],
        'degraded-heals': [
            ...usual,
            { due: middle, run: degrade },
            { ...done, due: Math.max(end, middle + settings.degradedMs) },
        ],
        'degraded-blip': [
            ...usual,
            { due: middle, run: degrade },
            { due: (middle + end) / 2, run: recover(upgrade ? 'Upgrading' : 'Running') },
            done,
        ],
        'rolled-back': [...usual, { due: end, run: upgrade ? giveUp : undo(before, settings) }],
        'rolled-back-desired': [...usual, { due: end, run: undo(before, settings) }],
    };
    return plans[fate];
}
/** Finishes whatever is under way: the cluster runs what its spec says. */
function complete(settings) {
    return (draft) => {
        draft.status.kubernetesVersion = targetVersion(draft, settings);
        settle(draft, { type: 'Ready', status: 'True' });
    };
}
/** The first step of a new cluster. */
const startBuilding = (draft) => {
    setPhase(draft, 'Provisioning');
};
/** The last step of a new cluster: it runs, and can be reached. */
function finishBuilding(settings) {
    return (draft) => {
        complete(settings)(draft);
        draft.status.endpoint = endpointOf(draft.name, settings);
        if (draft.highAvailability)
            Object.assign(draft.status, haStatus('ha-healthy', toTimestamp(settings.date())));
    };
}
const stampGeneration = (draft) => {
    draft.status.observedGeneration = draft.generation;
};
/** The spec goes back to what it was, which is a change of its own. */
function undo(before, settings) {
    return (draft) => {
        const asked = copy(draft);
        draft.version = before.version;
        draft.resources = before.resources;
        if (before.alerts === undefined)
            delete draft.alerts;
        else
            draft.alerts = before.alerts;
        if (movesGeneration(asked, draft, settings))
            draft.generation += 1;
        giveUp(draft);
    };
}
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
/** Back from Degraded to what was under way. */
function recover(phase) {
    return (draft) => {
        setPhase(draft, phase);
        draft.status.conditions = [{ type: 'Ready', status: 'True' }];
    };
}
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

;// CONCATENATED MODULE: ./lib/simulator/rollout.js

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
        const steps = [{ due: this.timeline.time + busyForMs, run: complete(this.settings) }];
        this.start(cluster, { upgrade, begun: upgrade, steps });
    }
    /** Builds a cluster that was just created, until it runs what its spec says by then. */
    provision(cluster) {
        const { timeline, settings } = this;
        const steps = [
            { due: timeline.time + settings.createMs / 10, run: startBuilding },
            { due: timeline.time + settings.createMs, run: finishBuilding(settings) },
        ];
        this.start(cluster, { upgrade: false, provisioning: true, begun: true, steps });
    }
    specChanged(cluster, before) {
        const { timeline, settings } = this;
        const live = cluster.rollout;
        const versionChanged = before.version !== cluster.state.version;
        const scaled = timeline.time + settings.scaleMs;
        const last = live?.steps.at(-1);
        if (last !== undefined && (live?.provisioning || (live?.upgrade && !versionChanged))) {
            // A scale joins the upgrade under way, and anything the building: that one's end stamps the generation of both.
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
        const steps = toSteps(this.fates.shift() ?? 'ok', { upgrade, begin, end, before }, settings);
        if (settings.earlyObservedGeneration)
            steps.unshift({ due: timeline.time, run: stampGeneration });
        this.start(cluster, { upgrade, begun, steps });
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
function markAsSpec(cluster) {
    const last = cluster.history.at(-1);
    if (last !== undefined)
        last.kind = 'spec';
}

;// CONCATENATED MODULE: ./lib/simulator/rules.js
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

;// CONCATENATED MODULE: ./lib/simulator/store.js




const FIRST_RESOURCE_VERSION = 294_810;
/** The clusters of the tenant, and the writes that the API and other hands make to them; each happens at the timeline's moment. */
class ClusterStore {
    settings;
    timeline;
    operator;
    clusters = new Map();
    constructor(settings, timeline, operator) {
        this.settings = settings;
        this.timeline = timeline;
        this.operator = operator;
    }
    /** Every cluster that ever had a name, deleted ones included. */
    all() {
        return [...this.clusters.values()];
    }
    get(name) {
        return this.clusters.get(name);
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
    add(spec) {
        const state = toState(spec, this.settings, this.nextResourceVersion());
        const cluster = new StoredCluster(this.timeline.time, state);
        this.clusters.set(state.name, cluster);
        this.operator.created(cluster, spec);
    }
    /** A new cluster as the API makes it, built step by step. Nothing of that name may exist. */
    create(asked) {
        const { time } = this.timeline;
        const spec = { ...asked, createdAt: toTimestamp(this.settings.date()) };
        const old = this.clusters.get(asked.name);
        const state = toNewState(spec, this.settings, old ? old.state.resourceVersion + 1 : this.nextResourceVersion());
        const cluster = old ?? new StoredCluster(time, state, { writer: 'api', isNew: true });
        if (old !== undefined)
            old.create(time, 'api', state);
        this.clusters.set(state.name, cluster);
        this.operator.created(cluster, spec);
        this.operator.provision(cluster);
        return cluster;
    }
    /** Gives the name to a new cluster, whether or not the old one is gone. */
    recreate(name, spec) {
        const cluster = this.find(name);
        const next = { generation: 1, createdAt: toTimestamp(this.settings.date()), ...spec, name };
        const state = toState(next, this.settings, cluster.state.resourceVersion + 1);
        cluster.create(this.timeline.time, 'user', state);
        this.operator.created(cluster, next);
    }
    changeSpec(cluster, writer, patch) {
        const before = cluster.state;
        const draft = copy(before);
        applyPatch(draft, patch, this.settings);
        // A write that changes nothing moves nothing, as in Kubernetes.
        if ((0,external_node_util_namespaceObject.isDeepStrictEqual)(draft, before))
            return;
        if (movesGeneration(before, draft, this.settings))
            draft.generation += 1;
        cluster.write(this.timeline.time, { writer, kind: 'spec', patch }, (state) => void Object.assign(state, draft));
        this.operator.specChanged(cluster, before);
    }
    /** Writes the status; `undefined` instead of a change hides it whole. */
    writeStatus(cluster, change, writer) {
        cluster.write(this.timeline.time, { writer, kind: 'status', patch: change }, (draft) => {
            draft.statusHidden = change === undefined;
            Object.assign(draft.status, change);
        });
    }
    /** Ends whatever is under way, shows the phase given, and takes the cluster away after `terminatingMs`. */
    remove(cluster, { terminatingMs, phase }) {
        const { createdAt } = cluster.state;
        cluster.rollout = undefined;
        this.writeStatus(cluster, { phase }, 'operator');
        const takeAway = () => {
            if (cluster.exists && cluster.state.createdAt === createdAt)
                cluster.remove(this.timeline.time, 'operator');
        };
        if (terminatingMs === 0)
            takeAway();
        else
            this.timeline.schedule(this.timeline.time + terminatingMs, takeAway);
    }
    nextResourceVersion() {
        return FIRST_RESOURCE_VERSION + this.clusters.size * 1000;
    }
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











/** A Kupe API in memory, with an operator behind it, on whatever clock it is given. */
class Simulator {
    requests = [];
    settings;
    timeline;
    operator;
    store;
    api;
    faults = new Rules();
    replicaReads = 0;
    hooks = { before: new Rules(), after: new Rules() };
    constructor(options) {
        this.settings = toSettings(options);
        this.timeline = new Timeline(this.settings.now);
        this.operator = new Operator(this.timeline, this.settings);
        this.store = new ClusterStore(this.settings, this.timeline, this.operator);
        this.api = new Api(this.settings, this.timeline, this.store);
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
        const cluster = toRoute(request.path)?.cluster;
        for (const action of this.hooks.before.take(method, cluster))
            action(this);
        const fault = this.faults.take(method, cluster, 1)[0];
        const replicaLagMs = this.takeReplica(method, cluster);
        const handled = (asked, staleMs = replicaLagMs) => this.api.answer(asked, staleMs);
        const limited = this.rateLimited();
        const reply = limited ?? answerWith(fault, request, handled);
        // What the API has not seen it gave no id.
        const ids = fault?.kind === 'page' && limited === undefined ? {} : { 'x-request-id': requestId };
        reply.headers = { ...ids, date: new Date(this.settings.date()).toUTCString(), ...reply.headers };
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
        this.store.add(spec);
    }
    /** A change of the spec by another writer, with all that follows from it; the patch is not checked. */
    patchAs(writer, name, patch) {
        this.timeline.advance();
        this.store.changeSpec(this.store.existing(name), writer, patch);
    }
    /** Writes the status directly; `undefined` instead of a change hides it whole until the next write here. */
    setStatus(name, change, writer = 'test') {
        this.timeline.advance();
        this.store.writeStatus(this.store.existing(name), change, writer);
    }
    /** Ends whatever the operator has under way for a cluster, without a write: from here on it is `setStatus` alone. */
    freeze(name) {
        this.timeline.advance();
        this.store.existing(name).rollout = undefined;
    }
    deleteCluster(name, { terminatingMs = 0, phase = 'Terminating' } = {}) {
        this.timeline.advance();
        this.store.remove(this.store.existing(name), { terminatingMs, phase });
    }
    /** Gives the name to a new cluster, whether or not the old one is gone. */
    recreate(name, spec = {}) {
        this.timeline.advance();
        this.store.recreate(name, spec);
    }
    /** The truth about a cluster, whatever the API shows. */
    cluster(name) {
        this.timeline.advance();
        const { state, exists, history } = this.store.find(name);
        return copy({ ...state, exists, history });
    }
    /** How far the replica is behind whose turn it is. Only reads of a cluster take turns. */
    takeReplica(method, cluster) {
        const { replicaLagsMs } = this.settings;
        if (method !== 'GET' || !cluster || replicaLagsMs.length === 0)
            return 0;
        this.replicaReads += 1;
        return replicaLagsMs[(this.replicaReads - 1) % replicaLagsMs.length] ?? 0;
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

module.exports = __webpack_exports__;
/******/ })()
;