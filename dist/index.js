import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 770:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

module.exports = __nccwpck_require__(218);


/***/ }),

/***/ 218:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var net = __nccwpck_require__(9278);
var tls = __nccwpck_require__(4756);
var http = __nccwpck_require__(8611);
var https = __nccwpck_require__(5692);
var events = __nccwpck_require__(4434);
var assert = __nccwpck_require__(2613);
var util = __nccwpck_require__(9023);


exports.httpOverHttp = httpOverHttp;
exports.httpsOverHttp = httpsOverHttp;
exports.httpOverHttps = httpOverHttps;
exports.httpsOverHttps = httpsOverHttps;


function httpOverHttp(options) {
  var agent = new TunnelingAgent(options);
  agent.request = http.request;
  return agent;
}

function httpsOverHttp(options) {
  var agent = new TunnelingAgent(options);
  agent.request = http.request;
  agent.createSocket = createSecureSocket;
  agent.defaultPort = 443;
  return agent;
}

function httpOverHttps(options) {
  var agent = new TunnelingAgent(options);
  agent.request = https.request;
  return agent;
}

function httpsOverHttps(options) {
  var agent = new TunnelingAgent(options);
  agent.request = https.request;
  agent.createSocket = createSecureSocket;
  agent.defaultPort = 443;
  return agent;
}


function TunnelingAgent(options) {
  var self = this;
  self.options = options || {};
  self.proxyOptions = self.options.proxy || {};
  self.maxSockets = self.options.maxSockets || http.Agent.defaultMaxSockets;
  self.requests = [];
  self.sockets = [];

  self.on('free', function onFree(socket, host, port, localAddress) {
    var options = toOptions(host, port, localAddress);
    for (var i = 0, len = self.requests.length; i < len; ++i) {
      var pending = self.requests[i];
      if (pending.host === options.host && pending.port === options.port) {
        // Detect the request to connect same origin server,
        // reuse the connection.
        self.requests.splice(i, 1);
        pending.request.onSocket(socket);
        return;
      }
    }
    socket.destroy();
    self.removeSocket(socket);
  });
}
util.inherits(TunnelingAgent, events.EventEmitter);

TunnelingAgent.prototype.addRequest = function addRequest(req, host, port, localAddress) {
  var self = this;
  var options = mergeOptions({request: req}, self.options, toOptions(host, port, localAddress));

  if (self.sockets.length >= this.maxSockets) {
    // We are over limit so we'll add it to the queue.
    self.requests.push(options);
    return;
  }

  // If we are under maxSockets create a new one.
  self.createSocket(options, function(socket) {
    socket.on('free', onFree);
    socket.on('close', onCloseOrRemove);
    socket.on('agentRemove', onCloseOrRemove);
    req.onSocket(socket);

    function onFree() {
      self.emit('free', socket, options);
    }

    function onCloseOrRemove(err) {
      self.removeSocket(socket);
      socket.removeListener('free', onFree);
      socket.removeListener('close', onCloseOrRemove);
      socket.removeListener('agentRemove', onCloseOrRemove);
    }
  });
};

TunnelingAgent.prototype.createSocket = function createSocket(options, cb) {
  var self = this;
  var placeholder = {};
  self.sockets.push(placeholder);

  var connectOptions = mergeOptions({}, self.proxyOptions, {
    method: 'CONNECT',
    path: options.host + ':' + options.port,
    agent: false,
    headers: {
      host: options.host + ':' + options.port
    }
  });
  if (options.localAddress) {
    connectOptions.localAddress = options.localAddress;
  }
  if (connectOptions.proxyAuth) {
    connectOptions.headers = connectOptions.headers || {};
    connectOptions.headers['Proxy-Authorization'] = 'Basic ' +
        new Buffer(connectOptions.proxyAuth).toString('base64');
  }

  debug('making CONNECT request');
  var connectReq = self.request(connectOptions);
  connectReq.useChunkedEncodingByDefault = false; // for v0.6
  connectReq.once('response', onResponse); // for v0.6
  connectReq.once('upgrade', onUpgrade);   // for v0.6
  connectReq.once('connect', onConnect);   // for v0.7 or later
  connectReq.once('error', onError);
  connectReq.end();

  function onResponse(res) {
    // Very hacky. This is necessary to avoid http-parser leaks.
    res.upgrade = true;
  }

  function onUpgrade(res, socket, head) {
    // Hacky.
    process.nextTick(function() {
      onConnect(res, socket, head);
    });
  }

  function onConnect(res, socket, head) {
    connectReq.removeAllListeners();
    socket.removeAllListeners();

    if (res.statusCode !== 200) {
      debug('tunneling socket could not be established, statusCode=%d',
        res.statusCode);
      socket.destroy();
      var error = new Error('tunneling socket could not be established, ' +
        'statusCode=' + res.statusCode);
      error.code = 'ECONNRESET';
      options.request.emit('error', error);
      self.removeSocket(placeholder);
      return;
    }
    if (head.length > 0) {
      debug('got illegal response body from proxy');
      socket.destroy();
      var error = new Error('got illegal response body from proxy');
      error.code = 'ECONNRESET';
      options.request.emit('error', error);
      self.removeSocket(placeholder);
      return;
    }
    debug('tunneling connection has established');
    self.sockets[self.sockets.indexOf(placeholder)] = socket;
    return cb(socket);
  }

  function onError(cause) {
    connectReq.removeAllListeners();

    debug('tunneling socket could not be established, cause=%s\n',
          cause.message, cause.stack);
    var error = new Error('tunneling socket could not be established, ' +
                          'cause=' + cause.message);
    error.code = 'ECONNRESET';
    options.request.emit('error', error);
    self.removeSocket(placeholder);
  }
};

TunnelingAgent.prototype.removeSocket = function removeSocket(socket) {
  var pos = this.sockets.indexOf(socket)
  if (pos === -1) {
    return;
  }
  this.sockets.splice(pos, 1);

  var pending = this.requests.shift();
  if (pending) {
    // If we have pending requests and a socket gets closed a new one
    // needs to be created to take over in the pool for the one that closed.
    this.createSocket(pending, function(socket) {
      pending.request.onSocket(socket);
    });
  }
};

function createSecureSocket(options, cb) {
  var self = this;
  TunnelingAgent.prototype.createSocket.call(self, options, function(socket) {
    var hostHeader = options.request.getHeader('host');
    var tlsOptions = mergeOptions({}, self.options, {
      socket: socket,
      servername: hostHeader ? hostHeader.replace(/:.*$/, '') : options.host
    });

    // 0 is dummy port for v0.6
    var secureSocket = tls.connect(0, tlsOptions);
    self.sockets[self.sockets.indexOf(socket)] = secureSocket;
    cb(secureSocket);
  });
}


function toOptions(host, port, localAddress) {
  if (typeof host === 'string') { // since v0.10
    return {
      host: host,
      port: port,
      localAddress: localAddress
    };
  }
  return host; // for v0.11 or later
}

function mergeOptions(target) {
  for (var i = 1, len = arguments.length; i < len; ++i) {
    var overrides = arguments[i];
    if (typeof overrides === 'object') {
      var keys = Object.keys(overrides);
      for (var j = 0, keyLen = keys.length; j < keyLen; ++j) {
        var k = keys[j];
        if (overrides[k] !== undefined) {
          target[k] = overrides[k];
        }
      }
    }
  }
  return target;
}


var debug;
if (process.env.NODE_DEBUG && /\btunnel\b/.test(process.env.NODE_DEBUG)) {
  debug = function() {
    var args = Array.prototype.slice.call(arguments);
    if (typeof args[0] === 'string') {
      args[0] = 'TUNNEL: ' + args[0];
    } else {
      args.unshift('TUNNEL:');
    }
    console.error.apply(console, args);
  }
} else {
  debug = function() {};
}
exports.debug = debug; // for test


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 7084:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $0: () => (/* binding */ leafPaths),
/* harmony export */   Ej: () => (/* binding */ textsIn),
/* harmony export */   OY: () => (/* binding */ isValueMet),
/* harmony export */   lO: () => (/* binding */ withoutValues)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7909);

/** The paths of all values asked for: objects are walked key by key, an empty object, an array and a scalar are values. */
function leafPaths(asked) {
    return Object.keys(asked).flatMap((key) => {
        const value = asked[key];
        const isBranch = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value) && Object.keys(value).length > 0;
        return isBranch ? leafPaths(value).map((path) => [key, ...path]) : [[key]];
    });
}
/** True when the live value is what was asked: an empty object asks only for an object, `null` is met by absence. */
function isValueMet(asked, live) {
    if (asked === null)
        return live === undefined || live === null;
    if ((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(asked) && Object.keys(asked).length === 0)
        return (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(live);
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isSameJson */ .TL)(asked, live);
}
/** The same keys with every value hidden, since values inside `alerts` may be secrets. */
function withoutValues(alerts) {
    return Object.fromEntries(Object.keys(alerts).map((key) => {
        const value = alerts[key];
        return [key, (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value) ? withoutValues(value) : '***'];
    }));
}
/** A shorter number is a threshold, and stands in too many other places. */
const LONG_NUMBER_DIGITS = 6;
/** Every text inside a JSON value, however deep, and every number long enough to be a secret. */
function textsIn(value) {
    if (typeof value === 'string')
        return [value];
    if (typeof value === 'number' && String(value).length >= LONG_NUMBER_DIGITS)
        return [String(value)];
    if (value === undefined || value === null || typeof value !== 'object')
        return [];
    return Object.values(value).flatMap(textsIn);
}


/***/ }),

/***/ 6559:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Wm: () => (/* binding */ isSameIn),
/* harmony export */   XN: () => (/* binding */ unmetFields),
/* harmony export */   kM: () => (/* binding */ askedFields)
/* harmony export */ });
/* harmony import */ var _alerts_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(7084);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(7909);
/* harmony import */ var _quantity_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(886);
/* harmony import */ var _resources_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5886);
/* harmony import */ var _version_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9659);





/** True when both reads show the same value of a field. */
function isSameIn(field, left, right) {
    return field.canonical(left) === field.canonical(right);
}
/** The asked fields that a read does not show as asked, by value. */
function unmetFields(live, asked) {
    return asked.filter((field) => !field.isMetBy(live));
}
const ABSENT = 'absent';
/** The fields asked for, in the order version, cpu, memory, storage, alerts. */
function askedFields(desired) {
    return [
        ...(desired.version === undefined ? [] : [versionField(desired.version)]),
        ..._resources_js__WEBPACK_IMPORTED_MODULE_1__/* .RESOURCE_NAMES */ .ux.flatMap((name) => {
            const wanted = desired[name];
            return wanted === undefined ? [] : [resourceField(name, wanted)];
        }),
        ...(desired.alerts === undefined ? [] : alertFields(desired.alerts)),
    ];
}
function versionField(wanted) {
    const isMetBy = (cluster) => (0,_version_js__WEBPACK_IMPORTED_MODULE_2__/* .isVersionMet */ .Xk)(wanted, cluster.version, cluster.kubernetesVersion);
    return {
        kind: 'version',
        name: 'version',
        path: ['version'],
        wanted,
        show: (cluster) => cluster.version ?? null,
        isCarriedBy: (cluster) => cluster.version !== undefined,
        isMetBy,
        isAcceptedBy: (cluster) => isMetBy(cluster) || (cluster.version !== undefined && (0,_version_js__WEBPACK_IMPORTED_MODULE_2__/* .coversVersion */ .xJ)(cluster.version, wanted)),
        canonical: (cluster) => (cluster.version === undefined ? ABSENT : (0,_version_js__WEBPACK_IMPORTED_MODULE_2__/* .canonicalVersion */ .Bp)(cluster.version)),
        canonicalWanted: (0,_version_js__WEBPACK_IMPORTED_MODULE_2__/* .canonicalVersion */ .Bp)(wanted),
    };
}
function resourceField(name, wanted) {
    const isMetBy = (cluster) => (0,_quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .isSameQuantity */ .IA)(wanted, cluster.resources[name]);
    return {
        kind: 'resources',
        name,
        path: ['resources', name],
        wanted,
        show: (cluster) => cluster.resources[name] ?? null,
        isCarriedBy: (cluster) => cluster.resources[name] !== undefined,
        isMetBy,
        isAcceptedBy: isMetBy,
        canonical: ({ resources }) => {
            const quantity = resources[name];
            return quantity === undefined ? ABSENT : (0,_quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .canonicalQuantity */ .aK)(quantity);
        },
        canonicalWanted: (0,_quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .canonicalQuantity */ .aK)(wanted),
    };
}
function alertFields(alerts) {
    return (0,_alerts_js__WEBPACK_IMPORTED_MODULE_3__/* .leafPaths */ .$0)(alerts).map((path) => {
        const isMetBy = (cluster) => (0,_alerts_js__WEBPACK_IMPORTED_MODULE_3__/* .isValueMet */ .OY)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .valueAt */ .fK)(alerts, path), (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .valueAt */ .fK)(cluster.alerts, path));
        return {
            kind: 'alerts',
            name: ['alerts', ...path].join('.'),
            path: ['alerts', ...path],
            wanted: undefined,
            show: () => undefined,
            isCarriedBy: (cluster) => cluster.alerts !== undefined,
            isMetBy,
            isAcceptedBy: isMetBy,
            canonical: (cluster) => (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .canonicalJson */ .dj)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .valueAt */ .fK)(cluster.alerts, path)),
            canonicalWanted: (0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .canonicalJson */ .dj)((0,_json_js__WEBPACK_IMPORTED_MODULE_4__/* .valueAt */ .fK)(alerts, path)),
        };
    });
}


/***/ }),

/***/ 7909:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   OW: () => (/* binding */ isJsonObject),
/* harmony export */   TL: () => (/* binding */ isSameJson),
/* harmony export */   dj: () => (/* binding */ canonicalJson),
/* harmony export */   fK: () => (/* binding */ valueAt)
/* harmony export */ });
/* unused harmony export ownValue */
/** True for an object with keys: no array, no `null`. */
function isJsonObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** The key's own value; never what an object inherits, so that a key named `constructor` is just a key. */
function ownValue(value, key) {
    return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
/** The value at a key path, or `undefined`. */
function valueAt(value, path) {
    return path.reduce(ownValue, value);
}
/** Deep equality; the order of keys does not matter, the order of an array does. */
function isSameJson(left, right) {
    return canonicalJson(left) === canonicalJson(right);
}
/** One spelling for every equal JSON value: keys sorted. `undefined` has a spelling of its own. */
function canonicalJson(value) {
    if (value === undefined)
        return 'undefined';
    if (isJsonObject(value)) {
        const entries = Object.keys(value)
            .sort()
            .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
        return `{${entries.join(',')}}`;
    }
    return isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : JSON.stringify(value);
}
function isArray(value) {
    return Array.isArray(value);
}


/***/ }),

/***/ 7364:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  AS: () => (/* binding */ planChange),
  xu: () => (/* binding */ toPlanJson),
  AA: () => (/* binding */ toPlanLines)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
// EXTERNAL MODULE: ./lib/src/domain/change.js
var change = __nccwpck_require__(6559);
// EXTERNAL MODULE: ./lib/src/domain/quantity.js
var quantity = __nccwpck_require__(886);
// EXTERNAL MODULE: ./lib/src/domain/resources.js
var resources = __nccwpck_require__(5886);
// EXTERNAL MODULE: ./lib/src/domain/version.js
var domain_version = __nccwpck_require__(9659);
;// CONCATENATED MODULE: ./lib/src/domain/guardrails.js



/** All reasons not to send a plan, at once. The server is not known to refuse any of these itself. */
function findRefusals(live, desired, unmet, guardrails) {
    const isUnmet = (name) => unmet.some((field) => field.name === name);
    return [
        ...(isUnmet('version') ? versionRefusals(live, desired.version ?? '', guardrails) : []),
        ...(isUnmet('storage') ? storageRefusals(live, desired.storage ?? '', guardrails) : []),
        ...resources/* RESOURCE_NAMES */.ux.flatMap((name) => boundRefusals(live, name, desired[name], guardrails)),
    ].sort((left, right) => FIELD_ORDER.indexOf(left.field) - FIELD_ORDER.indexOf(right.field));
}
const FIELD_ORDER = ['version', ...resources/* RESOURCE_NAMES */.ux];
function versionRefusals(live, to, guardrails) {
    const asked = (0,domain_version/* parseVersion */.ot)(to);
    if (asked === undefined)
        return [];
    const refusals = [];
    const higher = [live.version, live.kubernetesVersion].find((text) => {
        const version = (0,domain_version/* parseVersion */.ot)(text ?? '');
        return version !== undefined && (0,domain_version/* isBelow */.Yw)(asked, version);
    });
    const from = live.version ?? live.kubernetesVersion ?? null;
    if (higher !== undefined && !guardrails.allowDowngrade) {
        const reason = `version ${to} is a downgrade from ${higher}`;
        refusals.push({ rule: 'downgrade', field: 'version', from, to, allow: 'allow-downgrade', reason });
    }
    const counted = live.kubernetesVersion ?? live.version ?? '';
    const running = (0,domain_version/* parseVersion */.ot)(counted);
    if (running !== undefined && (0,domain_version/* skipsMinor */.sx)(running, asked) && !guardrails.allowVersionSkip) {
        const reason = `version ${to} is more than one minor above the running ${counted}`;
        refusals.push({ rule: 'version-skip', field: 'version', from, to, allow: 'allow-version-skip', reason });
    }
    return refusals;
}
function storageRefusals(live, to, guardrails) {
    const from = live.resources.storage;
    const [now, asked] = [(0,quantity/* parseQuantity */.Lf)(from ?? ''), (0,quantity/* parseQuantity */.Lf)(to)];
    if (from === undefined || now === undefined || asked === undefined)
        return [];
    if (asked >= now || guardrails.allowStorageShrink)
        return [];
    const reason = `storage ${to} is less than the current ${from}`;
    return [{ rule: 'storage-shrink', field: 'storage', from, to, allow: 'allow-storage-shrink', reason }];
}
function boundRefusals(live, field, to, { min, max }) {
    const asked = (0,quantity/* parseQuantity */.Lf)(to ?? '');
    if (to === undefined || asked === undefined)
        return [];
    const from = live.resources[field] ?? null;
    const [lowest, highest] = [(0,quantity/* parseQuantity */.Lf)(min[field] ?? ''), (0,quantity/* parseQuantity */.Lf)(max[field] ?? '')];
    const refusals = [];
    if (lowest !== undefined && asked < lowest) {
        const reason = `${field} ${to} is below min-${field} ${min[field]}`;
        refusals.push({ rule: 'min', field, from, to, allow: `min-${field}`, reason });
    }
    if (highest !== undefined && asked > highest) {
        const reason = `${field} ${to} is above max-${field} ${max[field]}`;
        refusals.push({ rule: 'max', field, from, to, allow: `max-${field}`, reason });
    }
    return refusals;
}

;// CONCATENATED MODULE: ./lib/src/domain/plan.js




/** What it takes to get from what one read shows to what is asked, compared by value, and what speaks against sending it. */
function planChange(live, desired, options) {
    const fields = (0,change/* unmetFields */.XN)(live, (0,change/* askedFields */.kM)(desired));
    return {
        edits: fields.map((field) => toEdit(field, live)),
        refusals: findRefusals(live, desired, fields, options.guardrails),
        fields,
        patch: toPatchBody(live, desired, fields, options.isLocked),
        digest: toDigest(live, fields, options.tenant),
    };
}
function toEdit(field, live) {
    const from = field.show(live);
    return from === undefined ? { field: field.name } : { field: field.name, from, to: field.wanted ?? null };
}
/**
 * Under `If-Match` the body carries every known resource, which comes to the same whether the server merges or replaces
 * (that is not documented); without it, only the asked ones, since the others may have moved since they were read.
 */
function toPatchBody(live, desired, unmet, isLocked) {
    const isUnmet = (kind) => unmet.some((field) => field.kind === kind);
    const { version, alerts } = desired;
    return {
        ...(version !== undefined && isUnmet('version') ? { version } : {}),
        ...(isUnmet('resources')
            ? { resources: { ...(isLocked ? live.resources : {}), ...(0,resources/* mapResources */.sO)((name) => desired[name]) } }
            : {}),
        ...(alerts !== undefined && isUnmet('alerts') ? { alerts } : {}),
    };
}
/** Moves with any edit and its values, and with nothing else: status writes, the order of keys and other spellings leave it alone. */
function toDigest(live, unmet, tenant) {
    const edits = unmet.map((field) => JSON.stringify([field.path, field.canonical(live), field.canonicalWanted])).sort();
    const text = JSON.stringify([tenant, live.name, edits]);
    return `sha256:${(0,external_node_crypto_.createHash)('sha256').update(text).digest('hex')}`;
}
/** The `plan` output: compact JSON without any value from inside `alerts`. */
function toPlanJson({ edits, refusals }) {
    return JSON.stringify({
        edits,
        refusals: refusals.map(({ rule, field, from, to, allow }) => ({ rule, field, from, to, allow })),
    });
}
/** The plan for a log: a line each, aligned. */
function toPlanLines({ edits }) {
    if (edits.length === 0)
        return ['Plan: nothing to change'];
    const width = Math.max(...edits.map(({ field }) => field.length));
    return edits.map(({ field, from, to }) => {
        const values = to === undefined ? 'changes (values in alerts are not shown)' : `${from ?? 'absent'} → ${to ?? 'absent'}`;
        return `Plan: ${field.padEnd(width)}  ${values}`;
    });
}


/***/ }),

/***/ 886:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Be: () => (/* binding */ problemOfCpu),
/* harmony export */   IA: () => (/* binding */ isSameQuantity),
/* harmony export */   Lf: () => (/* binding */ parseQuantity),
/* harmony export */   OA: () => (/* binding */ problemOfBytes),
/* harmony export */   aK: () => (/* binding */ canonicalQuantity)
/* harmony export */ });
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9230);

const NANO_EXPONENT = 9;
const DECIMAL_EXPONENTS = {
    n: -9,
    u: -6,
    m: -3,
    '': 0,
    k: 3,
    M: 6,
    G: 9,
    T: 12,
    P: 15,
    E: 18,
};
const BINARY_SHIFTS = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const GRAMMAR = /^([+-]?)(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/;
/** Powers of ten are not free, and no real quantity needs a larger one. */
const LARGEST_EXPONENT = 64;
/**
 * Reads a quantity by Kubernetes' whole grammar (`n u m k M G T P E`, `Ki…Ei`, exponents, bare numbers).
 * Gives `undefined` for anything else: the caller then compares texts.
 */
function parseQuantity(text) {
    if (text.length > _policy_js__WEBPACK_IMPORTED_MODULE_0__/* .LONGEST */ .zP.quantity)
        return undefined;
    const match = GRAMMAR.exec(text);
    if (match === null)
        return undefined;
    const [, sign, number = '', exponentPart, suffix = ''] = match;
    const [whole = '', fraction = ''] = number.split('.');
    const exponent = exponentPart === undefined ? (DECIMAL_EXPONENTS[suffix] ?? 0) : Number(exponentPart.slice(1));
    if (Math.abs(exponent) > LARGEST_EXPONENT)
        return undefined;
    const digits = BigInt(whole + fraction) << (BINARY_SHIFTS[suffix] ?? 0n);
    const magnitude = timesPowerOfTen(digits, exponent - fraction.length + NANO_EXPONENT);
    return sign === '-' ? -magnitude : magnitude;
}
function timesPowerOfTen(value, power) {
    if (power >= 0)
        return value * 10n ** BigInt(power);
    const divisor = 10n ** BigInt(-power);
    return (value + divisor - 1n) / divisor;
}
/** True when two quantities mean the same amount (`4` = `4000m`); texts that are no quantities are equal only letter by letter. */
function isSameQuantity(left, right) {
    if (left === undefined || right === undefined)
        return left === right;
    const [leftValue, rightValue] = [parseQuantity(left), parseQuantity(right)];
    if (leftValue === undefined || rightValue === undefined)
        return left === right;
    return leftValue === rightValue;
}
/** One spelling for every equal quantity, for digests: the count of nano-units, or the text itself where it is no quantity. */
function canonicalQuantity(text) {
    const quantity = parseQuantity(text);
    return quantity === undefined ? `text:${text}` : `${quantity}n`;
}
const REQUESTED_CPU = /^\d+(?:\.\d+)?m?$/;
const REQUESTED_BYTES = /^\d+(?:\.\d+)?(?:[KMGTPE]i|[kMGTPE])$/;
const NANOS_PER_MILLI = 1000000n;
/** What is wrong with a requested `cpu`, or `undefined`. The API takes digits, decimals and `m`; it schedules nothing finer than `1m`. */
function problemOfCpu(text) {
    if (!REQUESTED_CPU.test(text))
        return 'is not a CPU quantity (digits, optional decimals, optional m)';
    const quantity = parseQuantity(text);
    if (quantity === undefined)
        return 'is too long for a CPU quantity';
    if (quantity === 0n)
        return 'must be above zero';
    return quantity % NANOS_PER_MILLI === 0n ? undefined : 'is finer than 1m';
}
/** What is wrong with a requested `memory` or `storage`, or `undefined`. The API refuses bare numbers as ambiguous. */
function problemOfBytes(text) {
    if (/^\d+(?:\.\d+)?$/.test(text))
        return `has no unit; did you mean ${text}Gi?`;
    if (!REQUESTED_BYTES.test(text))
        return 'is not a quantity of bytes (digits, optional decimals, and a unit such as Mi or Gi)';
    const quantity = parseQuantity(text);
    if (quantity === undefined)
        return 'is too long for a quantity of bytes';
    return quantity === 0n ? 'must be above zero' : undefined;
}


/***/ }),

/***/ 5886:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   eZ: () => (/* binding */ RESOURCES),
/* harmony export */   sO: () => (/* binding */ mapResources),
/* harmony export */   ux: () => (/* binding */ RESOURCE_NAMES)
/* harmony export */ });
/* harmony import */ var _quantity_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(886);

/** The quantities a cluster is given, in the order of every list and table. Each is an input, two bounds and two outputs. */
const RESOURCES = {
    cpu: { problemOf: _quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .problemOfCpu */ .Be, example: '"8", "1.5" or "500m"', boundExample: '"4"' },
    memory: { problemOf: _quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .problemOfBytes */ .OA, example: '32Gi', boundExample: '16Gi' },
    storage: { problemOf: _quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .problemOfBytes */ .OA, example: '200Gi', boundExample: '100Gi' },
};
const RESOURCE_NAMES = Object.keys(RESOURCES);
/** An object made of what each resource gives; a resource that gives `undefined` stays absent. */
function mapResources(toValue) {
    const entries = RESOURCE_NAMES.map((name) => [name, toValue(name)]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}


/***/ }),

/***/ 9659:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Bp: () => (/* binding */ canonicalVersion),
/* harmony export */   Xk: () => (/* binding */ isVersionMet),
/* harmony export */   Yw: () => (/* binding */ isBelow),
/* harmony export */   bY: () => (/* binding */ problemOfVersion),
/* harmony export */   ot: () => (/* binding */ parseVersion),
/* harmony export */   p: () => (/* binding */ isSameVersion),
/* harmony export */   rA: () => (/* binding */ withoutV),
/* harmony export */   sx: () => (/* binding */ skipsMinor),
/* harmony export */   xJ: () => (/* binding */ coversVersion)
/* harmony export */ });
const LIVE = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[+-].*)?$/s;
const REQUESTED = /^v?(?:0|[1-9]\d{0,3})\.(?:0|[1-9]\d{0,3})(?:\.(?:0|[1-9]\d{0,3}))?$/;
/** No supported Kubernetes minor is below it, while an unquoted YAML `1.30` arrives as `1.3`. */
const LOWEST_MINOR = 20;
/** Reads `1.32`, `v1.32.3` or `v1.32.3+build`; what follows `+` or `-` is ignored. Gives `undefined` for anything else. */
function parseVersion(text) {
    const match = LIVE.exec(text);
    if (match === null)
        return undefined;
    const [, major, minor, patch] = match;
    const version = { major: Number(major), minor: Number(minor) };
    return patch === undefined ? version : { ...version, patch: Number(patch) };
}
/** The way the API takes a version: no `v`. */
function withoutV(text) {
    return text.replace(/^v/, '');
}
/** What is wrong with a requested version, or `undefined`. */
function problemOfVersion(text) {
    const version = REQUESTED.test(text) ? parseVersion(text) : undefined;
    if (version === undefined)
        return 'is not a Kubernetes version';
    if (version.minor >= LOWEST_MINOR)
        return undefined;
    return `is too old to be meant; YAML reads an unquoted ${version.major}.${version.minor}0 as the number ${version.major}.${version.minor}, so quote the version`;
}
/** True when `asked` is lower than `other`. A version without a patch is any patch of its minor, so patches count only where both name one. */
function isBelow(asked, other) {
    const byMinor = asked.major - other.major || asked.minor - other.minor;
    if (byMinor !== 0)
        return byMinor < 0;
    return asked.patch !== undefined && other.patch !== undefined && asked.patch < other.patch;
}
/** True when going from one version to another leaves out at least one minor. */
function skipsMinor(from, to) {
    return to.major > from.major || (to.major === from.major && to.minor > from.minor + 1);
}
/** True when both texts name the same version (`v1.32` = `1.32`, but not `1.32.0`); texts that are no versions are equal only letter by letter. */
function isSameVersion(left, right) {
    if (left === undefined || right === undefined)
        return left === right;
    return canonicalVersion(left) === canonicalVersion(right);
}
/** One spelling for every equal version, for comparisons and digests. */
function canonicalVersion(text) {
    const version = parseVersion(text);
    if (version === undefined)
        return `text:${text}`;
    const minor = `${version.major}.${version.minor}`;
    return version.patch === undefined ? minor : `${minor}.${version.patch}`;
}
/** True when `wanted` is `actual`, or the minor that `actual` is a patch of: `1.32` covers `v1.32.3`, `1.32.3` covers only itself. */
function coversVersion(wanted, actual) {
    const [minor, version] = [parseVersion(wanted), parseVersion(actual)];
    if (minor === undefined || version === undefined || minor.patch !== undefined)
        return isSameVersion(wanted, actual);
    return minor.major === version.major && minor.minor === version.minor;
}
/** True when the asked version is met by what the API shows: the desired version covers it, or names only its minor while exactly the asked patch runs. */
function isVersionMet(asked, desired, running) {
    if (desired === undefined)
        return false;
    if (coversVersion(asked, desired))
        return true;
    return running !== undefined && coversVersion(desired, asked) && isSameVersion(asked, running);
}


/***/ }),

/***/ 5210:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8933);

// A dependency's `new Buffer()` behind a proxy would put a warning into the job's log that nobody there can act on.
process.noDeprecation = true;
await (0,_main_js__WEBPACK_IMPORTED_MODULE_0__/* .main */ .i)(process.env);
// A half-open connection, such as a proxy's, would keep the step running until the job's timeout. The exit waits until all output is out.
process.stdout.write('', () => setTimeout(() => process.exit(), 200).unref());

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 8933:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  i: () => (/* binding */ main)
});

// EXTERNAL MODULE: ./lib/src/domain/alerts.js
var domain_alerts = __nccwpck_require__(7084);
;// CONCATENATED MODULE: ./lib/src/redact.js
const REDACTED = '***';
/**
 * Makes a function that replaces every given secret by `***`, also where it stands URL-encoded, JSON-escaped or inside base64.
 * The runner masks logs in much the same way, but neither outputs nor files.
 */
function createRedactor(secrets) {
    const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))].filter((form) => form.length > 3);
    const longestFirst = forms.sort((left, right) => right.length - left.length);
    return (text) => longestFirst.reduce((redacted, form) => redacted.replaceAll(form, REDACTED), text);
}
/** Kupe's keys look like `kupe_<id>_<secret>`: one that was pasted into the wrong input is a key all the same. */
function redactKeyShapes(text) {
    return text.replace(/kupe_[A-Za-z0-9]+_[A-Za-z0-9_-]{8,}/g, REDACTED);
}
/** A copy of any data with secrets taken out of every text in it, keys included. */
function redactDeep(value, redact) {
    return redactUnknown(value, redact);
}
function redactUnknown(value, redact) {
    if (typeof value === 'string')
        return redact(value);
    if (Array.isArray(value))
        return value.map((item) => redactUnknown(item, redact));
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactUnknown(item, redact)]));
}
function formsOf(secret) {
    const encoded = encodeURIComponent(secret.toWellFormed());
    return [
        secret,
        encoded,
        encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
        JSON.stringify(secret).slice(1, -1),
        ...[0, 1, 2].flatMap((offset) => base64Forms(secret, offset)),
    ];
}
/** The characters that a secret alone decides when it stands `offset` bytes into something that is base64-encoded as a whole. */
function base64Forms(secret, offset) {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const firstOwn = Math.ceil((offset * 8) / 6);
    const lastOwn = Math.floor((bytes.length * 8) / 6);
    const own = bytes.toString('base64').slice(firstOwn, lastOwn);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
/**
 * Makes one harmless line of any text: no line breaks or other control characters, and nothing that the runner reads as a
 * command (`::x::` at the start of a line, `##[x]` anywhere in it).
 */
function toHarmlessLine(text) {
    return text.replace(CONTROLS, ' ').replaceAll('##[', '# #[').replaceAll('::', ': :').trim();
}
/** Cuts a text off; secrets must be out of it before, or a half of one could stay. */
function cutOff(text, length) {
    return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

// EXTERNAL MODULE: ./lib/src/domain/json.js
var domain_json = __nccwpck_require__(7909);
// EXTERNAL MODULE: ./lib/src/domain/resources.js
var domain_resources = __nccwpck_require__(5886);
// EXTERNAL MODULE: ./lib/src/policy.js
var policy = __nccwpck_require__(9230);
;// CONCATENATED MODULE: ./lib/src/api/decode.js





/**
 * Reads a 2xx body as the cluster that was asked for. Only its `name` is certain; a field that is missing, empty or of another
 * type counts as absent. Gives `undefined` for anything that is no such cluster. Secrets are taken out of everything but
 * `alerts`, which is compared as it is and never shown; what stands in `alerts` is taken out of the server's free texts, too.
 */
function decodeCluster(body, name, redact, askedAlertTexts) {
    const parsed = parseJson(body);
    if (!(0,domain_json/* isJsonObject */.OW)(parsed) || parsed.name !== name)
        return undefined;
    const { alerts, ...rest } = parsed;
    const hideAlerts = createRedactor([...askedAlertTexts, ...(0,domain_alerts/* textsIn */.Ej)(alerts)]);
    const json = withoutAlertsInWords(redactDeep(rest, redact), hideAlerts);
    const status = objectAt(json, 'status');
    return {
        name,
        resources: (0,domain_resources/* mapResources */.sO)((resource) => textAt(objectAt(json, 'resources'), resource)),
        conditions: linesOf(status?.conditions, toConditionLine),
        warnings: linesOf(json.warnings, toWarningLine),
        json: alerts === undefined ? json : { ...json, alerts },
        ...defined({
            version: textAt(json, 'version'),
            alerts: (0,domain_json/* isJsonObject */.OW)(alerts) ? alerts : undefined,
            generation: integerAt(json, 'generation'),
            createdAt: textAt(json, 'createdAt'),
            phase: textAt(status, 'phase'),
            kubernetesVersion: textAt(status, 'kubernetesVersion'),
            endpoint: textAt(status, 'endpoint'),
            observedGeneration: integerAt(status, 'observedGeneration'),
        }),
    };
}
/** Parses JSON, giving `undefined` for a text that is none. */
function parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** What the server says in words may repeat what stands in `alerts`; a phase or a version is none of that, and stays. */
function withoutAlertsInWords(json, hideAlerts) {
    const { warnings, status } = json;
    return {
        ...json,
        ...(warnings === undefined ? {} : { warnings: redactDeep(warnings, hideAlerts) }),
        ...((0,domain_json/* isJsonObject */.OW)(status) && status.conditions !== undefined
            ? { status: { ...status, conditions: redactDeep(status.conditions, hideAlerts) } }
            : {}),
    };
}
function defined(fields) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
function objectAt(value, key) {
    const inner = value?.[key];
    return (0,domain_json/* isJsonObject */.OW)(inner) ? inner : undefined;
}
function textAt(value, key) {
    const inner = value?.[key];
    if (typeof inner === 'number')
        return String(inner);
    return typeof inner === 'string' && inner !== '' ? inner : undefined;
}
function integerAt(value, key) {
    const inner = value?.[key];
    return typeof inner === 'number' && Number.isSafeInteger(inner) ? inner : undefined;
}
function linesOf(list, toLine) {
    if (!Array.isArray(list))
        return [];
    const lines = list.flatMap((item) => {
        const line = toLine(item);
        return line === undefined || line.trim() === '' ? [] : [cutOff(toHarmlessLine(line), policy/* LONGEST */.zP.serverLine)];
    });
    return lines.slice(0, policy/* MOST_SERVER_LINES */.IL);
}
/** No schema of conditions is published; this reads the Kubernetes shape and takes any text as it is. */
function toConditionLine(condition) {
    if (typeof condition === 'string')
        return condition;
    if (!(0,domain_json/* isJsonObject */.OW)(condition))
        return undefined;
    const [type, status] = [textAt(condition, 'type'), textAt(condition, 'status')];
    const head = [type, status].filter((text) => text !== undefined).join('=');
    const words = [textAt(condition, 'reason'), textAt(condition, 'message')]
        .filter((text) => text !== undefined)
        .join(': ');
    return [head, words].filter((text) => text !== '').join(' ');
}
function toWarningLine(warning) {
    if (typeof warning === 'string')
        return warning;
    if (!(0,domain_json/* isJsonObject */.OW)(warning))
        return undefined;
    const field = textAt(warning, 'field');
    const text = textAt(warning, 'message') ?? textAt(warning, 'code');
    return field === undefined ? text : `${text ?? ''} (${field})`;
}

;// CONCATENATED MODULE: ./lib/src/errors.js
/** A failure with what to do about it. Messages are safe to show: secrets are taken out before they are made. */
class ActionError extends Error {
    hint;
    constructor(message, options = {}) {
        super(message, options.cause === undefined ? {} : { cause: options.cause });
        this.name = new.target.name;
        this.hint = options.hint;
    }
}
/** All faults of all inputs together. */
class InputError extends ActionError {
    problems;
    constructor(problems) {
        super(toProblemsText(problems), { hint: 'Correct the inputs of this step. No request was sent.' });
        this.problems = problems;
    }
}
function toProblemsText(problems) {
    const texts = problems.map(toProblemText);
    return texts.length === 1 ? (texts[0] ?? '') : texts.map((text, index) => `(${index + 1}) ${text}`).join('; ');
}
/** One fault in words; shared by the one-line error and the summary's list. */
function toProblemText({ input, value, reason, example }) {
    const shown = value === undefined ? input : `${input} ${JSON.stringify(value)}`;
    return example === undefined ? `${shown} ${reason}` : `${shown} ${reason} (example: ${example})`;
}
/** An exchange with the API that gave no cluster. */
class ApiError extends ActionError {
    facts;
    constructor(message, facts, options = {}) {
        super(message, options);
        this.facts = facts;
    }
}
/** The run was cancelled while something was under way. */
class CancelledError extends ActionError {
    constructor(cause) {
        super('cancelled', { cause });
    }
}
/** The whole run's time budget is spent. */
class DeadlineError extends ActionError {
    constructor(cause) {
        super('the timeout is over', { cause });
    }
}

;// CONCATENATED MODULE: ./lib/src/api/retry-after.js
/**
 * Milliseconds that a `Retry-After` asks for: seconds, or a date measured against the answer's own `Date`, since this
 * machine's clock may differ. Past, negative and unreadable values count as absent.
 */
function parseRetryAfter(retryAfter, date) {
    const text = retryAfter?.trim() ?? '';
    if (/^\d{1,9}$/.test(text))
        return Number(text) * 1000 || undefined;
    if (!/^[A-Z][a-z]{2}/.test(text))
        return undefined;
    const waitMs = Date.parse(text) - Date.parse(date ?? '');
    return waitMs > 0 ? waitMs : undefined;
}

;// CONCATENATED MODULE: ./lib/src/api/request.js






/** Sends one request and decodes its answer; anything but a decodable success is an `ApiError`. */
async function sendRequest({ apiUrl, apiKey, exchange, redact }, { method, path, ifMatch, body, wanted, timeoutMs }, decode) {
    const response = await exchange({
        method,
        url: `${apiUrl}${path}`,
        headers: {
            Authorization: `Bearer ${apiKey}`,
            Accept: 'application/json',
            // An intermediary that compresses may weaken the ETag, and one that caches would show the old world.
            'Accept-Encoding': 'identity',
            'Cache-Control': 'no-cache',
            ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...(ifMatch === undefined ? {} : { 'If-Match': ifMatch }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        timeoutMs,
    });
    if (response.status < 200 || response.status >= 300)
        throw toStatusError(method, response, redact);
    const value = response.isWhole ? decode(response.body) : undefined;
    if (value === undefined)
        throw toUnusableError(method, wanted, response, redact);
    return { value, etag: response.headers.etag || undefined, requestId: requestIdOf(response, redact) };
}
function toStatusError(method, response, redact) {
    const { status } = response;
    const serverMessage = serverMessageOf(response, redact);
    return new ApiError(`${method} was answered ${status}: ${serverMessage || standardText(status)}`, {
        trouble: 'status',
        serverMessage,
        ...factsOf(response, redact),
    });
}
function toUnusableError(method, wanted, response, redact) {
    const what = describeBody(response);
    return new ApiError(`${method} was answered ${response.status} with ${what}, not with ${wanted}`, {
        trouble: 'not-a-cluster',
        ...factsOf(response, redact),
    });
}
function describeBody({ body, isWhole }) {
    if (!isWhole)
        return 'more than 10 MiB';
    if (body.trim() === '')
        return 'an empty body';
    const parsed = parseJson(body);
    if (parsed === undefined)
        return 'a body that is not JSON';
    return (0,domain_json/* isJsonObject */.OW)(parsed) ? 'another JSON object' : 'JSON that is no object';
}
function factsOf(response, redact) {
    const { status, headers } = response;
    return {
        status,
        requestId: requestIdOf(response, redact),
        retryAfterMs: parseRetryAfter(headers['retry-after'], headers.date),
    };
}
function requestIdOf({ headers }, redact) {
    const id = headers['x-request-id'];
    return id === undefined ? undefined : cutOff(toHarmlessLine(redact(id)), policy/* LONGEST */.zP.requestId) || undefined;
}
/** The server's own words: `message`, else `error`, else the body as it is. Cleaned of secrets before it is cut off. */
function serverMessageOf({ body }, redact) {
    const parsed = parseJson(body);
    const words = (0,domain_json/* isJsonObject */.OW)(parsed)
        ? [parsed.message, parsed.error].find((text) => typeof text === 'string' && text !== '')
        : undefined;
    const text = typeof words === 'string' ? words : body;
    return cutOff(toHarmlessLine(redact(text)), policy/* LONGEST */.zP.serverMessage);
}
const STANDARD_TEXTS = {
    304: 'not modified',
    400: 'bad request',
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not found',
    408: 'request timeout',
    409: 'conflict',
    412: 'precondition failed',
    429: 'too many requests',
    500: 'internal server error',
    502: 'bad gateway',
    503: 'service unavailable',
    504: 'gateway timeout',
};
function standardText(status) {
    return STANDARD_TEXTS[status] ?? 'no further words';
}

;// CONCATENATED MODULE: ./lib/src/api/client.js




/** The client of one cluster, over an exchange. */
function createClusterApi(options) {
    const { tenant, cluster: name, alertTexts } = options;
    const target = {
        wanted: 'the cluster asked for',
        path: `/tenants/${encodeURIComponent(tenant)}/clusters/${encodeURIComponent(name)}`,
    };
    let hideAlerts = createRedactor(alertTexts);
    const redact = (text) => hideAlerts(options.redact(text));
    const decode = (body) => {
        const cluster = decodeCluster(body, name, options.redact, alertTexts);
        if (cluster !== undefined)
            hideAlerts = createRedactor([...alertTexts, ...(0,domain_alerts/* textsIn */.Ej)(cluster.alerts)]);
        return cluster;
    };
    const request = (apiRequest, decodeBody) => sendRequest({ ...options, redact }, apiRequest, decodeBody);
    return {
        getCluster: async (timeoutMs) => toRead(await request({ ...target, method: 'GET', timeoutMs }, decode)),
        patchCluster: async (body, ifMatch, timeoutMs) => {
            const decodeAnswer = (text) => (text.trim() === '' ? 'empty' : decode(text));
            const { value, ...rest } = await request({ ...target, method: 'PATCH', ifMatch, body, timeoutMs }, decodeAnswer);
            const shown = value === 'empty' ? undefined : toRead({ value, ...rest });
            return { shown, requestId: rest.requestId };
        },
    };
}
function toRead({ value, etag, requestId }) {
    return { cluster: value, etag, requestId };
}

// EXTERNAL MODULE: external "http"
var external_http_ = __nccwpck_require__(8611);
var external_http_namespaceObject = /*#__PURE__*/__nccwpck_require__.t(external_http_, 2);
// EXTERNAL MODULE: external "https"
var external_https_ = __nccwpck_require__(5692);
var external_https_namespaceObject = /*#__PURE__*/__nccwpck_require__.t(external_https_, 2);
;// CONCATENATED MODULE: ./lib/node_modules/@actions/http-client/lib/proxy.js
function getProxyUrl(reqUrl) {
    const usingSsl = reqUrl.protocol === 'https:';
    if (checkBypass(reqUrl)) {
        return undefined;
    }
    const proxyVar = (() => {
        if (usingSsl) {
            return process.env['https_proxy'] || process.env['HTTPS_PROXY'];
        }
        else {
            return process.env['http_proxy'] || process.env['HTTP_PROXY'];
        }
    })();
    if (proxyVar) {
        try {
            return new DecodedURL(proxyVar);
        }
        catch (_a) {
            if (!proxyVar.startsWith('http://') && !proxyVar.startsWith('https://'))
                return new DecodedURL(`http://${proxyVar}`);
        }
    }
    else {
        return undefined;
    }
}
function checkBypass(reqUrl) {
    if (!reqUrl.hostname) {
        return false;
    }
    const reqHost = reqUrl.hostname;
    if (isLoopbackAddress(reqHost)) {
        return true;
    }
    const noProxy = process.env['no_proxy'] || process.env['NO_PROXY'] || '';
    if (!noProxy) {
        return false;
    }
    // Determine the request port
    let reqPort;
    if (reqUrl.port) {
        reqPort = Number(reqUrl.port);
    }
    else if (reqUrl.protocol === 'http:') {
        reqPort = 80;
    }
    else if (reqUrl.protocol === 'https:') {
        reqPort = 443;
    }
    // Format the request hostname and hostname with port
    const upperReqHosts = [reqUrl.hostname.toUpperCase()];
    if (typeof reqPort === 'number') {
        upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
    }
    // Compare request host against noproxy
    for (const upperNoProxyItem of noProxy
        .split(',')
        .map(x => x.trim().toUpperCase())
        .filter(x => x)) {
        if (upperNoProxyItem === '*' ||
            upperReqHosts.some(x => x === upperNoProxyItem ||
                x.endsWith(`.${upperNoProxyItem}`) ||
                (upperNoProxyItem.startsWith('.') &&
                    x.endsWith(`${upperNoProxyItem}`)))) {
            return true;
        }
    }
    return false;
}
function isLoopbackAddress(host) {
    const hostLower = host.toLowerCase();
    return (hostLower === 'localhost' ||
        hostLower.startsWith('127.') ||
        hostLower.startsWith('[::1]') ||
        hostLower.startsWith('[0:0:0:0:0:0:0:1]'));
}
class DecodedURL extends URL {
    constructor(url, base) {
        super(url, base);
        this._decodedUsername = decodeURIComponent(super.username);
        this._decodedPassword = decodeURIComponent(super.password);
    }
    get username() {
        return this._decodedUsername;
    }
    get password() {
        return this._decodedPassword;
    }
}
//# sourceMappingURL=proxy.js.map
// EXTERNAL MODULE: ./node_modules/tunnel/index.js
var tunnel = __nccwpck_require__(770);
;// CONCATENATED MODULE: ./lib/node_modules/undici/index.js
class ProxyAgent {
  constructor() {
    throw new Error('undici is not in this bundle: see scripts/build.mjs')
  }
}

;// CONCATENATED MODULE: ./lib/node_modules/@actions/http-client/lib/index.js
/* eslint-disable @typescript-eslint/no-explicit-any */
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};





var HttpCodes;
(function (HttpCodes) {
    HttpCodes[HttpCodes["OK"] = 200] = "OK";
    HttpCodes[HttpCodes["MultipleChoices"] = 300] = "MultipleChoices";
    HttpCodes[HttpCodes["MovedPermanently"] = 301] = "MovedPermanently";
    HttpCodes[HttpCodes["ResourceMoved"] = 302] = "ResourceMoved";
    HttpCodes[HttpCodes["SeeOther"] = 303] = "SeeOther";
    HttpCodes[HttpCodes["NotModified"] = 304] = "NotModified";
    HttpCodes[HttpCodes["UseProxy"] = 305] = "UseProxy";
    HttpCodes[HttpCodes["SwitchProxy"] = 306] = "SwitchProxy";
    HttpCodes[HttpCodes["TemporaryRedirect"] = 307] = "TemporaryRedirect";
    HttpCodes[HttpCodes["PermanentRedirect"] = 308] = "PermanentRedirect";
    HttpCodes[HttpCodes["BadRequest"] = 400] = "BadRequest";
    HttpCodes[HttpCodes["Unauthorized"] = 401] = "Unauthorized";
    HttpCodes[HttpCodes["PaymentRequired"] = 402] = "PaymentRequired";
    HttpCodes[HttpCodes["Forbidden"] = 403] = "Forbidden";
    HttpCodes[HttpCodes["NotFound"] = 404] = "NotFound";
    HttpCodes[HttpCodes["MethodNotAllowed"] = 405] = "MethodNotAllowed";
    HttpCodes[HttpCodes["NotAcceptable"] = 406] = "NotAcceptable";
    HttpCodes[HttpCodes["ProxyAuthenticationRequired"] = 407] = "ProxyAuthenticationRequired";
    HttpCodes[HttpCodes["RequestTimeout"] = 408] = "RequestTimeout";
    HttpCodes[HttpCodes["Conflict"] = 409] = "Conflict";
    HttpCodes[HttpCodes["Gone"] = 410] = "Gone";
    HttpCodes[HttpCodes["TooManyRequests"] = 429] = "TooManyRequests";
    HttpCodes[HttpCodes["InternalServerError"] = 500] = "InternalServerError";
    HttpCodes[HttpCodes["NotImplemented"] = 501] = "NotImplemented";
    HttpCodes[HttpCodes["BadGateway"] = 502] = "BadGateway";
    HttpCodes[HttpCodes["ServiceUnavailable"] = 503] = "ServiceUnavailable";
    HttpCodes[HttpCodes["GatewayTimeout"] = 504] = "GatewayTimeout";
})(HttpCodes || (HttpCodes = {}));
var Headers;
(function (Headers) {
    Headers["Accept"] = "accept";
    Headers["ContentType"] = "content-type";
})(Headers || (Headers = {}));
var MediaTypes;
(function (MediaTypes) {
    MediaTypes["ApplicationJson"] = "application/json";
})(MediaTypes || (MediaTypes = {}));
/**
 * Returns the proxy URL, depending upon the supplied url and proxy environment variables.
 * @param serverUrl  The server URL where the request will be sent. For example, https://api.github.com
 */
function lib_getProxyUrl(serverUrl) {
    const proxyUrl = pm.getProxyUrl(new URL(serverUrl));
    return proxyUrl ? proxyUrl.href : '';
}
const HttpRedirectCodes = [
    HttpCodes.MovedPermanently,
    HttpCodes.ResourceMoved,
    HttpCodes.SeeOther,
    HttpCodes.TemporaryRedirect,
    HttpCodes.PermanentRedirect
];
const HttpResponseRetryCodes = [
    HttpCodes.BadGateway,
    HttpCodes.ServiceUnavailable,
    HttpCodes.GatewayTimeout
];
const RetryableHttpVerbs = ['OPTIONS', 'GET', 'DELETE', 'HEAD'];
const ExponentialBackoffCeiling = 10;
const ExponentialBackoffTimeSlice = 5;
class HttpClientError extends Error {
    constructor(message, statusCode) {
        super(message);
        this.name = 'HttpClientError';
        this.statusCode = statusCode;
        Object.setPrototypeOf(this, HttpClientError.prototype);
    }
}
class HttpClientResponse {
    constructor(message) {
        this.message = message;
    }
    readBody() {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve) => __awaiter(this, void 0, void 0, function* () {
                let output = Buffer.alloc(0);
                this.message.on('data', (chunk) => {
                    output = Buffer.concat([output, chunk]);
                });
                this.message.on('end', () => {
                    resolve(output.toString());
                });
            }));
        });
    }
    readBodyBuffer() {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve) => __awaiter(this, void 0, void 0, function* () {
                const chunks = [];
                this.message.on('data', (chunk) => {
                    chunks.push(chunk);
                });
                this.message.on('end', () => {
                    resolve(Buffer.concat(chunks));
                });
            }));
        });
    }
}
function isHttps(requestUrl) {
    const parsedUrl = new URL(requestUrl);
    return parsedUrl.protocol === 'https:';
}
class HttpClient {
    constructor(userAgent, handlers, requestOptions) {
        this._ignoreSslError = false;
        this._allowRedirects = true;
        this._allowRedirectDowngrade = false;
        this._maxRedirects = 50;
        this._allowRetries = false;
        this._maxRetries = 1;
        this._keepAlive = false;
        this._disposed = false;
        this.userAgent = this._getUserAgentWithOrchestrationId(userAgent);
        this.handlers = handlers || [];
        this.requestOptions = requestOptions;
        if (requestOptions) {
            if (requestOptions.ignoreSslError != null) {
                this._ignoreSslError = requestOptions.ignoreSslError;
            }
            this._socketTimeout = requestOptions.socketTimeout;
            if (requestOptions.allowRedirects != null) {
                this._allowRedirects = requestOptions.allowRedirects;
            }
            if (requestOptions.allowRedirectDowngrade != null) {
                this._allowRedirectDowngrade = requestOptions.allowRedirectDowngrade;
            }
            if (requestOptions.maxRedirects != null) {
                this._maxRedirects = Math.max(requestOptions.maxRedirects, 0);
            }
            if (requestOptions.keepAlive != null) {
                this._keepAlive = requestOptions.keepAlive;
            }
            if (requestOptions.allowRetries != null) {
                this._allowRetries = requestOptions.allowRetries;
            }
            if (requestOptions.maxRetries != null) {
                this._maxRetries = requestOptions.maxRetries;
            }
        }
    }
    options(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('OPTIONS', requestUrl, null, additionalHeaders || {});
        });
    }
    get(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('GET', requestUrl, null, additionalHeaders || {});
        });
    }
    del(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('DELETE', requestUrl, null, additionalHeaders || {});
        });
    }
    post(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('POST', requestUrl, data, additionalHeaders || {});
        });
    }
    patch(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('PATCH', requestUrl, data, additionalHeaders || {});
        });
    }
    put(requestUrl, data, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('PUT', requestUrl, data, additionalHeaders || {});
        });
    }
    head(requestUrl, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request('HEAD', requestUrl, null, additionalHeaders || {});
        });
    }
    sendStream(verb, requestUrl, stream, additionalHeaders) {
        return __awaiter(this, void 0, void 0, function* () {
            return this.request(verb, requestUrl, stream, additionalHeaders);
        });
    }
    /**
     * Gets a typed object from an endpoint
     * Be aware that not found returns a null.  Other errors (4xx, 5xx) reject the promise
     */
    getJson(requestUrl_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, additionalHeaders = {}) {
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            const res = yield this.get(requestUrl, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    postJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.post(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    putJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.put(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    patchJson(requestUrl_1, obj_1) {
        return __awaiter(this, arguments, void 0, function* (requestUrl, obj, additionalHeaders = {}) {
            const data = JSON.stringify(obj, null, 2);
            additionalHeaders[Headers.Accept] = this._getExistingOrDefaultHeader(additionalHeaders, Headers.Accept, MediaTypes.ApplicationJson);
            additionalHeaders[Headers.ContentType] =
                this._getExistingOrDefaultContentTypeHeader(additionalHeaders, MediaTypes.ApplicationJson);
            const res = yield this.patch(requestUrl, data, additionalHeaders);
            return this._processResponse(res, this.requestOptions);
        });
    }
    /**
     * Makes a raw http request.
     * All other methods such as get, post, patch, and request ultimately call this.
     * Prefer get, del, post and patch
     */
    request(verb, requestUrl, data, headers) {
        return __awaiter(this, void 0, void 0, function* () {
            if (this._disposed) {
                throw new Error('Client has already been disposed.');
            }
            const parsedUrl = new URL(requestUrl);
            let info = this._prepareRequest(verb, parsedUrl, headers);
            // Only perform retries on reads since writes may not be idempotent.
            const maxTries = this._allowRetries && RetryableHttpVerbs.includes(verb)
                ? this._maxRetries + 1
                : 1;
            let numTries = 0;
            let response;
            do {
                response = yield this.requestRaw(info, data);
                // Check if it's an authentication challenge
                if (response &&
                    response.message &&
                    response.message.statusCode === HttpCodes.Unauthorized) {
                    let authenticationHandler;
                    for (const handler of this.handlers) {
                        if (handler.canHandleAuthentication(response)) {
                            authenticationHandler = handler;
                            break;
                        }
                    }
                    if (authenticationHandler) {
                        return authenticationHandler.handleAuthentication(this, info, data);
                    }
                    else {
                        // We have received an unauthorized response but have no handlers to handle it.
                        // Let the response return to the caller.
                        return response;
                    }
                }
                let redirectsRemaining = this._maxRedirects;
                while (response.message.statusCode &&
                    HttpRedirectCodes.includes(response.message.statusCode) &&
                    this._allowRedirects &&
                    redirectsRemaining > 0) {
                    const redirectUrl = response.message.headers['location'];
                    if (!redirectUrl) {
                        // if there's no location to redirect to, we won't
                        break;
                    }
                    const parsedRedirectUrl = new URL(redirectUrl);
                    if (parsedUrl.protocol === 'https:' &&
                        parsedUrl.protocol !== parsedRedirectUrl.protocol &&
                        !this._allowRedirectDowngrade) {
                        throw new Error('Redirect from HTTPS to HTTP protocol. This downgrade is not allowed for security reasons. If you want to allow this behavior, set the allowRedirectDowngrade option to true.');
                    }
                    // we need to finish reading the response before reassigning response
                    // which will leak the open socket.
                    yield response.readBody();
                    // strip authorization header if redirected to a different hostname
                    if (parsedRedirectUrl.hostname !== parsedUrl.hostname) {
                        for (const header in headers) {
                            // header names are case insensitive
                            if (header.toLowerCase() === 'authorization') {
                                delete headers[header];
                            }
                        }
                    }
                    // let's make the request with the new redirectUrl
                    info = this._prepareRequest(verb, parsedRedirectUrl, headers);
                    response = yield this.requestRaw(info, data);
                    redirectsRemaining--;
                }
                if (!response.message.statusCode ||
                    !HttpResponseRetryCodes.includes(response.message.statusCode)) {
                    // If not a retry code, return immediately instead of retrying
                    return response;
                }
                numTries += 1;
                if (numTries < maxTries) {
                    yield response.readBody();
                    yield this._performExponentialBackoff(numTries);
                }
            } while (numTries < maxTries);
            return response;
        });
    }
    /**
     * Needs to be called if keepAlive is set to true in request options.
     */
    dispose() {
        if (this._agent) {
            this._agent.destroy();
        }
        this._disposed = true;
    }
    /**
     * Raw request.
     * @param info
     * @param data
     */
    requestRaw(info, data) {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve, reject) => {
                function callbackForResult(err, res) {
                    if (err) {
                        reject(err);
                    }
                    else if (!res) {
                        // If `err` is not passed, then `res` must be passed.
                        reject(new Error('Unknown error'));
                    }
                    else {
                        resolve(res);
                    }
                }
                this.requestRawWithCallback(info, data, callbackForResult);
            });
        });
    }
    /**
     * Raw request with callback.
     * @param info
     * @param data
     * @param onResult
     */
    requestRawWithCallback(info, data, onResult) {
        if (typeof data === 'string') {
            if (!info.options.headers) {
                info.options.headers = {};
            }
            info.options.headers['Content-Length'] = Buffer.byteLength(data, 'utf8');
        }
        let callbackCalled = false;
        function handleResult(err, res) {
            if (!callbackCalled) {
                callbackCalled = true;
                onResult(err, res);
            }
        }
        const req = info.httpModule.request(info.options, (msg) => {
            const res = new HttpClientResponse(msg);
            handleResult(undefined, res);
        });
        let socket;
        req.on('socket', sock => {
            socket = sock;
        });
        // If we ever get disconnected, we want the socket to timeout eventually
        req.setTimeout(this._socketTimeout || 3 * 60000, () => {
            if (socket) {
                socket.end();
            }
            handleResult(new Error(`Request timeout: ${info.options.path}`));
        });
        req.on('error', function (err) {
            // err has statusCode property
            // res should have headers
            handleResult(err);
        });
        if (data && typeof data === 'string') {
            req.write(data, 'utf8');
        }
        if (data && typeof data !== 'string') {
            data.on('close', function () {
                req.end();
            });
            data.pipe(req);
        }
        else {
            req.end();
        }
    }
    /**
     * Gets an http agent. This function is useful when you need an http agent that handles
     * routing through a proxy server - depending upon the url and proxy environment variables.
     * @param serverUrl  The server URL where the request will be sent. For example, https://api.github.com
     */
    getAgent(serverUrl) {
        const parsedUrl = new URL(serverUrl);
        return this._getAgent(parsedUrl);
    }
    getAgentDispatcher(serverUrl) {
        const parsedUrl = new URL(serverUrl);
        const proxyUrl = getProxyUrl(parsedUrl);
        const useProxy = proxyUrl && proxyUrl.hostname;
        if (!useProxy) {
            return;
        }
        return this._getProxyAgentDispatcher(parsedUrl, proxyUrl);
    }
    _prepareRequest(method, requestUrl, headers) {
        const info = {};
        info.parsedUrl = requestUrl;
        const usingSsl = info.parsedUrl.protocol === 'https:';
        info.httpModule = usingSsl ? external_https_namespaceObject : external_http_namespaceObject;
        const defaultPort = usingSsl ? 443 : 80;
        info.options = {};
        info.options.host = info.parsedUrl.hostname;
        info.options.port = info.parsedUrl.port
            ? parseInt(info.parsedUrl.port)
            : defaultPort;
        info.options.path =
            (info.parsedUrl.pathname || '') + (info.parsedUrl.search || '');
        info.options.method = method;
        info.options.headers = this._mergeHeaders(headers);
        if (this.userAgent != null) {
            info.options.headers['user-agent'] = this.userAgent;
        }
        info.options.agent = this._getAgent(info.parsedUrl);
        // gives handlers an opportunity to participate
        if (this.handlers) {
            for (const handler of this.handlers) {
                handler.prepareRequest(info.options);
            }
        }
        return info;
    }
    _mergeHeaders(headers) {
        if (this.requestOptions && this.requestOptions.headers) {
            return Object.assign({}, lowercaseKeys(this.requestOptions.headers), lowercaseKeys(headers || {}));
        }
        return lowercaseKeys(headers || {});
    }
    /**
     * Gets an existing header value or returns a default.
     * Handles converting number header values to strings since HTTP headers must be strings.
     * Note: This returns string | string[] since some headers can have multiple values.
     * For headers that must always be a single string (like Content-Type), use the
     * specialized _getExistingOrDefaultContentTypeHeader method instead.
     */
    _getExistingOrDefaultHeader(additionalHeaders, header, _default) {
        let clientHeader;
        if (this.requestOptions && this.requestOptions.headers) {
            const headerValue = lowercaseKeys(this.requestOptions.headers)[header];
            if (headerValue) {
                clientHeader =
                    typeof headerValue === 'number' ? headerValue.toString() : headerValue;
            }
        }
        const additionalValue = additionalHeaders[header];
        if (additionalValue !== undefined) {
            return typeof additionalValue === 'number'
                ? additionalValue.toString()
                : additionalValue;
        }
        if (clientHeader !== undefined) {
            return clientHeader;
        }
        return _default;
    }
    /**
     * Specialized version of _getExistingOrDefaultHeader for Content-Type header.
     * Always returns a single string (not an array) since Content-Type should be a single value.
     * Converts arrays to comma-separated strings and numbers to strings to ensure type safety.
     * This was split from _getExistingOrDefaultHeader to provide stricter typing for callers
     * that assign the result to places expecting a string (e.g., additionalHeaders[Headers.ContentType]).
     */
    _getExistingOrDefaultContentTypeHeader(additionalHeaders, _default) {
        let clientHeader;
        if (this.requestOptions && this.requestOptions.headers) {
            const headerValue = lowercaseKeys(this.requestOptions.headers)[Headers.ContentType];
            if (headerValue) {
                if (typeof headerValue === 'number') {
                    clientHeader = String(headerValue);
                }
                else if (Array.isArray(headerValue)) {
                    clientHeader = headerValue.join(', ');
                }
                else {
                    clientHeader = headerValue;
                }
            }
        }
        const additionalValue = additionalHeaders[Headers.ContentType];
        // Return the first non-undefined value, converting numbers or arrays to strings if necessary
        if (additionalValue !== undefined) {
            if (typeof additionalValue === 'number') {
                return String(additionalValue);
            }
            else if (Array.isArray(additionalValue)) {
                return additionalValue.join(', ');
            }
            else {
                return additionalValue;
            }
        }
        if (clientHeader !== undefined) {
            return clientHeader;
        }
        return _default;
    }
    _getAgent(parsedUrl) {
        let agent;
        const proxyUrl = getProxyUrl(parsedUrl);
        const useProxy = proxyUrl && proxyUrl.hostname;
        if (this._keepAlive && useProxy) {
            agent = this._proxyAgent;
        }
        if (!useProxy) {
            agent = this._agent;
        }
        // if agent is already assigned use that agent.
        if (agent) {
            return agent;
        }
        const usingSsl = parsedUrl.protocol === 'https:';
        let maxSockets = 100;
        if (this.requestOptions) {
            maxSockets = this.requestOptions.maxSockets || external_http_.globalAgent.maxSockets;
        }
        // This is `useProxy` again, but we need to check `proxyURl` directly for TypeScripts's flow analysis.
        if (proxyUrl && proxyUrl.hostname) {
            const agentOptions = {
                maxSockets,
                keepAlive: this._keepAlive,
                proxy: Object.assign(Object.assign({}, ((proxyUrl.username || proxyUrl.password) && {
                    proxyAuth: `${proxyUrl.username}:${proxyUrl.password}`
                })), { host: proxyUrl.hostname, port: proxyUrl.port })
            };
            let tunnelAgent;
            const overHttps = proxyUrl.protocol === 'https:';
            if (usingSsl) {
                tunnelAgent = overHttps ? tunnel.httpsOverHttps : tunnel.httpsOverHttp;
            }
            else {
                tunnelAgent = overHttps ? tunnel.httpOverHttps : tunnel.httpOverHttp;
            }
            agent = tunnelAgent(agentOptions);
            this._proxyAgent = agent;
        }
        // if tunneling agent isn't assigned create a new agent
        if (!agent) {
            const options = { keepAlive: this._keepAlive, maxSockets };
            agent = usingSsl ? new external_https_.Agent(options) : new external_http_.Agent(options);
            this._agent = agent;
        }
        if (usingSsl && this._ignoreSslError) {
            // we don't want to set NODE_TLS_REJECT_UNAUTHORIZED=0 since that will affect request for entire process
            // http.RequestOptions doesn't expose a way to modify RequestOptions.agent.options
            // we have to cast it to any and change it directly
            agent.options = Object.assign(agent.options || {}, {
                rejectUnauthorized: false
            });
        }
        return agent;
    }
    _getProxyAgentDispatcher(parsedUrl, proxyUrl) {
        let proxyAgent;
        if (this._keepAlive) {
            proxyAgent = this._proxyAgentDispatcher;
        }
        // if agent is already assigned use that agent.
        if (proxyAgent) {
            return proxyAgent;
        }
        const usingSsl = parsedUrl.protocol === 'https:';
        proxyAgent = new ProxyAgent(Object.assign({ uri: proxyUrl.href, pipelining: !this._keepAlive ? 0 : 1 }, ((proxyUrl.username || proxyUrl.password) && {
            token: `Basic ${Buffer.from(`${proxyUrl.username}:${proxyUrl.password}`).toString('base64')}`
        })));
        this._proxyAgentDispatcher = proxyAgent;
        if (usingSsl && this._ignoreSslError) {
            // we don't want to set NODE_TLS_REJECT_UNAUTHORIZED=0 since that will affect request for entire process
            // http.RequestOptions doesn't expose a way to modify RequestOptions.agent.options
            // we have to cast it to any and change it directly
            proxyAgent.options = Object.assign(proxyAgent.options.requestTls || {}, {
                rejectUnauthorized: false
            });
        }
        return proxyAgent;
    }
    _getUserAgentWithOrchestrationId(userAgent) {
        const baseUserAgent = userAgent || 'actions/http-client';
        const orchId = process.env['ACTIONS_ORCHESTRATION_ID'];
        if (orchId) {
            // Sanitize the orchestration ID to ensure it contains only valid characters
            // Valid characters: 0-9, a-z, _, -, .
            const sanitizedId = orchId.replace(/[^a-z0-9_.-]/gi, '_');
            return `${baseUserAgent} actions_orchestration_id/${sanitizedId}`;
        }
        return baseUserAgent;
    }
    _performExponentialBackoff(retryNumber) {
        return __awaiter(this, void 0, void 0, function* () {
            retryNumber = Math.min(ExponentialBackoffCeiling, retryNumber);
            const ms = ExponentialBackoffTimeSlice * Math.pow(2, retryNumber);
            return new Promise(resolve => setTimeout(() => resolve(), ms));
        });
    }
    _processResponse(res, options) {
        return __awaiter(this, void 0, void 0, function* () {
            return new Promise((resolve, reject) => __awaiter(this, void 0, void 0, function* () {
                const statusCode = res.message.statusCode || 0;
                const response = {
                    statusCode,
                    result: null,
                    headers: {}
                };
                // not found leads to null obj returned
                if (statusCode === HttpCodes.NotFound) {
                    resolve(response);
                }
                // get the result from the body
                function dateTimeDeserializer(key, value) {
                    if (typeof value === 'string') {
                        const a = new Date(value);
                        if (!isNaN(a.valueOf())) {
                            return a;
                        }
                    }
                    return value;
                }
                let obj;
                let contents;
                try {
                    contents = yield res.readBody();
                    if (contents && contents.length > 0) {
                        if (options && options.deserializeDates) {
                            obj = JSON.parse(contents, dateTimeDeserializer);
                        }
                        else {
                            obj = JSON.parse(contents);
                        }
                        response.result = obj;
                    }
                    response.headers = res.message.headers;
                }
                catch (err) {
                    // Invalid resource (contents not json);  leaving result obj null
                }
                // note that 3xx redirects are handled by the http layer.
                if (statusCode > 299) {
                    let msg;
                    // if exception/error in body, attempt to get better error
                    if (obj && obj.message) {
                        msg = obj.message;
                    }
                    else if (contents && contents.length > 0) {
                        // it may be the case that the exception is in the body message as string
                        msg = contents;
                    }
                    else {
                        msg = `Failed request: (${statusCode})`;
                    }
                    const err = new HttpClientError(msg, statusCode);
                    err.result = response.result;
                    reject(err);
                }
                else {
                    resolve(response);
                }
            }));
        });
    }
}
const lowercaseKeys = (obj) => Object.keys(obj).reduce((c, k) => ((c[k.toLowerCase()] = obj[k]), c), {});
//# sourceMappingURL=index.js.map
;// CONCATENATED MODULE: ./lib/src/api/http.js



/** Node's codes for a connection that was never made: the request cannot have reached the server. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const TLS_CODE = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/;
/**
 * Makes the real exchange over `@actions/http-client`, which honours the runner's proxy settings. Its conveniences are left
 * off: it would follow redirects with the key, drop headers with its errors, and never settle when a body is cut off.
 */
function createExchange(userAgent, cancelled) {
    return async (request) => {
        if (cancelled.aborted)
            throw new CancelledError();
        const exchange = new AbortController();
        const abort = () => exchange.abort();
        // A timer that keeps the process alive: where nothing else did, Node would end the run in the middle.
        const timer = setTimeout(abort, Math.max(1, request.timeoutMs));
        cancelled.addEventListener('abort', abort, { once: true });
        const { signal } = exchange;
        const client = new HttpClient(userAgent, [abortOn(signal)], { allowRedirects: false, allowRetries: false });
        try {
            const sent = client.request(request.method, request.url, request.body ?? null, { ...request.headers });
            return await readAnswer(await orAborted(sent, signal), signal);
        }
        catch (error) {
            if (cancelled.aborted)
                throw new CancelledError(error);
            throw toApiError(error, request, signal.aborted);
        }
        finally {
            clearTimeout(timer);
            cancelled.removeEventListener('abort', abort);
            client.dispose();
        }
    };
}
/** Node's own `signal` option closes the socket; the client offers no other way in than a request handler. */
function abortOn(signal) {
    return {
        prepareRequest: (options) => {
            options.signal = signal;
            // The client passes an IPv6 address on with its brackets, which no resolver takes.
            options.host = options.host?.replace(/^\[(.*)\]$/, '$1');
        },
        canHandleAuthentication: () => false,
        handleAuthentication: () => Promise.reject(new Error('not used')),
    };
}
function orAborted(promise, signal) {
    return new Promise((resolve, reject) => {
        const abort = () => reject(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
}
async function readAnswer({ message }, signal) {
    const status = message.statusCode ?? 0;
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
    const { body, isWhole, error } = await readBody(message, signal);
    // A status outside 2xx says all there is to say even where its body was cut off: a 401 must not be repeated.
    if (error !== undefined && status >= 200 && status < 300)
        throw error;
    return { status, headers, body, isWhole };
}
/** Settles on every path: `end`, `error`, `aborted` and `close` are all an end of the body. */
function readBody(message, signal) {
    return new Promise((resolve) => {
        const chunks = [];
        let size = 0;
        const finish = (isWhole, error) => {
            signal.removeEventListener('abort', abort);
            resolve({ body: Buffer.concat(chunks).toString('utf8'), isWhole, ...(error === undefined ? {} : { error }) });
        };
        const abort = () => finish(false, signal.reason);
        signal.addEventListener('abort', abort, { once: true });
        message.on('data', (chunk) => {
            size += chunk.length;
            if (size <= policy/* EXCHANGE */.W.largestBodyBytes)
                return void chunks.push(chunk);
            finish(false);
            message.destroy();
        });
        const cut = new Error('the connection was cut in the middle of the answer');
        message.on('end', () => (message.complete ? finish(true) : finish(false, cut)));
        message.on('error', (error) => finish(false, error));
        message.on('close', () => finish(false, cut));
    });
}
function toApiError(error, { method, url, timeoutMs }, isTimeout) {
    const { host } = new URL(url);
    if (isTimeout) {
        const message = `${method} to ${host} gave no whole answer within ${Math.ceil(timeoutMs / 1000)} s`;
        return new ApiError(message, { trouble: 'timeout' }, { cause: error });
    }
    const code = codeOf(error);
    const text = error instanceof Error ? error.message || code : String(error);
    const message = `${method} to ${host} failed: ${text}`;
    if (TLS_CODE.test(code)) {
        return new ApiError(message, { trouble: 'tls', isUnsent: true }, { hint: tlsHint(code), cause: error });
    }
    if (NO_TUNNEL.test(text)) {
        return new ApiError(message, { trouble: 'network', isUnsent: true }, { hint: PROXY_HINT, cause: error });
    }
    return new ApiError(message, { trouble: 'network', isUnsent: UNSENT.has(code) }, { cause: error });
}
/** What the tunnel says, for whatever reason, when a proxy let nothing through: the request was never sent. */
const NO_TUNNEL = /^(tunneling socket could not be established|got illegal response body from proxy)/;
const PROXY_HINT = 'The proxy that this runner is set to use (HTTPS_PROXY) did not let the request through. Check its address and password, or name the API’s host in NO_PROXY.';
function tlsHint(code) {
    if (/SELF_SIGNED|UNABLE_TO_/.test(code)) {
        return 'The server’s certificate is not trusted. For a private certificate authority set NODE_EXTRA_CA_CERTS on the runner.';
    }
    if (code === 'CERT_HAS_EXPIRED')
        return 'The server’s certificate has expired, or the clock of this runner is wrong.';
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
        return 'The server’s certificate is for another name. Check api-url.';
    return 'No secure connection could be made. Check that api-url names an https server.';
}
function codeOf(error) {
    if (error instanceof AggregateError)
        return codeOf(error.errors[0]);
    if (!(error instanceof Error))
        return '';
    return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause);
}

;// CONCATENATED MODULE: ./lib/src/api/user-agent.js
/** The `User-Agent` of every request, so that the server's audit can answer who did it (contract 3.8). Only what a header can carry. */
function toUserAgent(version, { repository, runId, attempt }) {
    const run = `${repository ?? 'no repository'}; run ${runId ?? 'none'}; attempt ${attempt ?? 'none'}`;
    return `kupe-cluster-action/${version} (${run})`.replace(/[^\u0020-\u007e]/g, '?');
}

;// CONCATENATED MODULE: external "node:timers/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./lib/src/clock.js


/** The longest time one timer can hold; Node fires a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The real clock; `signal` is the run's cancellation. */
function createClock(signal) {
    return {
        nowMs: () => performance.now(),
        wallMs: () => Date.now(),
        random: () => Math.random(),
        sleep: async (ms) => {
            try {
                await (0,promises_namespaceObject.setTimeout)(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal });
            }
            catch (cause) {
                throw new CancelledError(cause);
            }
        },
    };
}

// EXTERNAL MODULE: ./lib/src/domain/quantity.js
var quantity = __nccwpck_require__(886);
// EXTERNAL MODULE: ./lib/src/domain/version.js
var domain_version = __nccwpck_require__(9659);
;// CONCATENATED MODULE: ./lib/src/domain/window.js
const FORM = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;
/** Reads `20:00-06:00`; gives `undefined` for anything else. */
function parseWindow(text, timezone) {
    const match = FORM.exec(text);
    if (match === null)
        return undefined;
    const [fromHour = 0, fromMinute = 0, untilHour = 0, untilMinute = 0] = match.slice(1).map(Number);
    return { text, fromMinute: fromHour * 60 + fromMinute, untilMinute: untilHour * 60 + untilMinute, timezone };
}
/** True for an IANA time zone that this runtime knows. */
function isTimezone(name) {
    if (!/^[A-Za-z]/.test(name))
        return false;
    try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
    }
    catch {
        return false;
    }
}
/** `HH:MM` on the clocks of a time zone; `wallMs` counts from 1970. */
function timeOfDay(wallMs, timezone) {
    return new Intl.DateTimeFormat('en-GB', {
        timeZone: timezone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
    }).format(wallMs);
}
/** Whether a moment, in milliseconds since 1970, lies inside the window. Daylight saving moves the clocks, and the window with them. */
function isWithinWindow({ fromMinute, untilMinute, timezone }, wallMs) {
    const [hour = 0, minute = 0] = timeOfDay(wallMs, timezone).split(':').map(Number);
    const now = hour * 60 + minute;
    const isWrapped = fromMinute > untilMinute;
    return isWrapped ? now >= fromMinute || now < untilMinute : now >= fromMinute && now < untilMinute;
}

;// CONCATENATED MODULE: ./lib/src/inputs/address.js
const API_PATH = '/api/v1';
/** Reads an address with or without `/api/v1` and a trailing slash; anything that could carry the key elsewhere is refused. */
function parseApiUrl(text, source) {
    if (!URL.canParse(text))
        return { reason: 'is not a URL' };
    const url = new URL(text);
    const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
        return { reason: 'is not https (http is for a loopback host only)' };
    }
    if (url.username !== '' || url.password !== '' || text.includes('@'))
        return { reason: 'must not carry a user or password' };
    if (/[?#]/.test(text))
        return { reason: 'must not carry a query or fragment' };
    const path = url.pathname.replace(/\/$/, '');
    if (path !== '' && path !== API_PATH)
        return { reason: `has a path other than ${API_PATH}` };
    return { root: `${url.origin}${API_PATH}`, host: url.host, source, isLoopback };
}

;// CONCATENATED MODULE: ./lib/src/inputs/names.js

const resourceInputs = Object.fromEntries(domain_resources/* RESOURCE_NAMES */.ux.map((name) => [name, {}]));
const boundInputs = Object.fromEntries(domain_resources/* RESOURCE_NAMES */.ux.flatMap((name) => [`min-${name}`, `max-${name}`]).map((name) => [name, {}]));
/** The inputs of the action with their defaults, in the order of `action.yml`. */
const INPUTS = {
    'api-key': {},
    tenant: {},
    cluster: {},
    'api-url': {},
    mode: { default: 'apply' },
    version: {},
    ...resourceInputs,
    alerts: {},
    wait: { default: 'true' },
    timeout: { default: '30m' },
    'poll-interval': { default: '12s' },
    'settle-time': { default: '30s' },
    'degraded-grace': { default: '5m' },
    'on-busy': { default: 'wait' },
    'on-conflict': { default: 'retry' },
    'if-match': {},
    'expected-plan': {},
    'allow-downgrade': { default: 'false' },
    'allow-version-skip': { default: 'false' },
    'allow-storage-shrink': { default: 'false' },
    ...boundInputs,
    'only-between': {},
    timezone: { default: 'UTC' },
    'job-summary': { default: 'true' },
    comment: { default: 'false' },
    'github-token': {},
};
const INPUT_NAMES = Object.keys(INPUTS);
/** The default of an input, or `''` where it has none. */
function defaultOf(name) {
    return INPUTS[name].default ?? '';
}
/** What people call our inputs elsewhere. Without this, `dry-run: true` would change production. */
const SYNONYMS = {
    'dry-run': 'use mode: plan',
    'kubernetes-version': 'use version',
    token: 'use api-key',
    'api-token': 'use api-key',
    'cluster-name': 'use cluster',
    name: 'use cluster',
    host: 'use api-url',
    url: 'use api-url',
    'api-host': 'use api-url',
    resources: 'use cpu, memory and storage',
    'if-match-etag': 'use if-match',
    etag: 'use if-match',
    force: 'there is no such thing here: the ETag is always respected',
};
/**
 * Faults of inputs that are not ours: the runner only warns of those, and `memmory` must not scale half a cluster. Values are not
 * shown, since any of them may be a secret under a mistyped name.
 */
function problemsOfNames(env) {
    return Object.keys(env)
        .filter((key) => key.startsWith('INPUT_'))
        .map((key) => key.slice('INPUT_'.length).toLowerCase())
        .filter((name) => !INPUT_NAMES.some((ours) => ours === name))
        .flatMap((name) => {
        const reason = problemOfName(name);
        return reason === undefined ? [] : [{ input: name, reason }];
    });
}
function problemOfName(name) {
    const synonym = name.replaceAll('_', '-');
    if (Object.hasOwn(SYNONYMS, synonym))
        return `is not an input: ${SYNONYMS[synonym]}`;
    const [nearest] = INPUT_NAMES.map((ours) => ({ ours, edits: countEdits(name, ours) }))
        .filter(({ ours, edits }) => edits <= (ours.length <= 5 ? 1 : 2))
        .sort((left, right) => left.edits - right.edits);
    return nearest === undefined ? undefined : `is not an input: did you mean ${nearest.ours}?`;
}
/** How many letters must be put in, taken out, replaced or swapped with their neighbour to turn one word into the other. */
function countEdits(from, to) {
    let [older, row] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)];
    for (let i = 1; i <= from.length; i++) {
        const next = [i];
        for (let j = 1; j <= to.length; j++) {
            const replaced = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
            const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
            next[j] = Math.min(at(row, j) + 1, at(next, j - 1) + 1, replaced, isSwap ? at(older, j - 2) + 1 : replaced);
        }
        older = row;
        row = next;
    }
    return at(row, to.length);
}
function at(row, index) {
    return row[index] ?? Number.POSITIVE_INFINITY;
}

;// CONCATENATED MODULE: ./lib/src/domain/duration.js
const duration_FORM = /^(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/;
/** Milliseconds of `30s`, `15m`, `1h30m` or `250ms`; `undefined` for anything else, a bare number included. */
function parseDuration(text) {
    const match = duration_FORM.exec(text);
    if (text === '' || match === null)
        return undefined;
    const [hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = match.slice(1).map((digits) => Number(digits ?? 0));
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}
/** A duration for people: `45s`, `12m 30s`, `1h 5m`. */
function toDurationText(ms) {
    const seconds = Math.floor(ms / 1000);
    if (seconds < 60)
        return `${seconds}s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60)
        return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m ${seconds % 60}s`;
    return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

;// CONCATENATED MODULE: ./lib/src/inputs/reader.js


/**
 * Reads single inputs from the environment as the runner sets it, and gathers their faults. Values are trimmed and an empty one
 * counts as not given: the runner passes `with: {x: ""}` on as an empty text, not as the default.
 */
class InputReader {
    env;
    problems = [];
    constructor(env) {
        this.env = env;
    }
    text(name) {
        return this.env[`INPUT_${name.toUpperCase()}`]?.trim() || undefined;
    }
    /** The input, or else the first of the environment variables that is set, with the name of where it came from. */
    find(name, variables) {
        const value = this.text(name);
        if (value !== undefined)
            return { value, source: name };
        const source = variables.find((variable) => this.env[variable]?.trim());
        return source === undefined ? undefined : { value: this.env[source]?.trim() ?? '', source };
    }
    required(name, variables, example, check) {
        const found = this.find(name, variables);
        if (found === undefined) {
            this.problems.push({
                input: name,
                reason: `is required (or ${variables.join(', ')} in the environment)`,
                example,
            });
            return '';
        }
        const reason = check(found.value);
        const input = found.source === name ? name : `${name} (from ${found.source})`;
        if (reason !== undefined)
            this.problems.push({ input, value: found.value, reason, example });
        return found.value;
    }
    /** An object with `key` where the input was given and is good, an empty one elsewhere: absent stays absent. */
    optional(key, name, check, example) {
        const value = this.text(name);
        if (value === undefined)
            return {};
        const reason = check(value);
        if (reason !== undefined)
            this.problems.push({ input: name, value, reason, example });
        return reason === undefined ? { [key]: value } : {};
    }
    boolean(name) {
        const value = this.text(name) ?? defaultOf(name);
        if (/^(true|True|TRUE)$/.test(value))
            return true;
        if (!/^(false|False|FALSE)$/.test(value)) {
            this.problems.push({ input: name, value, reason: 'is neither true nor false', example: 'true' });
        }
        return false;
    }
    /** One of `choices`; the first of them stands in for a value that is none. */
    choice(name, choices) {
        const value = this.text(name) ?? defaultOf(name);
        const chosen = choices.find((choice) => choice === value);
        if (chosen === undefined) {
            const reason = `is none of ${choices.join(', ')}`;
            this.problems.push({ input: name, value, reason, example: defaultOf(name) });
        }
        return chosen ?? choices[0];
    }
    /** Milliseconds. Nothing is clamped: what is no duration above zero is a fault. */
    duration(name, { zero = false } = {}) {
        const value = this.text(name) ?? defaultOf(name);
        const ms = parseDuration(value);
        const reason = ms === undefined ? problemOfDuration(value) : ms === 0 && !zero ? 'must be above zero' : undefined;
        if (reason !== undefined)
            this.problems.push({ input: name, value, reason, example: defaultOf(name) });
        return ms ?? Number.NaN;
    }
}
function problemOfDuration(value) {
    return /^\d+$/.test(value)
        ? `has no unit; did you mean ${value}s?`
        : 'is not a duration (a whole number with h, m, s or ms)';
}

;// CONCATENATED MODULE: ./lib/src/inputs/secrets.js
/** Where the API key may come from besides its input, in this order. */
const API_KEY_VARIABLES = ['KUPE_API_KEY', 'KUPE_API_TOKEN'];
const SECRET_VARIABLES = ['INPUT_API-KEY', 'INPUT_TOKEN', 'INPUT_API-TOKEN', 'INPUT_GITHUB-TOKEN', ...API_KEY_VARIABLES];
/** Every value that may be a secret, to be masked before anything else happens. */
function secretsIn(env) {
    const values = SECRET_VARIABLES.map((name) => env[name] ?? '');
    return [...new Set(values.flatMap((value) => [value, value.trim()]))].filter((value) => value.trim() !== '');
}

;// CONCATENATED MODULE: ./lib/src/inputs/parse.js










/** Reads `INPUT_*` and the `KUPE_*` environment. Throws one `InputError` that lists every fault of every input. */
async function parseInputs(env) {
    const read = new InputReader(env);
    read.problems.push(...problemsOfNames(env));
    const mode = read.choice('mode', ['apply', 'plan', 'verify']);
    const wait = read.boolean('wait');
    const timeoutMs = read.duration('timeout');
    const pollIntervalMs = read.duration('poll-interval');
    const inputs = {
        apiKey: readApiKey(read),
        tenant: read.required('tenant', ['KUPE_TENANT'], 'acme', problemOfTenant),
        cluster: read.required('cluster', ['KUPE_CLUSTER'], 'production', problemOfCluster),
        api: readAddress(read),
        mode,
        desired: await readDesired(read),
        guardrails: readGuardrails(read),
        wait,
        timeoutMs,
        pollIntervalMs,
        settleTimeMs: read.duration('settle-time', { zero: true }),
        degradedGraceMs: read.duration('degraded-grace', { zero: true }),
        onBusy: read.choice('on-busy', ['wait', 'fail']),
        onConflict: read.choice('on-conflict', ['retry', 'fail']),
        ...read.optional('ifMatch', 'if-match', problemOfEtag, '"294810"'),
        ...read.optional('expectedPlan', 'expected-plan', () => undefined, ''),
        ...readWindow(read),
        jobSummary: read.boolean('job-summary'),
        comment: read.boolean('comment'),
        warnings: [],
    };
    checkTogether(read, inputs);
    if (read.problems.length > 0)
        throw new InputError(read.problems);
    return { ...inputs, warnings: warningsOf(env, inputs.api) };
}
/** The environment variable's name says more than a proxy's certificate would: everything sent can be read on the way. */
function warningsOf(env, api) {
    const isForeign = api.source !== 'api-url' && !api.isLoopback && api.host !== 'api.kupe.cloud';
    return [
        ...(isForeign ? [`The API key is sent to ${api.host}, which ${api.source} in the environment names`] : []),
        ...(env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
            ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 is set: certificates are not checked, and the API key can be read on the way']
            : []),
    ];
}
const CHANGE_INPUTS = ['version', ...domain_resources/* RESOURCE_NAMES */.ux, 'alerts'];
function checkTogether(read, { mode, wait, timeoutMs, pollIntervalMs, guardrails }) {
    const hasChange = CHANGE_INPUTS.some((name) => read.text(name) !== undefined);
    if (mode !== 'verify' && !hasChange) {
        const reason = `is missing: mode ${mode} needs at least one of ${CHANGE_INPUTS.join(', ')}`;
        read.problems.push({ input: 'a change', reason, example: 'version: "1.32"' });
    }
    if (mode === 'verify' && !wait) {
        read.problems.push({
            input: 'wait',
            value: 'false',
            reason: 'makes no sense with mode verify, which only waits',
            example: 'true',
        });
    }
    if (pollIntervalMs >= timeoutMs) {
        const value = read.text('poll-interval') ?? '12s';
        read.problems.push({
            input: 'poll-interval',
            value,
            reason: 'must be below timeout',
            example: defaultOf('poll-interval'),
        });
    }
    for (const name of domain_resources/* RESOURCE_NAMES */.ux) {
        const [lowest, highest] = [(0,quantity/* parseQuantity */.Lf)(guardrails.min[name] ?? ''), (0,quantity/* parseQuantity */.Lf)(guardrails.max[name] ?? '')];
        if (lowest !== undefined && highest !== undefined && lowest > highest) {
            const value = guardrails.min[name] ?? '';
            read.problems.push({
                input: `min-${name}`,
                value,
                reason: `is above max-${name} ${guardrails.max[name]}`,
                example: guardrails.max[name] ?? '',
            });
        }
    }
}
function readApiKey(read) {
    const found = read.find('api-key', API_KEY_VARIABLES);
    const problem = found === undefined
        ? 'is required (or KUPE_API_KEY, KUPE_API_TOKEN in the environment)'
        : problemOfApiKey(found.value);
    if (problem !== undefined) {
        const input = found === undefined || found.source === 'api-key' ? 'api-key' : `api-key (from ${found.source})`;
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression, for the reader to copy
        read.problems.push({ input, reason: problem, example: '${{ secrets.KUPE_API_KEY }}' });
    }
    return found?.value ?? '';
}
function problemOfApiKey(key) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they would break the request's header
    if (/[\s\u0000-\u001f\u007f-\u009f]/.test(key))
        return 'has white space or control characters inside; was it pasted with a line break?';
    if (!/^[\u0021-\u00ff]+$/.test(key))
        return 'has characters that no HTTP header can carry';
    return key.length < 8 ? 'is shorter than 8 characters, so it is no API key' : undefined;
}
function problemOfTenant(tenant) {
    return /^\.{1,2}$|[/\\]/.test(tenant) ? 'is not a tenant’s name' : undefined;
}
function problemOfCluster(cluster) {
    const isDnsSafe = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/.test(cluster) && cluster.length <= 63;
    return isDnsSafe ? undefined : 'is not a cluster’s name (2 to 63 of a-z, 0-9 and -, no - at the ends)';
}
function problemOfEtag(etag) {
    if (etag === '*')
        return 'would match any state, which protects nothing';
    return /^[\u0020-\u007e]+$/.test(etag) ? undefined : 'has characters that no ETag has';
}
function readAddress(read) {
    const found = read.find('api-url', ['KUPE_API_URL', 'KUPE_HOST']) ?? {
        value: 'https://api.kupe.cloud',
        source: 'default',
    };
    const address = parseApiUrl(found.value, found.source);
    if (!('reason' in address))
        return address;
    const input = found.source === 'api-url' ? 'api-url' : `api-url (from ${found.source})`;
    // A user info may be a password.
    const shown = found.value.includes('@') ? {} : { value: found.value };
    read.problems.push({ input, ...shown, reason: address.reason, example: 'https://api.kupe.cloud' });
    return { root: '', host: '', source: found.source, isLoopback: false };
}
async function readDesired(read) {
    const { version } = read.optional('version', 'version', domain_version/* problemOfVersion */.bY, '"1.32"');
    const resources = readResources(read, (name) => ({ input: name, example: domain_resources/* RESOURCES */.eZ[name].example }));
    const alerts = read.text('alerts');
    return {
        ...(version === undefined ? {} : { version: (0,domain_version/* withoutV */.rA)(version) }),
        ...resources,
        ...(alerts === undefined ? {} : await readAlerts(read, alerts)),
    };
}
async function readAlerts(read, text) {
    const parsed = await parseJsonOrYaml(text);
    const reason = parsed === undefined ? 'is neither JSON nor YAML' : problemOfAlerts(parsed);
    if (reason === undefined && (0,domain_json/* isJsonObject */.OW)(parsed))
        return { alerts: parsed };
    // Its values may be secrets, so the text is not shown.
    const problem = {
        input: 'alerts',
        reason: reason ?? 'is not an object',
        example: '{"podCrashLooping": {"enabled": true}}',
    };
    read.problems.push(problem);
    return {};
}
/** `undefined` where the text is neither. JSON is tried first: YAML's library is loaded only for YAML. */
async function parseJsonOrYaml(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        const { parse } = await __nccwpck_require__.e(/* import() */ 815).then(__nccwpck_require__.t.bind(__nccwpck_require__, 8815, 19));
        try {
            return parse(text, { logLevel: 'error', maxAliasCount: 100, resolveKnownTags: false });
        }
        catch {
            return undefined;
        }
    }
}
function problemOfAlerts(value) {
    if (!(0,domain_json/* isJsonObject */.OW)(value))
        return 'is not an object';
    try {
        return findLossyNumber(value) ? 'has a number that JSON cannot carry exactly; write it as a text' : undefined;
    }
    catch {
        return 'refers to itself';
    }
}
function findLossyNumber(value) {
    if (typeof value === 'number')
        return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
    return typeof value === 'object' && value !== null && Object.values(value).some(findLossyNumber);
}
function readGuardrails(read) {
    return {
        allowDowngrade: read.boolean('allow-downgrade'),
        allowVersionSkip: read.boolean('allow-version-skip'),
        allowStorageShrink: read.boolean('allow-storage-shrink'),
        min: readBounds(read, 'min'),
        max: readBounds(read, 'max'),
    };
}
function readBounds(read, end) {
    return readResources(read, (name) => ({ input: `${end}-${name}`, example: domain_resources/* RESOURCES */.eZ[name].boundExample }));
}
/** One quantity for each resource, from the inputs that `toInput` names. */
function readResources(read, toInput) {
    return (0,domain_resources/* mapResources */.sO)((name) => {
        const { input, example } = toInput(name);
        return read.optional('quantity', input, domain_resources/* RESOURCES */.eZ[name].problemOf, example).quantity;
    });
}
function readWindow(read) {
    const timezone = read.text('timezone') ?? defaultOf('timezone');
    const isKnown = timezone === 'UTC' || isTimezone(timezone);
    if (!isKnown) {
        const reason = 'is not an IANA time zone';
        read.problems.push({ input: 'timezone', value: timezone, reason, example: 'Europe/London' });
    }
    const text = read.text('only-between');
    if (text === undefined)
        return {};
    const window = parseWindow(text, timezone);
    if (window !== undefined && window.fromMinute !== window.untilMinute)
        return isKnown ? { window } : {};
    const reason = window === undefined ? 'is not a time window' : 'starts where it ends';
    read.problems.push({ input: 'only-between', value: text, reason, example: '20:00-06:00' });
    return {};
}

;// CONCATENATED MODULE: ./lib/src/inputs/report-inputs.js

/** Reads what the reports need. It never fails. */
function parseReportInputs(env) {
    const read = new InputReader(env);
    return {
        tenant: read.find('tenant', ['KUPE_TENANT'])?.value ?? '',
        cluster: read.find('cluster', ['KUPE_CLUSTER'])?.value ?? '',
        jobSummary: !/^(false|False|FALSE)$/.test(read.text('job-summary') ?? ''),
        comment: /^(true|True|TRUE)$/.test(read.text('comment') ?? ''),
        githubToken: read.text('github-token') ?? '',
    };
}

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
// EXTERNAL MODULE: external "os"
var external_os_ = __nccwpck_require__(857);
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/utils.js
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function utils_toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function utils_toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/command.js


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function command_issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_.EOL);
}
function command_issue(name, message = '') {
    command_issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map
;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
// EXTERNAL MODULE: external "fs"
var external_fs_ = __nccwpck_require__(9896);
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_.EOL}`, {
        encoding: 'utf8'
    });
}
function file_command_prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = utils_toCommandValue(value);
    // These should realistically never happen, but just in case someone finds a
    // way to exploit uuid generation let's not allow keys or values that contain
    // the delimiter.
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map
;// CONCATENATED MODULE: external "path"
const external_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/core.js
var core_awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};






/**
 * The code to exit an action
 */
var ExitCode;
(function (ExitCode) {
    /**
     * A code indicating that the action was successful
     */
    ExitCode[ExitCode["Success"] = 0] = "Success";
    /**
     * A code indicating that the action was a failure
     */
    ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
//-----------------------------------------------------------------------
// Variables
//-----------------------------------------------------------------------
/**
 * Sets env variable for this action and future actions in the job
 * @param name the name of the variable to set
 * @param val the value of the variable. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function exportVariable(name, val) {
    const convertedVal = toCommandValue(val);
    process.env[name] = convertedVal;
    const filePath = process.env['GITHUB_ENV'] || '';
    if (filePath) {
        return issueFileCommand('ENV', prepareKeyValueMessage(name, val));
    }
    issueCommand('set-env', { name }, convertedVal);
}
/**
 * Registers a secret which will get masked from logs
 *
 * @param secret - Value of the secret to be masked
 * @remarks
 * This function instructs the Actions runner to mask the specified value in any
 * logs produced during the workflow run. Once registered, the secret value will
 * be replaced with asterisks (***) whenever it appears in console output, logs,
 * or error messages.
 *
 * This is useful for protecting sensitive information such as:
 * - API keys
 * - Access tokens
 * - Authentication credentials
 * - URL parameters containing signatures (SAS tokens)
 *
 * Note that masking only affects future logs; any previous appearances of the
 * secret in logs before calling this function will remain unmasked.
 *
 * @example
 * ```typescript
 * // Register an API token as a secret
 * const apiToken = "abc123xyz456";
 * setSecret(apiToken);
 *
 * // Now any logs containing this value will show *** instead
 * console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
 * ```
 */
function setSecret(secret) {
    command_issueCommand('add-mask', {}, secret);
}
/**
 * Prepends inputPath to the PATH (for this action and future actions)
 * @param inputPath
 */
function addPath(inputPath) {
    const filePath = process.env['GITHUB_PATH'] || '';
    if (filePath) {
        issueFileCommand('PATH', inputPath);
    }
    else {
        issueCommand('add-path', {}, inputPath);
    }
    process.env['PATH'] = `${inputPath}${path.delimiter}${process.env['PATH']}`;
}
/**
 * Gets the value of an input.
 * Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
 * Returns an empty string if the value is not defined.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string
 */
function getInput(name, options) {
    const val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
    if (options && options.required && !val) {
        throw new Error(`Input required and not supplied: ${name}`);
    }
    if (options && options.trimWhitespace === false) {
        return val;
    }
    return val.trim();
}
/**
 * Gets the values of an multiline input.  Each value is also trimmed.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string[]
 *
 */
function getMultilineInput(name, options) {
    const inputs = getInput(name, options)
        .split('\n')
        .filter(x => x !== '');
    if (options && options.trimWhitespace === false) {
        return inputs;
    }
    return inputs.map(input => input.trim());
}
/**
 * Gets the input value of the boolean type in the YAML 1.2 "core schema" specification.
 * Support boolean input list: `true | True | TRUE | false | False | FALSE` .
 * The return value is also in boolean type.
 * ref: https://yaml.org/spec/1.2/spec.html#id2804923
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   boolean
 */
function getBooleanInput(name, options) {
    const trueValue = ['true', 'True', 'TRUE'];
    const falseValue = ['false', 'False', 'FALSE'];
    const val = getInput(name, options);
    if (trueValue.includes(val))
        return true;
    if (falseValue.includes(val))
        return false;
    throw new TypeError(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``);
}
/**
 * Sets the value of an output.
 *
 * @param     name     name of the output to set
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function setOutput(name, value) {
    const filePath = process.env['GITHUB_OUTPUT'] || '';
    if (filePath) {
        return file_command_issueFileCommand('OUTPUT', file_command_prepareKeyValueMessage(name, value));
    }
    process.stdout.write(external_os_.EOL);
    command_issueCommand('set-output', { name }, utils_toCommandValue(value));
}
/**
 * Enables or disables the echoing of commands into stdout for the rest of the step.
 * Echoing is disabled by default if ACTIONS_STEP_DEBUG is not set.
 *
 */
function setCommandEcho(enabled) {
    issue('echo', enabled ? 'on' : 'off');
}
//-----------------------------------------------------------------------
// Results
//-----------------------------------------------------------------------
/**
 * Sets the action status to failed.
 * When the action exits it will be with an exit code of 1
 * @param message add error issue message
 */
function setFailed(message) {
    process.exitCode = ExitCode.Failure;
    error(message);
}
//-----------------------------------------------------------------------
// Logging Commands
//-----------------------------------------------------------------------
/**
 * Gets whether Actions Step Debug is on or not
 */
function isDebug() {
    return process.env['RUNNER_DEBUG'] === '1';
}
/**
 * Writes debug message to user log
 * @param message debug message
 */
function debug(message) {
    command_issueCommand('debug', {}, message);
}
/**
 * Adds an error issue
 * @param message error issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function error(message, properties = {}) {
    command_issueCommand('error', utils_toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a warning issue
 * @param message warning issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function warning(message, properties = {}) {
    command_issueCommand('warning', utils_toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a notice issue
 * @param message notice issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function notice(message, properties = {}) {
    issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Writes info to log with console.log.
 * @param message info message
 */
function info(message) {
    process.stdout.write(message + external_os_.EOL);
}
/**
 * Begin an output group.
 *
 * Output until the next `groupEnd` will be foldable in this group
 *
 * @param name The name of the output group
 */
function startGroup(name) {
    issue('group', name);
}
/**
 * End an output group.
 */
function endGroup() {
    issue('endgroup');
}
/**
 * Wrap an asynchronous function call in a group.
 *
 * Returns the same type as the function itself.
 *
 * @param name The name of the group
 * @param fn The function to wrap in the group
 */
function group(name, fn) {
    return core_awaiter(this, void 0, void 0, function* () {
        startGroup(name);
        let result;
        try {
            result = yield fn();
        }
        finally {
            endGroup();
        }
        return result;
    });
}
//-----------------------------------------------------------------------
// Wrapper action state
//-----------------------------------------------------------------------
/**
 * Saves state for current action, the state can only be retrieved by this action's post job execution.
 *
 * @param     name     name of the state to store
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function saveState(name, value) {
    const filePath = process.env['GITHUB_STATE'] || '';
    if (filePath) {
        return issueFileCommand('STATE', prepareKeyValueMessage(name, value));
    }
    issueCommand('save-state', { name }, toCommandValue(value));
}
/**
 * Gets the value of an state set by this action's main execution.
 *
 * @param     name     name of the state to get
 * @returns   string
 */
function getState(name) {
    return process.env[`STATE_${name}`] || '';
}
function getIDToken(aud) {
    return core_awaiter(this, void 0, void 0, function* () {
        return yield OidcClient.getIDToken(aud);
    });
}
/**
 * Summary exports
 */

/**
 * @deprecated use core.summary
 */

/**
 * Path exports
 */

/**
 * Platform utilities exports
 */

//# sourceMappingURL=core.js.map
;// CONCATENATED MODULE: ./lib/src/domain/outcome.js
/** Which endings leave the step green; a new one does not compile until it is placed. */
const GREEN = {
    unchanged: true,
    planned: true,
    skipped: true,
    accepted: true,
    converged: true,
    failed: false,
    'timed-out': false,
    cancelled: false,
};
/** True when an ending leaves the step green. */
function isGreen(result) {
    return GREEN[result];
}
/** An ending's words with a full stop, for people. */
function toSentence(text) {
    return /[.!?…]$/.test(text) ? text : `${text}.`;
}

// EXTERNAL MODULE: ./lib/src/report/outputs.js
var outputs = __nccwpck_require__(2011);
;// CONCATENATED MODULE: ./lib/src/report/publish.js







function createLogWriter(redact) {
    const toLine = (text) => cutOff(toHarmlessLine(redact(text)), policy/* LONGEST */.zP.logLine);
    return {
        info: (line) => info(toLine(line)),
        warning: (line) => warning(toLine(line)),
        debug: (line) => debug(toLine(line)),
        error: (line, title) => error(toLine(line), { title: toLine(title) }),
    };
}
/** Has the runner hide these values in everything that is logged from now on. */
function maskSecrets(secrets) {
    secrets.forEach(setSecret);
}
/**
 * Writes the outputs, the job summary and the last line of the log. Gives whether the step may be green: it ended green, and its
 * outputs could be written.
 */
function publishReport({ outcome, context, summary, wantsSummary }, env, redact, log) {
    const isWritten = writeOutputs(outcome, summary, env, redact, log);
    if (wantsSummary)
        writeSummary(summary, env, log);
    const published = isWritten ? outcome : toUnwritten(outcome);
    const isGreenStep = isGreen(published.result);
    if (isGreenStep) {
        log.info(`${published.result} after ${toDurationText(published.durationMs)}: ${toSentence(published.message)}`);
    }
    else
        log.error(toErrorText(published), titleOf(published, context));
    return isGreenStep;
}
function writeOutputs(outcome, summary, env, redact, log) {
    try {
        // Without a file the toolkit would print a command that runners no longer obey.
        if (!env.GITHUB_OUTPUT)
            throw new Error('GITHUB_OUTPUT names no file');
        for (const [name, value] of Object.entries((0,outputs/* toOutputs */.Iu)(outcome, summary)))
            setOutput(name, redact(value));
        return true;
    }
    catch (error) {
        log.warning(`The outputs could not be written: ${messageOf(error)}`);
        return false;
    }
}
function toUnwritten(outcome) {
    if (!isGreen(outcome.result))
        return outcome;
    const message = `The run ended ${outcome.result}, but its outputs could not be written. ${outcome.message}`;
    return { ...outcome, result: 'failed', reason: 'internal', message };
}
/** Written at once and directly: the toolkit's summary is a shared buffer that is written later. It never changes the result. */
function writeSummary(summary, env, log) {
    const path = env.GITHUB_STEP_SUMMARY;
    if (path === undefined || path === '')
        return;
    try {
        (0,external_node_fs_namespaceObject.appendFileSync)(path, summary);
    }
    catch (error) {
        log.warning(`The job summary could not be written: ${messageOf(error)}`);
    }
}
/** Comments on the pull request that this run belongs to. Its code is loaded only here; whatever goes wrong is a warning: the result stands. */
async function publishComment({ context, summary, githubToken, cancelled }, env, log) {
    try {
        const { pullRequestOf, writeComment } = await Promise.all(/* import() */[__nccwpck_require__.e(413), __nccwpck_require__.e(66)]).then(__nccwpck_require__.bind(__nccwpck_require__, 8066));
        const pullRequest = pullRequestOf(readEvent(env));
        const [owner, repository] = (env.GITHUB_REPOSITORY ?? '').split('/');
        if (pullRequest === undefined || !owner || !repository) {
            log.info('comment: this run belongs to no pull request, so there is nothing to comment on');
            return;
        }
        const { tenant, cluster } = context;
        const identity = [tenant, cluster, env.GITHUB_WORKFLOW ?? '', env.GITHUB_JOB ?? ''];
        const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
        const signal = AbortSignal.any([cancelled, AbortSignal.timeout(policy/* COMMENT_TIMEOUT_MS */.N3)]);
        await writeComment({ apiUrl, owner, repository, pullRequest, identity }, githubToken, summary, signal);
    }
    catch (error) {
        const hint = 'It needs github-token and the permission pull-requests: write, which runs from a fork do not have.';
        log.warning(`The comment could not be written: ${messageOf(error)}. ${hint}`);
    }
}
function readEvent({ GITHUB_EVENT_PATH }) {
    return GITHUB_EVENT_PATH ? JSON.parse((0,external_node_fs_namespaceObject.readFileSync)(GITHUB_EVENT_PATH, 'utf8')) : undefined;
}
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}
function titleOf({ result, reason }, { tenant, cluster }) {
    return `Kupe ${cluster === '' ? 'cluster' : `${tenant}/${cluster}`}: ${result}${reason === undefined || reason === result ? '' : ` (${reason})`}`;
}
function toErrorText({ result, reason, message, hint, requestId }) {
    return [
        `${reason ?? result}: ${toSentence(message)}`,
        ...(hint === undefined ? [] : [hint]),
        ...(requestId === undefined ? [] : [`Request id: ${requestId}`]),
    ].join(' ');
}

;// CONCATENATED MODULE: ./lib/src/domain/cluster.js
/** Every phase that is known. */
const PHASES = {
    Running: 'running',
    Pending: 'busy',
    Provisioning: 'busy',
    Upgrading: 'busy',
    Degraded: 'degraded',
    Terminating: 'terminating',
    Deleting: 'terminating',
};
/** Places a phase; the API compares them with case, and new ones may come. */
function phaseKind(phase) {
    if (phase === undefined)
        return 'absent';
    return Object.hasOwn(PHASES, phase) ? (PHASES[phase] ?? 'unknown') : 'unknown';
}
/** True while the cluster is in service: only then can a change be complete. */
function isRunning({ phase }) {
    return phaseKind(phase) === 'running';
}

;// CONCATENATED MODULE: ./lib/src/report/chart.js


/** A status emoji at the start of a label also keeps a phase's name from being read as a keyword of the chart. */
const MARKS = {
    running: '🟢',
    busy: '🔵',
    degraded: '🟠',
    terminating: '🔴',
    unknown: '⚪',
    absent: '⚪',
};
/** A chart's limit is 50,000 characters; nobody reads more bars than these anyway. */
const MOST_BARS = 40;
const LONGEST_NAME = 30;
/**
 * The phases as a mermaid chart: GitHub draws it in job summaries, older servers show its text. Bars stand at the reader's
 * own time of day; `startWallMs` is when the run began, in milliseconds since 1970. Empty without phases.
 */
function toPhaseChart(timeline, startWallMs) {
    const spans = timeline.slice(-MOST_BARS);
    const totalMs = (spans.at(-1)?.untilMs ?? 0) - (spans[0]?.fromMs ?? 0);
    if (spans.length === 0)
        return '';
    const bars = spans.map(({ phase, fromMs, untilMs }) => {
        const label = `${MARKS[phaseKind(phase)]} ${toName(phase)} ${toDurationText(untilMs - fromMs)}`;
        const start = Math.round(startWallMs + fromMs);
        // A bar without a width is not drawn.
        const end = Math.max(Math.round(startWallMs + untilMs), start + Math.max(1000, Math.round(totalMs / 50)));
        return `  ${label} :${start}, ${end}`;
    });
    const axis = totalMs < 10 * 60_000 ? '%H:%M:%S' : '%H:%M';
    const head = ['gantt', '  dateFormat x', `  axisFormat ${axis}`, `  tickInterval ${toTickInterval(totalMs)}`];
    return ['```mermaid', ...head, ...bars, '```'].join('\n');
}
const MOST_TICKS = 8;
const TICKS = [
    ['1second', 1000],
    ['5second', 5000],
    ['15second', 15_000],
    ['30second', 30_000],
    ['1minute', 60_000],
    ['2minute', 120_000],
    ['5minute', 300_000],
    ['10minute', 600_000],
    ['30minute', 1_800_000],
    ['1hour', 3_600_000],
];
/** Left to itself the chart writes its times over each other. */
function toTickInterval(totalMs) {
    return TICKS.find(([, ms]) => totalMs / ms <= MOST_TICKS)?.[0] ?? '6hour';
}
/** A phase comes from outside: letters, digits and blanks are all it needs. */
function toName(phase) {
    return phase
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim()
        .slice(0, LONGEST_NAME)
        .toWellFormed();
}

;// CONCATENATED MODULE: ./lib/src/report/markdown.js

/** A text as inline code in markdown, where it can form no markup, table, link or mention. */
function toMarkdownCode(text) {
    return `<code>${toEntities(toHarmlessLine(text))}</code>`;
}
/** A text as plain words in markdown, where it can form no markup, link or mention. */
function toMarkdownText(text) {
    return toEntities(toHarmlessLine(text).replaceAll('@', '@\u200b'));
}
/** Characters that form nothing in the middle of a line; `www.` and what begins a list are looked after one by one. */
const PLAIN = /[^\p{L}\p{N} ,.;()?%+'’…–—→\u200b-]/gu;
function toEntities(text) {
    return text
        .replace(PLAIN, toEntity)
        .replace(/(?<=www)\./gi, toEntity)
        .replace(/^[-+]+/, (marks) => [...marks].map(toEntity).join(''))
        .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits, mark) => digits + toEntity(mark));
}
function toEntity(character) {
    return `&#${character.codePointAt(0)};`;
}

;// CONCATENATED MODULE: ./lib/src/report/summary.js





const TITLES = {
    unchanged: '✅ Unchanged',
    planned: '📝 Planned',
    skipped: '⏭️ Skipped',
    accepted: '📨 Accepted, not waited for',
    converged: '✅ Converged',
    failed: '❌ Failed',
    'timed-out': '⏰ Timed out',
    cancelled: '🛑 Cancelled',
};
/** The job summary: what happened on top, what to do next where it failed, and the rest folded. What came from outside forms no markup. */
function toSummary(outcome, context) {
    const parts = [
        `## ${summary_titleOf(outcome, context)}`,
        lead(outcome),
        conflictTable(outcome.conflict ?? []),
        refusalTable(outcome),
        changeTable(outcome),
        // A chart of a single phase would say nothing.
        outcome.timeline.length < 2 ? '' : toPhaseChart(outcome.timeline, outcome.startWallMs),
        bullets('Conditions', tellingConditions(outcome)),
        bullets('Warnings', outcome.warnings),
        details(outcome),
        footer(outcome, context),
    ];
    return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
function summary_titleOf({ result, reason, plan }, { tenant, cluster }) {
    const title = reason === undefined || reason === result ? TITLES[result] : `${TITLES[result]} (${reason})`;
    const name = cluster === '' ? '' : `: ${toMarkdownText(tenant)}/${toMarkdownText(cluster)}`;
    const changes = (plan?.edits ?? []).map(toWords).join(', ');
    return `${title}${name}${changes === '' ? '' : `, ${toMarkdownText(changes)}`}`;
}
function toWords({ field, from, to }) {
    return to === undefined ? field : `${field} ${from ?? 'absent'} → ${to ?? 'absent'}`;
}
/** A failure is set apart, with what to do; the cluster's state comes right behind, since that is the next question. */
function lead({ result, message, hint, last, problems = [] }) {
    if (isGreen(result))
        return toMarkdownText(toSentence(message));
    const lines = [
        result === 'failed' ? '[!CAUTION]' : '[!WARNING]',
        ...(problems.length > 0
            ? problems.map((text) => `- ${toMarkdownText(text)}`)
            : [toMarkdownText(toSentence(capitalised(message)))]),
        ...(hint === undefined ? [] : ['', `**What to do next:** ${toMarkdownText(hint)}`]),
        ...(last === undefined ? [] : ['', `**The cluster now:** ${toMarkdownText(stateOf(last))}`]),
    ];
    return lines.map((line) => `> ${line}`.trimEnd()).join('\n');
}
function capitalised(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
}
function stateOf({ phase, kubernetesVersion }) {
    return `${phase ?? 'no phase reported'}${kubernetesVersion === undefined ? '' : `, runs ${kubernetesVersion}`}`;
}
function conflictTable(rows) {
    if (rows.length === 0)
        return '';
    const cells = rows.map(({ field, whenRead, now, wanted }) => [
        toMarkdownCode(field),
        code(whenRead),
        code(now),
        code(wanted),
    ]);
    return table(['field', 'when read', 'now', 'wanted'], cells);
}
function refusalTable({ plan }) {
    if (plan === undefined || plan.refusals.length === 0)
        return '';
    const rows = plan.refusals.map(({ rule, reason, allow }) => [rule, toMarkdownText(reason), toMarkdownCode(allow)]);
    return table(['refused by', 'why', 'permitted by'], rows);
}
const SHOWN = [
    ['version', 'version', (cluster) => cluster.version],
    ['running version', 'version', (cluster) => cluster.kubernetesVersion],
    ...domain_resources/* RESOURCE_NAMES */.ux.map((name) => [name, name, ({ resources }) => resources[name]]),
    ['phase', '', (cluster) => cluster.phase],
];
/** Only what was to change; everything else is in the fold. */
function changeTable(outcome) {
    const { first, last, plan } = outcome;
    const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]));
    if (first === undefined || last === undefined || edits.size === 0 || outcome.conflict?.length)
        return '';
    const rows = rowsOf(first, last, edits).filter(({ field }) => edits.has(field));
    const alerts = [...edits.keys()].filter((field) => field.startsWith('alerts.'));
    const hidden = alerts.map((field) => [toMarkdownCode(field), '', '', 'changes; values are not shown']);
    return table(['', 'before', 'now', 'wanted'], [...rows.map(({ cells }) => cells), ...hidden]);
}
function rowsOf(first, last, edits) {
    return SHOWN.map(([label, field, show]) => {
        const wanted = label === field ? edits.get(field)?.to : undefined;
        return { field, cells: [label, code(show(first)), code(show(last)), code(wanted)] };
    });
}
/** That a cluster is ready explains no failure. */
function tellingConditions({ result, last }) {
    return isGreen(result) ? [] : (last?.conditions ?? []).filter((line) => line !== 'Ready=True');
}
function bullets(title, lines) {
    if (lines.length === 0)
        return '';
    return `**${title}**\n\n${lines.map((line) => `- ${toMarkdownText(line)}`).join('\n')}`;
}
function details({ first, last, plan, timeline }) {
    const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]));
    const values = first === undefined || last === undefined ? [] : rowsOf(first, last, edits).map(({ cells }) => cells);
    const phases = timeline.map(({ phase, fromMs, untilMs }) => [
        toMarkdownText(phase),
        toDurationText(fromMs),
        toDurationText(untilMs - fromMs),
    ]);
    const tables = [
        ...(values.length === 0 ? [] : [table(['', 'before', 'now', 'wanted'], values)]),
        ...(phases.length === 0 ? [] : [table(['phase', 'seen after', 'for'], phases)]),
    ];
    if (tables.length === 0)
        return '';
    return `<details><summary>All values and phases</summary>\n\n${tables.join('\n\n')}\n\n</details>`;
}
function footer({ durationMs, requestId }, { runUrl, commitUrl, actor }) {
    return [
        `Took ${toDurationText(durationMs)}`,
        ...(requestId === undefined ? [] : [`request ${toMarkdownCode(requestId)}`]),
        ...(runUrl === undefined ? [] : [summary_link('this run', runUrl)]),
        ...(commitUrl === undefined ? [] : [summary_link('commit', commitUrl)]),
        ...(actor === undefined ? [] : [`started by ${toMarkdownText(actor)}`]),
    ].join(' · ');
}
function summary_link(text, url) {
    return `[${text}](${encodeURI(url).replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
function code(value) {
    return value === undefined || value === null ? '' : toMarkdownCode(value);
}
function table(head, rows) {
    const toRow = (cells) => `| ${cells.join(' | ')} |`;
    return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)].join('\n');
}

;// CONCATENATED MODULE: ./lib/src/domain/backoff.js

/** Milliseconds to the next poll after `waitedMs` of waiting: a fifth of that, so that the lag stays a small part of the wait. `chance` is 0 to 1. */
function pollDelayMs(waitedMs, pollIntervalMs, chance) {
    const delayMs = Math.min(Math.max(policy/* POLL */.eE.shortestMs, waitedMs * policy/* POLL */.eE.shareOfWait), pollIntervalMs);
    return delayMs * (1 - policy/* POLL */.eE.jitter + 2 * policy/* POLL */.eE.jitter * chance);
}
/** Milliseconds before a failed exchange is repeated: doubling, times 0.5 to 1. `failures` counts from 1, `chance` is 0 to 1. */
function retryDelayMs(failures, chance) {
    return doublingMs(failures) * (0.5 + 0.5 * chance);
}
/** Milliseconds to wait after a 412, from 0 on, which spreads out those who compete for one cluster. `conflicts` counts from 1, `chance` is 0 to 1. */
function conflictDelayMs(conflicts, chance) {
    return doublingMs(conflicts) * chance;
}
function doublingMs(count) {
    return Math.min(policy/* RETRY */.p6.firstMs * 2 ** (count - 1), policy/* RETRY */.p6.longestMs);
}

// EXTERNAL MODULE: ./lib/src/domain/change.js
var domain_change = __nccwpck_require__(6559);
;// CONCATENATED MODULE: ./lib/src/run/budget.js


/** The time a run has, and the only place where it passes. Durations come from the monotonic clock. */
class Budget {
    clock;
    timeoutMs;
    startMs;
    startWallMs;
    constructor(clock, timeoutMs) {
        this.clock = clock;
        this.timeoutMs = timeoutMs;
        this.startMs = clock.nowMs();
        this.startWallMs = clock.wallMs();
    }
    elapsedMs() {
        return this.clock.nowMs() - this.startMs;
    }
    leftMs() {
        return Math.max(0, this.timeoutMs - this.elapsedMs());
    }
    /** How long the next request may take, in milliseconds. Throws `DeadlineError` where no time is left for one. */
    requestTimeoutMs() {
        const left = this.leftMs();
        if (left === 0)
            throw new DeadlineError();
        return Math.min(policy/* EXCHANGE */.W.longestMs, left);
    }
    /** Lets time pass. A pause that would outlast the budget ends with it, by a `DeadlineError`. */
    async pause(ms, heartbeat) {
        const untilMs = this.clock.nowMs() + Math.min(ms, this.leftMs());
        const isTooLong = ms >= this.leftMs();
        for (let now = this.clock.nowMs(); now < untilMs; now = this.clock.nowMs()) {
            await this.clock.sleep(Math.min(untilMs, Math.max(heartbeat.dueAtMs(), now + 1)) - now);
            if (this.clock.nowMs() >= heartbeat.dueAtMs())
                heartbeat.beat();
        }
        if (isTooLong)
            throw new DeadlineError();
    }
}

// EXTERNAL MODULE: ./lib/src/domain/plan.js + 1 modules
var domain_plan = __nccwpck_require__(7364);
;// CONCATENATED MODULE: ./lib/src/run/run-log.js





/** The lines a run writes for people: what happens, when it happens, and a heartbeat when nothing does. It decides nothing. */
class RunLog {
    log;
    state;
    budget;
    standstillMs;
    _warnings = [];
    lastLineMs;
    beats = 0;
    lastPhase;
    lastPlan;
    lastMovement = '';
    lastMoveMs;
    /** `standstillMs`: how long generation, phase and version may stand still before that is warned of. */
    constructor(log, state, budget, standstillMs) {
        this.log = log;
        this.state = state;
        this.budget = budget;
        this.standstillMs = standstillMs;
        this.lastLineMs = budget.startMs;
        this.lastMoveMs = budget.startMs;
    }
    /** Everything that was warned of, for the summary. */
    get warnings() {
        return this._warnings;
    }
    info(text) {
        this.log.info(`${`[${toDurationText(this.budget.elapsedMs())}]`.padEnd(9)} ${text}`);
        this.noteLine();
    }
    /** Warns, once for each text. */
    warn(text) {
        if (this._warnings.includes(text))
            return;
        this._warnings.push(text);
        this.log.warning(text);
        this.noteLine();
    }
    debug(text) {
        this.log.debug(text);
    }
    /** Writes what is new in a read: the server's warnings, the phase where it changed, and that nothing moves. */
    read({ cluster, etag }, freshness) {
        const note = freshness === 'fresh' ? '' : ` (${freshness})`;
        this.debug(`read: ${toStateText(cluster)}, etag ${etag ?? 'none'}${note}`);
        if (freshness !== 'fresh')
            return;
        for (const warning of cluster.warnings)
            this.warn(`The server warns: ${warning}`);
        this.followPhase(cluster);
        this.watchMovement(cluster);
    }
    /** Writes a plan, unless it was written last. */
    plan(plan) {
        if (plan.digest === this.lastPlan)
            return;
        this.lastPlan = plan.digest;
        for (const line of (0,domain_plan/* toPlanLines */.AA)(plan))
            this.info(line);
    }
    /** A new stage of the run: standing still is counted from here. */
    stageEntered() {
        this.lastMoveMs = this.budget.clock.nowMs();
    }
    dueAtMs() {
        return this.lastLineMs + (policy/* HEARTBEATS_MS */.P9[Math.min(this.beats, policy/* HEARTBEATS_MS */.P9.length - 1)] ?? 0);
    }
    beat() {
        const beats = this.beats + 1;
        const { missing, last } = this.state;
        const waitsFor = missing === undefined || missing.kind === 'phase' ? '' : `: ${missing.text}`;
        this.info(`still ${last?.cluster.phase ?? 'unknown'}${waitsFor}`);
        this.beats = beats;
    }
    noteLine() {
        this.lastLineMs = this.budget.clock.nowMs();
        this.beats = 0;
    }
    followPhase(cluster) {
        const { phase } = cluster;
        if (phase === undefined) {
            this.warn('The server reports no phase; planning and waiting go on without it');
            return;
        }
        if (phase === this.lastPhase)
            return;
        this.lastPhase = phase;
        this.info(toPhaseText(cluster));
        if (phaseKind(phase) === 'unknown') {
            this.warn(`The phase ${phase} is not known to this action; it goes on waiting`);
        }
    }
    watchMovement(cluster) {
        const movement = JSON.stringify([cluster.generation, cluster.phase, cluster.kubernetesVersion]);
        const nowMs = this.budget.clock.nowMs();
        if (movement !== this.lastMovement) {
            this.lastMovement = movement;
            this.lastMoveMs = nowMs;
        }
        else if (nowMs - this.lastMoveMs >= this.standstillMs) {
            this.warn(`Nothing has moved for ${toDurationText(nowMs - this.lastMoveMs)}: generation, phase and version stand still`);
            this.lastMoveMs = Number.POSITIVE_INFINITY;
        }
    }
}
/** One line on where a cluster stands, for someone who waits. */
function toPhaseText({ phase, kubernetesVersion, version }) {
    const running = kubernetesVersion === undefined ? '' : `, runs ${kubernetesVersion}`;
    const isThere = version === undefined || kubernetesVersion === undefined || (0,domain_version/* coversVersion */.xJ)(version, kubernetesVersion);
    return `${phase}${running}${isThere ? '' : `, wants ${version}`}`;
}
/** One line with all that the proof looks at, for someone who debugs. */
function toStateText(cluster) {
    const { phase, kubernetesVersion, version, generation, observedGeneration } = cluster;
    return JSON.stringify({ phase, kubernetesVersion, version, generation, observedGeneration });
}

;// CONCATENATED MODULE: ./lib/src/proof/awaited.js
/** The version asked for, if any. */
function askedVersion({ fields }) {
    return fields.find((field) => field.kind === 'version')?.wanted;
}
/** The kinds of fields that a list of fields touches. */
function kindsOf(fields) {
    return new Set(fields.map((field) => field.kind));
}

;// CONCATENATED MODULE: ./lib/src/proof/observations.js

/** Fields that a server may never report; once it did, a read without one proves nothing. */
const REPORTED_FIELDS = [
    'phase',
    'generation',
    'observedGeneration',
    'kubernetesVersion',
    'version',
    'alerts',
];
/** Before the first read. */
const NOTHING_OBSERVED = { reported: new Set(), spec: new Set() };
/**
 * Adds one read to what was observed. A read with another `createdAt` than at first is of a new cluster under the old name;
 * one with a lower generation than already seen comes from an older replica.
 */
function observe(observed, cluster) {
    if (observed.createdAt !== undefined &&
        cluster.createdAt !== undefined &&
        !isSameTime(observed.createdAt, cluster.createdAt)) {
        return { observed, freshness: 'recreated' };
    }
    const isStale = (cluster.generation ?? Number.POSITIVE_INFINITY) < (observed.generation ?? 0);
    const createdAt = observed.createdAt ?? cluster.createdAt;
    const generation = isStale ? observed.generation : (cluster.generation ?? observed.generation);
    const reported = new Set([...observed.reported, ...REPORTED_FIELDS.filter((field) => cluster[field] !== undefined)]);
    return {
        observed: {
            reported,
            spec: new Set([...observed.spec, ...specFields(cluster)]),
            ...(createdAt === undefined ? {} : { createdAt }),
            ...(generation === undefined ? {} : { generation }),
        },
        freshness: isStale ? 'stale' : 'fresh',
    };
}
/** Whether a read lacks a field of the spec that an earlier one showed; a plan made from it could undo what stands there. */
function lacksSpec({ spec }, cluster) {
    const shown = specFields(cluster);
    return [...spec].some((field) => !shown.includes(field));
}
function specFields({ version, resources, alerts }) {
    return [
        ...(version === undefined ? [] : ['version']),
        ...domain_resources/* RESOURCE_NAMES */.ux.filter((name) => resources[name] !== undefined),
        ...(alerts === undefined ? [] : ['alerts']),
    ];
}
function isSameTime(left, right) {
    return left === right || Date.parse(left) === Date.parse(right);
}
/** Whether the server has shown both `generation` and `status.observedGeneration`; older servers know neither. */
function hasGenerations({ reported }) {
    return reported.has('generation') && reported.has('observedGeneration');
}

;// CONCATENATED MODULE: ./lib/src/run/state.js


/** What a run has seen and sent so far. It changes only in the few ways named here; everything else reads it. */
class RunState {
    _stage = 'reading';
    _observed = NOTHING_OBSERVED;
    _partialReads = 0;
    _first;
    _last;
    _plan;
    _wouldChange;
    _attempt;
    _patchRequestId;
    _missing;
    _refusedEtags = new Set();
    _phases = [];
    get stage() {
        return this._stage;
    }
    get observed() {
        return this._observed;
    }
    /** Reads in a row that lacked a part of the spec. */
    get partialReads() {
        return this._partialReads;
    }
    /** The very first read of the run. */
    get first() {
        return this._first;
    }
    /** The last fresh read, with the last ETag that any read gave. */
    get last() {
        return this._last;
    }
    /** The newest plan that has something to say. */
    get plan() {
        return this._plan;
    }
    /** Whether the first plan had edits; absent until there is a plan. */
    get wouldChange() {
        return this._wouldChange;
    }
    /** The PATCH of this run that landed, or may have. */
    get attempt() {
        return this._attempt;
    }
    /** The request id of the PATCH that was accepted. */
    get patchRequestId() {
        return this._patchRequestId;
    }
    /** What a wait is still waiting for. */
    get missing() {
        return this._missing;
    }
    /** The phases that fresh reads showed, each until the next one, on the run's clock. */
    get phases() {
        return this._phases;
    }
    enter(stage) {
        this._stage = stage;
        this._missing = undefined;
    }
    /** Takes in what an answer showed at `atMs` of the run; an older replica's read leaves everything as it is. */
    recordRead(read, atMs) {
        const { observed, freshness } = observe(this._observed, read.cluster);
        this._observed = observed;
        this._partialReads = lacksSpec(observed, read.cluster) ? this._partialReads + 1 : 0;
        if (freshness !== 'fresh')
            return freshness;
        this._first ??= read;
        this._last = { ...read, etag: read.etag ?? this._last?.etag };
        this.recordPhase(read.cluster.phase, atMs);
        return freshness;
    }
    /** Keeps the newest plan, but not an empty one after one that had edits: that would hide what this run did. Gives whether it kept it. */
    recordPlan(plan) {
        this._wouldChange ??= plan.edits.length > 0;
        const isKept = this._plan === undefined || plan.edits.length > 0 || plan.refusals.length > 0;
        if (isKept)
            this._plan = plan;
        return isKept;
    }
    /** From now on a PATCH may have landed. Gives back the way to take that back, for one that certainly did not. */
    recordAttempt(plan, { cluster }) {
        const earlier = this._attempt;
        const kinds = new Set([...(earlier?.kinds ?? []), ...kindsOf(plan.fields)]);
        this._attempt = { base: cluster, kinds, generationBefore: this._observed.generation };
        return () => {
            this._attempt = earlier;
        };
    }
    /** The PATCH was accepted; `generation` is the one it was answered with. */
    recordAccepted(requestId, generation) {
        this._patchRequestId = requestId;
        if (this._attempt !== undefined)
            this._attempt = { ...this._attempt, answeredGeneration: generation };
    }
    recordRefusedEtag(etag) {
        this._refusedEtags.add(etag);
    }
    isRefusedEtag(etag) {
        return this._refusedEtags.has(etag);
    }
    recordMissing(missing) {
        this._missing = missing;
    }
    recordPhase(phase, atMs) {
        const current = this._phases.at(-1);
        if (phase === undefined || current?.phase === phase)
            return;
        if (current !== undefined)
            this._phases[this._phases.length - 1] = { ...current, untilMs: atMs };
        this._phases.push({ phase, fromMs: atMs, untilMs: atMs });
    }
}

;// CONCATENATED MODULE: ./lib/src/run/context.js






/** From here on the run's time passes. */
function createContext(task, { api, clock, log }) {
    const budget = new Budget(clock, task.timeoutMs);
    const state = new RunState();
    const runLog = new RunLog(log, state, budget, task.timeoutMs * policy/* STANDSTILL_SHARE */.nE);
    return { api, clock, task, fields: (0,domain_change/* askedFields */.kM)(task.desired), budget, state, log: runLog };
}
/** The run goes on to another stage. */
function enterStage({ state, log }, stage) {
    state.enter(stage);
    log.stageEntered();
}
/** Lets time pass before the next poll; `sinceMs` is when this wait began. */
async function pauseForPoll({ task, clock, budget, log }, sinceMs) {
    await budget.pause(pollDelayMs(clock.nowMs() - sinceMs, task.pollIntervalMs, clock.random()), log);
}

;// CONCATENATED MODULE: ./lib/src/domain/failure-reasons.js
/** Why a step is not green: every reason with its words. The README's table is made from it. */
const FAILURE_REASONS = {
    'invalid-input': {
        meaning: 'One or more inputs are wrong; nothing was sent',
        nextStep: 'Correct the inputs of this step.',
    },
    refused: {
        meaning: 'The plan breaks a rule of this action, and was not sent',
        nextStep: 'If it is meant, permit it by the input named.',
    },
    unauthorized: {
        meaning: '401: the key is not accepted',
        nextStep: 'Check the api-key: it may be mistyped, expired or revoked. It was tried only once.',
    },
    forbidden: {
        meaning: '403: the key may not do this',
        nextStep: 'The key’s role is too low or it belongs to another tenant; a change needs an admin key.',
    },
    'not-found': {
        meaning: '404: the API knows no such cluster',
        nextStep: 'Check tenant and cluster: the API knows no such cluster.',
    },
    rejected: {
        meaning: 'The API refused the request, or made another value of it than was asked',
        nextStep: 'The server refused the request; its words say why. Correct the input and run again.',
    },
    conflict: {
        meaning: 'Someone else changed what was asked for, or the cluster kept moving; theirs was not overwritten',
        nextStep: 'A re-run is safe: it reads and plans anew.',
    },
    'plan-changed': {
        meaning: 'The plan is not the one given as `expected-plan`, and was not sent',
        nextStep: 'The cluster or the inputs changed since the plan was made. Look at the new plan and approve that.',
    },
    busy: {
        meaning: 'The cluster was busy with another change all the time, or at all where `on-busy` is `fail`',
        nextStep: 'Run again when the cluster is Running, or let the run wait for it (on-busy: wait, and a longer timeout).',
    },
    unavailable: {
        meaning: 'The API could not be reached, or gave no usable answer',
        nextStep: 'The API could not be reached or did not answer properly. A re-run is safe: it reads first, and resumes.',
    },
    degraded: {
        meaning: 'The cluster stayed `Degraded` for longer than `degraded-grace`; a change that was sent may go on once it heals',
        nextStep: 'A change that was sent may go on once the cluster heals. Look at its conditions, then run again.',
    },
    deleted: {
        meaning: 'The cluster is being deleted, is gone, or its name now belongs to a new one',
        nextStep: 'The cluster is being deleted or is gone.',
    },
    'rolled-back': {
        meaning: 'The platform or someone else went back to the old version',
        nextStep: 'The platform or someone else went back to the old version. Find out why before a re-run.',
    },
    superseded: {
        meaning: 'Someone else changed the same value after this run had',
        nextStep: 'Our change was sent before. Talk to whoever changed it. A re-run would send our values again.',
    },
    timeout: {
        meaning: '`timeout` was over before the change was proven; what was sent goes on',
        nextStep: 'The cluster is not touched again. A re-run resumes the wait.',
    },
    cancelled: {
        meaning: 'The run was cancelled; what was sent goes on',
        nextStep: 'The cluster is not touched again. A re-run resumes the wait.',
    },
    internal: {
        meaning: 'A fault of this action',
        nextStep: 'Please report it, with this log.',
    },
};

;// CONCATENATED MODULE: ./lib/src/run/failures.js



/** Thrown to end the run with this ending; caught only in `run()`. */
class RunEnded extends ActionError {
    ending;
    constructor(ending, cause) {
        super(ending.message, { cause });
        this.ending = ending;
    }
}
/** A red ending with the next step of its reason, unless it has a better one. */
function toFailed(reason, message, details = {}) {
    return { result: 'failed', reason, message, hint: FAILURE_REASONS[reason].nextStep, ...details };
}
const REPEATABLE_STATUSES = new Set([304, 408, 429, 500, 502, 503, 504]);
/** Whether a GET may be repeated; a 401 never may, since the server slows down whoever keeps failing to sign in. */
function isRepeatable({ facts }) {
    return facts.trouble !== 'status' || REPEATABLE_STATUSES.has(facts.status ?? 0);
}
/** Whether a PATCH may have landed although its answer says nothing of it: the answer is lost, and only a read can tell. */
function isAnswerLost({ facts }) {
    const { trouble, status = 0 } = facts;
    return trouble !== 'status' || status >= 500 || status === 408 || status === 304;
}
/** The ending that an exchange leads to which is not repeated, or no more. */
function apiErrorToEnding(error, moment) {
    const reason = failureReasonOf(error.facts, moment);
    return toFailed(reason, `${LEADS[reason] ?? ''}${error.message}`, {
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        ...failures_requestIdOf(error),
    });
}
/** The request id of an answer, for an ending; nothing where it had none. */
function failures_requestIdOf({ facts }) {
    return facts.requestId === undefined ? {} : { requestId: facts.requestId };
}
/** What an answer means, before the words it came in. */
const LEADS = {
    unauthorized: 'The API did not accept the key: ',
    forbidden: 'The key may not do this: ',
    'not-found': 'There is no such cluster: ',
    deleted: 'The cluster is gone: ',
};
function failureReasonOf({ trouble, status = 0, serverMessage = '' }, moment) {
    if (trouble !== 'status')
        return 'unavailable';
    if (status === 401)
        return 'unauthorized';
    // Any other text is how older servers refuse a change that is not allowed, which is no matter of roles.
    if (status === 403)
        return /^(access denied)?$/i.test(serverMessage.trim()) ? 'forbidden' : 'rejected';
    if (status === 404)
        return moment === 'read' ? 'deleted' : 'not-found';
    if (status === 409 || status === 412)
        return 'conflict';
    return REPEATABLE_STATUSES.has(status) || status >= 500 ? 'unavailable' : 'rejected';
}
/** The ending of a wait whose change was undone, or whose cluster stays unhealthy. */
function verdictToEnding({ reason, message }) {
    return toFailed(reason, message);
}
/** The ending that whatever was thrown stands for; `state` knows where the run was. */
function errorToEnding(error, state, elapsedMs) {
    if (error instanceof RunEnded)
        return withFate(error.ending, state);
    if (error instanceof CancelledError)
        return toCancelled(state);
    if (error instanceof DeadlineError)
        return toTimedOut(state, elapsedMs);
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return withFate(toFailed('internal', `A fault of this action: ${text}`), state);
}
/** Endings that say themselves what became of the change. */
const SAY_WHAT_BECAME = new Set(['superseded', 'rolled-back', 'degraded', 'deleted', 'timeout']);
/** Whoever reads of a failure must know whether the change is out. */
function withFate(ending, { attempt, stage }) {
    if (attempt === undefined || ending.reason === undefined || SAY_WHAT_BECAME.has(ending.reason))
        return ending;
    const fate = stage === 'waiting'
        ? 'The PATCH had been accepted, and the change goes on.'
        : 'A PATCH of this run may have landed.';
    return { ...ending, message: `${ending.message.replace(/\.$/, '')}. ${fate}` };
}
function toCancelled({ attempt, stage }) {
    const cancelled = { result: 'cancelled', reason: 'cancelled' };
    if (attempt === undefined) {
        const message = stage === 'waiting' ? 'Cancelled while waiting. Nothing was sent.' : 'Cancelled. Nothing was sent.';
        return { ...cancelled, message, hint: 'A re-run starts anew.' };
    }
    const message = stage === 'waiting'
        ? 'Cancelled. The change was sent and goes on.'
        : 'Cancelled. The change may have been sent, and then goes on.';
    return { ...cancelled, message, hint: FAILURE_REASONS.cancelled.nextStep };
}
function toTimedOut({ attempt, stage, missing, last }, elapsedMs) {
    if (stage === 'reading')
        return toFailed('unavailable', 'No read succeeded within the timeout');
    const after = `after ${toDurationText(elapsedMs)}, at phase ${last?.cluster.phase ?? 'unknown'}`;
    const timedOut = (reason, message) => ({
        ...toFailed(reason, message),
        result: 'timed-out',
    });
    if (stage === 'busy' && attempt === undefined) {
        const message = `Timed out ${after}: the cluster is still busy with another change. Nothing was sent.`;
        return timedOut('busy', message);
    }
    if (stage === 'waiting') {
        return timedOut('timeout', `Timed out ${after}: ${missing?.text ?? 'no read came'}. The change goes on.`);
    }
    const fate = attempt === undefined ? 'Nothing was changed.' : 'One may have landed.';
    return timedOut('timeout', `Timed out ${after}, before a PATCH was accepted. ${fate}`);
}

;// CONCATENATED MODULE: ./lib/src/proof/undone.js






/** Places one asked field of a read between what was sent and what the base showed. */
function fieldState(field, base, cluster) {
    if (field.isMetBy(cluster))
        return 'ours';
    if ((0,domain_change/* isSameIn */.Wm)(field, base, cluster))
        return 'base';
    if (!field.isCarriedBy(cluster))
        return 'unsaid';
    return field.isAcceptedBy(cluster) ? 'ours' : 'neither';
}
/** True when the read shows the field, and not as we sent it. */
function isAway(state) {
    return state === 'base' || state === 'neither';
}
/** Whether someone else, or the platform, took our change back (contract 3.5, superseded and rolled-back). */
function findUndone(change, history, observed, cluster) {
    if (history.oldVersionReads >= policy/* READS_TO_BELIEVE */.n$.undone) {
        const message = `the cluster left Running and came back on the old version ${cluster.kubernetesVersion}`;
        return { reason: 'rolled-back', message };
    }
    const undone = undoneFields(change, history, observed, cluster);
    const [first] = undone;
    if (first === undefined)
        return undefined;
    if (undone.length === 1 && first.kind === 'version' && fieldState(first, change.base, cluster) === 'base') {
        const message = `the desired version was set back to ${cluster.version}, the one before our ${first.wanted}`;
        return { reason: 'rolled-back', message };
    }
    return {
        reason: 'superseded',
        message: `someone else changed ${undone.map((field) => toOursAndTheirs(field, cluster)).join(', ')}`,
    };
}
function toOursAndTheirs(field, cluster) {
    const theirs = field.show(cluster);
    return theirs === undefined ? field.name : `${field.name} (ours ${field.wanted}, theirs ${theirs ?? 'absent'})`;
}
/**
 * A value that was never there before our PATCH is someone else's; the value from before it may be a late read, unless it
 * stands under a generation above ours. Without generations to tell, only a row of reads after one that showed ours does.
 */
function undoneFields(change, history, observed, cluster) {
    const state = (field) => fieldState(field, change.base, cluster);
    const shownAway = change.fields.filter((field) => history.shown.has(field.name) && isAway(state(field)));
    if (!doGenerationsTell(change, history, observed)) {
        return history.undoneReads >= policy/* READS_TO_BELIEVE */.n$.undone ? shownAway : [];
    }
    if (cluster.generation === undefined)
        return [];
    const isLater = history.ourGeneration !== undefined && cluster.generation > history.ourGeneration;
    if (change.attempt === undefined)
        return isLater ? shownAway : [];
    return change.fields.filter((field) => state(field) === 'neither' || (isLater && state(field) === 'base'));
}
function doGenerationsTell(change, { ourGeneration }, observed) {
    const before = change.attempt?.generationBefore;
    const hasMoved = ourGeneration === undefined || before === undefined || ourGeneration > before;
    return hasGenerations(observed) && hasMoved;
}
/** True when a cluster runs again, and runs the version from before an upgrade that was asked for. */
function isBackOnOldVersion(change, cluster) {
    const [asked, running] = [askedVersion(change), cluster.kubernetesVersion];
    if (asked === undefined || running === undefined || !isRunning(cluster))
        return false;
    return (0,domain_version/* isSameVersion */.p)(running, change.base.kubernetesVersion) && !(0,domain_version/* coversVersion */.xJ)(asked, running);
}

;// CONCATENATED MODULE: ./lib/src/run/read.js





/**
 * The gate for everything that shows a cluster, the PATCH's own answer included: takes it in, and ends the run with `deleted`
 * where the cluster is being deleted or the name was given to a new one.
 */
function passGate({ state, log, budget }, read) {
    const freshness = state.recordRead(read, budget.elapsedMs());
    log.read(read, freshness);
    const { name, createdAt, phase } = read.cluster;
    if (freshness === 'recreated') {
        throw new RunEnded(toFailed('deleted', `The name ${name} was given to a new cluster, created ${createdAt}`));
    }
    const isFresh = freshness === 'fresh';
    if (isFresh && phaseKind(phase) === 'terminating') {
        throw new RunEnded(toFailed('deleted', `The cluster is ${phase}`));
    }
    return { ...read, isFresh };
}
/** Whether the read just taken in can be planned from: it shows all of the spec that was ever shown, or the gap has lasted. */
function isPlannable({ state }) {
    return state.partialReads === 0 || state.partialReads >= policy/* READS_TO_BELIEVE */.n$.missingSpec;
}
/** The first read of a run; it gives up after five tries. */
async function readFirst(context) {
    try {
        const isEnough = ({ tries }) => tries >= policy/* READ_TROUBLE */.bf.firstReadTries;
        return passGate(context, await readPatiently(context, 'first-read', isEnough));
    }
    catch (error) {
        if (!(error instanceof DeadlineError) || !(error.cause instanceof ApiError))
            throw error;
        throw new RunEnded(apiErrorToEnding(error.cause, 'first-read'), error);
    }
}
/** Any later read; errors are tolerated for two minutes, not counting the time that the server asked for. */
async function readNext(context) {
    const isEnough = ({ failingMs }) => failingMs >= policy/* READ_TROUBLE */.bf.toleranceMs;
    return passGate(context, await readPatiently(context, 'read', isEnough));
}
async function readPatiently(context, moment, isEnough) {
    const { api, clock, log } = context;
    const sinceMs = clock.nowMs();
    let obeyedMs = 0;
    let isMissing = false;
    let cause;
    for (let tries = 1;; tries++) {
        try {
            return await api.getCluster(requestTimeoutMs(context, cause));
        }
        catch (error) {
            if (!(error instanceof ApiError))
                throw error;
            cause = error;
        }
        const isGone = moment === 'read' && cause.facts.status === 404;
        const isFinal = (isGone && isMissing) || !(isGone || isRepeatable(cause));
        isMissing = isGone;
        if (isFinal || isEnough({ tries, failingMs: clock.nowMs() - sinceMs - obeyedMs })) {
            throw new RunEnded(apiErrorToEnding(cause, moment), cause);
        }
        log.debug(`${cause.message}; reading again`);
        obeyedMs += await pauseAfter(context, cause, tries);
    }
}
function requestTimeoutMs({ budget }, cause) {
    if (cause !== undefined && budget.leftMs() === 0)
        throw new DeadlineError(cause);
    return budget.requestTimeoutMs();
}
/** Pauses after a failed exchange, and gives the milliseconds the server asked for, where that was longer than our own pause. */
async function pauseAfter(context, error, failures) {
    const { budget, clock, log } = context;
    const ownMs = retryDelayMs(failures, clock.random());
    const askedMs = error.facts.retryAfterMs ?? 0;
    if (askedMs > ownMs && askedMs >= budget.leftMs())
        throw toTooLong(context, error, askedMs);
    try {
        await budget.pause(Math.max(ownMs, askedMs), log);
    }
    catch (cause) {
        throw cause instanceof DeadlineError ? new DeadlineError(error) : cause;
    }
    return askedMs > ownMs ? askedMs : 0;
}
function toTooLong({ state }, error, askedMs) {
    const message = `${error.message}; the server asks to wait ${Math.ceil(askedMs / 1000)} s, which is longer than the timeout leaves`;
    if (state.attempt === undefined || state.stage !== 'waiting') {
        return new RunEnded(toFailed('unavailable', message, failures_requestIdOf(error)));
    }
    return new RunEnded({ ...toFailed('timeout', message, failures_requestIdOf(error)), result: 'timed-out' });
}

;// CONCATENATED MODULE: ./lib/src/run/patch.js







/** Sends PATCHes: at most five a run, each within the time window, and none twice without a read in between, save after a 429. */
class Patcher {
    context;
    count = 0;
    last;
    constructor(context) {
        this.context = context;
    }
    /** Sends a plan under the ETag of the read it was made from. Throws `RunEnded` where the answer ends the run. */
    async send(plan, live) {
        const { api, budget, state, log } = this.context;
        const ifMatch = this.lockFor(live);
        for (let refusals = 1;; refusals++) {
            this.failIfWindowClosed();
            this.failIfSpent();
            const timeoutMs = budget.requestTimeoutMs();
            this.count++;
            const takeBack = state.recordAttempt(plan, live);
            try {
                const answer = await api.patchCluster(plan.patch, ifMatch, timeoutMs);
                return this.note({ kind: 'accepted', answer });
            }
            catch (error) {
                if (!(error instanceof ApiError))
                    throw error;
                const isLost = isAnswerLost(error);
                if (!isLost || error.facts.isUnsent === true)
                    takeBack();
                if (isLost)
                    return this.note({ kind: 'lost', ifMatch, error });
                if (error.facts.status === 412)
                    return this.note({ kind: 'refused', ifMatch, error });
                if (error.facts.status !== 429)
                    throw new RunEnded(apiErrorToEnding(error, 'patch'), error);
                this.note({ kind: 'lost', ifMatch, error });
                this.failIfSpent();
                log.info('The server limits the rate of requests; the PATCH was not processed and is sent again');
                await pauseAfter(this.context, error, refusals);
            }
        }
    }
    /** Once the server has given an ETag, nothing is sent without one. */
    lockFor({ etag }) {
        const { task, state, log } = this.context;
        const ifMatch = task.ifMatch ?? etag;
        if (ifMatch !== undefined)
            return ifMatch;
        if (state.last?.etag !== undefined) {
            throw new RunEnded(toFailed('conflict', 'The server gives no ETag any more, and nothing is sent without one'));
        }
        log.warn('The server gives no ETag: the PATCH is sent without protection against a change by someone else');
        return undefined;
    }
    note(result) {
        this.last = result;
        return result;
    }
    /** A window may close while a busy cluster is waited for, or a server's pause obeyed. */
    failIfWindowClosed() {
        const { task, clock, state } = this.context;
        const { window } = task;
        if (window === undefined)
            return;
        const wallMs = clock.wallMs();
        if (isWithinWindow(window, wallMs))
            return;
        if (state.attempt === undefined)
            throw new RunEnded(toSkipped(window, wallMs));
        const message = `The answer to a PATCH was lost, and only-between ${window.text} has closed before it could be sent again`;
        throw new RunEnded(toFailed('unavailable', message));
    }
    failIfSpent() {
        if (this.count < policy/* MOST_PATCHES */.L6)
            return;
        const tried = `${policy/* MOST_PATCHES */.L6} PATCHes in ${toDurationText(this.context.budget.elapsedMs())}`;
        if (this.last?.kind === 'refused') {
            const message = `${tried} were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved`;
            throw new RunEnded(toFailed('conflict', message));
        }
        const error = this.last?.kind === 'lost' ? this.last.error : undefined;
        const { hint, requestId } = error === undefined ? {} : apiErrorToEnding(error, 'patch');
        const message = `${tried} had no usable answer; the last one: ${error?.message ?? 'none'}`;
        throw new RunEnded(toFailed('unavailable', message, {
            ...(hint === undefined ? {} : { hint }),
            ...(requestId === undefined ? {} : { requestId }),
        }));
    }
}
/** The ending of a run outside its time window. */
function toSkipped(window, wallMs) {
    const time = timeOfDay(wallMs, window.timezone);
    const message = `It is ${time} in ${window.timezone}, outside only-between ${window.text}. Nothing was sent.`;
    return { result: 'skipped', message };
}
/** The ending where the server made something else of a value than was asked: a limit, or a rounding. */
function findAltered({ fields }, base, shown) {
    const altered = fields.filter((field) => fieldState(field, base.cluster, shown.cluster) === 'neither');
    if (altered.length === 0)
        return undefined;
    const texts = altered.map((field) => {
        const made = field.show(shown.cluster);
        return made === undefined ? field.name : `${field.name} (asked ${field.wanted}, made ${made ?? 'absent'})`;
    });
    return toFailed('rejected', `The server accepted the PATCH but made something else of it: ${texts.join(', ')}`, {
        hint: 'A limit or a rounding of the platform. Ask for a value it can give.',
    });
}

;// CONCATENATED MODULE: ./lib/src/run/planning.js






/** The plan from one read, taken in and logged. */
function makePlan({ task, state, log }, { cluster, etag }) {
    const { tenant, desired, guardrails, ifMatch } = task;
    const isLocked = (ifMatch ?? etag) !== undefined;
    const plan = (0,domain_plan/* planChange */.AS)(cluster, desired, { tenant, isLocked, guardrails });
    if (state.recordPlan(plan))
        log.plan(plan);
    return plan;
}
/** Ends the run where a plan must not be sent. An empty plan writes nothing, so there is nothing to refuse: the dry run ends as the apply would. */
function failIfRefused({ task }, plan) {
    if (plan.edits.length === 0)
        return;
    if (plan.refusals.length > 0) {
        const message = `Not sent: ${plan.refusals.map((refusal) => refusal.reason).join('; ')}`;
        const inputs = [...new Set(plan.refusals.map(({ allow }) => (/^allow-/.test(allow) ? `${allow}: true` : allow)))];
        throw new RunEnded(toFailed('refused', message, { hint: `If you mean it, set ${inputs.join(', ')}.` }));
    }
    if (task.expectedPlan !== undefined && plan.digest !== task.expectedPlan) {
        const message = `Not sent: the plan is no longer the one expected (${plan.digest}, not ${task.expectedPlan})`;
        throw new RunEnded(toFailed('plan-changed', message));
    }
}
/** A change may be the cure of an unhealthy cluster, so it is only warned of. */
function warnIfDegraded({ log }, { cluster }) {
    if (phaseKind(cluster.phase) !== 'degraded')
        return;
    const reasons = cluster.conditions.length === 0 ? '' : `: ${cluster.conditions.join('; ')}`;
    log.warn(`The cluster is Degraded${reasons}`);
}
/** Waits while the cluster is busy with something else, and gives the read that shows it free: its ETag is the one to send. */
async function waitUntilFree(context, live) {
    const { task, fields, state, log, clock } = context;
    const isBusyOtherwise = ({ cluster }) => phaseKind(cluster.phase) === 'busy' && (0,domain_change/* unmetFields */.XN)(cluster, fields).length > 0;
    if (!isBusyOtherwise(live))
        return live;
    if (task.onBusy === 'fail') {
        const fate = state.attempt === undefined ? '. Nothing was sent' : '';
        throw new RunEnded(toFailed('busy', `The cluster is ${live.cluster.phase}, and on-busy is fail${fate}`));
    }
    enterStage(context, 'busy');
    log.info(`${live.cluster.phase} with another change: waiting until the cluster is free`);
    state.recordMissing({ kind: 'phase', text: 'busy with another change' });
    const sinceMs = clock.nowMs();
    for (;;) {
        await pauseForPoll(context, sinceMs);
        const read = await readNext(context);
        if (read.isFresh && !isBusyOtherwise(read) && isPlannable(context))
            return read;
    }
}

;// CONCATENATED MODULE: ./lib/src/run/reconcile.js






/** Only where a PATCH of ours may have landed can a desired minor be the server's short form of the patch version that we sent. */
function isTargetThere({ fields, state }, base, read) {
    if (state.attempt === undefined)
        return (0,domain_change/* unmetFields */.XN)(read.cluster, fields).length === 0;
    return fields.every((field) => fieldState(field, base.cluster, read.cluster) === 'ours');
}
/**
 * Reads until it is clear how things are after a 412. An ETag probably moves with every status write, so a 412 alone does not show that anyone changed anything.
 */
async function reconcileRefused(context, sent, base, conflicts) {
    const { task, state, log, budget, clock } = context;
    const isFinal = task.ifMatch !== undefined || task.onConflict === 'fail';
    if (isFinal && state.attempt === undefined)
        throw toConflict(MOVED, sent);
    if (sent.ifMatch !== undefined)
        state.recordRefusedEtag(sent.ifMatch);
    const sinceMs = clock.nowMs();
    for (let tries = conflicts;; tries++) {
        await budget.pause(conflictDelayMs(tries, clock.random()), log);
        const read = await readNext(context);
        const isNews = read.isFresh && isPlannable(context);
        if (isNews && isTargetThere(context, base, read))
            return { read, isThere: true };
        if (!isNews || isStillRefused(context, read)) {
            if (clock.nowMs() - sinceMs < policy/* STALE_ETAG_TOLERANCE_MS */.tv)
                continue;
            throw toConflict('The server keeps serving the very ETag that it refuses', sent);
        }
        failIfRivalled(context, sent, base, read);
        if (isFinal)
            throw toConflict(MOVED, sent);
        if (read.etag === undefined) {
            throw toConflict('After a 412 the server gave no ETag, and nothing is sent without one', sent);
        }
        log.info('The cluster moved, but nobody changed what was asked: planning anew');
        return { read, isThere: false };
    }
}
const MOVED = 'The cluster has moved since its ETag was read (412)';
/** An ETag that was refused once will be again, whichever replica still shows it. The caller's own need never have been read. */
function isStillRefused({ task, state }, { etag }) {
    return task.ifMatch === undefined && etag !== undefined && state.isRefusedEtag(etag);
}
/** Reads, after a PATCH whose answer was lost, whether it landed. */
async function reconcileLost(context, sent, base) {
    const { task, log, budget, clock } = context;
    log.info(`The PATCH’s answer was lost: ${sent.error.message}. Reading to see whether it landed`);
    await pauseAfter(context, sent.error, 1);
    for (let tries = 1;; tries++) {
        const read = await readNext(context);
        if (!read.isFresh || !isPlannable(context)) {
            await budget.pause(retryDelayMs(tries, clock.random()), log);
            continue;
        }
        if (isTargetThere(context, base, read))
            return { read, isThere: true };
        failIfRivalled(context, sent, base, read);
        if (read.etag === undefined && sent.ifMatch !== undefined && task.ifMatch === undefined) {
            throw toConflict('The server gives no ETag any more, and nothing is sent without one', sent);
        }
        return { read, isThere: false };
    }
}
/** Someone else changed what we were about to change: theirs is not overwritten. */
function failIfRivalled({ fields, state }, sent, base, read) {
    const isOnItsWay = (field) => state.attempt !== undefined && field.isAcceptedBy(read.cluster);
    const rivals = fields.filter((field) => !(0,domain_change/* isSameIn */.Wm)(field, base.cluster, read.cluster) && (field.isMetBy(read.cluster) || !isOnItsWay(field)));
    if (rivals.length === 0)
        return;
    const conflict = rivals.map((field) => ({
        field: field.name,
        whenRead: field.show(base.cluster),
        now: field.show(read.cluster),
        wanted: field.wanted,
    }));
    throw toConflict(`Someone else changed ${rivals.map((field) => field.name).join(', ')} meanwhile`, sent, conflict);
}
function toConflict(message, { error }, conflict = []) {
    return new RunEnded(toFailed('conflict', message, { conflict, ...failures_requestIdOf(error) }), error);
}

;// CONCATENATED MODULE: ./lib/src/proof/convergence.js







/** A wait's memory before its first read; `answer` is the PATCH's own answer, where it showed the cluster. */
function startHistory(change, answer) {
    const { attempt, base, fields } = change;
    const answered = attempt?.answeredGeneration;
    const isRaised = answered !== undefined && (attempt?.generationBefore === undefined || answered > attempt.generationBefore);
    return {
        ourGeneration: isRaised ? answered : undefined,
        shown: new Set(answer === undefined
            ? []
            : fields.filter((field) => fieldState(field, base, answer) === 'ours').map(({ name }) => name)),
        finished: undefined,
        undoneReads: 0,
        oldVersionReads: 0,
        phase: attempt === undefined ? undefined : (answer?.phase ?? base.phase),
        hasLeft: answer !== undefined && isLeaving(answer, base.phase),
        degradedSinceMs: undefined,
    };
}
/**
 * The proof of completion (contract 3.5): takes one fresh read and what was seen before it, and gives what it means together
 * with what to remember. A phase alone proves nothing, since a scale never leaves `Running` and the first read after a PATCH
 * may still show the old world.
 */
function decideProof(change, history, observed, read) {
    const next = updateHistory(change, history, observed, read);
    return { history: next, verdict: toVerdict(change, next, observed, read) };
}
function updateHistory(change, history, observed, { cluster, atMs }) {
    const states = change.fields.map((field) => ({ field, state: fieldState(field, change.base, cluster) }));
    const ours = states.filter(({ state }) => state === 'ours').map(({ field }) => field.name);
    const isAllOurs = ours.length > 0 && ours.length === states.length;
    const isUndone = states.some(({ field, state }) => history.shown.has(field.name) && isAway(state));
    const hasLeft = history.hasLeft || isLeaving(cluster, history.phase);
    const isFinished = findMissing(change, observed, cluster) === undefined;
    return {
        ourGeneration: history.ourGeneration ?? (isAllOurs ? cluster.generation : undefined),
        shown: new Set([...history.shown, ...ours]),
        finished: isFinished
            ? { count: (history.finished?.count ?? 0) + 1, sinceMs: history.finished?.sinceMs ?? atMs }
            : undefined,
        undoneReads: isUndone ? history.undoneReads + 1 : 0,
        oldVersionReads: countOldVersion(change, { ...history, hasLeft }, observed, cluster),
        phase: cluster.phase ?? history.phase,
        hasLeft,
        degradedSinceMs: degradedSince(cluster, history, atMs),
    };
}
function countOldVersion(change, { hasLeft, oldVersionReads }, observed, cluster) {
    if (findUnreported(change, observed, cluster) !== undefined)
        return oldVersionReads;
    return hasLeft && isBackOnOldVersion(change, cluster) ? oldVersionReads + 1 : 0;
}
/** A phase that the cluster was already in before the change is no sign of it. */
function isLeaving(cluster, phaseBefore) {
    return cluster.phase !== undefined && !isRunning(cluster) && cluster.phase !== phaseBefore;
}
function degradedSince({ phase }, { degradedSinceMs }, atMs) {
    const kind = phaseKind(phase);
    if (kind === 'absent')
        return degradedSinceMs;
    return kind === 'degraded' ? (degradedSinceMs ?? atMs) : undefined;
}
function toVerdict(change, history, observed, read) {
    const undone = findUndone(change, history, observed, read.cluster);
    if (undone !== undefined)
        return { kind: 'failed', ...undone };
    return findDegradation(change, history, read) ?? weighEvidence(change, history, observed, read);
}
function findDegradation(change, history, { cluster, atMs }) {
    if (phaseKind(cluster.phase) !== 'degraded' || history.degradedSinceMs === undefined)
        return undefined;
    if (atMs - history.degradedSinceMs < change.degradedGraceMs)
        return undefined;
    const text = cluster.conditions.length === 0 ? 'the server gives no reason' : cluster.conditions.join('; ');
    return { kind: 'failed', reason: 'degraded', message: `the cluster stayed Degraded: ${text}` };
}
/** What keeps one read from looking finished: settled, and with nothing left to plan. */
function findMissing(change, observed, cluster) {
    return findUnsettled(change, observed, cluster) ?? findUnmet(change, cluster);
}
function findUnmet(change, cluster) {
    const unmet = (0,domain_change/* unmetFields */.XN)(cluster, change.fields);
    if (unmet.length === 0)
        return undefined;
    return { kind: 'unmet', text: `${unmet.map(({ name }) => name).join(', ')} not yet as asked` };
}
function findUnsettled(change, observed, cluster) {
    const unreported = findUnreported(change, observed, cluster);
    if (unreported !== undefined)
        return { kind: 'unreported', text: `the last read did not say its ${unreported}` };
    if (!isRunning(cluster)) {
        return { kind: 'phase', text: cluster.phase === undefined ? 'no phase' : `phase is ${cluster.phase}` };
    }
    return findUnobserved(change, observed, cluster) ?? findNotRunning(change, cluster);
}
/** The first field that was reported once and that this read lacks; such a read proves nothing. */
function findUnreported({ fields }, { reported }, cluster) {
    const asksForAlerts = fields.some((field) => field.kind === 'alerts');
    const proving = REPORTED_FIELDS.filter((field) => field !== 'alerts' || asksForAlerts);
    return proving.find((field) => reported.has(field) && cluster[field] === undefined);
}
function findUnobserved(change, observed, cluster) {
    const { generation, observedGeneration } = cluster;
    if (!hasGenerations(observed) || generation === undefined || observedGeneration === undefined)
        return undefined;
    const wanted = Math.max(generation, change.attempt?.answeredGeneration ?? generation);
    if (observedGeneration >= wanted)
        return undefined;
    return { kind: 'unobserved', text: `generation ${wanted} is not observed yet (${observedGeneration})` };
}
function findNotRunning(change, cluster) {
    const running = cluster.kubernetesVersion;
    if (running === undefined)
        return undefined;
    const wanted = [cluster.version, askedVersion(change)].find((version) => version !== undefined && !(0,domain_version/* coversVersion */.xJ)(version, running));
    if (wanted === undefined)
        return undefined;
    return { kind: 'running-version', text: `kubernetesVersion is ${running}, not ${wanted}` };
}
/** Whether a read that looks finished is proof, alone or with the ones before it in a row. */
function weighEvidence(change, history, observed, { cluster, atMs }) {
    const missing = findMissing(change, observed, cluster);
    if (missing !== undefined)
        return { kind: 'pending', missing, looksFinished: false };
    const { kinds } = change;
    const { count, sinceMs } = history.finished ?? { count: 1, sinceMs: atMs };
    const isVersionReported = observed.reported.has('kubernetesVersion');
    if (kinds.has('version') && !isVersionReported && !history.hasLeft) {
        return looksFinished('not-left', 'the cluster was not seen leaving Running');
    }
    const isGenerationProof = canGenerationProve(change, observed, cluster);
    const needsTime = kinds.has('resources') || kinds.has('alerts');
    if (!isGenerationProof) {
        if (count < policy/* READS_TO_BELIEVE */.n$.change)
            return looksFinished('second-read', 'a second read that agrees');
        if (needsTime && atMs - sinceMs < change.settleTimeMs) {
            return looksFinished('settle-time', 'not settled for the whole settle-time');
        }
    }
    const isVersionProof = kinds.has('version') && isVersionReported;
    const evidence = [
        ...(isGenerationProof ? ['generation'] : []),
        ...(isVersionProof ? ['kubernetes-version'] : []),
        ...(!isGenerationProof && (needsTime || !isVersionProof) ? ['settled'] : []),
    ];
    return { kind: 'converged', evidence };
}
function looksFinished(kind, text) {
    return { kind: 'pending', missing: { kind, text }, looksFinished: true };
}
/** The generation proves a change only if it could have failed to: after a PATCH of this run it must have moved. */
function canGenerationProve({ attempt }, observed, { generation }) {
    if (!hasGenerations(observed) || generation === undefined)
        return false;
    if (attempt === undefined)
        return true;
    return attempt.generationBefore !== undefined && generation > attempt.generationBefore;
}

;// CONCATENATED MODULE: ./lib/src/proof/unrequested.js





/**
 * What our PATCH changed beyond what was asked: `after` is its answer, or a read under its generation. The documented API
 * changes only what is included, but whether it merges or replaces inside `resources` and `alerts` is not documented.
 */
function findUnrequested(before, after, desired) {
    return [
        ...unrequestedVersion(before, after, desired),
        ...unrequestedResources(before, after, desired),
        ...unrequestedAlerts(before, after, desired),
    ];
}
function unrequestedVersion(before, after, desired) {
    if (desired.version !== undefined || before.version === undefined)
        return [];
    if ((0,domain_version/* isSameVersion */.p)(before.version, after.version))
        return [];
    return [{ field: 'version', from: before.version, to: after.version ?? null }];
}
function unrequestedResources(before, after, desired) {
    return domain_resources/* RESOURCE_NAMES */.ux.flatMap((field) => {
        const [from, to] = [before.resources[field], after.resources[field]];
        if (desired[field] !== undefined || from === undefined || (0,quantity/* isSameQuantity */.IA)(from, to))
            return [];
        return [{ field, from, to: to ?? null }];
    });
}
function unrequestedAlerts(before, after, desired) {
    if (before.alerts === undefined)
        return [];
    return (0,domain_alerts/* leafPaths */.$0)(before.alerts)
        .filter((path) => !isAsked(desired.alerts, path))
        .filter((path) => !(0,domain_json/* isSameJson */.TL)((0,domain_json/* valueAt */.fK)(before.alerts, path), (0,domain_json/* valueAt */.fK)(after.alerts, path)))
        .map((path) => ({ field: ['alerts', ...path].join('.') }));
}
/** Whether a path lies on, under or above one that was asked for. */
function isAsked(asked, path) {
    return (0,domain_alerts/* leafPaths */.$0)(asked ?? {}).some((askedPath) => {
        const shorter = Math.min(askedPath.length, path.length);
        return askedPath.slice(0, shorter).every((key, index) => key === path[index]);
    });
}

;// CONCATENATED MODULE: ./lib/src/run/wait.js






/** What a wait is for: the change that a PATCH of this run made, or may have made, or else whatever is asked. */
function toAwaited({ task, fields, state }, live) {
    const { settleTimeMs, degradedGraceMs } = task;
    const { attempt } = state;
    return {
        fields,
        base: attempt?.base ?? live.cluster,
        kinds: attempt?.kinds ?? kindsOf(fields),
        ...(attempt === undefined ? {} : { attempt }),
        settleTimeMs,
        degradedGraceMs,
    };
}
/** Polls until the change is proven, and gives what proved it. Throws `RunEnded` where the change is lost, `DeadlineError` where time is up. */
async function waitForProof(context, change, { read, answer }) {
    const { state, clock } = context;
    enterStage(context, 'waiting');
    const sinceMs = clock.nowMs();
    let history = startHistory(change, answer);
    for (let next = read;; next = undefined) {
        if (next === undefined) {
            await pauseForPoll(context, sinceMs);
            const polled = await readNext(context);
            if (!polled.isFresh)
                continue;
            next = polled;
        }
        const { cluster } = next;
        const decided = decideProof(change, history, state.observed, { cluster, atMs: clock.nowMs() });
        history = decided.history;
        warnOfUnrequestedLater(context, change, history, cluster);
        const { verdict } = decided;
        if (verdict.kind === 'converged')
            return verdict.evidence;
        if (verdict.kind === 'failed')
            throw new RunEnded(verdictToEnding(verdict));
        state.recordMissing(verdict.missing);
    }
}
/** A read under the very generation of our PATCH shows what the PATCH did, and nothing that came later. */
function warnOfUnrequestedLater(context, change, { ourGeneration }, cluster) {
    const isOurs = cluster.generation !== undefined && cluster.generation === ourGeneration;
    if (change.attempt !== undefined && isOurs)
        warnOfUnrequested(context, change.base, cluster);
}
/** Warns of fields that a PATCH changed beyond what was asked. */
function warnOfUnrequested({ task, log }, base, after) {
    for (const { field, from, to } of findUnrequested(base, after, task.desired)) {
        const values = from === undefined ? '' : ` from ${from} to ${to ?? 'nothing'}`;
        log.warn(`${field} was not asked for, but the change moved it${values}`);
    }
}
/** `undefined` once it is certain that nothing is under way; otherwise the latest read. Where no generation tells, it takes two. */
async function findUnderWay(context, live) {
    const { state, clock } = context;
    const calm = { ...toAwaited(context, live), kinds: new Set() };
    const decide = (history, { cluster }) => decideProof(calm, history, state.observed, { cluster, atMs: clock.nowMs() });
    const first = decide(startHistory(calm), live);
    if (first.verdict.kind === 'converged')
        return undefined;
    if (first.verdict.kind !== 'pending' || !first.verdict.looksFinished)
        return live;
    await pauseForPoll(context, clock.nowMs());
    const again = await readNext(context);
    if (!again.isFresh)
        return live;
    return decide(first.history, again).verdict.kind === 'converged' ? undefined : again;
}

;// CONCATENATED MODULE: ./lib/src/run/run.js











/** One run over one cluster: read, plan, PATCH, wait for proof. It never throws: every path ends in an outcome. */
async function run(task, dependencies) {
    const context = createContext(task, dependencies);
    try {
        return toOutcome(context, await execute(context));
    }
    catch (error) {
        if (error instanceof Error && !(error instanceof ActionError))
            context.log.debug(error.stack ?? error.message);
        return toOutcome(context, errorToEnding(error, context.state, context.budget.elapsedMs()));
    }
}
/** Everything the run can tell, whatever its ending. */
function toOutcome({ state, log, budget }, ending) {
    const { first, last, plan, wouldChange, phases, attempt } = state;
    const durationMs = budget.elapsedMs();
    const requestId = ending.requestId ?? state.patchRequestId;
    return {
        ...ending,
        ...(requestId === undefined ? {} : { requestId }),
        changed: attempt !== undefined,
        ...(wouldChange === undefined ? {} : { wouldChange }),
        ...(plan === undefined ? {} : { plan }),
        ...(first === undefined ? {} : { first: first.cluster }),
        ...(last === undefined ? {} : { last: last.cluster }),
        ...(last?.etag === undefined ? {} : { etag: last.etag }),
        timeline: phases.map((span, index) => (index === phases.length - 1 ? { ...span, untilMs: durationMs } : span)),
        startWallMs: budget.startWallMs,
        warnings: log.warnings,
        durationMs,
    };
}
async function execute(context) {
    const { mode, window } = context.task;
    const wallMs = context.clock.wallMs();
    if (mode === 'apply' && window !== undefined && !isWithinWindow(window, wallMs))
        return toSkipped(window, wallMs);
    const first = await readFirst(context);
    if (mode === 'plan')
        return dryRun(context, first);
    if (mode === 'verify')
        return converge(context, first, { read: first });
    return apply(context, first);
}
function dryRun(context, live) {
    const plan = makePlan(context, live);
    warnIfDegraded(context, live);
    if (phaseKind(live.cluster.phase) === 'busy') {
        context.log.warn(`The cluster is ${live.cluster.phase}; an apply now would wait for it first`);
    }
    failIfRefused(context, plan);
    const message = plan.edits.length === 0 ? 'Nothing to change.' : 'A dry run: nothing was sent.';
    return { result: 'planned', message };
}
async function apply(context, first) {
    const patcher = new Patcher(context);
    let live = first;
    for (let conflicts = 0;;) {
        live = await waitUntilFree(context, live);
        enterStage(context, 'planning');
        const plan = makePlan(context, live);
        if (plan.edits.length === 0)
            return join(context, live, false);
        failIfRefused(context, plan);
        warnIfDegraded(context, live);
        const sent = await patcher.send(plan, live);
        if (sent.kind === 'accepted')
            return follow(context, sent, live);
        if (sent.kind === 'refused')
            conflicts++;
        const after = sent.kind === 'refused'
            ? await reconcileRefused(context, sent, live, conflicts)
            : await reconcileLost(context, sent, live);
        live = after.read;
        if (after.isThere)
            return join(context, live, true);
    }
}
/** Nothing differs: done, or on its way by another hand, or by ours in this run or an earlier one. */
async function join(context, live, isAdopted) {
    const { state, log } = context;
    if (state.attempt === undefined && !isAdopted) {
        const latest = await findUnderWay(context, live);
        if (latest === undefined)
            return { result: 'unchanged', message: 'The cluster already is as asked.' };
        log.info('The change is already on its way; nothing is sent');
        return context.task.wait ? converge(context, latest, { read: latest }) : ACCEPTED;
    }
    log.info(state.attempt === undefined ? 'Someone else made the same change' : 'The PATCH had landed');
    return context.task.wait ? converge(context, live, { read: live }) : ACCEPTED;
}
const ACCEPTED = {
    result: 'accepted',
    message: 'The change is accepted and goes on; this run does not wait for it.',
};
/** A PATCH was accepted: looks at its answer, then waits. */
async function follow(context, { answer }, base) {
    const { state, log, task, budget } = context;
    const { shown, requestId } = answer;
    enterStage(context, 'waiting');
    state.recordAccepted(requestId, shown?.cluster.generation);
    const next = task.wait ? `; waiting for proof, at most ${toDurationText(budget.leftMs())}` : '';
    log.info(`PATCH accepted${requestId === undefined ? '' : ` (request ${requestId})`}${next}`);
    const gated = shown === undefined ? undefined : passGate(context, shown);
    const fresh = gated?.isFresh === true ? gated : undefined;
    if (fresh !== undefined) {
        const altered = findAltered(context, base, fresh);
        if (altered !== undefined)
            return altered;
        warnOfUnrequested(context, base.cluster, fresh.cluster);
    }
    if (task.wait)
        return converge(context, base, { answer: fresh?.cluster });
    // An empty answer showed nothing, and the outputs are to say how the cluster stands.
    if (shown === undefined)
        await readNext(context);
    return ACCEPTED;
}
/** Waits until what is asked is proven: `live` is the read planned from, `begin` what the wait has already. */
async function converge(context, live, begin) {
    const evidence = await waitForProof(context, toAwaited(context, live), begin);
    return { result: 'converged', evidence, message: `Proven by ${evidence.join(', ')}.` };
}

;// CONCATENATED MODULE: ./lib/src/main.js













const VERSION = '1.0.0';
/** The wiring: secrets are masked first, signals cancel the run, and the exit status becomes 0 only once everything is said. */
async function main(env) {
    process.exitCode = 1;
    const secrets = secretsIn(env);
    maskSecrets(secrets);
    const redactKnown = createRedactor(secrets);
    const redact = (text) => redactKeyShapes(redactKnown(text));
    const cancellation = new AbortController();
    const cancel = () => cancellation.abort();
    process.on('SIGINT', cancel).on('SIGTERM', cancel);
    const log = createLogWriter(redact);
    const { tenant, cluster, jobSummary, comment, githubToken } = parseReportInputs(env);
    // Secrets go before anything is escaped or cut off, which could hide a secret from being found.
    const context = redactDeep({ tenant, cluster, ...linksOf(env) }, redact);
    const outcome = redactDeep(await runAction(env, redact, log, cancellation.signal), redact);
    const summary = redact(toSummary(outcome, context));
    if (publishReport({ outcome, context, summary, wantsSummary: jobSummary }, env, redact, log))
        process.exitCode = 0;
    if (comment && !cancellation.signal.aborted) {
        await publishComment({ context, summary, githubToken, cancelled: cancellation.signal }, env, log);
    }
}
async function runAction(env, redact, log, cancelled) {
    const startMs = performance.now();
    try {
        const inputs = await parseInputs(env);
        const { apiKey, tenant, cluster, api: address, mode } = inputs;
        log.info(`kupe-cluster-action ${VERSION}: ${mode} ${tenant}/${cluster} on ${address.host} (${sourceText(inputs)})`);
        for (const warning of inputs.warnings)
            log.warning(warning);
        const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: attempt } = env;
        const exchange = createExchange(toUserAgent(VERSION, { repository, runId, attempt }), cancelled);
        const alertTexts = (0,domain_alerts/* textsIn */.Ej)(inputs.desired.alerts);
        const api = createClusterApi({ apiUrl: address.root, apiKey, tenant, cluster, exchange, redact, alertTexts });
        return await run(inputs, { api, clock: createClock(cancelled), log });
    }
    catch (error) {
        return toFailedStart(error, performance.now() - startMs);
    }
}
/** What went wrong before there was a run to report of. */
function toFailedStart(error, durationMs) {
    const unstarted = {
        changed: false,
        timeline: [],
        startWallMs: Date.now() - durationMs,
        warnings: [],
        durationMs,
        result: 'failed',
    };
    if (error instanceof InputError) {
        const problems = error.problems.map(toProblemText);
        const hint = error.hint === undefined ? {} : { hint: error.hint };
        return { ...unstarted, reason: 'invalid-input', message: error.message, problems, ...hint };
    }
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ...unstarted, reason: 'internal', message: `A fault of this action: ${message}` };
}
function sourceText({ api }) {
    if (api.source === 'default')
        return 'the default';
    return api.source === 'api-url' ? 'from api-url' : `from ${api.source} in the environment`;
}
function linksOf(env) {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_SHA: sha } = env;
    const actor = env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR;
    const root = server && repository ? `${server}/${repository}` : undefined;
    const attempt = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : '';
    return {
        ...(root && run ? { runUrl: `${root}/actions/runs/${run}${attempt}` } : {}),
        ...(root && sha ? { commitUrl: `${root}/commit/${sha}` } : {}),
        ...(actor ? { actor } : {}),
    };
}


/***/ }),

/***/ 9230:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   IL: () => (/* binding */ MOST_SERVER_LINES),
/* harmony export */   L6: () => (/* binding */ MOST_PATCHES),
/* harmony export */   LW: () => (/* binding */ LARGEST_BYTES),
/* harmony export */   N3: () => (/* binding */ COMMENT_TIMEOUT_MS),
/* harmony export */   P9: () => (/* binding */ HEARTBEATS_MS),
/* harmony export */   W: () => (/* binding */ EXCHANGE),
/* harmony export */   bf: () => (/* binding */ READ_TROUBLE),
/* harmony export */   eE: () => (/* binding */ POLL),
/* harmony export */   n$: () => (/* binding */ READS_TO_BELIEVE),
/* harmony export */   nE: () => (/* binding */ STANDSTILL_SHARE),
/* harmony export */   p6: () => (/* binding */ RETRY),
/* harmony export */   tv: () => (/* binding */ STALE_ETAG_TOLERANCE_MS),
/* harmony export */   zP: () => (/* binding */ LONGEST)
/* harmony export */ });
/** Every limit, delay and read count that the contract names, once. Times are milliseconds; sizes are what their name says. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The pause between two polls: a share of the time waited so far, within bounds, give or take the jitter. */
const POLL = { shortestMs: 2 * SECOND, shareOfWait: 1 / 5, jitter: 0.1 };
/** The pause before a failed exchange is repeated, doubling from the first to the longest. */
const RETRY = { firstMs: 500, longestMs: 8 * SECOND };
/** One exchange with the API: how long it may take, and how much of an answer is read. */
const EXCHANGE = { longestMs: 30 * SECOND, largestBodyBytes: 10 * 1024 * 1024 };
/** How long failing reads are put up with: tries before the first success, and time after it. */
const READ_TROUBLE = { firstReadTries: 5, toleranceMs: 2 * MINUTE };
/** PATCHes that one run may send. */
const MOST_PATCHES = 5;
/** How long an API may keep serving the very ETag that it refuses, before that is called a conflict. */
const STALE_ETAG_TOLERANCE_MS = 2 * MINUTE;
/** Reads in a row that it takes to believe something that a single read cannot show. */
const READS_TO_BELIEVE = { change: 2, undone: 3, missingSpec: 5 };
/** How long nothing may be logged before a heartbeat is: the first, the second, and every later one. */
const HEARTBEATS_MS = [MINUTE, 2 * MINUTE, 5 * MINUTE];
/** The share of `timeout` that generation, phase and version may stand still before the log says so. */
const STANDSTILL_SHARE = 1 / 3;
/** How long everything that concerns the comment on a pull request may take. */
const COMMENT_TIMEOUT_MS = 10 * SECOND;
/** Where texts are cut off, in characters: the server's, and whole lines of the log. */
const LONGEST = {
    serverMessage: 1_000,
    serverLine: 500,
    requestId: 200,
    logLine: 4_000,
    scalar: 1_024,
    quantity: 64,
};
/** How many lines of conditions, and of warnings, are read from one answer. */
const MOST_SERVER_LINES = 10;
/** An output's and a comment's largest size, in bytes of UTF-8. */
const LARGEST_BYTES = { output: 64 * 1024, comment: 60_000 };


/***/ }),

/***/ 2011:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Iu: () => (/* binding */ toOutputs),
/* harmony export */   zP: () => (/* binding */ cutToBytes)
/* harmony export */ });
/* unused harmony exports OUTPUT_NAMES, toClusterJson */
/* harmony import */ var _domain_alerts_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(7084);
/* harmony import */ var _domain_json_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(7909);
/* harmony import */ var _domain_plan_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7364);
/* harmony import */ var _domain_resources_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5886);
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(9230);





/** The outputs of the action, in the order of `action.yml`. */
const OUTPUT_NAMES = [
    'result',
    'failure-reason',
    'changed',
    'would-change',
    'phase',
    'version',
    'kubernetes-version',
    ..._domain_resources_js__WEBPACK_IMPORTED_MODULE_1__/* .RESOURCE_NAMES */ .ux,
    'endpoint',
    'previous-version',
    'previous-kubernetes-version',
    ..._domain_resources_js__WEBPACK_IMPORTED_MODULE_1__/* .RESOURCE_NAMES */ .ux.map(toPreviousName),
    'etag',
    'generation',
    'evidence',
    'plan',
    'plan-digest',
    'cluster',
    'request-id',
    'duration-seconds',
    'summary-markdown',
];
/** Every output, on every path; what is not known is `''`, and the API's values stay in its own text. */
function toOutputs(outcome, summary) {
    const { first, last, plan } = outcome;
    return {
        result: outcome.result,
        'failure-reason': outcome.reason ?? '',
        changed: String(outcome.changed),
        'would-change': outcome.wouldChange === undefined ? '' : String(outcome.wouldChange),
        phase: last?.phase ?? '',
        version: last?.version ?? '',
        'kubernetes-version': last?.kubernetesVersion ?? '',
        ...toResourceOutputs(last, (name) => name),
        endpoint: last?.endpoint ?? '',
        'previous-version': first?.version ?? '',
        'previous-kubernetes-version': first?.kubernetesVersion ?? '',
        ...toResourceOutputs(first, toPreviousName),
        etag: outcome.etag ?? '',
        generation: last?.generation === undefined ? '' : String(last.generation),
        evidence: (outcome.evidence ?? []).join(','),
        plan: plan === undefined ? '' : (0,_domain_plan_js__WEBPACK_IMPORTED_MODULE_0__/* .toPlanJson */ .xu)(plan),
        'plan-digest': plan?.digest ?? '',
        cluster: last === undefined ? '' : toClusterJson(last),
        'request-id': outcome.requestId ?? '',
        'duration-seconds': String(Math.floor(outcome.durationMs / 1000)),
        'summary-markdown': cutToBytes(summary, _policy_js__WEBPACK_IMPORTED_MODULE_2__/* .LARGEST_BYTES */ .LW.output),
    };
}
function toPreviousName(name) {
    return `previous-${name}`;
}
/** One output for each resource, under the name that `toName` makes of it. */
function toResourceOutputs(cluster, toName) {
    const entries = _domain_resources_js__WEBPACK_IMPORTED_MODULE_1__/* .RESOURCE_NAMES */ .ux.map((name) => [toName(name), cluster?.resources[name] ?? '']);
    return Object.fromEntries(entries);
}
/** The object as it was read, without metrics and without what stands in `alerts`; above 64 KiB only its scalars. */
function toClusterJson({ json }) {
    const { alerts, status, ...rest } = json;
    const whole = JSON.stringify({
        ...rest,
        ...(alerts === undefined ? {} : { alerts: (0,_domain_json_js__WEBPACK_IMPORTED_MODULE_3__/* .isJsonObject */ .OW)(alerts) ? (0,_domain_alerts_js__WEBPACK_IMPORTED_MODULE_4__/* .withoutValues */ .lO)(alerts) : '***' }),
        ...(status === undefined ? {} : { status: withoutMetrics(status) }),
    });
    if (Buffer.byteLength(whole) <= _policy_js__WEBPACK_IMPORTED_MODULE_2__/* .LARGEST_BYTES */ .LW.output)
        return whole;
    const { resources } = json;
    return JSON.stringify({
        ...scalarsOf(rest),
        ...((0,_domain_json_js__WEBPACK_IMPORTED_MODULE_3__/* .isJsonObject */ .OW)(resources) ? { resources: scalarsOf(resources) } : {}),
        ...((0,_domain_json_js__WEBPACK_IMPORTED_MODULE_3__/* .isJsonObject */ .OW)(status) ? { status: scalarsOf(status) } : {}),
    });
}
function withoutMetrics(status) {
    if (!(0,_domain_json_js__WEBPACK_IMPORTED_MODULE_3__/* .isJsonObject */ .OW)(status))
        return status;
    const { metrics: _, ...rest } = status;
    return rest;
}
const MOST_SCALARS = 20;
function scalarsOf(value) {
    const isSmall = (item) => typeof item !== 'object' && String(item).length <= _policy_js__WEBPACK_IMPORTED_MODULE_2__/* .LONGEST */ .zP.scalar;
    const small = Object.entries(value).filter(([key, item]) => key.length <= _policy_js__WEBPACK_IMPORTED_MODULE_2__/* .LONGEST */ .zP.scalar && isSmall(item));
    return Object.fromEntries(small.slice(0, MOST_SCALARS));
}
/** Cuts a text to a number of bytes at the end of a line, so that no markup is left open in the middle of one. */
function cutToBytes(text, bytes) {
    if (Buffer.byteLength(text) <= bytes)
        return text;
    const note = '\n\n(cut off here)\n';
    const cut = Buffer.from(text)
        .subarray(0, bytes - Buffer.byteLength(note))
        .toString('utf8')
        .replace(/\uFFFD+$/, '');
    return cut.slice(0, Math.max(cut.lastIndexOf('\n'), 0)) + note;
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(5210);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
