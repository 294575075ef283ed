/******/ (() => { // webpackBootstrap
/******/ 	"use strict";
/******/ 	var __webpack_modules__ = ({

/***/ 7071:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $0: () => (/* binding */ leafPaths),
/* harmony export */   Ib: () => (/* binding */ standingAt),
/* harmony export */   OY: () => (/* binding */ isValueMet),
/* harmony export */   OZ: () => (/* binding */ settingAt),
/* harmony export */   aW: () => (/* binding */ secretTextsIn),
/* harmony export */   c0: () => (/* binding */ isTelling),
/* harmony export */   dC: () => (/* binding */ asksForAbsence),
/* harmony export */   lO: () => (/* binding */ withoutValues),
/* harmony export */   t8: () => (/* binding */ toAlertName),
/* harmony export */   zL: () => (/* binding */ alertLeaves)
/* harmony export */ });
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7846);

/** The paths of all values asked for: objects are walked key by key, an empty object, an array and a scalar are values. */
function leafPaths(asked) {
    return Object.keys(asked).flatMap((key) => {
        const value = asked[key];
        const isBranch = (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value) && Object.keys(value).length > 0;
        return isBranch ? leafPaths(value).map((path) => [key, ...path]) : [[key]];
    });
}
/** A key path for people: `alerts.a.b` for two keys, `alerts["a.b"]` for one that has a dot in it. */
function toAlertName(path) {
    return path.reduce((name, key) => name + (/^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`), 'alerts');
}
/** Whether `null` is asked for anywhere: that is met by absence, so a read must be able to show what is absent. */
function asksForAbsence(asked) {
    return asked !== undefined && leafPaths(asked).some((path) => (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .valueAt */ .fK)(asked, path) === null);
}
/** The live value at a path; `null` there is absence, as where it is asked for. */
function settingAt(alerts, path) {
    return (0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .valueAt */ .fK)(alerts, path) ?? undefined;
}
/** The live value at a path, or the one above it that leaves no room for one: `false` where `{enabled}` is looked for. */
function standingAt(alerts, path) {
    const lengths = path.map((_, index) => index + 1);
    const standing = lengths.map((length) => settingAt(alerts, path.slice(0, length)));
    return standing.find((value, index) => index === path.length - 1 || (value !== undefined && !(0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value)));
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
/** Walks through `alerts` without recursion, since the server decides how deep they are. */
function* alertLeaves(alerts) {
    const open = [alerts];
    while (open.length > 0) {
        const value = open.pop();
        if (typeof value === 'string')
            yield { kind: 'text', text: value };
        else if (typeof value === 'number')
            yield { kind: 'number', text: String(Math.abs(value)) };
        else if ((0,_json_js__WEBPACK_IMPORTED_MODULE_0__/* .isJsonObject */ .OW)(value)) {
            for (const [key, inner] of Object.entries(value)) {
                yield { kind: 'key', text: key };
                open.push(inner);
            }
        }
        else if (Array.isArray(value))
            for (const inner of value)
                open.push(inner);
    }
}
/**
 * What of one value inside `alerts` may be a secret, and is taken out of whatever the server says (contract 3.8): the value, its
 * lines, what a line gives after its key, and the tokens, numbers and parts of URLs in it. The same text may come more than once.
 */
function* secretTextsIn({ kind, text }) {
    if (kind === 'key')
        return;
    if (kind === 'number') {
        if (digitsIn(text) >= LEAST.digits)
            yield text;
        return;
    }
    for (const candidate of candidatesIn(text)) {
        const trimmed = candidate.trim();
        if (isTelling(trimmed))
            yield trimmed;
    }
    for (const [token] of text.matchAll(TOKEN))
        if (/\d/.test(token))
            yield token;
    for (const [number] of text.matchAll(NUMBER))
        yield number;
    for (const [, afterScheme = ''] of text.matchAll(URL_AFTER_SCHEME))
        yield* secretUrlPartsIn(afterScheme);
}
/** How many characters make a secret: of any text, of one with a digit or a mark, of a part of a URL, of a number. */
const LEAST = { letters: 12, mixed: 6, urlPart: 8, digits: 6 };
const TOKEN = /[\p{L}\p{N}_-]{16,}/gu;
const NUMBER = /(?<![\p{L}\p{N}_])\d{6,}(?![\p{L}\p{N}_])/gu;
const URL_AFTER_SCHEME = /:\/\/([^\s"'`<>]+)/g;
const KEY_ALONE = /^(?:- +)?["']?[\w./-]+["']?:$/;
/** Whether a text says enough to be a secret: a shorter word of letters stands in too many other places. */
function isTelling(text) {
    return text.length >= LEAST.letters || (text.length >= LEAST.mixed && /[^\p{L}\p{M}\s]/u.test(text));
}
function digitsIn(text) {
    return text.replace(/\D/g, '').length;
}
function* candidatesIn(value) {
    if (!KEY_ALONE.test(value.trim()))
        yield value;
    for (const line of value.split(/[\r\n\u2028\u2029]+/)) {
        const trimmed = line.trim();
        if (!KEY_ALONE.test(trimmed))
            yield trimmed;
        const [, after] = /^.*?(?:: |=)(.*)$/.exec(trimmed) ?? [];
        if (after !== undefined)
            yield withoutQuotes(after);
    }
}
/** `"x",` gives `x`: whoever repeats a value leaves out the marks around it. */
function withoutQuotes(text) {
    const bare = text.trim().replace(/[,;]$/, '').trimEnd();
    const [, , inner] = /^(["'`])(.*)\1$/.exec(bare) ?? [];
    return inner ?? bare;
}
/** The user info, each part of the path and each value of the query. Words of letters alone are kept, however they are written. */
function* secretUrlPartsIn(afterScheme) {
    const [, authority = '', path = '', rest = ''] = /^([^/?#]*)([^?#]*)(.*)$/.exec(afterScheme) ?? [];
    const userInfo = authority.slice(0, Math.max(0, authority.lastIndexOf('@')));
    for (const part of [userInfo, ...userInfo.split(':')])
        if (isTelling(part) || isSecretUrlPart(part))
            yield part;
    const values = rest.split(/[?#&;]/).map((pair) => pair.slice(pair.indexOf('=') + 1));
    for (const part of [...path.split('/'), ...values])
        if (isSecretUrlPart(part))
            yield part;
}
function isSecretUrlPart(part) {
    if (part.length < LEAST.urlPart)
        return false;
    return /\d/.test(part) || (/\p{Lu}/u.test(part) && /\p{Ll}/u.test(part) && isTelling(part));
}


/***/ }),

/***/ 5635:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ APPROVE_ANEW),
/* harmony export */   b: () => (/* binding */ PULL_REQUEST_PLANS)
/* harmony export */ });
/** What `expected-plan` is, where the plans that the merged pull request showed are expected. */
const PULL_REQUEST_PLANS = 'pull-request';
/** What helps where no approved plan can be had, however often this run is started again. */
const APPROVE_ANEW = 'Open a new pull request, whose comment shows the plan, and merge that; or, on purpose, start the change by hand: workflow_dispatch with expected-plan: none.';


/***/ }),

/***/ 8550:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   ok: () => (/* binding */ conflictDelayMs),
/* harmony export */   pP: () => (/* binding */ pollDelayMs),
/* harmony export */   qO: () => (/* binding */ retryDelayMs)
/* harmony export */ });
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3551);

/** Milliseconds to the next poll after `waitedMs` of waiting: a fifth of that, so that the lag stays a small part of the wait. `chance` is 0 to 1. */
function pollDelayMs(waitedMs, pollIntervalMs, chance) {
    const delayMs = Math.min(Math.max(_policy_js__WEBPACK_IMPORTED_MODULE_0__/* .POLL */ .eE.shortestMs, waitedMs * _policy_js__WEBPACK_IMPORTED_MODULE_0__/* .POLL */ .eE.shareOfWait), pollIntervalMs);
    return delayMs * (1 - _policy_js__WEBPACK_IMPORTED_MODULE_0__/* .POLL */ .eE.jitter + 2 * _policy_js__WEBPACK_IMPORTED_MODULE_0__/* .POLL */ .eE.jitter * chance);
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
    return Math.min(_policy_js__WEBPACK_IMPORTED_MODULE_0__/* .RETRY */ .p6.firstMs * 2 ** (count - 1), _policy_js__WEBPACK_IMPORTED_MODULE_0__/* .RETRY */ .p6.longestMs);
}


/***/ }),

/***/ 7356:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Cl: () => (/* binding */ phaseKind),
/* harmony export */   G5: () => (/* binding */ toConditionText),
/* harmony export */   W_: () => (/* binding */ isRunning),
/* harmony export */   Yr: () => (/* binding */ FIELD_NAMES),
/* harmony export */   bs: () => (/* binding */ PHASE_NAMES),
/* harmony export */   hg: () => (/* binding */ deniesHealth),
/* harmony export */   k$: () => (/* binding */ isAboutHealth),
/* harmony export */   nT: () => (/* binding */ byTelling)
/* harmony export */ });
/* harmony import */ var _resources_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2663);

/** One line: `Ready=False NodesNotReady: 2 of 5 nodes are not ready`. */
function toConditionText({ type, status, reason, message }) {
    const join = (texts, mark) => texts.filter((text) => text !== undefined && text !== '').join(mark);
    return join([join([type, status], '='), join([reason, message], ': ')], ' ');
}
/** Conditions of these types say whether a cluster can be used. */
const HEALTH_TYPES = ['Ready', 'Available', 'Healthy'];
/** Whether a condition is about the health of the whole cluster, whatever it says. */
function isAboutHealth({ type = '' }) {
    return HEALTH_TYPES.includes(type);
}
/** Whether a condition says that the cluster is not in order. */
function deniesHealth(condition) {
    return isAboutHealth(condition) && condition.status === 'False';
}
/** The most telling conditions first: those that are not met, and of these whatever is not ready, available or healthy. */
function byTelling(conditions) {
    const rankOf = ({ type = '', status }) => {
        if (status !== 'False' && status !== 'Unknown')
            return 2;
        return HEALTH_TYPES.some((name) => type.endsWith(name)) ? 0 : 1;
    };
    return [...conditions].sort((left, right) => rankOf(left) - rankOf(right));
}
/** The API's names for fields, of those long enough to be mixed up with a secret: a text from inside `alerts` may be one of them. */
const FIELD_NAMES = [
    'kubernetesVersion',
    'observedGeneration',
    'resourceVersion',
    'highAvailability',
    'lastTransitionTime',
    'haConfigured',
    'haReplicasReady',
    'haReplicasDesired',
    'haEtcdReplicasReady',
    'haEtcdReplicasDesired',
    ..._resources_js__WEBPACK_IMPORTED_MODULE_0__/* .RESOURCE_NAMES */ .ux.flatMap((name) => [`resources.${name}`, `spec.resources.${name}`]),
    'spec.version',
    'spec.highAvailability',
    'status.phase',
    'status.conditions',
    'status.endpoint',
];
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
/** The names of all known phases. */
const PHASE_NAMES = Object.keys(PHASES);
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


/***/ }),

/***/ 7846:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   OW: () => (/* binding */ isJsonObject),
/* harmony export */   TL: () => (/* binding */ isSameJson),
/* harmony export */   dj: () => (/* binding */ canonicalJson),
/* harmony export */   fE: () => (/* binding */ toText),
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
/** A text as it is, anything else in one spelling of its JSON. */
function toText(value) {
    return typeof value === 'string' ? value : canonicalJson(value);
}
function isArray(value) {
    return Array.isArray(value);
}


/***/ }),

/***/ 2545:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Be: () => (/* binding */ problemOfCpu),
/* harmony export */   IA: () => (/* binding */ isSameQuantity),
/* harmony export */   Lf: () => (/* binding */ parseQuantity),
/* harmony export */   OA: () => (/* binding */ problemOfBytes),
/* harmony export */   aK: () => (/* binding */ canonicalQuantity)
/* harmony export */ });
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3551);

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
        return 'is not a CPU quantity';
    const quantity = parseQuantity(text);
    if (quantity === undefined)
        return 'is too long for a CPU quantity';
    if (quantity === 0n)
        return 'must be above zero';
    return quantity % NANOS_PER_MILLI === 0n ? undefined : 'is finer than 1m, a thousandth of a CPU';
}
/** What is wrong with a requested `memory` or `storage`, or `undefined`. The API refuses bare numbers as ambiguous. */
function problemOfBytes(text) {
    if (/^\d+(?:\.\d+)?$/.test(text))
        return 'has no unit';
    if (!REQUESTED_BYTES.test(text))
        return 'is not a quantity of bytes';
    const quantity = parseQuantity(text);
    if (quantity === undefined)
        return 'is too long for a quantity of bytes';
    return quantity === 0n ? 'must be above zero' : undefined;
}


/***/ }),

/***/ 2663:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   NC: () => (/* binding */ isResource),
/* harmony export */   eZ: () => (/* binding */ RESOURCES),
/* harmony export */   sO: () => (/* binding */ mapResources),
/* harmony export */   ux: () => (/* binding */ RESOURCE_NAMES)
/* harmony export */ });
/* harmony import */ var _quantity_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(2545);

/** The quantities a cluster is given, in the order of every list and table. Each is an input, two bounds and two outputs. */
const RESOURCES = {
    cpu: {
        unit: 'cpus',
        problemOf: _quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .problemOfCpu */ .Be,
        example: '"8", "1.5" or "500m"',
        boundExample: '"4"',
        billed: { unit: 'vCPU', size: '1' },
    },
    memory: {
        unit: 'bytes',
        problemOf: _quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .problemOfBytes */ .OA,
        example: '32Gi',
        boundExample: '16Gi',
        billed: { unit: 'GiB', size: '1Gi' },
    },
    storage: {
        unit: 'bytes',
        problemOf: _quantity_js__WEBPACK_IMPORTED_MODULE_0__/* .problemOfBytes */ .OA,
        example: '200Gi',
        boundExample: '100Gi',
        billed: { unit: 'GiB', size: '1Gi' },
    },
};
const RESOURCE_NAMES = Object.keys(RESOURCES);
/** Whether a field, by its input's name, is a resource. */
function isResource(field) {
    return Object.hasOwn(RESOURCES, field);
}
/** An object made of what each resource gives; a resource that gives `undefined` stays absent. */
function mapResources(toValue) {
    const entries = RESOURCE_NAMES.map((name) => [name, toValue(name)]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}


/***/ }),

/***/ 5770:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Q7: () => (/* binding */ toProblemText),
/* harmony export */   bD: () => (/* binding */ messageOf),
/* harmony export */   cc: () => (/* binding */ CancelledError),
/* harmony export */   dz: () => (/* binding */ InputError),
/* harmony export */   hD: () => (/* binding */ ApiError),
/* harmony export */   j3: () => (/* binding */ DeadlineError),
/* harmony export */   lZ: () => (/* binding */ ActionError),
/* harmony export */   vY: () => (/* binding */ toListText)
/* harmony export */ });
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3551);

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
    /** What is no fault, but may explain one: an input that does nothing may be the one that is missing. */
    warnings;
    constructor(problems, warnings = []) {
        super(toProblemsText(problems), { hint: 'Correct the inputs of this step. No request was sent.' });
        this.problems = problems;
        this.warnings = warnings;
    }
}
function toProblemsText(problems) {
    const texts = problems.map(toProblemText);
    return texts.length === 1 ? (texts[0] ?? '') : texts.map((text, index) => `(${index + 1}) ${text}`).join('; ');
}
/** One fault in words; shared by the one-line error and the summary's list. */
function toProblemText({ input, value, reason, repaired = [], example }) {
    const fault = `${value === undefined ? input : `${input} ${toShownValue(value)}`} ${reason}`;
    if (repaired.length > 0)
        return `${fault}: did you mean ${toListText(repaired, 'or')}?`;
    return example === undefined ? fault : `${fault} (example: ${example})`;
}
/** A list in a sentence: `a`, `a or b`, `a, b or c`. */
function toListText(texts, word) {
    return [texts.slice(0, -1).join(', '), ...texts.slice(-1)].filter((text) => text !== '').join(` ${word} `);
}
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
/** A value in quotes, with what cannot be seen as an escape. A long one is not cut, since half a secret might stay. */
function toShownValue(value) {
    if (value.length > _policy_js__WEBPACK_IMPORTED_MODULE_0__/* .LONGEST */ .zP.inputValue)
        return `(${value.length} characters)`;
    return JSON.stringify(value).replace(UNSEEN, toEscape);
}
function toEscape(character) {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
/** An exchange with the API that gave no cluster. */
class ApiError extends ActionError {
    facts;
    constructor(message, facts, options = {}) {
        super(message, options);
        this.facts = facts;
    }
}
/** The message of whatever was thrown. */
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
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


/***/ }),

/***/ 3551:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A$: () => (/* binding */ FIRST_READ_TRIES),
/* harmony export */   LW: () => (/* binding */ LARGEST_BYTES),
/* harmony export */   P9: () => (/* binding */ HEARTBEATS_MS),
/* harmony export */   PF: () => (/* binding */ LONGEST_OBEYED_MS),
/* harmony export */   Ps: () => (/* binding */ WAITING_DEFAULTS),
/* harmony export */   QQ: () => (/* binding */ ALLOWANCES),
/* harmony export */   RX: () => (/* binding */ CHART),
/* harmony export */   S8: () => (/* binding */ DEEPEST_JSON),
/* harmony export */   TL: () => (/* binding */ DEEPEST_ALERTS),
/* harmony export */   U0: () => (/* binding */ GITHUB),
/* harmony export */   W: () => (/* binding */ EXCHANGE),
/* harmony export */   Y3: () => (/* binding */ HOURLY_RATES),
/* harmony export */   Yj: () => (/* binding */ MOST_REFUSED_PATCHES),
/* harmony export */   _B: () => (/* binding */ MOST),
/* harmony export */   eE: () => (/* binding */ POLL),
/* harmony export */   eQ: () => (/* binding */ FREEZE_DATES),
/* harmony export */   mP: () => (/* binding */ MOST_NAMES_IN_WARNING),
/* harmony export */   n$: () => (/* binding */ READS_TO_BELIEVE),
/* harmony export */   nE: () => (/* binding */ STANDSTILL_SHARE),
/* harmony export */   oF: () => (/* binding */ COST),
/* harmony export */   p6: () => (/* binding */ RETRY),
/* harmony export */   xh: () => (/* binding */ allowedMs),
/* harmony export */   zP: () => (/* binding */ LONGEST)
/* harmony export */ });
/** Every limit, delay and read count that the contract names, once. Times are milliseconds; sizes are what their name says. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The pause between two polls: a share of the time waited so far, within bounds, give or take the jitter. */
const POLL = { shortestMs: 2 * SECOND, shareOfWait: 1 / 5, jitter: 0.1 };
/** The pause before a failed exchange is repeated, doubling from the first to the longest. */
const RETRY = { firstMs: 500, longestMs: 15 * SECOND };
/**
 * One exchange with the API: how long it may take, how long its connection is kept for the next read, and how much of an
 * answer's body is read, decompressed, by its kind.
 */
const EXCHANGE = {
    longestMs: 30 * SECOND,
    keptIdleMs: 15 * SECOND,
    largestBodyBytes: 10 * 1024 * 1024,
    largestErrorBytes: 64 * 1024,
    mostContentCodings: 2,
};
/** How deep JSON of an answer may be nested, so that everything that walks it may do so by recursion. */
const DEEPEST_JSON = 200;
/** Milliseconds of an allowance within this run's `timeout`. */
function allowedMs({ ms, shareOfTimeout }, timeoutMs) {
    return Math.min(ms, timeoutMs * shareOfTimeout);
}
/** How long something that may pass is put up with (contract 3.4 to 3.6). */
const ALLOWANCES = {
    /** Failing reads before any read has passed the gate; after that only the deadline counts. */
    firstRead: { ms: 2 * MINUTE, shareOfTimeout: 1 / 2 },
    /** The API's own 403 and 404 after a read has passed the gate. */
    ownRefusal: { ms: 30 * SECOND, shareOfTimeout: 1 / 4 },
    /** An API that keeps serving the very ETag that it refuses. */
    refusedEtag: { ms: 2 * MINUTE, shareOfTimeout: 1 / 2 },
    /** PATCHes whose answers are lost; time in which no read came is not counted. */
    lostAnswers: { ms: 2 * MINUTE, shareOfTimeout: 1 },
    /** PATCHes answered 409. */
    busyAnswers: { ms: Number.POSITIVE_INFINITY, shareOfTimeout: 1 / 2 },
    /** Watching for our target where a PATCH may have landed and none may be sent any more. */
    watch: { ms: 2 * MINUTE, shareOfTimeout: 1 / 4 },
    /** Reads that do not say whether a cluster that was busy is free. */
    unclearPhase: { ms: MINUTE, shareOfTimeout: 1 / 4 },
    /** Where only the deadline counts. */
    deadline: { ms: Number.POSITIVE_INFINITY, shareOfTimeout: 1 },
    /** The time that reads must span to believe that a change was undone, where one read cannot show it. */
    undone: { ms: 2 * MINUTE, shareOfTimeout: 1 / 4 },
    /** What must be left of the run for a PATCH to be sent and awaited. */
    leastForPatch: { ms: 30 * SECOND, shareOfTimeout: 1 / 10 },
    /** Asking for the pull request of a merge again: GitHub links the two late. */
    lateLink: { ms: MINUTE, shareOfTimeout: 1 / 4 },
    /** How long before the deadline the last look is taken. */
    lastLook: { ms: 2 * SECOND, shareOfTimeout: 1 / 10 },
};
/** Tries before the first success where a name is not found or a certificate not trusted; and the fewest in any other trouble. */
const FIRST_READ_TRIES = { most: 5, fewest: 2 };
/** The longest `Retry-After` that is obeyed in one go, save after a 429. */
const LONGEST_OBEYED_MS = MINUTE;
/** PATCHes refused by a 412 that one run may send. */
const MOST_REFUSED_PATCHES = 5;
/** Reads in a row that it takes to believe something that a single read cannot show. */
const READS_TO_BELIEVE = { change: 2, undone: 3, vanished: 3, unclearPhase: 3 };
/** How long nothing may be logged before a heartbeat is: the first, the second, and every later one. */
const HEARTBEATS_MS = [MINUTE, 2 * MINUTE, 5 * MINUTE];
/** The share of `timeout` that generation, phase and version may stand still, while not `Running`, before the log says so. */
const STANDSTILL_SHARE = 2 / 3;
/** Calls to GitHub: how long one may take, and all of a comment or of one look for approved plans; how often one is repeated. */
const GITHUB = { longestCallMs: 10 * SECOND, longestMs: MINUTE, repeats: 2 };
/** Where texts are cut off, in characters: what the server says, what is shown of it, and whole lines of the log. */
const LONGEST = {
    /** A longer value of an input is not shown. */
    inputValue: 200,
    serverMessage: 1_000,
    serverLine: 500,
    /** A condition's type and reason, an error's code and field. */
    name: 200,
    requestId: 200,
    serverWord: 100,
    redirect: 300,
    logLine: 4_000,
    /** All lines of the one error: a runner drops what an annotation has beyond 4,096. */
    error: 3_500,
    /** The changes in a title; with names and words it stays below the 200 characters of a heading. */
    changes: 90,
    /** A value in an output of its own. */
    scalar: 1_024,
    quantity: 64,
    title: 200,
    /** A tenant's name has at most 64 characters, a cluster's 63. */
    nameInTitle: 64,
    cell: 200,
    /** A line of a list: a condition or a warning. */
    bullet: 1_000,
    /** The lead of a summary: its message, and each fault of the inputs. */
    lead: 2_000,
    problem: 500,
    comment: 65_536,
    /** The hidden first line of a comment, with its end. */
    commentMarker: 200,
    githubMessage: 300,
    /** The output `message`, which fits into a chat. */
    message: 1_000,
};
/** How many of a kind are taken in, or shown before only their number is. */
const MOST = {
    conditions: 10,
    /** Kinds of the server's warnings: that one answer may bring, that a run shows, and that it counts. */
    warningsInAnswer: 100,
    serverWarnings: 5,
    kindsCounted: 1_000,
    alertEdits: 10,
    conflictRows: 10,
    problems: 20,
    phasesFirst: 5,
    phasesLast: 15,
    phasesLogged: 20,
    /** Texts from inside `alerts` to take out, and the characters of all of them: with more, no words of the server are shown. */
    alertTexts: 2_000,
    alertCharacters: 1_000_000,
    /** Forms of a text without some of its escapes that are searched for secrets: JSON in a URL in JSON takes seven. */
    unescapedForms: 12,
};
/** The largest outputs, and the largest summary: GitHub drops one above 1 MiB as a whole. In bytes of UTF-8. */
const LARGEST_BYTES = { output: 64 * 1024, summary: 512 * 1024 };
/** The chart of phases: none below so many milliseconds; nobody reads more bars, and one of GitHub's has at most 50,000 characters. */
const CHART = { shortestMs: 10 * SECOND, mostBars: 40, longestName: 30 };
/** How many days or ranges `freeze-dates` may have, and how many of its faults are told one by one. */
const FREEZE_DATES = { mostEntries: 100, mostFaults: 5 };
/** Money and what is billed, to the millionth; a month, of which a year has twelve, is as many hours as people count with. */
const COST = { decimals: 6, hoursOfMonth: 730 };
/** How many entries `hourly-rates` may have, far more than it knows, and digits of a price before its point. */
const HOURLY_RATES = { mostEntries: 20, mostDigits: 9 };
/** How deeply `alerts` may be nested: far more than anyone writes, and little enough to walk. */
const DEEPEST_ALERTS = 100;
/** The longest pause between two polls and the settle time, unless given: no more than a share of `timeout`. */
const WAITING_DEFAULTS = {
    pollInterval: { ms: 12 * SECOND, shareOfTimeout: 1 / 2 },
    settleTime: { ms: 30 * SECOND, shareOfTimeout: 1 / 4 },
};
/** How many names of one kind a warning lists before it only counts them. */
const MOST_NAMES_IN_WARNING = 10;


/***/ }),

/***/ 1675:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  dq: () => (/* binding */ createAlertRedactor),
  lY: () => (/* binding */ createRedactor),
  qG: () => (/* binding */ cutOff),
  KL: () => (/* binding */ redactDeep),
  o2: () => (/* binding */ redactLong),
  fF: () => (/* binding */ toHarmlessLine),
  Xm: () => (/* binding */ toShownLine)
});

// EXTERNAL MODULE: ./lib/src/domain/cluster.js
var cluster = __nccwpck_require__(7356);
// EXTERNAL MODULE: ./lib/src/policy.js
var policy = __nccwpck_require__(3551);
// EXTERNAL MODULE: ./lib/src/domain/alerts.js
var domain_alerts = __nccwpck_require__(7071);
// EXTERNAL MODULE: external "node:buffer"
var external_node_buffer_ = __nccwpck_require__(4573);
;// CONCATENATED MODULE: ./lib/src/redaction/escapes.js


/** Those of URLs, of JSON and programs, and of HTML. */
const ESCAPINGS = [
    { introducer: '%', pattern: /(?:%[0-9A-Fa-f]{2})+/g },
    {
        introducer: '\\',
        pattern: /\\u\{[0-9A-Fa-f]{1,6}\}|\\[uU][0-9A-Fa-f]{4}|\\[xX][0-9A-Fa-f]{2}|\\["'`\\/bfnrt]/g,
    },
    { introducer: '&', pattern: /&#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});|&(?:amp|lt|gt|quot|apos);/g },
];
/** True where a text can hold no escape at all. */
function isFreeOfEscapes(text) {
    return ESCAPINGS.every(({ introducer }) => !text.includes(introducer));
}
/**
 * The text as it is, then as it is after any row of unescapings, the shortest rows first: JSON in a URL in JSON takes three. One
 * at a time, since a text that was escaped for JSON alone may hold what looks like an escape for a URL. Each of them is followed by
 * itself without what nobody sees, where there is any: it may stand inside a secret.
 */
function* unescapedLevels(text) {
    const seen = new Set([text]);
    const levels = [{ text, startOf: (index) => index, endOf: (index) => index }];
    // The list grows while it is walked through.
    for (const level of levels) {
        yield level;
        if (!PRINTABLE.test(level.text))
            yield* withoutUnseen(level);
        for (const escaping of ESCAPINGS) {
            if (levels.length === policy/* MOST */._B.unescapedForms || !level.text.includes(escaping.introducer))
                continue;
            const next = undo(level, escaping);
            if (!seen.has(next.text))
                levels.push(next);
            seen.add(next.text);
        }
    }
}
/** The text in every form that {@link unescapedLevels} gives it, the text itself first. */
function unescapedForms(text) {
    return Array.from(unescapedLevels(text), (level) => level.text);
}
function undo({ text, startOf }, { pattern }) {
    const parts = [];
    const starts = [];
    const take = (part, at, step) => {
        parts.push(part);
        for (let index = 0; index < part.length; index++)
            starts.push(startOf(at + index * step));
    };
    let done = 0;
    for (const match of text.matchAll(pattern)) {
        const [escaped] = match;
        take(text.slice(done, match.index), done, 1);
        if (escaped.startsWith('%')) {
            for (const { character, at } of percentCharacters(escaped))
                take(character, match.index + at, 0);
        }
        else
            take(toCharacter(escaped), match.index, 0);
        done = match.index + escaped.length;
    }
    take(text.slice(done), done, 1);
    starts.push(startOf(text.length));
    const at = (index) => starts[index] ?? 0;
    return { text: parts.join(''), startOf: at, endOf: at };
}
const PRINTABLE = /^[ -~]*$/;
/** A level without line breaks, with the indent after them, without control and zero-width characters; nothing where it has none. */
function* withoutUnseen({ text, startOf, endOf }) {
    const unseen = unseenPattern(text);
    const places = [];
    let done = 0;
    for (const { 0: match, index } of text.matchAll(unseen)) {
        for (; done < index; done++)
            places.push(done);
        done += match.length;
    }
    if (done === 0 && places.length === 0)
        return;
    for (; done < text.length; done++)
        places.push(done);
    places.push(text.length);
    yield {
        text: text.replace(unseen, ''),
        isJoined: true,
        startOf: (index) => startOf(places[index] ?? 0),
        endOf: (index) => endOf(index === 0 ? 0 : (places[index - 1] ?? 0) + 1),
    };
}
/** With the codes that colour a terminal. The classes of Unicode are slow to compile, and hardly any text needs them. */
function unseenPattern(text) {
    // biome-ignore-start lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
    return /^[\0-\x7f]*$/.test(text)
        ? /(?:[\r\n]\s*|\x1b\[[\d;]*m|[\0-\x1f\x7f])+/g
        : /(?:[\r\n\u2028\u2029]\s*|\x1b\[[\d;]*m|[\p{Default_Ignorable_Code_Point}\p{Cc}])+/gu;
    // biome-ignore-end lint/suspicious/noControlCharactersInRegex: see above
}
const LETTERS = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** What one backslash or HTML escape stands for; a number beyond Unicode stands for itself. */
function toCharacter(escaped) {
    const name = escaped.slice(1).replace(/;$/, '');
    if (escaped.startsWith('&') && !name.startsWith('#'))
        return ENTITIES[name] ?? escaped;
    const [, hex] = /^(?:[uxUX]|#[xX])\{?([0-9A-Fa-f]+)\}?$/.exec(name) ?? [];
    const [, decimal] = /^#(\d+)$/.exec(name) ?? [];
    if (hex === undefined && decimal === undefined)
        return LETTERS[name] ?? name;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0x10ffff ? escaped : String.fromCodePoint(code);
}
/** The characters of a row of percent escapes, which are bytes of UTF-8; a byte that is none of that stands for itself. */
function* percentCharacters(escapes) {
    const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
    for (let index = 0; index < bytes.length;) {
        const size = utf8Size(bytes[index] ?? 0);
        const own = bytes.subarray(index, index + size);
        const isWhole = (0,external_node_buffer_.isUtf8)(own);
        yield { character: isWhole ? own.toString() : String.fromCharCode(bytes[index] ?? 0), at: index * 3 };
        index += isWhole ? size : 1;
    }
}
function utf8Size(lead) {
    if (lead < 0xc0)
        return 1;
    if (lead < 0xe0)
        return 2;
    return lead < 0xf0 ? 3 : 4;
}

;// CONCATENATED MODULE: ./lib/src/redaction/spans.js

/** What stands for everything that was taken out. */
const REDACTED = '***';
/** Every place where one text stands in another, overlapping ones too. */
function* placesOf(wanted, text) {
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
        yield { from: at, to: at + wanted.length };
    }
}
/** The text with `***` for whatever these find on any level of its escapes. */
function withoutFound(text, finders) {
    const found = [];
    for (const level of unescapedLevels(text)) {
        for (const finder of finders) {
            for (const { from, to } of finder(level))
                found.push({ from: level.startOf(from), to: level.endOf(to) });
        }
    }
    if (found.length === 0)
        return text;
    found.sort((left, right) => left.from - right.from);
    const parts = [];
    let end = -1;
    for (const { from, to } of found) {
        // One that begins where the last one ended, or before, goes into the same ***.
        if (from > end)
            parts.push(text.slice(Math.max(end, 0), from), REDACTED);
        end = Math.max(end, to);
    }
    return parts.join('') + text.slice(end);
}

;// CONCATENATED MODULE: ./lib/src/redaction/alert-texts.js




/** Long texts are searched for in chunks of this length, so that a part of one is found, too, and no search takes long. */
const CHUNK = 32;
/** Shorter texts are taken out only where they are whole words, as they may be part of longer ones. */
const SHORTEST_PART = 12;
/** What every text to take out begins with, at the least. */
const PREFIX = 6;
const WORD_CHARACTER = /[\p{L}\p{N}_]/u;
/**
 * The texts from inside `alerts`. They are never made into one expression, which would overflow and put them all into its error;
 * instead, each place of a text is looked up by its first characters, so that it takes one walk however many there are.
 */
class AlertTexts {
    /** Values that gave texts before: a poll brings the same ones again and again. */
    values = new Set();
    known = new Set();
    keys = new Set();
    chunks = new Set();
    /** How long the chunks with these first characters are, the longest first. */
    lengthsByPrefix = new Map();
    characters = 0;
    /** What is shown whatever the reads show, and what the first read and the last one have shown. */
    alwaysShown = [];
    firstShown;
    lastShown = [];
    shownChunks = new Map();
    get isOverwhelmed() {
        return this.known.size > policy/* MOST */._B.alertTexts || this.characters > policy/* MOST */._B.alertCharacters;
    }
    learn(alerts) {
        if (this.isOverwhelmed)
            return;
        for (const leaf of (0,domain_alerts/* alertLeaves */.zL)(alerts)) {
            if (leaf.kind === 'key')
                this.learnKey(leaf.text);
            else
                this.learnLeaf(leaf);
            if (!this.isOverwhelmed)
                continue;
            this.forget();
            return;
        }
    }
    showAlways(words) {
        this.alwaysShown.push(...words.flatMap(shownForms));
        this.shownChunks.clear();
    }
    showRead(words) {
        const texts = words.flatMap(shownForms);
        if (texts.join('\n') === this.lastShown.join('\n'))
            return;
        this.firstShown ??= texts;
        this.lastShown = texts;
        this.shownChunks.clear();
    }
    /** The places of these texts; a member that can be passed on by itself. */
    find = function* ({ text }) {
        const blanked = toBlanked(text);
        for (let from = 0; from + PREFIX <= blanked.length; from++) {
            const lengths = this.lengthsByPrefix.get(blanked.slice(from, from + PREFIX));
            if (lengths === undefined)
                continue;
            for (const length of lengths) {
                const to = from + length;
                const chunk = blanked.slice(from, to);
                if (!this.chunks.has(chunk) || this.isShown(chunk))
                    continue;
                if (length < SHORTEST_PART && !isWholeWord(blanked, from, to))
                    continue;
                yield { from, to };
                // Those that follow are shorter.
                break;
            }
        }
    }.bind(this);
    /** Key paths are shown, so a value that is one of the keys is none of the secrets. */
    learnKey(key) {
        const text = toBlanked(key);
        if (key.length < PREFIX || this.keys.has(text))
            return;
        this.keys.add(text);
        this.shownChunks.clear();
    }
    learnLeaf(leaf) {
        if (this.values.has(leaf.text))
            return;
        for (const text of (0,domain_alerts/* secretTextsIn */.aW)(leaf)) {
            this.values.add(leaf.text);
            if (this.known.has(text))
                continue;
            this.known.add(text);
            this.characters += text.length;
            if (this.isOverwhelmed)
                return;
            // A text that is escaped itself is repeated as it is, or without its escapes.
            const forms = unescapedForms(text).filter(domain_alerts/* isTelling */.c0).map(toBlanked);
            for (const chunk of forms.flatMap(chunksOf))
                this.addChunk(chunk);
        }
    }
    addChunk(chunk) {
        if (this.chunks.has(chunk))
            return;
        this.chunks.add(chunk);
        const prefix = chunk.slice(0, PREFIX);
        const lengths = this.lengthsByPrefix.get(prefix) ?? [];
        if (lengths.includes(chunk.length))
            return;
        this.lengthsByPrefix.set(prefix, [...lengths, chunk.length].sort((left, right) => right - left));
    }
    isShown(chunk) {
        const isKnown = this.shownChunks.get(chunk);
        if (isKnown !== undefined)
            return isKnown;
        const words = [...this.alwaysShown, ...(this.firstShown ?? []), ...this.lastShown];
        const isShown = this.keys.has(chunk) || words.some((word) => isPartOf(chunk, word));
        this.shownChunks.set(chunk, isShown);
        return isShown;
    }
    /** Nothing is searched for any more; that there was too much stays known. */
    forget() {
        this.chunks.clear();
        this.lengthsByPrefix.clear();
    }
}
/** A value as an output shows it, with its escapes and without; a version is `v1.32.3` or `1.32.3`. */
function shownForms(word) {
    const [text = '', ...forms] = unescapedForms(word.slice(0, policy/* LONGEST */.zP.scalar));
    return [text, text.replace(/^v(?=\d)/, ''), ...forms];
}
/** Blanks of any kind are one: whoever repeats a text may break its lines, and in a URL a blank is a plus. */
function toBlanked(text) {
    return text.replace(/[\s+]/g, ' ');
}
function chunksOf(text) {
    if (text.length <= CHUNK)
        return [text];
    const whole = Array.from({ length: Math.floor(text.length / CHUNK) }, (_, index) => text.slice(index * CHUNK, (index + 1) * CHUNK));
    return [...whole, text.slice(-CHUNK)];
}
function isPartOf(text, word) {
    for (const { from, to } of placesOf(text, toBlanked(word))) {
        if (text.length >= SHORTEST_PART || isWholeWord(word, from, to))
            return true;
    }
    return false;
}
/** Whether no word goes on beyond either end. */
function isWholeWord(text, from, to) {
    const isInWord = (index) => WORD_CHARACTER.test(text.charAt(index));
    return !(isInWord(from - 1) && isInWord(from)) && !(isInWord(to - 1) && isInWord(to));
}

;// CONCATENATED MODULE: ./lib/src/redaction/secrets.js


/** Kupe's keys look like `kupe_<id>_<secret>`: one that was pasted into the wrong input is a key all the same. */
const KEY_SHAPE = /kupe_[a-z0-9]+_[a-z0-9_-]{8,}/gi;
const LAST_PART_OF_KEY = /^kupe_[a-z0-9]+_(.{8,})$/i;
/** A shorter text is no secret, and taking it out would leave nothing to read. */
const SHORTEST_SECRET = 4;
/** Makes what finds these secrets, however they are spelt, and whatever looks like one of Kupe's keys. */
function createSecretFinder(secrets) {
    const parts = secrets.flatMap((secret) => [secret, LAST_PART_OF_KEY.exec(secret)?.[1] ?? '']);
    const whole = [...new Set(parts)].filter((part) => part.length >= SHORTEST_SECRET);
    const spelt = whole.map((part) => ({ plain: toLowerCase(part), spellings: Array.from(part, spellingsOf) }));
    const base64 = new Set(whole.flatMap((part) => [0, 1, 2].flatMap((offset) => base64Forms(part, offset))));
    const encoded = [...base64].filter((form) => form.length >= SHORTEST_SECRET);
    return function* (level) {
        const lower = toLowerCase(level.text);
        const isPlain = isFreeOfEscapes(lower);
        for (const { plain, spellings } of spelt) {
            // An escape is never shorter than what it stands for.
            if (lower.length < spellings.length)
                continue;
            yield* isPlain ? placesOf(plain, lower) : speltPlacesOf(spellings, lower);
        }
        for (const form of encoded)
            yield* placesOf(form, level.text);
        // It would go on into the next line's first word.
        if (level.isJoined)
            return;
        for (const { index, 0: key } of level.text.matchAll(KEY_SHAPE))
            yield { from: index, to: index + key.length };
    };
}
/** Only of ASCII: other letters may change their length. */
function toLowerCase(text) {
    return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
/** How one character may be written, in small letters: as it is, or escaped for a URL, JSON or a program. */
function spellingsOf(character) {
    const code = character.codePointAt(0) ?? 0;
    const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
    const bytes = [...Buffer.from(character.toWellFormed())].map((byte) => byte.toString(16).padStart(2, '0'));
    const spellings = [
        character,
        bytes.map((byte) => `%${byte}`).join(''),
        units.map((unit) => `\\u${unit}`).join(''),
        `\\u{${code.toString(16)}}`,
        ...(code < 0x100 ? [`\\x${code.toString(16).padStart(2, '0')}`] : []),
        ...(/["'`\\/]/.test(character) ? [`\\${character}`] : []),
    ];
    return spellings.map(toLowerCase);
}
/**
 * Reads on from every place where the first character stands, in any of its spellings. To undo the escapes is not enough: a mark
 * that stands right before a secret would take its first characters for an escape.
 */
function* speltPlacesOf(spellings, text) {
    for (const first of spellings[0] ?? []) {
        for (const { from, to } of placesOf(first, text)) {
            const end = endOf(spellings, text, to);
            if (end !== undefined)
                yield { from, to: end };
        }
    }
}
/** Where the characters after the first end, if they stand there. There may be several ends: `%25` is a percent sign, and so is its `%`. */
function endOf(spellings, text, start) {
    let ends = [start];
    for (let index = 1; index < spellings.length && ends.length > 0; index++) {
        const next = new Set();
        for (const end of ends) {
            for (const spelling of spellings[index] ?? []) {
                if (text.startsWith(spelling, end))
                    next.add(end + spelling.length);
            }
        }
        ends = [...next];
    }
    return ends.length === 0 ? undefined : Math.max(...ends);
}
/** The characters that a secret alone decides when it stands `offset` bytes into something that is base64-encoded as a whole. */
function base64Forms(secret, offset) {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    const firstOwn = Math.ceil((offset * 8) / 6);
    const lastOwn = Math.floor((bytes.length * 8) / 6);
    const own = bytes.toString('base64').slice(firstOwn, lastOwn);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
}

;// CONCATENATED MODULE: ./lib/src/redact.js





/**
 * Makes a function that replaces every given secret by `***`, and whatever looks like one of Kupe's keys. It finds a secret also
 * where any of its characters is escaped, in base64, and where its last part stands alone. The runner masks logs in much the same
 * way, but neither outputs nor files.
 */
function createRedactor(secrets) {
    const finder = createSecretFinder(secrets);
    return (text) => withoutFound(text, [finder]);
}
/** What Kubernetes takes for a name, a path of fields, a type or a reason: no blanks, nothing that a URL needs. */
const NAME = /^[\w.,:[\]"'*-]*(?:\/[\w.-]+)?$/;
function createAlertRedactor({ secrets, shown }) {
    const findSecrets = createSecretFinder(secrets);
    const redactSecrets = (text) => withoutFound(text, [findSecrets]);
    const texts = new AlertTexts();
    texts.showAlways([...cluster/* PHASE_NAMES */.bs, ...cluster/* FIELD_NAMES */.Yr, ...shown]);
    const redact = (text) => (texts.isOverwhelmed ? '' : withoutFound(text, [findSecrets, texts.find]));
    return {
        learn: (alerts) => texts.learn(alerts),
        showAlways: (words) => texts.showAlways(words),
        showRead: (words) => texts.showRead(words),
        redactSecrets,
        redact,
        redactName: (text) => (text.length <= policy/* LONGEST */.zP.name && NAME.test(text) ? redactSecrets(text) : redact(text)),
        get isOverwhelmed() {
            return texts.isOverwhelmed;
        },
    };
}
/** A copy of any data with secrets taken out of every text in it, keys included; what stands under `except` is left as it is. */
function redactDeep(value, redact, except = []) {
    return redactUnknown(value, redact, new Set(except));
}
function redactUnknown(value, redact, except) {
    if (typeof value === 'string')
        return redact(value);
    if (Array.isArray(value))
        return value.map((item) => redactUnknown(item, redact, except));
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [
        redact(key),
        except.has(key) ? item : redactUnknown(item, redact, except),
    ]));
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;
/**
 * Makes one harmless line of any text: no line breaks or other control characters, and nothing that the runner reads as a
 * command (`::x::` at the start of a line, `##[x]` anywhere in it).
 */
function toHarmlessLine(text) {
    return text
        .replace(CONTROLS, ' ')
        .replaceAll('##[', '# #[')
        .replace(/:(?=:)/g, ': ')
        .trim();
}
/** Cuts a text off; secrets must be out of it before, or a half of one could stay. */
function cutOff(text, length) {
    return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
/** More than any half of a secret takes that may stand where a text was cut off before it could be searched. */
const LONGEST_HALF = 2 * 1024;
/**
 * A text without secrets and at least as long as it may be shown: of one that is much longer only the beginning is searched, and
 * kept, so that no text takes long. A half of a secret at the end goes, with whatever else follows the last one found.
 */
function redactLong(text, redact, { longest, isCut = false }) {
    // Taking out secrets may make the text shorter.
    const searched = 4 * longest + 2 * LONGEST_HALF;
    if (!isCut && text.length <= searched)
        return redact(text);
    const redacted = redact(text.slice(0, searched));
    const lastFound = redacted.lastIndexOf(REDACTED);
    return redacted.slice(0, Math.max(lastFound < 0 ? 0 : lastFound + REDACTED.length, redacted.length - LONGEST_HALF));
}
/** One harmless line of at most `longest` characters, made of any text from outside: secrets go first, what is too long last. */
function toShownLine(text, redact, cut) {
    return cutOff(toHarmlessLine(redactLong(text, redact, cut)), cut.longest);
}


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = require("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = require("buffer");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = require("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = require("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = require("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = require("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = require("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = require("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = require("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = require("node:buffer");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = require("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = require("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = require("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = require("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = require("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = require("node:fs");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = require("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = require("node:http2");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = require("node:net");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = require("node:perf_hooks");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = require("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = require("node:stream");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = require("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = require("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = require("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = require("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = require("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = require("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = require("os");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = require("process");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = require("string_decoder");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = require("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = require("util");

/***/ }),

/***/ 8247:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   s: () => (/* binding */ getProxyUrl)
/* harmony export */ });
/* unused harmony export checkBypass */
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

/***/ })

/******/ 	});
/************************************************************************/
/******/ 	// The module cache
/******/ 	var __webpack_module_cache__ = {};
/******/ 	
/******/ 	// The require function
/******/ 	function __nccwpck_require__(moduleId) {
/******/ 		// Check if module is in cache
/******/ 		var cachedModule = __webpack_module_cache__[moduleId];
/******/ 		if (cachedModule !== undefined) {
/******/ 			return cachedModule.exports;
/******/ 		}
/******/ 		// Create a new module (and put it into the cache)
/******/ 		var module = __webpack_module_cache__[moduleId] = {
/******/ 			// no module.id needed
/******/ 			// no module.loaded needed
/******/ 			exports: {}
/******/ 		};
/******/ 	
/******/ 		// Execute the module function
/******/ 		var threw = true;
/******/ 		try {
/******/ 			__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 			threw = false;
/******/ 		} finally {
/******/ 			if(threw) delete __webpack_module_cache__[moduleId];
/******/ 		}
/******/ 	
/******/ 		// Return the exports of the module
/******/ 		return module.exports;
/******/ 	}
/******/ 	
/******/ 	// expose the modules object (__webpack_modules__)
/******/ 	__nccwpck_require__.m = __webpack_modules__;
/******/ 	
/************************************************************************/
/******/ 	/* webpack/runtime/asset-relocator-loader */
/******/ 	if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = __dirname + "/";
/******/ 	
/******/ 	/* webpack/runtime/create fake namespace object */
/******/ 	(() => {
/******/ 		var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 		var leafPrototypes;
/******/ 		// create a fake namespace object
/******/ 		// mode & 1: value is a module id, require it
/******/ 		// mode & 2: merge all properties of value into the ns
/******/ 		// mode & 4: return value when already ns object
/******/ 		// mode & 16: return value when it's Promise-like
/******/ 		// mode & 8|1: behave like require
/******/ 		__nccwpck_require__.t = function(value, mode) {
/******/ 			if(mode & 1) value = this(value);
/******/ 			if(mode & 8) return value;
/******/ 			if(typeof value === 'object' && value) {
/******/ 				if((mode & 4) && value.__esModule) return value;
/******/ 				if((mode & 16) && typeof value.then === 'function') return value;
/******/ 			}
/******/ 			var ns = Object.create(null);
/******/ 			__nccwpck_require__.r(ns);
/******/ 			var def = {};
/******/ 			leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 			for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 				Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 			}
/******/ 			def['default'] = () => (value);
/******/ 			__nccwpck_require__.d(ns, def);
/******/ 			return ns;
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/define property getters */
/******/ 	(() => {
/******/ 		// define getter functions for harmony exports
/******/ 		__nccwpck_require__.d = (exports, definition) => {
/******/ 			for(var key in definition) {
/******/ 				if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 					Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 				}
/******/ 			}
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/ensure chunk */
/******/ 	(() => {
/******/ 		__nccwpck_require__.f = {};
/******/ 		// This file contains only the entry chunk.
/******/ 		// The chunk loading function for additional chunks
/******/ 		__nccwpck_require__.e = (chunkId) => {
/******/ 			return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 				__nccwpck_require__.f[key](chunkId, promises);
/******/ 				return promises;
/******/ 			}, []));
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/get javascript chunk filename */
/******/ 	(() => {
/******/ 		// This function allow to reference async chunks
/******/ 		__nccwpck_require__.u = (chunkId) => {
/******/ 			// return url for filenames based on template
/******/ 			return "" + chunkId + ".index.js";
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/hasOwnProperty shorthand */
/******/ 	(() => {
/******/ 		__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/make namespace object */
/******/ 	(() => {
/******/ 		// define __esModule on exports
/******/ 		__nccwpck_require__.r = (exports) => {
/******/ 			if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 				Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 			}
/******/ 			Object.defineProperty(exports, '__esModule', { value: true });
/******/ 		};
/******/ 	})();
/******/ 	
/******/ 	/* webpack/runtime/require chunk loading */
/******/ 	(() => {
/******/ 		// no baseURI
/******/ 		
/******/ 		// object to store loaded chunks
/******/ 		// "1" means "loaded", otherwise not loaded yet
/******/ 		var installedChunks = {
/******/ 			792: 1
/******/ 		};
/******/ 		
/******/ 		// no on chunks loaded
/******/ 		
/******/ 		var installChunk = (chunk) => {
/******/ 			var moreModules = chunk.modules, chunkIds = chunk.ids, runtime = chunk.runtime;
/******/ 			for(var moduleId in moreModules) {
/******/ 				if(__nccwpck_require__.o(moreModules, moduleId)) {
/******/ 					__nccwpck_require__.m[moduleId] = moreModules[moduleId];
/******/ 				}
/******/ 			}
/******/ 			if(runtime) runtime(__nccwpck_require__);
/******/ 			for(var i = 0; i < chunkIds.length; i++)
/******/ 				installedChunks[chunkIds[i]] = 1;
/******/ 		
/******/ 		};
/******/ 		
/******/ 		// require() chunk loading for javascript
/******/ 		__nccwpck_require__.f.require = (chunkId, promises) => {
/******/ 			// "1" is the signal for "already loaded"
/******/ 			if(!installedChunks[chunkId]) {
/******/ 				if(true) { // all chunks have JS
/******/ 					installChunk(require("./" + __nccwpck_require__.u(chunkId)));
/******/ 				} else installedChunks[chunkId] = 1;
/******/ 			}
/******/ 		};
/******/ 		
/******/ 		// no external install chunk
/******/ 		
/******/ 		// no HMR
/******/ 		
/******/ 		// no HMR manifest
/******/ 	})();
/******/ 	
/************************************************************************/
var __webpack_exports__ = {};

;// CONCATENATED MODULE: ./lib/package.json
const package_namespaceObject = {"rE":"1.0.0"};
// EXTERNAL MODULE: ./lib/src/domain/cluster.js
var domain_cluster = __nccwpck_require__(7356);
// EXTERNAL MODULE: ./lib/src/domain/json.js
var domain_json = __nccwpck_require__(7846);
// EXTERNAL MODULE: ./lib/src/domain/resources.js
var domain_resources = __nccwpck_require__(2663);
;// CONCATENATED MODULE: ./lib/src/domain/server-words.js
/** What a warning of the server's begins with, to tell it from ours. */
const SERVER_WARNS = 'The server warns: ';
/** What the warning of an unhealthy cluster begins with, before the server says why; it is read when that may be over. */
const WAS_DEGRADED = 'The cluster was Degraded when this was planned';
/** One line: `it cannot be turned off (code HA_DISABLE_UNSUPPORTED, field spec.highAvailability)`. */
function toWordsText({ message, code, field }) {
    const names = [...(code ? [`code ${code}`] : []), ...(field ? [`field ${field}`] : [])].join(', ');
    if (!message)
        return names;
    return names === '' ? message : `${message} (${names})`;
}
/** One spelling for all texts that differ only in their numbers. */
function toKind(text) {
    return text.replace(/\d+(?:[.,:]\d+)*/g, '0');
}

// EXTERNAL MODULE: ./lib/src/policy.js
var policy = __nccwpck_require__(3551);
// EXTERNAL MODULE: ./lib/src/redact.js + 4 modules
var src_redact = __nccwpck_require__(1675);
;// CONCATENATED MODULE: ./lib/src/api/json-text.js

/** Reads a text as JSON; a byte order mark before it is dropped. Its depth is looked at first, and without recursion. */
function readJson(text) {
    const json = text.startsWith('\ufeff') ? text.slice(1) : text;
    if (depthOf(json) > policy/* DEEPEST_JSON */.S8)
        return { kind: 'too-deep' };
    try {
        return { kind: 'json', value: JSON.parse(json) };
    }
    catch {
        return { kind: 'not-json' };
    }
}
/** The value of a text that is JSON of a bearable depth, else `undefined`. */
function parseJson(text) {
    const read = readJson(text);
    return read.kind === 'json' ? read.value : undefined;
}
/** How many arrays and objects are open at once where most are; exact for JSON, and any number for other texts. */
function depthOf(text) {
    let depth = 0;
    let deepest = 0;
    for (let index = 0; index < text.length; index++) {
        const character = text[index];
        if (character === '"')
            index = endOfString(text, index);
        else if (character === '[' || character === '{')
            deepest = Math.max(deepest, ++depth);
        else if (character === ']' || character === '}')
            depth--;
    }
    return deepest;
}
/** The index of the quote that ends the string which begins at `start`. */
function endOfString(text, start) {
    for (let index = start + 1; index < text.length; index++) {
        if (text[index] === '"')
            return index;
        if (text[index] === '\\')
            index++;
    }
    return text.length;
}

;// CONCATENATED MODULE: ./lib/src/api/decode.js







/**
 * Reads a 2xx body as the cluster that was asked for. Only its `name` is certain; a field that is missing, empty or of another
 * type counts as absent. Gives `undefined` for anything that is no such cluster. What stands in `alerts` is learned first, so
 * that it can be taken out of the server's words; the values themselves stay as they are, to be compared and sent back.
 */
function decodeCluster(body, name, redactor) {
    const json = parseJson(body);
    if (!(0,domain_json/* isJsonObject */.OW)(json) || json.name !== name)
        return undefined;
    const { alerts } = json;
    const status = objectAt(json, 'status');
    const phase = textAt(status, 'phase');
    const resources = objectAt(json, 'resources');
    const allResources = valuesOf(resources);
    const values = {
        name,
        // A limit of another type is there all the same: as its JSON it can be read as no quantity, and so not be judged.
        resources: (0,domain_resources/* mapResources */.sO)((name) => (allResources[name] === undefined ? undefined : (0,domain_json/* toText */.fE)(allResources[name]))),
        allResources,
        hasResources: resources !== undefined,
        json,
        ...defined({
            version: textAt(json, 'version')?.trim() || undefined,
            alerts: (0,domain_json/* isJsonObject */.OW)(alerts) ? alerts : undefined,
            generation: integerAt(json, 'generation'),
            createdAt: textAt(json, 'createdAt'),
            // Every phase of a run is kept, however many there are.
            phase: phase === undefined
                ? undefined
                : (0,src_redact/* cutOff */.qG)((0,src_redact/* redactLong */.o2)(phase, redactor.redactSecrets, { longest: policy/* LONGEST */.zP.scalar }), policy/* LONGEST */.zP.scalar),
            kubernetesVersion: textAt(status, 'kubernetesVersion')?.trim() || undefined,
            endpoint: textAt(status, 'endpoint'),
            observedGeneration: integerAt(status, 'observedGeneration'),
            haPhase: textAt(status, 'haPhase'),
        }),
    };
    redactor.learn(alerts);
    redactor.showRead(textsWithOutputs(values));
    return {
        ...values,
        conditions: conditionsOf(status?.conditions, redactor),
        warnings: warningsOf(json.warnings, redactor),
    };
}
/** What outputs of their own show of a cluster, which the server's words may therefore repeat. */
function textsWithOutputs(cluster) {
    const { version, kubernetesVersion, phase, endpoint, generation, observedGeneration, resources } = cluster;
    const texts = [version, kubernetesVersion, phase, endpoint, generation, observedGeneration];
    return [...texts, ...Object.values(resources)].flatMap((text) => (text === undefined ? [] : [String(text)]));
}
function defined(fields) {
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
function objectAt(value, key) {
    const inner = value?.[key];
    return (0,domain_json/* isJsonObject */.OW)(inner) ? inner : undefined;
}
function valuesOf(object) {
    return Object.fromEntries(Object.entries(object ?? {}).filter(([, value]) => value !== null && value !== ''));
}
function textAt(value, key) {
    const inner = value?.[key];
    if (typeof inner === 'number')
        return String(inner);
    return typeof inner === 'string' && inner !== '' ? inner : undefined;
}
/** An integer; some servers write theirs as text, as `"2"`. */
function integerAt(value, key) {
    const inner = value?.[key];
    const integer = typeof inner === 'string' && /^\d+$/.test(inner) ? Number(inner) : inner;
    return typeof integer === 'number' && Number.isSafeInteger(integer) ? integer : undefined;
}
function conditionsOf(list, redactor) {
    if (!Array.isArray(list))
        return [];
    const conditions = list.flatMap((item) => toCondition(item) ?? []);
    return (0,domain_cluster/* byTelling */.nT)(conditions)
        .slice(0, policy/* MOST */._B.conditions)
        .flatMap((condition) => toShownCondition(condition, redactor) ?? []);
}
/** No schema of conditions is published; this reads the Kubernetes shape and takes any text as it is. */
function toCondition(item) {
    if (typeof item === 'string')
        return item.trim() === '' ? undefined : { message: item };
    if (!(0,domain_json/* isJsonObject */.OW)(item))
        return undefined;
    const { status } = item;
    const condition = defined({
        type: textAt(item, 'type'),
        status: typeof status === 'boolean' ? (status ? 'True' : 'False') : textAt(item, 'status'),
        reason: textAt(item, 'reason'),
        message: textAt(item, 'message'),
    });
    return Object.keys(condition).length === 0 ? undefined : condition;
}
/** Where no words may be shown, what a condition says of the cluster's health is no more than its type and status. */
function toShownCondition({ type, status, ...words }, redactor) {
    const toName = (text) => text === undefined ? undefined : (0,src_redact/* toShownLine */.Xm)(text, redactor.redactName, { longest: policy/* LONGEST */.zP.name });
    const names = defined({ type: toName(type), status: toName(status) });
    if (redactor.isOverwhelmed)
        return (0,domain_cluster/* isAboutHealth */.k$)(names) && /^(True|False|Unknown)$/.test(status ?? '') ? names : undefined;
    const message = words.message === undefined
        ? undefined
        : (0,src_redact/* toShownLine */.Xm)(words.message, redactor.redact, { longest: policy/* LONGEST */.zP.serverLine });
    return { ...names, ...defined({ reason: toName(words.reason), message }) };
}
/** Of those that differ only in their numbers, the first. */
function warningsOf(list, redactor) {
    if (!Array.isArray(list) || redactor.isOverwhelmed)
        return [];
    const kinds = new Map();
    for (const item of list) {
        const words = typeof item === 'string' ? { message: item } : wordsOf(item);
        const kind = toKind(toWordsText(words));
        if (kind.trim() !== '' && !kinds.has(kind))
            kinds.set(kind, words);
        if (kinds.size === policy/* MOST */._B.warningsInAnswer)
            break;
    }
    return [...kinds.values()].map((words) => toWordsText(toShownWords(words, redactor, policy/* LONGEST */.zP.serverLine)));
}
/** What an error's body or a warning says: `message`, which older servers call `error`, with its code and field. */
function wordsOf(json) {
    if (!(0,domain_json/* isJsonObject */.OW)(json))
        return {};
    return defined({
        message: textAt(json, 'message') ?? textAt(json, 'error'),
        code: textAt(json, 'code'),
        field: textAt(json, 'field'),
    });
}
/** The server's words as they may be shown; `longest` is for the message. */
function toShownWords({ message, code, field }, redactor, longest = policy/* LONGEST */.zP.serverMessage) {
    const toName = (text) => text === undefined ? undefined : (0,src_redact/* toShownLine */.Xm)(text, redactor.redactName, { longest: policy/* LONGEST */.zP.name });
    return defined({
        message: message === undefined ? undefined : (0,src_redact/* toShownLine */.Xm)(message, redactor.redact, { longest }),
        code: toName(code),
        field: toName(field),
    });
}

// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __nccwpck_require__(5770);
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
    const waitMs = parseHttpDate(text) - parseHttpDate(date ?? '');
    return waitMs > 0 ? waitMs : undefined;
}
/** The oldest of the three forms that a date may have names no zone, and means GMT as the others do. */
function parseHttpDate(text) {
    return Date.parse(/\d{4}$/.test(text.trim()) ? `${text} GMT` : text);
}

;// CONCATENATED MODULE: ./lib/src/api/answer.js






/** In what way the body of a 2xx shows no cluster. */
function describeBody(response, redactor) {
    const { body, isWhole, bodyFault } = response;
    if (!isWhole)
        return BODY_FAULTS[bodyFault ?? 'too-large'];
    if (body.trim() === '')
        return 'an empty body';
    if (isWebPage(response))
        return `${isXml(body) ? 'an XML page' : 'a web page (HTML)'} of something in front of the API`;
    const json = readJson(body);
    if (json.kind === 'too-deep')
        return 'JSON that is nested too deeply';
    if (json.kind === 'not-json')
        return 'a body that is not JSON';
    if (!(0,domain_json/* isJsonObject */.OW)(json.value))
        return 'JSON that is no object';
    const { name } = json.value;
    if (typeof name !== 'string' || name === '')
        return 'another JSON object, without a name';
    return `another JSON object, named ${(0,src_redact/* toShownLine */.Xm)(name, redactor.redactName, { longest: policy/* LONGEST */.zP.name })}`;
}
const BODY_FAULTS = {
    cut: 'a body that was cut off',
    timeout: 'a body that did not end in time',
    'too-large': `more than ${policy/* EXCHANGE */.W.largestBodyBytes / (1024 * 1024)} MiB`,
    undecodable: 'a compressed body that cannot be read',
};
/** Whether the API itself wrote an answer that is no success: see `ApiErrorFacts.isFromApi`. */
function isFromApi({ status, body, isWhole }) {
    if (!isWhole)
        return false;
    return body.trim() === '' ? status === 403 : (0,domain_json/* isJsonObject */.OW)(parseJson(body));
}
/** What the API says when a key may not do something: what follows from it must not depend on what may be shown. */
const ACCESS_DENIED = /^(access denied|admin access required|not a member of this tenant)$/i;
const WITHHELD = 'its words are not shown here, since alerts holds too many texts that may be secrets';
/**
 * The server's own words of an error: those of a JSON body, of a web page only the title, and any other text as it is. JSON is
 * never shown as it is: it may be the cluster, with settings inside `alerts` that no read of this run has shown.
 */
function errorWordsOf(response, redactor) {
    const { body, isWhole } = response;
    const json = parseJson(body);
    for (const alerts of alertsIn(json))
        redactor.learn(alerts);
    const words = wordsOfError(json);
    const message = words.message?.trim() ?? '';
    if (ACCESS_DENIED.test(message))
        return { ...(redactor.isOverwhelmed ? {} : toShownWords(words, redactor)), message };
    if (isWebPage(response))
        return { message: toPageText(body, redactor) };
    if (redactor.isOverwhelmed)
        return body.trim() === '' ? {} : { message: WITHHELD };
    if (message !== '' && !JSON_START.test(message))
        return toShownWords({ ...words, message: withoutQuotedAlerts(message) }, redactor);
    if (json !== undefined || JSON_START.test(body)) {
        return { ...toShownWords(words, redactor), message: withheldJson(json, isWhole) };
    }
    const cut = { longest: policy/* LONGEST */.zP.serverMessage, isCut: !isWhole };
    return { message: (0,src_redact/* toShownLine */.Xm)(withoutQuotedAlerts(body), redactor.redact, cut) };
}
function withheldJson(json, isWhole) {
    if (json !== undefined)
        return 'a JSON body without a message';
    return isWhole ? 'a body that begins as JSON and cannot be read' : 'a JSON body that was cut off';
}
/** How JSON begins, and whatever else programs print of an object; `[error] no route` is neither. */
const JSON_START = /^[\s\ufeff]*(?:\{|\[\s*(?:[[{"']|$))/;
/** Where words quote the object: as JSON, escaped or not, or as a program prints it. */
const QUOTED_ALERTS = /alerts\\*["']?\s*[:=]+>?\s*&?(?:\{|map\[)/i;
/** Words up to where they quote what stands in `alerts`: no read may have shown it yet. */
function withoutQuotedAlerts(text) {
    const at = text.search(QUOTED_ALERTS);
    return at < 0 ? text : `${text.slice(0, at)}…`;
}
/** What stands under `alerts`, wherever that is. */
function alertsIn(json) {
    if (typeof json !== 'object' || json === null)
        return [];
    const own = (0,domain_json/* isJsonObject */.OW)(json) && json.alerts !== undefined ? [json.alerts] : [];
    return [...own, ...Object.values(json).flatMap(alertsIn)];
}
/** Where the words of an error may stand, the API's own way first: others are those of gateways and of RFC 9457. */
const PLACES = [
    (json) => json,
    ({ error }) => error,
    ({ errors }) => (Array.isArray(errors) ? errors[0] : undefined),
    ({ detail }) => detail,
    ({ title }) => title,
];
function wordsOfError(json) {
    if (typeof json === 'string')
        return { message: json };
    if (!(0,domain_json/* isJsonObject */.OW)(json))
        return {};
    const found = PLACES.map((place) => place(json))
        .map((value) => (typeof value === 'string' ? { message: value } : wordsOf(value)))
        .find(({ message }) => message !== undefined && message.trim() !== '');
    return { ...wordsOf(json), ...found };
}
/** The API speaks JSON, and never sends one. */
function isWebPage({ body, headers }) {
    if (isXml(body) || /^[\s\ufeff]*<(?:!doctype|!--|(?:html|head|title|body)\b)/i.test(body))
        return true;
    return /\bhtml\b/i.test(headers['content-type'] ?? '') && parseJson(body) === undefined && body.trim() !== '';
}
function isXml(body) {
    return /^[\s\ufeff]*<\?xml\b/i.test(body);
}
function toPageText(page, redactor) {
    const title = (0,src_redact/* toShownLine */.Xm)(titleOf(page), redactor.redact, { longest: policy/* LONGEST */.zP.title });
    return `something in front of the API answered${title === '' ? '' : `: ${title}`}`;
}
/** Step by step: one expression over a page without an end to its title could take minutes. */
function titleOf(page) {
    const fromTag = page.slice(Math.max(0, page.search(/<title[\s>]/i)));
    const start = fromTag.indexOf('>') + 1;
    const end = fromTag.search(/<\/title/i);
    return /^<title/i.test(fromTag) && end >= start ? fromTag.slice(start, end).replace(/\s+/g, ' ') : '';
}
/** Where a 3xx points to, by origin and path only: what a sign-in page is told behind them is nobody's business. */
function redirectOf(url, { status, headers }, redactor) {
    const { location } = headers;
    if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, url))
        return undefined;
    const { protocol, host, pathname } = new URL(location, url);
    return (0,src_redact/* toShownLine */.Xm)(`${protocol}//${host}${pathname}`, redactor.redact, { longest: policy/* LONGEST */.zP.redirect }) || undefined;
}
/** An id is shown even where no words may be: whoever asks the server's people for help needs it. */
function requestIdOf({ headers }, redactor) {
    const redact = redactor.isOverwhelmed ? redactor.redactName : redactor.redact;
    return (0,src_redact/* toShownLine */.Xm)(headers['x-request-id'] ?? '', redact, { longest: policy/* LONGEST */.zP.requestId }) || undefined;
}
function retryAfterMsOf({ headers }) {
    return parseRetryAfter(headers['retry-after'], headers.date);
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __nccwpck_require__(7067);
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = require("node:https");
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __nccwpck_require__(7030);
// EXTERNAL MODULE: ./lib/node_modules/@actions/http-client/lib/proxy.js
var proxy = __nccwpck_require__(8247);
;// CONCATENATED MODULE: ./lib/src/api/body.js

/**
 * Reads an answer's body up to so many bytes, and closes the connection where there are more. Settles on every path, and at
 * once where the signal aborts. A body that was compressed although nobody asked for that is decompressed.
 */
async function readBody(message, largestBytes, signal) {
    let { bytes, fault } = await collect(message, largestBytes, signal);
    for (const coding of bytes.length === 0 ? [] : codingsOf(message)) {
        const decoded = await decompress(bytes, coding, largestBytes);
        bytes = decoded.bytes;
        fault ??= decoded.fault;
    }
    // What was cut off may end in the middle of a character, which is then left out.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: fault !== undefined });
    return { text, ...(fault === undefined ? {} : { fault }) };
}
/** All three events end a body; which of them come where it is cut, and in what order, has changed between Node's versions. */
function collect(message, largestBytes, signal) {
    return new Promise((resolve) => {
        const chunks = [];
        let size = 0;
        const finish = (fault) => {
            signal.removeEventListener('abort', abort);
            resolve({ bytes: Buffer.concat(chunks), fault });
        };
        const abort = () => finish('timeout');
        signal.addEventListener('abort', abort, { once: true });
        message.on('data', (chunk) => {
            const room = largestBytes - size;
            size += chunk.length;
            if (room >= 0)
                chunks.push(chunk.subarray(0, room));
            if (size <= largestBytes)
                return;
            finish('too-large');
            message.destroy();
        });
        message.on('end', () => finish(message.complete ? undefined : 'cut'));
        message.on('error', () => finish('cut'));
        message.on('close', () => finish('cut'));
    });
}
/** The codings to undo, the last one applied first. */
function codingsOf({ headers }) {
    const named = (headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim().toLowerCase());
    const codings = named.filter((coding) => coding !== '' && coding !== 'identity').reverse();
    return codings.length > policy/* EXCHANGE */.W.mostContentCodings ? ['too many'] : codings;
}
/** Decompresses up to so many bytes, however many there are inside. */
async function decompress(bytes, coding, largestBytes) {
    const decoder = await createDecoder(coding, bytes);
    if (decoder === undefined)
        return { bytes: Buffer.alloc(0), fault: 'undecodable' };
    const chunks = [];
    let size = 0;
    decoder.end(bytes);
    try {
        // Leaving the loop destroys the stream.
        for await (const chunk of decoder) {
            chunks.push(chunk.subarray(0, largestBytes - size));
            size += chunk.length;
            if (size > largestBytes)
                return { bytes: Buffer.concat(chunks), fault: 'too-large' };
        }
        return { bytes: Buffer.concat(chunks), fault: undefined };
    }
    catch {
        return { bytes: Buffer.concat(chunks), fault: 'undecodable' };
    }
}
/** Bodies that are cut off are decompressed as far as they go, hence the flushes. */
async function createDecoder(coding, bytes) {
    // Loaded only where something came compressed, which nobody asked for.
    const { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } = await Promise.resolve(/* import() */).then(__nccwpck_require__.t.bind(__nccwpck_require__, 8522, 23));
    const zlib = { finishFlush: constants.Z_SYNC_FLUSH };
    switch (coding) {
        case 'gzip':
        case 'x-gzip':
            return createGunzip(zlib);
        case 'deflate':
            // By the standard with zlib's header, whose first four bits are 8; some servers leave it out.
            return ((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate(zlib) : createInflateRaw(zlib);
        case 'br':
            return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
        default:
            return undefined;
    }
}

// EXTERNAL MODULE: external "node:diagnostics_channel"
var external_node_diagnostics_channel_ = __nccwpck_require__(3053);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __nccwpck_require__(1692);
;// CONCATENATED MODULE: ./lib/src/api/connection.js


/**
 * Makes a request and watches its connection. This is the one place that knows whether a request may have reached the server:
 * it looks at what the socket did, since the name of an error does not tell (TLS can break long after the handshake).
 */
function watchConnection(makeRequest) {
    const { request, tunnel } = withTunnel(makeRequest);
    const own = watchSocket(request);
    const proxy = tunnel === undefined ? undefined : { ...watchTunnel(tunnel), socket: watchSocket(tunnel) };
    return {
        request,
        get isEstablished() {
            return own.isEstablished();
        },
        get isStale() {
            return own.isStale();
        },
        get refusedCertificate() {
            return own.refusedCertificate() ?? proxy?.socket.refusedCertificate();
        },
        get failedProxy() {
            if (proxy === undefined || own.hasSocket())
                return undefined;
            return { status: proxy.status(), error: proxy.error() };
        },
        close: () => {
            request.destroy();
            tunnel?.destroy();
        },
    };
}
/**
 * The request, and the CONNECT that the agent makes for it behind a proxy and shows to nobody: a channel of Node's tells of it
 * while the request is being made. Nothing but hints, and how soon a proxy is left, hangs on that.
 */
function withTunnel(makeRequest) {
    const made = [];
    const note = (message) => void made.push(message.request);
    (0,external_node_diagnostics_channel_.subscribe)('http.client.request.created', note);
    try {
        const request = makeRequest();
        return { request, tunnel: made.find((other) => other !== request) };
    }
    finally {
        (0,external_node_diagnostics_channel_.unsubscribe)('http.client.request.created', note);
    }
}
function watchSocket(request) {
    let socket;
    let bytesBefore = 0;
    let isEstablished = false;
    const establish = () => {
        isEstablished = true;
    };
    request.once('socket', (given) => {
        socket = given;
        bytesBefore = given.bytesRead;
        // A tunnel is given to a plain request when it is there, and a connection that was kept had been established before.
        if (isReady(given))
            establish();
        else
            given.once(given instanceof external_node_tls_.TLSSocket ? 'secureConnect' : 'connect', establish);
    });
    return {
        hasSocket: () => socket !== undefined,
        isEstablished: () => isEstablished,
        isStale: () => request.reusedSocket && socket?.bytesRead === bytesBefore,
        refusedCertificate: () => {
            if (isEstablished || !(socket instanceof external_node_tls_.TLSSocket))
                return undefined;
            // Its type says Error, yet Node keeps the code there.
            return socket.authorizationError ? String(socket.authorizationError) : undefined;
        },
    };
}
function isReady(socket) {
    return socket instanceof external_node_tls_.TLSSocket ? socket.getPeerFinished() !== undefined : !socket.connecting;
}
function watchTunnel(connect) {
    let status;
    let error;
    connect.once('connect', ({ statusCode }) => {
        status = statusCode;
    });
    connect.once('error', (reason) => {
        error = reason;
    });
    return { status: () => status, error: () => error };
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __nccwpck_require__(7975);
;// CONCATENATED MODULE: ./lib/src/api/faults.js




/** The error for an exchange without an answer: which trouble it was, whether the API can have heard of it, and one hint. */
function toApiError({ method, url, timeoutMs }, fault) {
    const { host } = new URL(url);
    const isUnsent = fault.connection?.isEstablished !== true;
    const { trouble, hint } = fault.isTimeout ? { trouble: 'timeout', hint: timeoutHint(fault) } : judge(fault);
    const message = fault.isTimeout
        ? `${method} to ${host} gave no answer within ${Math.ceil(timeoutMs / 1000)} s`
        : `${method} to ${host} failed: ${(0,src_redact/* cutOff */.qG)((0,src_redact/* toHarmlessLine */.fF)(textOf(fault.error)), policy/* LONGEST */.zP.serverMessage)}`;
    return new errors/* ApiError */.hD(message, { trouble, isUnsent }, { hint, cause: fault.error });
}
function judge({ error, connection }) {
    const proxy = connection?.failedProxy;
    const code = codeOf(proxy?.error ?? error);
    const certificate = connection?.refusedCertificate;
    if (certificate !== undefined) {
        return { trouble: 'tls', hint: certificateHint(certificate, proxy === undefined ? 'server' : 'proxy') };
    }
    // An error that came after the connection says nothing about how to connect, whatever its name.
    if (connection?.isEstablished === true)
        return { trouble: 'network', hint: undefined };
    const trouble = code === 'ENOTFOUND' ? 'dns' : 'network';
    return { trouble, hint: proxy === undefined ? (HINTS[code] ?? defaultHint(code)) : proxyHint(proxy.status, code) };
}
/** What to do about a connection that could not be made, by Node's code for it. */
const HINTS = {
    ENOTFOUND: 'There is no such name. Check api-url, and on a runner of your own the name server it asks.',
    EAI_AGAIN: 'The name server of this runner did not answer.',
    ECONNREFUSED: 'Nothing listens there. Check host and port of api-url, and that a firewall lets this runner through.',
    EHOSTUNREACH: 'There is no way from this runner to that host. Check api-url, the firewall, and whether a proxy is needed.',
    ENETUNREACH: 'There is no way from this runner to that host. Check api-url, the firewall, and whether a proxy is needed.',
};
function defaultHint(code) {
    if (!/TLS|SSL|EPROTO|ECONNRESET/.test(code))
        return undefined;
    return 'No secure connection could be made. Check that api-url names an https server, and that no firewall breaks the connection.';
}
function certificateHint(code, whose) {
    if (code === 'CERT_HAS_EXPIRED')
        return `The ${whose}’s certificate has expired, or the clock of this runner is wrong.`;
    if (code === 'CERT_NOT_YET_VALID')
        return `The ${whose}’s certificate is not valid yet, or the clock of this runner is wrong.`;
    if (code === 'CERT_REVOKED')
        return `The ${whose}’s certificate was revoked: it must be replaced.`;
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
        return `The ${whose}’s certificate is for another name. Check ${whose === 'server' ? 'api-url' : 'HTTPS_PROXY'}.`;
    }
    return `The ${whose}’s certificate is not trusted. For a private certificate authority set NODE_EXTRA_CA_CERTS on the runner.`;
}
function proxyHint(status, code) {
    const lead = 'The proxy that this runner is set to use (HTTPS_PROXY)';
    if (status === 407)
        return `${lead} asks for a user and a password: http://user:password@host:port, percent-encoded.`;
    if (code === 'ENOTFOUND')
        return `${lead} has a name that does not exist.`;
    return `${lead} did not let the request through. Check its address and password, or name the API’s host in NO_PROXY.`;
}
function timeoutHint({ connection }) {
    if (connection?.isEstablished === true)
        return undefined;
    if (connection?.failedProxy !== undefined)
        return proxyHint(undefined, '');
    return 'No connection was made in that time: a firewall may drop it, or a proxy be needed.';
}
function textOf(error) {
    // Where a name has several addresses, each of them has an error of its own.
    const each = errorsIn(error);
    if (each.length > 0)
        return each.map(textOf).join('; ');
    return external_node_util_.types.isNativeError(error) ? error.message || codeOf(error) : String(error);
}
function codeOf(error) {
    const [first] = errorsIn(error);
    if (first !== undefined)
        return codeOf(first);
    if (!external_node_util_.types.isNativeError(error))
        return '';
    return 'code' in error && typeof error.code === 'string' ? error.code : codeOf(error.cause);
}
function errorsIn(error) {
    return external_node_util_.types.isNativeError(error) && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
}

;// CONCATENATED MODULE: ./lib/src/api/http.js









/**
 * Makes the real exchange, through the proxy that the runner is set to use. Without one, reads keep a connection for the next of
 * them for a while; a PATCH always has one of its own.
 */
function createExchange(userAgent, cancelled) {
    const kept = createKeptAgents();
    cancelled.addEventListener('abort', kept.drop, { once: true });
    return async (request) => {
        if (cancelled.aborted)
            throw new errors/* CancelledError */.cc();
        const ending = new AbortController();
        const { signal } = ending;
        const end = () => ending.abort();
        // A timer that keeps the process alive: where nothing else did, Node would end the run in the middle.
        const timer = setTimeout(end, Math.max(1, request.timeoutMs));
        cancelled.addEventListener('abort', end, { once: true });
        try {
            // So that its connection never has to wait for the idle one.
            if (request.method === 'PATCH')
                kept.drop();
            const response = await carry(request, { userAgent, kept, signal });
            // A status outside 2xx says all there is to say even where its body was cut off: a 401 must not be repeated.
            if (cancelled.aborted && response.bodyFault === 'timeout' && isSuccess(response))
                throw new errors/* CancelledError */.cc();
            return response;
        }
        catch (error) {
            throw cancelled.aborted ? new errors/* CancelledError */.cc(error) : error;
        }
        finally {
            clearTimeout(timer);
            cancelled.removeEventListener('abort', end);
        }
    };
}
/** Whether a status is a 2xx. */
function isSuccess({ status }) {
    return status >= 200 && status < 300;
}
/** A read that a kept connection left without a word goes over a new one, within the same time. */
async function carry(request, options) {
    const { userAgent, kept, signal } = options;
    let connection;
    try {
        const agent = await agentFor(request, kept);
        connection = watchConnection(() => http_open(request, { userAgent, agent, signal }));
        return await readResponse(await answerTo(connection.request, request.body, signal), signal);
    }
    catch (error) {
        connection?.close();
        // Servers close idle connections when they please; that is no trouble to speak of.
        if (request.method === 'GET' && connection?.isStale && !signal.aborted)
            return carry(request, options);
        throw toApiError(request, { error, connection, isTimeout: signal.aborted });
    }
}
function createKeptAgents() {
    // Only with a time limit of its own does an agent also heed the one that a server announces in `Keep-Alive`.
    const options = { keepAlive: true, maxFreeSockets: 1, timeout: policy/* EXCHANGE */.W.keptIdleMs };
    const [plain, secure] = [new external_node_http_.Agent(options), new external_node_https_namespaceObject.Agent(options)];
    const drop = () => {
        plain.destroy();
        secure.destroy();
    };
    return { plain, secure, drop };
}
/** An agent, or with `false` a connection for this request alone. */
async function agentFor({ method, url }, kept) {
    const target = new URL(url);
    if (!(0,proxy/* getProxyUrl */.s)(target)?.hostname) {
        if (method === 'PATCH')
            return false;
        return target.protocol === 'https:' ? kept.secure : kept.plain;
    }
    // Loaded only where there is a proxy.
    const { HttpClient } = await __nccwpck_require__.e(/* import() */ 408).then(__nccwpck_require__.bind(__nccwpck_require__, 408));
    return mendTunnel(new HttpClient('', [], { keepAlive: false }).getAgent(url));
}
/**
 * The toolkit knows the runner's proxy settings. The rest of its client is not used: it would follow redirects with the key,
 * drop headers with its errors, never settle where a body is cut off, and hide the request, whose socket has to be watched.
 */
function http_open({ method, url, headers }, { userAgent, agent, signal }) {
    const { request } = new URL(url).protocol === 'https:' ? external_node_https_namespaceObject : external_node_http_;
    return request(url, { method, headers: { ...headers, 'User-Agent': userAgent }, agent, signal });
}
/**
 * The agent for a proxy takes an IPv6 address with its brackets, which no resolver knows, and holds the certificate of a proxy
 * that speaks TLS against the name of the API.
 */
function mendTunnel(agent) {
    const { proxyOptions } = agent;
    proxyOptions.host = proxyOptions.host.replace(/^\[(.*)\]$/, '$1');
    proxyOptions.servername = (0,external_node_net_.isIP)(proxyOptions.host) ? '' : proxyOptions.host;
    return agent;
}
/** Settles on every path: an answer, an error, a connection that closes without a word, and the signal. */
function answerTo(request, body, signal) {
    return new Promise((resolve, reject) => {
        request.once('response', resolve);
        // Stays to the end: an error that nobody listens to would end the process, and one may come after the answer.
        request.on('error', reject);
        request.once('close', () => reject(new Error('the connection was closed without an answer')));
        // A request that still waits for its proxy has no socket, and says nothing when it is aborted.
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        request.end(body);
    });
}
async function readResponse(message, signal) {
    const status = message.statusCode ?? 0;
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]));
    const largestBytes = isSuccess({ status }) ? policy/* EXCHANGE */.W.largestBodyBytes : policy/* EXCHANGE */.W.largestErrorBytes;
    const { text, fault } = await readBody(message, largestBytes, signal);
    if (fault === undefined)
        return { status, headers, body: text, isWhole: true };
    return { status, headers, body: text, isWhole: false, bodyFault: fault };
}

;// CONCATENATED MODULE: ./lib/src/api/request.js




/** Sends one request and decodes its answer; anything but a decodable success is an `ApiError`. */
async function sendRequest({ apiUrl, apiKey, exchange, redactor }, { method, path, ifMatch, body, wanted, timeoutMs }, decode) {
    const url = `${apiUrl}${path}`;
    const response = await exchange({
        method,
        url,
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
    if (!isSuccess(response))
        throw toStatusError(method, url, response, redactor);
    const value = response.isWhole ? decode(response.body) : undefined;
    if (value === undefined)
        throw toUnusableError({ method, url, wanted }, response, redactor);
    return { value, etag: response.headers.etag || undefined, requestId: requestIdOf(response, redactor) };
}
function toStatusError(method, url, response, redactor) {
    const { status } = response;
    const { message: serverMessage = '', code, field } = errorWordsOf(response, redactor);
    const redirect = redirectOf(url, response, redactor);
    const facts = {
        trouble: 'status',
        status,
        isFromApi: isFromApi(response),
        serverMessage,
        code,
        field,
        redirect,
        ...headerFacts(response, redactor),
    };
    const words = toWordsText({ message: serverMessage || standardText(status), code, field });
    const options = redirect === undefined ? {} : { hint: redirectHint(redirect) };
    return new errors/* ApiError */.hD(`${method} was answered ${status}: ${words}`, facts, options);
}
/** A 2xx of which only a part arrived is no answer, whatever that part says. */
function toUnusableError({ method, url, wanted }, response, redactor) {
    const { status, bodyFault } = response;
    const facts = headerFacts(response, redactor);
    const { host } = new URL(url);
    if (bodyFault === 'cut') {
        const message = `${method} to ${host} was answered ${status}, and the connection was cut in the middle of the body`;
        return new errors/* ApiError */.hD(message, { trouble: 'network', ...facts });
    }
    if (bodyFault === 'timeout') {
        const message = `${method} to ${host} was answered ${status}, and the body did not end in time`;
        return new errors/* ApiError */.hD(message, { trouble: 'timeout', ...facts });
    }
    const message = `${method} was answered ${status} with ${describeBody(response, redactor)}, not with ${wanted}`;
    return new errors/* ApiError */.hD(message, { trouble: 'not-a-cluster', status, ...facts });
}
function headerFacts(response, redactor) {
    return { requestId: requestIdOf(response, redactor), retryAfterMs: retryAfterMsOf(response) };
}
function redirectHint(redirect) {
    return `The answer points to ${redirect}. Redirects are not followed, since the key would go along. Check api-url.`;
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
    const { tenant, cluster: name, redactor } = options;
    const target = {
        wanted: 'the cluster asked for',
        path: `/tenants/${encodeURIComponent(tenant)}/clusters/${encodeURIComponent(name)}`,
    };
    let last;
    const decode = (body) => {
        // Most polls bring nothing new, and to decode and to clean an object is most of what one costs.
        if (last?.body !== body)
            last = { body, cluster: decodeCluster(body, name, redactor) };
        return last.cluster;
    };
    const request = async (apiRequest, decodeBody) => {
        try {
            return await sendRequest(options, apiRequest, decodeBody);
        }
        catch (error) {
            // An error's body may have taught what must not be shown: whatever comes next is to be cleaned by that.
            last = undefined;
            throw error;
        }
    };
    return {
        getCluster: async (timeoutMs) => toRead(await request({ ...target, method: 'GET', timeoutMs }, decode)),
        patchCluster: async (body, ifMatch, timeoutMs) => {
            const decodeAnswer = (text) => (text.trim() === '' ? 'empty' : decode(text));
            const { value, ...rest } = await request({ ...target, method: 'PATCH', ifMatch, body, timeoutMs }, decodeAnswer);
            const shown = value === 'empty' ? undefined : toRead({ value, ...rest });
            return { shown, ...rest };
        },
    };
}
function toRead({ value, etag, requestId }) {
    return { cluster: value, etag, requestId };
}

;// CONCATENATED MODULE: ./lib/src/api/user-agent.js
/** The `User-Agent` of every request, so that the server's audit can answer who did it (contract 3.8). Only what a header can carry. */
function toUserAgent(version, { repository, runId, attempt }) {
    const run = `${repository ?? 'no repository'}; run ${runId ?? 'none'}; attempt ${attempt ?? 'none'}`;
    return `kupe-cluster-action/${version} (${run})`.replace(/[^\u0020-\u007e]/g, '?');
}

;// CONCATENATED MODULE: ./lib/src/clock.js

/** The longest time one timer can hold; Node fires a longer one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** The real clock; `signal` is the run's cancellation. */
function createClock(signal) {
    return {
        nowMs: () => performance.now(),
        wallMs: () => Date.now(),
        random: () => Math.random(),
        sleep: (ms) => new Promise((resolve, reject) => {
            const end = () => {
                clearTimeout(timer);
                signal.removeEventListener('abort', end);
                if (signal.aborted)
                    reject(new errors/* CancelledError */.cc(signal.reason));
                else
                    resolve();
            };
            const timer = setTimeout(end, signal.aborted ? 0 : Math.min(ms, LONGEST_TIMER_MS));
            signal.addEventListener('abort', end, { once: true });
        }),
    };
}

// EXTERNAL MODULE: ./lib/src/domain/alerts.js
var domain_alerts = __nccwpck_require__(7071);
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
/** The first items of a list, and as the last one how many there are more: for items of which each stands for itself. */
function firstAndMore(items, most) {
    const more = items.length - most;
    return more > 0 ? [...items.slice(0, most), `${more} more`] : [...items];
}
/** The first of a list, and how many more there are: a list in a sentence must stay one that is read. */
function toShortList(names, most) {
    const more = names.length - most;
    return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}

;// CONCATENATED MODULE: ./lib/src/inputs/alerts-yaml.js



const KEY_TWICE = 'has the same key twice';
/** Reads YAML, and refuses what would not be sent as it is written. */
async function parseYaml(text) {
    const yaml = await __nccwpck_require__.e(/* import() */ 815).then(__nccwpck_require__.t.bind(__nccwpck_require__, 8815, 19));
    const lineCounter = new yaml.LineCounter();
    // The library compares keys before they become texts, and aliases not at all; `survey` does both.
    const options = { logLevel: 'error', merge: true, resolveKnownTags: false, uniqueKeys: false };
    const document = yaml.parseDocument(text, { lineCounter, ...options });
    // An unknown tag is only a warning there, and its text would be sent as if it were the value.
    const [error] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
    if (error !== undefined)
        return { reason: withLine(toSyntaxReason(error, text), error.linePos?.[0].line) };
    const findings = survey(yaml, document, lineCounter);
    const [fault] = toTexts(FAULTS, findings);
    if (fault !== undefined)
        return fault;
    try {
        const settings = document.toJS({ maxAliasCount: 100 });
        return { value: { settings, warnings: toTexts(WARNINGS, findings) } };
    }
    catch {
        return { reason: 'has an alias or a merge key (<<) that leads nowhere, or too many of them' };
    }
}
/** Faults of YAML that people make, by the library's code for them. */
const SYNTAX_FAULTS = {
    MULTIPLE_DOCS: 'is more than one YAML document',
    TAB_AS_INDENT: 'is indented by a tab, which YAML does not take',
    BAD_INDENT: 'is indented in a way that YAML cannot read',
    RESOURCE_EXHAUSTION: 'is nested too deeply',
    MISSING_CHAR: 'lacks a comma, or a closing quote or bracket',
    TAG_RESOLVE_FAILED: 'has a tag (!) that nothing resolves here; give the value itself, or put the text in quotes',
};
const HAS_COMMENT = 'has a comment that begins with // or /*, which neither JSON nor YAML knows; take it out, or put the text in quotes';
function toSyntaxReason({ code, pos: [start], linePos }, text) {
    if (/^\/[/*]/.test(text.slice(start, start + 2)))
        return HAS_COMMENT;
    // A line that is indented less than the first one is outside of the document to the library.
    const [, indent = ''] = /^[\r\n]*([ \t]*)/.exec(text) ?? [];
    const isOutside = code === 'UNEXPECTED_TOKEN' && linePos !== undefined && linePos[0].col <= indent.length;
    return SYNTAX_FAULTS[isOutside ? 'BAD_INDENT' : code] ?? 'is neither JSON nor YAML';
}
/** The first kind that is found is told: what stands first may be the cause of what comes after it. */
const FAULTS = {
    comment: inLine(HAS_COMMENT),
    quote: inLine('has a quote inside a text that has none around it; a comma may be missing, or a quote is a curly one'),
    comma: inLine('has a comma or a semicolon at the end of a value, which YAML takes for a part of it; take it out, or use JSON with { }'),
    keyIsNoText: inLine('has a key that is no text; what it comes from may be empty, or a template in {{ }} was not filled in or lacks quotes'),
    changedKey: (findings) => ({
        reason: `has a key that YAML takes for a number, or for true or false, and that would be sent as ${toPlaces(findings)}: put it in quotes`,
    }),
    keyTwice: inLine(KEY_TWICE),
    wordOfCode: (findings) => ({
        reason: `has a word that JSON does not have at ${toPlaces(findings)}: write null where a setting is to be removed, or put the text in quotes`,
    }),
    // An expression that produced nothing leaves a value out, which YAML takes for null, and null removes a setting.
    missing: (findings) => ({
        reason: `has no value at ${toPlaces(findings)}: what it comes from may be empty. Write null where a setting is to be removed`,
    }),
    changedNumber: (findings) => ({
        reason: `has a number in a form that JSON does not have, and that would be sent changed, at ${toPlaces(findings)}: put it in quotes where it is a text, such as a phone number, or write the plain number`,
        example: 'pin: "0123" or pin: 123',
    }),
};
const WARNINGS = {
    bareWord: (findings) => `A bare on, off, yes or no in YAML is sent as a text (${toPaths(findings)}): write true or false for a switch, or put the text in quotes`,
    respelledNumber: (findings) => `A number in YAML is sent as JSON writes it, as 1.2 for 1.20 or 100000 for 1e5 (${toPaths(findings)}): where it is a text, such as a version, put it in quotes`,
};
function toTexts(tellings, findings) {
    return Object.entries(tellings).flatMap(([kind, tell]) => {
        const found = findings.filter((finding) => finding.kind === kind);
        return found.length === 0 ? [] : [tell(found)];
    });
}
function inLine(reason) {
    return ([first]) => ({ reason: withLine(reason, first?.line) });
}
function toPaths(findings) {
    return toShortList(findings.map(({ path }) => path), policy/* MOST_NAMES_IN_WARNING */.mP);
}
function toPlaces(findings) {
    const places = findings.map(({ path, line, note }) => `${path} (line ${line}${note === undefined ? '' : `, ${note}`})`);
    return toShortList(places, policy/* MOST_NAMES_IN_WARNING */.mP);
}
function withLine(text, line) {
    return line === undefined ? text : `${text} (line ${line})`;
}
function survey(yaml, document, lineCounter) {
    const { isAlias, isCollection, isPair, isScalar, visit } = yaml;
    const findings = [];
    const lineOf = (node) => lineCounter.linePos(node.range?.[0] ?? 0).line;
    const keysOf = (ancestors) => ancestors.flatMap((node) => (isPair(node) && isScalar(node.key) ? [toKeyText(node.key)] : []));
    visit(document, {
        Map: (_, map, ancestors) => {
            const earlier = new Set();
            for (const pair of map.items) {
                const key = isAlias(pair.key) ? pair.key.resolve(document) : pair.key;
                const found = judgeKey(isScalar(key) ? key : undefined, pair.value, earlier);
                if (found === undefined)
                    continue;
                // What has no colon may have been meant as a value, so it is not shown.
                const shown = found === 'changedKey' && isScalar(key) ? [toKeyText(key)] : [];
                findings.push({ kind: found, path: (0,domain_alerts/* toAlertName */.t8)([...keysOf(ancestors), ...shown]), line: lineOf(pair.key) });
            }
        },
        Scalar: (position, scalar, ancestors) => {
            const isInFlow = ancestors.some((node) => isCollection(node) && node.flow === true);
            const found = judgeScalar(scalar, position === 'key', isInFlow);
            if (found !== undefined)
                findings.push({ ...found, path: (0,domain_alerts/* toAlertName */.t8)(keysOf(ancestors)), line: lineOf(scalar) });
        },
    });
    return findings;
}
/** Judges a key by the text that would be sent, and by the texts of the keys before it. */
function judgeKey(key, value, earlier) {
    if (key === undefined || key.value === null)
        return 'keyIsNoText';
    if (value === null)
        return 'missing';
    if (isMergeKey(key))
        return undefined;
    const text = toKeyText(key);
    if (text !== key.source)
        return 'changedKey';
    if (earlier.has(text))
        return 'keyTwice';
    earlier.add(text);
    return undefined;
}
/** A merge key is a symbol to the library. */
function isMergeKey({ value }) {
    return typeof value === 'symbol';
}
function toKeyText(key) {
    return isMergeKey(key) ? (key.source ?? '') : String(key.value);
}
const COMMENT = /(?:^|\s)\/[/*]/;
/** What stands behind a number or a word of JSON, where YAML makes a text of both. */
const BEHIND_VALUE = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\s*(\/[/*]|[,;]$)/i;
/** A straight quote anywhere, or a curly one where the text would begin. */
const STRAY_QUOTE = /"|^[“”„‘’]/;
/** The value of a matcher, such as `severity="critical"`, whose quotes are meant. */
const MATCHED_VALUE = /[=~]\s*"[^"]*"/g;
const WORD_OF_CODE = /^(?:None|undefined|[-+]?(?:NaN|Infinity))$/;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?$/i;
const BARE_WORD = /^(?:on|off|yes|no)$/i;
/**
 * Judges one text, number or word. In flow style (`{}` and `[]`) people write JSON, and what JSON would refuse is a plain text to
 * YAML.
 */
function judgeScalar({ type, tag, value, source = '', comment }, isKey, isInFlow) {
    if (type === 'PLAIN') {
        const behind = BEHIND_VALUE.exec(source)?.[1];
        if (behind?.startsWith('/') || ((isKey || isInFlow) && COMMENT.test(source)))
            return { kind: 'comment' };
        if (behind !== undefined)
            return { kind: 'comma' };
        if (isInFlow && STRAY_QUOTE.test(source.replace(MATCHED_VALUE, '')))
            return { kind: 'quote' };
        if (isInFlow && WORD_OF_CODE.test(source))
            return { kind: 'wordOfCode', note: source };
    }
    if (isKey)
        return undefined;
    if (value === null && source === '') {
        return { kind: 'missing', ...(comment == null ? {} : { note: 'a text that begins with # needs quotes' }) };
    }
    // Infinity and NaN are refused with the other numbers that JSON cannot carry.
    if (typeof value === 'number' && Number.isFinite(value)) {
        if (!JSON_NUMBER.test(source))
            return { kind: 'changedNumber', note: toNumberNote(source) };
        return JSON.stringify(value) === source ? undefined : { kind: 'respelledNumber' };
    }
    return type === 'PLAIN' && tag === undefined && BARE_WORD.test(source) ? { kind: 'bareWord' } : undefined;
}
/** What a number would lose or get, without a digit of it. */
function toNumberNote(source) {
    if (/^0[xo]/.test(source))
        return 'as a decimal number';
    if (source.startsWith('+'))
        return 'without its plus sign';
    if (/^-?0\d/.test(source))
        return 'without its leading zeros';
    return /^-?\./.test(source) ? 'with a zero before its point' : 'without its point';
}

;// CONCATENATED MODULE: ./lib/src/inputs/names.js

/** What switches a guard off. */
const NONE = 'none';
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: workflow expressions, for the reader to copy
/** What an empty text means where something was to protect. */
const PRODUCED_NOTHING = 'what it comes from (a step output, a variable, an expression) produced nothing';
const LOST_GUARD = `is given, but empty: ${PRODUCED_NOTHING}. Where it may be empty, write \${{ … || '${NONE}' }}`;
/** With `|| 'none'` these two would be off in the very case that they are for: the output is what is to be mended. */
const lostOutput = (what) => `is given, but empty: the step or job output that it comes from produced nothing, so there is no ${what}. Mend that output (GitHub drops a job output that holds a masked value); ${NONE} belongs here only as a fixed text, never as || '${NONE}'`;
/** A guard protects something, and only `none` switches it off. */
const guard = (example, whenEmpty = LOST_GUARD) => ({ default: NONE, example, whenEmpty });
const resourceInputs = Object.fromEntries(domain_resources/* RESOURCE_NAMES */.ux.map((name) => [name, { example: domain_resources/* RESOURCES */.eZ[name].example }]));
const boundInputs = Object.fromEntries(domain_resources/* RESOURCE_NAMES */.ux.flatMap((name) => ['min', 'max'].map((end) => [`${end}-${name}`, guard(domain_resources/* RESOURCES */.eZ[name].boundExample)])));
/** The inputs of the action with their defaults, in the order of `action.yml`. */
const INPUTS = {
    'api-key': { example: 'kupe_<id>_<secret>', isHidden: true },
    tenant: { example: 'acme' },
    cluster: { example: 'production' },
    'api-url': { example: 'https://api.kupe.cloud' },
    mode: {
        default: 'apply',
        example: 'plan',
        whenEmpty: `is given, but empty: ${PRODUCED_NOTHING}, and that is not taken for apply. Give apply, plan or verify`,
    },
    version: { example: '"1.32"', isQuoted: true },
    ...resourceInputs,
    alerts: { example: '{"podCrashLooping": {"enabled": true}}', isIndented: true, isHidden: true },
    wait: { default: 'true' },
    timeout: { default: '30m' },
    // The defaults of these two depend on timeout.
    'poll-interval': { example: '12s' },
    'settle-time': { example: '30s' },
    'degraded-grace': { default: '5m' },
    'on-busy': { default: 'wait' },
    'on-conflict': { default: 'retry' },
    'if-match': guard('\'"294810"\'', lostOutput('ETag to hold this run to')),
    'expected-plan': guard('${{ steps.plan.outputs.plan-digest }}', lostOutput('plan to hold this run to')),
    'allow-downgrade': { default: 'false' },
    'allow-version-skip': { default: 'false' },
    'allow-storage-shrink': { default: 'false' },
    ...boundInputs,
    'only-between': guard('20:00-06:00'),
    'freeze-dates': guard('2026-12-24..2027-01-02, 2027-03-30'),
    timezone: {
        default: 'UTC',
        example: 'Europe/London',
        whenEmpty: `is given, but empty: ${PRODUCED_NOTHING}. Where it may be empty, write \${{ … || 'UTC' }}`,
    },
    'hourly-rates': { example: 'cpu=0.03, memory=0.006, storage=0.000116, currency=GBP' },
    'job-summary': { default: 'true' },
    comment: { default: 'false' },
    'github-token': { example: '${{ github.token }}', isHidden: true },
};
const INPUT_NAMES = Object.keys(INPUTS);
/** What resources are called elsewhere. */
const RESOURCE_SYNONYMS = {
    core: 'cpu',
    cores: 'cpu',
    cpus: 'cpu',
    vcpu: 'cpu',
    vcpus: 'cpu',
    mem: 'memory',
    ram: 'memory',
    disk: 'storage',
};
/** What the table says of an input. */
function definitionOf(name) {
    return INPUTS[name];
}
/** The key under which the runner hands an input over. */
function variableOf(name) {
    return `INPUT_${name.toUpperCase()}`;
}

;// CONCATENATED MODULE: ./lib/src/inputs/spelling.js
// What keyboards, copies from web pages and other tools put into a value besides what was meant.
/** Characters that leave no mark: zero-width ones, byte order marks and control characters, but no white space. */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Cc}]--[\t\n\r]]/v;
const ENDS = /^[\s\p{Default_Ignorable_Code_Point}]+|(?<![\s\p{Default_Ignorable_Code_Point}])[\s\p{Default_Ignorable_Code_Point}]+$/gu;
const PRINTABLE = /^[ -~]*$/;
/** A text without white space and zero-width characters at its ends. */
function trimEnds(text) {
    // The classes of Unicode are slow to compile, and next to no value needs them.
    if (PRINTABLE.test(text))
        return text.trim();
    return text.replace(ENDS, '');
}
/**
 * A text like that of `trimEnds`, but with its line breaks and the indentation of its first line: YAML goes by the indentation, and
 * an error by the number of the line.
 */
function trimAroundLines(text) {
    const trimmed = trimEnds(text);
    if (trimmed === '')
        return '';
    const start = text.indexOf(trimmed);
    const before = text.slice(0, start);
    const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
    const indent = before.slice(lineStart).replace(/[^ \t]/g, '');
    return toLineBreaks(before) + indent + trimmed + toLineBreaks(text.slice(start + trimmed.length));
}
function toLineBreaks(text) {
    return text.replace(/[^\r\n]/g, '');
}
/** True where a text has something in it that nobody can see. */
function hasInvisible(text) {
    return !PRINTABLE.test(text) && INVISIBLE.test(text);
}
/** A text with everything taken out that nobody can see. */
function withoutInvisible(text) {
    return text.replace(new RegExp(INVISIBLE, 'gv'), '');
}
/** A text without one pair of quotes around it: YAML takes away one pair, so a second one is part of the value. */
function withoutQuotes(text) {
    return trimEnds(text.replace(/^(["'`“”‘’])(.*)["'`“”‘’]$/su, '$2'));
}
/** True where blanks split a number: they may as well stand between two numbers, or between thousands. */
function hasSplitNumber(text) {
    return /\d\s+(?:[.,]\s*)?\d|\d[.,]\s+\d/.test(text);
}
/** A number's decimal comma as a point; `undefined` where the comma may as well stand between thousands (`1,024`). */
function withDecimalPoint(text) {
    return /,\d{3}(?!\d)/.test(text) ? undefined : text.replaceAll(',', '.');
}
/** A text without any white space, and with every kind of dash as a hyphen. */
function withPlainDashes(text) {
    return text.replace(/\s+/g, '').replace(/[\p{Pd}−]/gu, '-');
}

;// CONCATENATED MODULE: ./lib/src/inputs/secrets.js

/** Where the API key may come from besides its input, in this order. */
const API_KEY_VARIABLES = ['KUPE_API_KEY', 'KUPE_API_TOKEN'];
const SECRET_VARIABLES = ['INPUT_API-KEY', 'INPUT_TOKEN', 'INPUT_API-TOKEN', 'INPUT_GITHUB-TOKEN', ...API_KEY_VARIABLES];
/** Where a secret is kept, in a workflow's words: a mistake for the secret, and to be read in the error about it. */
const PLACE = /^(?:secrets|env|vars|inputs)\.[a-z_][\w-]*$/i;
/**
 * Every value that may be a secret, to be masked before anything else happens: as it was given, as it is sent, and without the
 * quotes and the `Bearer` that people put around it.
 */
function secretsIn(env) {
    const forms = SECRET_VARIABLES.flatMap((name) => {
        const given = env[name] ?? '';
        const sent = trimEnds(given);
        return [given, sent, trimEnds(withoutQuotes(sent).replace(/^Bearer\s+/i, ''))];
    });
    return [...new Set(forms)].filter((form) => trimEnds(form) !== '' && !PLACE.test(trimEnds(form)));
}

;// CONCATENATED MODULE: ./lib/src/inputs/reader.js





/** True where a text was not understood. */
function isFault(parsed) {
    return 'reason' in parsed;
}
/** A fault with what was probably meant, as far as anything could be guessed. */
function toFault(reason, guesses) {
    const repaired = guesses.filter((guess) => guess !== undefined);
    return repaired.length === 0 ? { reason } : { reason, repaired };
}
/**
 * Reads single inputs from the environment as the runner sets it, and gathers their faults and what is worth a warning. What is
 * empty, what is `none`, and what cannot be seen is decided here, for all inputs alike.
 */
class InputReader {
    env;
    problems = [];
    warnings = [];
    redact;
    constructor(env) {
        this.env = env;
        this.redact = (0,src_redact/* createRedactor */.lY)(secretsIn(env));
    }
    /** An input as it was given, trimmed; an empty one counts as not given. */
    text(name) {
        return this.variable(variableOf(name), definitionOf(name).isIndented === true ? trimAroundLines : trimEnds);
    }
    /** The input, or else the first of the environment variables that is set. */
    find(name, variables) {
        const text = this.text(name);
        if (text !== undefined)
            return { text, source: name };
        const source = variables.find((variable) => this.variable(variable) !== undefined);
        return source === undefined ? undefined : { text: this.variable(source) ?? '', source };
    }
    /**
     * What an input means. An absent or empty one means its default; `undefined` where that is nothing or `none`, and where there
     * is a fault. The runner passes `with: {x: ""}` on as an empty text, not as the default.
     */
    read(name, parse) {
        const { default: byDefault, whenEmpty } = definitionOf(name);
        const text = this.text(name);
        if (text === undefined && whenEmpty !== undefined && this.env[variableOf(name)] !== undefined) {
            this.problems.push({ input: name, reason: whenEmpty });
            return undefined;
        }
        const meant = text ?? byDefault;
        const isGuard = byDefault === NONE;
        if (meant === undefined || (isGuard && meant === NONE))
            return undefined;
        return this.parse(name, { text: meant, source: name }, isGuard ? unlessSwitchedOff(parse) : parse);
    }
    /** What a given text means for an input; where it is faulty, the fault names where it came from. */
    parse(name, { text, source }, parse) {
        const parsed = hasInvisible(text) ? toInvisibleFault(text, parse) : parse(text);
        if (!isFault(parsed))
            return parsed.value;
        const { hidesValue, ...fault } = parsed;
        return this.fail(name, fault, hidesValue === true ? { source } : { text, source });
    }
    /**
     * Notes a fault. A secret that was put into the wrong input is redacted later, in the spelling that is known: so no repair of it
     * is shown, and nothing that is spelled with invisible characters. Without a repair there is an example.
     */
    fail(name, fault, given = {}) {
        const { text = '', source = name } = given;
        const { isHidden = false, isQuoted, default: byDefault, example = byDefault } = definitionOf(name);
        const seen = withoutInvisible(text);
        const holdsSecret = isHidden || this.redact(seen) !== seen;
        const hidesValue = given.text === undefined || isHidden || (holdsSecret && seen !== text);
        const guesses = holdsSecret || text.length > policy/* LONGEST */.zP.inputValue ? [] : (fault.repaired ?? []);
        const repaired = isQuoted ? guesses.map((guess) => `"${guess}"`) : guesses;
        const shown = fault.example ?? example;
        this.problems.push({
            input: source === name ? name : `${name} (from ${source})`,
            ...(hidesValue ? {} : { value: text }),
            reason: fault.reason,
            ...(repaired.length > 0 ? { repaired } : shown === undefined ? {} : { example: shown }),
        });
    }
    variable(key, trim = trimEnds) {
        return trim(this.env[key] ?? '') || undefined;
    }
}
function toInvisibleFault(text, parse) {
    const seen = trimEnds(withoutInvisible(text));
    const parsed = parse(seen);
    const reason = 'has invisible characters inside';
    return isFault(parsed) ? { ...parsed, reason } : { reason, repaired: [seen] };
}
const OFF = /^(?:none|off|no|false|disabled?|unlimited)$/i;
/** Refuses what people write for `none`, for all guards alike: to some of them it would be a value. */
function unlessSwitchedOff(parse) {
    return (text) => (OFF.test(text) ? { reason: 'is not how a guard is switched off', repaired: [NONE] } : parse(text));
}

;// CONCATENATED MODULE: ./lib/src/inputs/alerts.js




/** Reads `alerts` from JSON or YAML. Its values may be secrets, so no error and no warning shows them. */
async function readAlerts(read) {
    const text = read.text('alerts');
    if (text === undefined)
        return undefined;
    const parsed = await parseAlerts(text);
    if (isFault(parsed))
        return read.fail('alerts', parsed);
    const { settings, warnings } = parsed.value;
    read.warnings.push(...warnings);
    return settings;
}
/** JSON is tried first: YAML's library is loaded only for YAML. */
async function parseAlerts(text) {
    const json = alerts_parseJson(text);
    const parsed = json === undefined ? await parseYaml(text) : { value: { settings: json, warnings: [] } };
    if (isFault(parsed))
        return parsed;
    const { settings, warnings } = parsed.value;
    const reason = problemOf(settings);
    if (reason !== undefined || !(0,domain_json/* isJsonObject */.OW)(settings))
        return { reason: reason ?? NO_OBJECT };
    if (json !== undefined && hasKeyTwice(text, settings))
        return { reason: KEY_TWICE };
    return { value: { settings, warnings } };
}
function alerts_parseJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
/** JSON's parser keeps the last of two equal keys and says nothing: then the text has more members than what came of it. */
function hasKeyTwice(text, json) {
    const written = text.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1;
    return written > countMembers(json);
}
function countMembers(value) {
    if (typeof value !== 'object' || value === null)
        return 0;
    const items = Object.values(value);
    return items.reduce((sum, item) => sum + countMembers(item), (0,domain_json/* isJsonObject */.OW)(value) ? items.length : 0);
}
const NO_OBJECT = 'is not an object (keys with values)';
function problemOf(value) {
    if (!(0,domain_json/* isJsonObject */.OW)(value))
        return NO_OBJECT;
    if (Object.keys(value).length === 0)
        return 'is an empty object, which asks for nothing';
    if (isDeeperThan(value, policy/* DEEPEST_ALERTS */.TL))
        return 'refers to itself, or is nested too deeply';
    return hasLossyNumber(value) ? 'has a number that JSON cannot carry exactly; write it as a text' : undefined;
}
function isDeeperThan(value, levels) {
    if (typeof value !== 'object' || value === null)
        return false;
    return levels === 0 || Object.values(value).some((item) => isDeeperThan(item, levels - 1));
}
function hasLossyNumber(value) {
    if (typeof value === 'number') {
        return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
    }
    return typeof value === 'object' && value !== null && Object.values(value).some(hasLossyNumber);
}

;// CONCATENATED MODULE: ./lib/src/inputs/quantities.js



/** Reads the quantity of a resource. It is sent as it was written, so only what the API takes is taken here. */
function parseResource(name) {
    const { unit, problemOf } = domain_resources/* RESOURCES */.eZ[name];
    return (text) => {
        const reason = problemOf(text);
        if (reason === undefined)
            return { value: text };
        const guess = guessQuantity(text, unit);
        const repaired = (guess.repaired ?? []).filter((candidate) => problemOf(candidate) === undefined);
        return toFault(guess.reason ?? reason, repaired);
    };
}
function guessQuantity(text, unit) {
    if (hasSplitNumber(text))
        return {};
    const pointed = withDecimalPoint(withoutQuotes(text));
    if (pointed === undefined)
        return { reason: 'has a comma that may be a decimal point or stand between thousands' };
    const amount = toAmount(pointed.replace(/\s+/g, ''));
    return amount === undefined ? {} : GUESSES[unit](amount);
}
const GUESSES = { cpus: guessCpus, bytes: guessBytes };
function toAmount(text) {
    const [, whole = '', fraction = '', unit = ''] = /^\+?(\d*)(?:\.(\d*))?([a-z]*)$/i.exec(text) ?? [];
    if (whole === '' && fraction === '')
        return undefined;
    return { number: `${whole === '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`, unit };
}
function guessCpus({ number, unit }) {
    if (/^(?:c|v?cpus?|v?cores?)?$/i.test(unit))
        return { repaired: [number] };
    if (/^m(?:illi)?(?:c|cpus?|cores?)?$/i.test(unit))
        return { repaired: [`${number}m`] };
    return /^[kmgtpe]i?b?$/i.test(unit) ? { reason: 'is an amount of bytes, not of CPUs' } : {};
}
const BINARY = /^([kmgtpe])(?:i|[iex]bi)(?:b|bytes?)?$/i;
const DECIMAL = /^([kmgtpe])(?:b|bytes?|[ie]gs?|(?:ilo|ega|iga|era|eta|xa)(?:bytes?)?)?$/i;
function guessBytes({ number, unit }) {
    if (unit === '')
        return Number(number) === 0
            ? { reason: 'must be above zero' }
            : { reason: 'has no unit', repaired: guessUnits(number) };
    const binary = BINARY.exec(unit)?.[1]?.toUpperCase();
    if (binary !== undefined)
        return { repaired: [`${number}${binary}i`] };
    const letter = DECIMAL.exec(unit)?.[1]?.toUpperCase();
    if (letter === undefined)
        return {};
    const decimal = letter === 'K' ? 'k' : letter;
    // The unit was right, so something else was wrong.
    if (unit === decimal)
        return { repaired: [`${number}${decimal}`] };
    const reason = `has a unit that the API does not take (${decimal} counts in 1000s, ${letter}i in 1024s)`;
    return { reason, repaired: [`${number}${decimal}`, `${number}${letter}i`] };
}
const MEBI = 2 ** 20;
const GIBI = 2 ** 30;
/** From here on a number without a unit may as well count MiB. */
const LARGE_FOR_GIB = 256;
/** What a number without a unit may count: bytes where it is very large, else GiB, or MiB. */
function guessUnits(number) {
    const count = Number(number);
    if (count >= GIBI && count % GIBI === 0)
        return [`${count / GIBI}Gi`];
    if (count >= MEBI)
        return count % MEBI === 0 ? [`${count / MEBI}Mi`] : [];
    return count < LARGE_FOR_GIB ? [`${number}Gi`] : [`${number}Gi`, `${number}Mi`];
}

;// CONCATENATED MODULE: ./lib/src/domain/version.js
const LIVE = /^v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:[+-].*)?$/s;
const REQUESTED = /^v?(?:0|[1-9]\d{0,3})\.(?:0|[1-9]\d{0,3})(?:\.(?:0|[1-9]\d{0,3}))?(?:\+[\w.-]*)?$/;
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
/** The way the API takes a version: no `v`, and no build after a `+`, which a running version has. */
function toSentVersion(text) {
    return text.replace(/^v/, '').replace(/\+.*$/s, '');
}
/** What is wrong with a requested version, or `undefined`. */
function problemOfVersion(text) {
    const version = REQUESTED.test(text) ? parseVersion(text) : undefined;
    if (version === undefined)
        return 'is not a Kubernetes version';
    if (version.minor >= LOWEST_MINOR)
        return undefined;
    return 'is too old to be meant; YAML reads an unquoted 1.30 as the number 1.3, so quote the version';
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

;// CONCATENATED MODULE: ./lib/src/inputs/versions.js



/** Reads a requested version into the form in which it is sent. */
function parseVersionInput(text) {
    const reason = problemOfVersion(text);
    if (reason === undefined)
        return { value: toSentVersion(text) };
    const repaired = guessVersions(text).filter((guess) => problemOfVersion(guess) === undefined);
    return toFault(reason, repaired);
}
const WORDS_BEFORE = /^(?:kubernetes|k8s|version|[~^=<>]+|v)[\s.:=v-]*/i;
function guessVersions(text) {
    const bare = withoutQuotes(text).replace(WORDS_BEFORE, '').replaceAll(',', '.');
    const [, major = '', minor = '', rest = ''] = /^(\d+)\.(\d+)(.*)$/s.exec(bare) ?? [];
    if (major === '')
        return /^\d{2}$/.test(bare) ? [`1.${bare}`] : [];
    const patch = /^\.(\d+)(?:$|[-+])/.exec(rest)?.[1];
    if (patch !== undefined)
        return [`${Number(major)}.${Number(minor)}.${Number(patch)}`];
    // YAML drops the zero at the end of a number.
    if (minor.length === 1 && rest === '')
        return [`${major}.${minor}0`];
    return /^(?:$|[-+]|\.?[x*]?$)/i.test(rest) ? [`${Number(major)}.${Number(minor)}`] : [];
}

;// CONCATENATED MODULE: ./lib/src/inputs/change.js




const CHANGE_INPUTS = ['version', ...domain_resources/* RESOURCE_NAMES */.ux, 'alerts'];
/** Reads what the cluster is to become; what was not given, or is empty, stays absent. */
async function readDesired(read, mode) {
    const mustChange = mode === 'apply' || mode === 'plan';
    if (mustChange && CHANGE_INPUTS.every((name) => read.text(name) === undefined)) {
        const reason = `is missing: mode ${mode} needs at least one of ${CHANGE_INPUTS.join(', ')}`;
        read.problems.push({ input: 'a change', reason, example: 'version: "1.32"' });
    }
    const version = read.read('version', parseVersionInput);
    const alerts = await readAlerts(read);
    return {
        ...(version === undefined ? {} : { version }),
        ...(0,domain_resources/* mapResources */.sO)((name) => read.read(name, parseResource(name))),
        ...(alerts === undefined ? {} : { alerts }),
    };
}

;// CONCATENATED MODULE: ./lib/src/inputs/nearest.js
/**
 * The word that a mistyped one is closest to, or `undefined` where none is close: unless said otherwise, one edit away for words
 * of up to five letters, two for longer ones.
 */
function findNearest(text, words, mostEdits = (word) => (word.length <= 5 ? 1 : 2)) {
    const [nearest] = words
        .filter((word) => Math.abs(word.length - text.length) <= mostEdits(word))
        .map((word) => ({ word, edits: countEdits(text, word) }))
        .filter(({ word, edits }) => edits <= mostEdits(word))
        .sort((left, right) => left.edits - right.edits);
    return nearest?.word;
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

;// CONCATENATED MODULE: ./lib/src/inputs/choices.js



const YES = /^(?:true|yes|on|y|t|1|enabled?)$/;
const NO = /^(?:false|no|off|n|f|0|disabled?|never)$/;
/** Reads what the toolkit of GitHub reads as a boolean, and nothing else. */
function parseBoolean(text) {
    if (/^(?:true|True|TRUE)$/.test(text))
        return { value: true };
    if (/^(?:false|False|FALSE)$/.test(text))
        return { value: false };
    const word = withoutQuotes(text).toLowerCase();
    const reason = 'is neither true nor false';
    if (YES.test(word))
        return { reason, repaired: ['true'] };
    if (NO.test(word))
        return { reason, repaired: ['false'] };
    const nearest = findNearest(word, ['true', 'false']);
    return toFault(reason, [nearest]);
}
/** When a comment is made: always, never, or only where there is something to say. */
function parseComment(text) {
    if (text === 'changes')
        return { value: text };
    const parsed = parseBoolean(text);
    if (!isFault(parsed))
        return parsed;
    const reason = 'is none of true, false, changes';
    const nearest = findNearest(withoutQuotes(text).toLowerCase(), ['changes']);
    return nearest === undefined ? { ...parsed, reason } : { reason, repaired: [nearest] };
}
/** Reads one of `choices`; `meant` says which of them people mean by another word. */
function parseChoice(choices, meant = {}) {
    return (text) => {
        const chosen = choices.find((choice) => choice === text);
        if (chosen !== undefined)
            return { value: chosen };
        const word = withoutQuotes(text).toLowerCase();
        const repaired = Object.hasOwn(meant, word) ? meant[word] : findNearest(word, choices);
        const reason = `is none of ${choices.join(', ')}`;
        return toFault(reason, [repaired]);
    };
}

;// CONCATENATED MODULE: ./lib/src/inputs/address.js
const DEFAULT_API_URL = 'https://api.kupe.cloud';
const API_PATH = '/api/v1';
/**
 * Reads an address with or without `/api/v1` and a trailing slash; anything that could carry the key elsewhere is refused. User
 * info, query and fragment may hold secrets, so an address with one of them is not shown.
 */
function parseApiUrl(text, source) {
    const reason = problemOfApiUrl(text);
    if (reason !== undefined)
        return { reason, ...guessApiUrl(text), ...(/[@?#]/.test(text) ? { hidesValue: true } : {}) };
    const url = new URL(text);
    return { value: { root: `${url.origin}${API_PATH}`, host: url.host, source, isLoopback: isLoopback(url) } };
}
function problemOfApiUrl(text) {
    // Without its scheme, localhost:8080 would be read as one.
    if (!URL.canParse(text) || !text.includes('://'))
        return 'is not a URL';
    const url = new URL(text);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) {
        return 'is not https (http is for a loopback host only)';
    }
    if (url.username !== '' || url.password !== '' || text.includes('@'))
        return 'must not carry a user or password';
    if (/[?#]/.test(text))
        return 'must not carry a query or fragment';
    const path = url.pathname.replace(/\/$/, '');
    return path === '' || path === API_PATH ? undefined : `has a path other than ${API_PATH}`;
}
/** Whether a host is this machine, where nobody else can listen in. */
function isLoopback({ hostname }) {
    return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
const HOST = /^["']?(?:[a-z]+:)?\/{0,2}((?:localhost|127(?:\.\d{1,3}){3}|[a-z0-9.-]+\.[a-z]{2,})(?::\d{1,5})?)(?:[/?#]|["']?$)/i;
/** The same host without anything else, and over https where it is not this machine; only where it is named beyond doubt. */
function guessApiUrl(text) {
    const host = HOST.exec(text)?.[1]?.toLowerCase();
    if (host === undefined || text.includes('@'))
        return {};
    const guess = /^(?:localhost|127)\b/.test(host) ? `http://${host}` : `https://${host}`;
    return problemOfApiUrl(guess) === undefined ? { repaired: [guess] } : {};
}

;// CONCATENATED MODULE: ./lib/src/inputs/connection.js




function readConnection(read) {
    return {
        apiKey: readRequired(read, 'api-key', { variables: API_KEY_VARIABLES, parse: parseApiKey, missing: NO_SECRET }),
        tenant: readRequired(read, 'tenant', { variables: ['KUPE_TENANT'], parse: parseTenant }),
        cluster: readRequired(read, 'cluster', { variables: ['KUPE_CLUSTER'], parse: parseCluster }),
        api: readAddress(read),
    };
}
/** What an empty secret is most likely to come from. */
const NO_SECRET = {
    reason: '. Runs of forks and of Dependabot get no secrets, and the secrets of an environment need environment: in the job',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression
    example: '${{ secrets.KUPE_API_KEY }}',
};
function readRequired(read, name, { variables, parse, missing }) {
    const given = read.find(name, variables);
    if (given !== undefined)
        return read.parse(name, given, parse) ?? '';
    const others = variables.join(' and ');
    const reason = `is required; it is empty, and ${others} in the environment ${variables.length > 1 ? 'are' : 'is'} too`;
    return read.fail(name, { ...missing, reason: `${reason}${missing?.reason ?? ''}` }) ?? '';
}
/** The name of a place where a key is kept: an expression without its braces, or a variable. */
const connection_PLACE = /^(?:\$\{\{.*\}\}|\{\{.*\}\}|(?:secrets|env|vars|inputs|github)\.[\w.-]+|[$%]\{?\w+\}?%?|KUPE_API_(?:KEY|TOKEN))$/i;
// biome-ignore lint/suspicious/noTemplateCurlyInString: a workflow expression
const NAMES_A_PLACE = 'is the name of the place where the key is kept, not the key: did it lose its ${{ }}?';
function parseApiKey(key) {
    if (connection_PLACE.test(key))
        return { reason: NAMES_A_PLACE, example: NO_SECRET.example };
    const reason = problemOfApiKey(key);
    return reason === undefined ? { value: key } : { reason };
}
function problemOfApiKey(key) {
    if (withoutQuotes(key) !== key)
        return 'has quotes around it, and a key has none';
    if (/^Bearer(?:\s|$)/i.test(key))
        return 'begins with Bearer, which this action puts before the key itself';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they would break the request's header
    if (/[\s\u0000-\u001f\u007f-\u009f]/.test(key)) {
        return 'has white space or control characters inside; was it pasted with a line break?';
    }
    if (!/^[\u0021-\u00ff]+$/.test(key))
        return 'has characters that no HTTP header can carry';
    return key.length < 8 ? 'is shorter than 8 characters, so it is no API key' : undefined;
}
const LONGEST_TENANT = 64;
function parseTenant(tenant) {
    const reason = problemOfTenant(tenant);
    return reason === undefined ? { value: tenant } : { reason };
}
function problemOfTenant(tenant) {
    if (tenant.length > LONGEST_TENANT)
        return `is longer than ${LONGEST_TENANT} characters, so it is no tenant’s name`;
    if (/[/\\]/.test(tenant))
        return 'is not a tenant’s name: it has a slash, and the cluster is an input of its own';
    return /^\.{1,2}$/.test(tenant) ? 'is not a tenant’s name' : undefined;
}
function parseCluster(cluster) {
    if (isClusterName(cluster))
        return { value: cluster };
    const guess = withoutQuotes(cluster)
        .toLowerCase()
        .replace(/^.*\//, '')
        .replace(/[\s_.]+/g, '-');
    const reason = 'is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end)';
    return toFault(reason, isClusterName(guess) ? [guess] : []);
}
function isClusterName(text) {
    return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/.test(text) && text.length <= 63;
}
const NOWHERE = { root: '', host: '', source: '', isLoopback: false };
function readAddress(read) {
    const given = read.find('api-url', ['KUPE_API_URL', 'KUPE_HOST']) ?? { text: DEFAULT_API_URL, source: 'default' };
    return read.parse('api-url', given, (text) => parseApiUrl(text, given.source)) ?? NOWHERE;
}

// EXTERNAL MODULE: ./lib/src/domain/approval.js
var domain_approval = __nccwpck_require__(5635);
// EXTERNAL MODULE: ./lib/src/domain/quantity.js
var domain_quantity = __nccwpck_require__(2545);
;// CONCATENATED MODULE: ./lib/src/domain/freeze.js
/**
 * The entries of a list: apart by commas, line breaks or a comma right before one. A line may be blank; any other empty entry is
 * given as such, since something was to stand there.
 */
function splitFreezeDates(text) {
    const lines = text
        .replace(/,(?=[\r\n]+\s*[^\s,])/g, '')
        .split(/[\r\n]/)
        .filter((line) => line.trim() !== '');
    return lines.flatMap((line) => line.split(',').map((entry) => entry.trim()));
}
/** Reads `2026-12-24` or `2026-12-24..2027-01-02`; gives what is wrong with anything else. */
function parseFreezeEntry(text) {
    const days = text.split('..').map((day) => day.trim());
    const [firstDay = '', lastDay = firstDay] = days;
    if (days.length > 2 || !days.every((day) => DAY_FORM.test(day)))
        return { reason: 'is not a day (YYYY-MM-DD) or a range of days' };
    const impossible = days.find((day) => !isDay(day));
    if (impossible !== undefined)
        return { reason: `has a day that is in no calendar: ${impossible}` };
    if (lastDay < firstDay)
        return { reason: 'ends before it begins' };
    return { text: days.join('..'), firstDay, lastDay };
}
const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
function isDay(text) {
    const day = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
/** The day in the list's time zone at a moment, in milliseconds since 1970, where it is a frozen one. */
function findFrozenDay({ entries, timezone }, wallMs) {
    const day = calendarDay(wallMs, timezone);
    const entry = entries.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
    return entry === undefined ? undefined : { day, entry };
}
/** `2026-12-24` on the calendar of a time zone; `wallMs` counts from 1970. */
function calendarDay(wallMs, timezone) {
    const format = new Intl.DateTimeFormat('en', {
        timeZone: timezone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
    });
    const parts = Object.fromEntries(format.formatToParts(wallMs).map(({ type, value }) => [type, value]));
    return `${parts.year}-${parts.month}-${parts.day}`;
}

;// CONCATENATED MODULE: ./lib/src/inputs/freeze-dates.js





/** Reads the days on which nothing is sent; `undefined` where there are none, or where one of them is at fault. */
function readFreezeEntries(read) {
    const list = read.read('freeze-dates', (text) => ({ value: text }));
    if (list === undefined)
        return undefined;
    const texts = splitFreezeDates(list);
    if (texts.length > policy/* FREEZE_DATES */.eQ.mostEntries) {
        return read.fail('freeze-dates', {
            reason: `has ${texts.length} entries, and ${policy/* FREEZE_DATES */.eQ.mostEntries} are the most that it takes`,
        });
    }
    const given = texts.filter((text) => text !== '');
    const isOneLost = given.length < texts.length;
    if (isOneLost) {
        read.fail('freeze-dates', { reason: `has an entry that is empty: a comma is one too many, or ${PRODUCED_NOTHING}` }, { text: list });
    }
    const parsed = given.map((text) => ({ text, entry: parseEntry(text) }));
    const faulty = parsed.flatMap(({ text, entry }) => (isFault(entry) ? [{ text, fault: entry }] : []));
    for (const { text, fault } of faulty.slice(0, policy/* FREEZE_DATES */.eQ.mostFaults))
        read.fail('freeze-dates', fault, { text });
    const untold = faulty.length - policy/* FREEZE_DATES */.eQ.mostFaults;
    if (untold > 0)
        read.problems.push({ input: 'freeze-dates', reason: `has ${untold} more entries that are at fault` });
    return isOneLost || faulty.length > 0
        ? undefined
        : parsed.flatMap(({ entry }) => (isFault(entry) ? [] : [entry.value]));
}
function parseEntry(text) {
    const entry = parseFreezeEntry(text);
    if (!('reason' in entry))
        return { value: entry };
    const guess = guessEntry(text);
    if (guess !== undefined)
        return { ...entry, repaired: [guess] };
    return /^\d{1,2}[-./]\d{1,2}\.?$/.test(text) ? { reason: 'has no year' } : entry;
}
const DAY = /\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{8}/g;
const COMMENT_OR_TIME = /\s*#.*$|t\d{2}:?\d{2}[\d:.]*(?:z|[+-]\d{2}:?\d{2})?/gi;
const BETWEEN = /^(?:-|\.{2,}|…|\/|:|to|until|till|through|bis)$/i;
function guessEntry(text) {
    const plain = withPlainDashes(withoutQuotes(text.replace(COMMENT_OR_TIME, '')));
    const days = (plain.match(DAY) ?? []).map(toDay);
    const between = plain.replace(DAY, '');
    const isRange = days.length === 2 && BETWEEN.test(between);
    if (days.length === 0 || (between !== '' && !isRange))
        return undefined;
    if (!days.every((day) => day !== undefined))
        return undefined;
    const guesses = isRange ? [days.toSorted().join('..')] : days;
    return guesses.some((guess) => 'reason' in parseFreezeEntry(guess)) ? undefined : guesses.join(', ');
}
/** `2026-12-24` of `24.12.2026`, `2026/12/24` or `20261224`; `undefined` where day and month may be either. */
function toDay(text) {
    const [, left = '', right = '', year = ''] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? [];
    if (year !== '') {
        const isDayFirst = text.includes('.') || Number(left) > 12 || left === right;
        if (!isDayFirst && Number(right) <= 12)
            return undefined;
        const [day, month] = isDayFirst ? [left, right] : [right, left];
        return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    }
    const [, y = '', month = '', day = ''] = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/.exec(text) ?? [];
    return `${y}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

;// CONCATENATED MODULE: ./lib/src/domain/window.js
const FORM = /^(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)$/;
const MINUTES_OF_DAY = 24 * 60;
/** Reads `20:00-06:00`, also as `8:00 - 18:00`, and with `24:00` as an end; gives `undefined` for anything else. */
function parseWindow(text, timezone) {
    const match = FORM.exec(text);
    if (match === null)
        return undefined;
    const [fromHour = 0, fromMinutes = 0, untilHour = 0, untilMinutes = 0] = match.slice(1).map(Number);
    const [fromMinute, untilMinute] = [fromHour * 60 + fromMinutes, untilHour * 60 + untilMinutes];
    if (fromMinute >= MINUTES_OF_DAY || untilMinute > MINUTES_OF_DAY)
        return undefined;
    return { text: `${toTime(fromMinute)}-${toTime(untilMinute)}`, fromMinute, untilMinute, timezone };
}
function toTime(minuteOfDay) {
    const [hour, minute] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60];
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
/**
 * True for `UTC`, and for an IANA time zone named by region and place. A name without a region is none: `BST` means Dhaka to
 * some, and `EST` never changes its clocks. Nor is `Etc/GMT+5`, which lies west of Greenwich and reads as if it lay east.
 */
function isTimezone(name) {
    if (name === 'UTC' || name === 'Etc/UTC')
        return true;
    if (!/^[A-Za-z_]+\/[A-Za-z]/.test(name) || /^etc\//i.test(name))
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
    // The first format that a process makes costs as much as a third of all the rest of a run.
    if (timezone === 'UTC')
        return new Date(wallMs).toISOString().slice(-13, -8);
    return new Intl.DateTimeFormat('en-GB', {
        timeZone: timezone,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
    }).format(wallMs);
}
/** A moment for someone who reads of it at `nowMs`: `11:00 UTC`, with its day where that is another one. */
function toMomentText(wallMs, nowMs) {
    const [day, today] = [wallMs, nowMs].map((ms) => new Date(ms).toISOString().slice(0, -14));
    return `${day === today ? '' : `${day} `}${timeOfDay(wallMs, 'UTC')} UTC`;
}
/** Whether a moment, in milliseconds since 1970, lies inside the window. Daylight saving moves the clocks, and the window with them. */
function isWithinWindow({ fromMinute, untilMinute, timezone }, wallMs) {
    const [hour = 0, minute = 0] = timeOfDay(wallMs, timezone).split(':').map(Number);
    const now = hour * 60 + minute;
    const isWrapped = fromMinute > untilMinute;
    return isWrapped ? now >= fromMinute || now < untilMinute : now >= fromMinute && now < untilMinute;
}

;// CONCATENATED MODULE: ./lib/src/inputs/timezones.js




/** Reads `UTC`, or the name of a time zone with its region. */
function parseTimezone(text) {
    return isTimezone(text) ? { value: text } : faultOf(withoutQuotes(text));
}
/** Where people who write an abbreviation are; some are used in several places, and some never change their clocks. */
const REGIONS = {
    acst: ['Australia/Adelaide'],
    acdt: ['Australia/Adelaide'],
    aedt: ['Australia/Sydney'],
    aest: ['Australia/Sydney', 'Australia/Brisbane'],
    akdt: ['America/Anchorage'],
    akst: ['America/Anchorage'],
    ast: ['America/Halifax', 'Asia/Riyadh'],
    awst: ['Australia/Perth'],
    brt: ['America/Sao_Paulo'],
    bst: ['Europe/London', 'Asia/Dhaka'],
    cat: ['Africa/Maputo'],
    cdt: ['America/Chicago'],
    cest: ['Europe/Berlin', 'Europe/Paris'],
    cet: ['Europe/Berlin', 'Europe/Paris'],
    cst: ['America/Chicago', 'Asia/Shanghai'],
    cst6cdt: ['America/Chicago'],
    eat: ['Africa/Nairobi'],
    edt: ['America/New_York'],
    eest: ['Europe/Helsinki', 'Europe/Athens'],
    eet: ['Europe/Helsinki', 'Europe/Athens'],
    eire: ['Europe/Dublin'],
    est: ['America/New_York'],
    est5edt: ['America/New_York'],
    gb: ['Europe/London'],
    gmt: ['UTC', 'Europe/London'],
    hkt: ['Asia/Hong_Kong'],
    hst: ['Pacific/Honolulu'],
    ist: ['Asia/Kolkata', 'Europe/Dublin', 'Asia/Jerusalem'],
    japan: ['Asia/Tokyo'],
    jst: ['Asia/Tokyo'],
    kst: ['Asia/Seoul'],
    mdt: ['America/Denver'],
    met: ['Europe/Berlin', 'Europe/Paris'],
    mez: ['Europe/Berlin'],
    mesz: ['Europe/Berlin'],
    msk: ['Europe/Moscow'],
    mst: ['America/Denver', 'America/Phoenix'],
    mst7mdt: ['America/Denver'],
    nzdt: ['Pacific/Auckland'],
    nzst: ['Pacific/Auckland'],
    pdt: ['America/Los_Angeles'],
    pst: ['America/Los_Angeles'],
    pst8pdt: ['America/Los_Angeles'],
    sgt: ['Asia/Singapore'],
    singapore: ['Asia/Singapore'],
    west: ['Europe/Lisbon'],
    wet: ['Europe/Lisbon'],
};
const SAME_AS_UTC = /^(?:etc\/)?(?:utc|uct|z|zulu|universal|gmt|greenwich|(?:utc|gmt)[+-]?0)$/i;
const OFFSET = /^(?:etc\/)?(?:utc|gmt)?\s*[+−-]\s*\d/i;
function faultOf(text) {
    const word = text.toLowerCase();
    if (Object.hasOwn(REGIONS, word)) {
        const reason = 'names no region, so it may mean another place or never change its clocks';
        return { reason, repaired: REGIONS[word] ?? [] };
    }
    if (SAME_AS_UTC.test(text))
        return { reason: 'is not how UTC is written here', repaired: ['UTC'] };
    if (OFFSET.test(text)) {
        const sign = word.startsWith('etc/') ? ' with an inverted sign' : '';
        return { reason: `is an offset${sign}, which knows no summer time; name a region` };
    }
    return toFault('is not UTC, nor an IANA time zone with its region', [findPlace(text)]);
}
/** A zone by its place alone, or by a name that is nearly right. */
function findPlace(text) {
    const zones = Intl.supportedValuesOf('timeZone');
    const place = text.replaceAll(/\s+/g, '_').toLowerCase();
    return zones.find((zone) => zone.toLowerCase().endsWith(`/${place}`)) ?? findNearest(text, zones);
}

;// CONCATENATED MODULE: ./lib/src/inputs/windows.js



/** Reads a stretch of the day; one that ends where it starts may mean all day or never, so it is refused. */
function parseWindowInput(timezone) {
    return (text) => {
        const window = parseWindow(text, timezone);
        if (window !== undefined && !isEmpty(window))
            return { value: window };
        const reason = window === undefined ? windows_problemOf(text) : 'starts where it ends, which may mean all day or never';
        const guess = window === undefined ? guessWindow(text) : guessWholeDay(window);
        return toFault(reason, [guess]);
    };
}
function windows_problemOf(text) {
    return /[,;\n]/.test(text) ? 'is more than one time window, and one is all that it takes' : 'is not a time window';
}
function isEmpty({ fromMinute, untilMinute }) {
    return fromMinute === untilMinute;
}
function guessWholeDay({ fromMinute }) {
    return fromMinute === 0 ? '00:00-24:00' : undefined;
}
function guessWindow(text) {
    if (hasSplitNumber(text))
        return undefined;
    const plain = withPlainDashes(withoutQuotes(text).toLowerCase()).replace(/to|until|till|bis|\.\.+|\//, '-');
    const ends = plain.split('-');
    const [from, until] = ends.map(windows_toTime);
    if (ends.length !== 2 || from === undefined || until === undefined)
        return undefined;
    const window = parseWindow(`${from.replace(/^24/, '00')}-${until}`, 'UTC');
    return window === undefined || isEmpty(window) ? undefined : window.text;
}
const TIME = /^(\d{1,2})(?:[:.h]?(\d{2})(?::00)?)?(am|pm|h|uhr)?$/;
/** `20`, `8pm`, `20.30`, `2030` or `20:30:00` as a window's end. */
function windows_toTime(text) {
    const [, hour = '', minute = '00', half = ''] = TIME.exec(text) ?? [];
    if (hour === '')
        return undefined;
    const isHalf = half === 'am' || half === 'pm';
    if (isHalf && (Number(hour) < 1 || Number(hour) > 12))
        return undefined;
    const hours = isHalf ? (Number(hour) % 12) + (half === 'pm' ? 12 : 0) : Number(hour);
    return `${hours}:${minute}`;
}

;// CONCATENATED MODULE: ./lib/src/inputs/guards.js












/** Reads what keeps a change from being sent. Times are checked in every mode, but only `apply` keeps to them. */
function readGuards(read, mode) {
    const ifMatch = read.read('if-match', parseEtag);
    const expectedPlan = read.read('expected-plan', parseExpectedPlan);
    const times = readTimes(read);
    return {
        guardrails: readGuardrails(read),
        ...(ifMatch === undefined ? {} : { ifMatch }),
        ...(expectedPlan === undefined ? {} : { expectedPlan }),
        ...(mode === 'apply' ? times : {}),
    };
}
function readGuardrails(read) {
    const [min, max] = [readBounds(read, 'min'), readBounds(read, 'max')];
    for (const name of domain_resources/* RESOURCE_NAMES */.ux)
        failIfCrossed(read, name, min[name], max[name]);
    return {
        allowDowngrade: read.read('allow-downgrade', parseBoolean) ?? false,
        allowVersionSkip: read.read('allow-version-skip', parseBoolean) ?? false,
        allowStorageShrink: read.read('allow-storage-shrink', parseBoolean) ?? false,
        min,
        max,
    };
}
function readBounds(read, end) {
    return (0,domain_resources/* mapResources */.sO)((name) => read.read(`${end}-${name}`, parseResource(name)));
}
function failIfCrossed(read, name, lowest = '', highest = '') {
    const [low, high] = [(0,domain_quantity/* parseQuantity */.Lf)(lowest), (0,domain_quantity/* parseQuantity */.Lf)(highest)];
    if (low === undefined || high === undefined || low <= high)
        return;
    const reason = `is above max-${name} ${highest}, so every ${name} would be refused`;
    read.fail(`min-${name}`, { reason, example: `${highest} or less` }, { text: lowest });
}
/** An ETag is the server's own text, quoted or not, and is sent as it is; but `*` and a list would let other states pass. */
function parseEtag(text) {
    if (text === '*')
        return { reason: 'would match any state of the cluster, which protects nothing' };
    if (/^(?:(?:W\/)?"[^"]*"\s*|[^"]*),/.test(text))
        return { reason: 'is a list of ETags; a run can be held to one only' };
    return /^[\u0020-\u007e]+$/.test(text) ? { value: text } : { reason: 'has characters that no ETag has' };
}
const DIGEST = /^[0-9a-f]{16}$/i;
function parseExpectedPlan(text) {
    if (DIGEST.test(text))
        return { value: text.toLowerCase() };
    if (text === domain_approval/* PULL_REQUEST_PLANS */.b)
        return { value: text };
    if (text.startsWith('{'))
        return { reason: 'is a whole plan; its digest is asked for here, the output plan-digest' };
    const reason = `is neither the digest of a plan, which has 16 hex digits, nor ${domain_approval/* PULL_REQUEST_PLANS */.b}`;
    const word = withoutQuotes(text).toLowerCase().replace(/[_ ]/g, '-');
    const nearest = /^(?:pr|merge-request)$/.test(word) ? domain_approval/* PULL_REQUEST_PLANS */.b : findNearest(word, [domain_approval/* PULL_REQUEST_PLANS */.b]);
    return toFault(reason, [nearest]);
}
function readTimes(read) {
    const timezone = read.read('timezone', parseTimezone) ?? INPUTS.timezone.default;
    const window = read.read('only-between', parseWindowInput(timezone));
    const entries = readFreezeEntries(read);
    return {
        ...(window === undefined ? {} : { window }),
        ...(entries === undefined ? {} : { freeze: { entries, timezone } }),
    };
}

;// CONCATENATED MODULE: ./lib/src/inputs/hourly-rates.js






const KEYS = [...domain_resources/* RESOURCE_NAMES */.ux, 'currency'];
/** Reads what an hour of each resource costs; `undefined` where nothing is given, or where an entry is at fault. */
function readHourlyRates(read) {
    const list = read.read('hourly-rates', (text) => ({ value: text }));
    if (list === undefined)
        return undefined;
    const texts = splitEntries(list);
    if (texts.length > policy/* HOURLY_RATES */.Y3.mostEntries) {
        return read.fail('hourly-rates', { reason: `has ${texts.length} entries, and knows only ${KEYS.join(', ')}` });
    }
    const entries = [];
    let isFaulty = false;
    for (const text of texts) {
        const parsed = refuseTwice(hourly_rates_parseEntry(text), entries);
        if (isFault(parsed)) {
            isFaulty = true;
            read.fail('hourly-rates', parsed, { text });
        }
        else
            entries.push(parsed.value);
    }
    if (isFaulty)
        return undefined;
    const rates = Object.fromEntries(entries.flatMap(({ key, rate }) => (rate === undefined ? [] : [[key, rate]])));
    if (Object.keys(rates).length === 0)
        return read.fail('hourly-rates', { reason: 'has no rate in it' }, { text: list });
    const { currency } = entries.find(({ key }) => key === 'currency') ?? {};
    return { rates, ...(currency === undefined ? {} : { currency }) };
}
/** The entries between commas and line breaks. A decimal comma would split a rate in two: such a pair stays one entry, to be told so. */
function splitEntries(list) {
    const entries = [];
    for (const line of list.split(/[\r\n]/)) {
        let previous = -1;
        for (const text of line.split(',').map((part) => part.trim())) {
            if (/^\d+\b/.test(text) && /\d$/.test(entries[previous] ?? ''))
                entries[previous] += `,${text}`;
            else if (text !== '')
                previous = entries.push(text) - 1;
        }
    }
    return entries;
}
function refuseTwice(parsed, earlier) {
    if (isFault(parsed) || !earlier.some(({ key }) => key === parsed.value.key))
        return parsed;
    return { reason: 'is given twice' };
}
function hourly_rates_parseEntry(text) {
    const exact = /^([a-z]+)\s*=\s*(\S+)$/.exec(text);
    const [, name = '', value = ''] = exact ?? /^["'`]?([\p{L}-]+)["'`]?\s*(?:=|:|\s)\s*(.+)$/su.exec(text) ?? [];
    const several = text.match(/[\p{L}-]+\s*[=:]\s*[^\s,;]+/gu) ?? [];
    if (several.length > 1)
        return { reason: 'has no comma between its parts', repaired: [several.join(', ')] };
    if (name === '')
        return { reason: 'is not a rate, such as cpu=0.03' };
    const key = KEYS.find((each) => each === name) ?? guessKey(name);
    const isKnown = key === name;
    if (key === undefined)
        return { reason: `has a name that is none of ${KEYS.join(', ')}` };
    const parsed = key === 'currency' ? parseCurrency(value) : parseRate(key, value);
    if (!isFault(parsed)) {
        if (exact !== null && isKnown)
            return parsed;
        const reason = isKnown ? 'is not written as name=value' : `has a name that is none of ${KEYS.join(', ')}`;
        return { reason, repaired: [`${key}=${value}`] };
    }
    const { reason, repaired = [] } = parsed;
    return toFault(reason, repaired.map((guess) => `${key}=${guess}`));
}
function guessKey(name) {
    const lower = name.toLowerCase();
    const meant = Object.entries(RESOURCE_SYNONYMS).find(([synonym]) => synonym === lower)?.[1];
    return meant ?? KEYS.find((key) => key === lower) ?? findNearest(lower, KEYS);
}
const RATE = new RegExp(`^(\\d{1,${policy/* HOURLY_RATES */.Y3.mostDigits}})(?:\\.(\\d{1,${policy/* COST */.oF.decimals}}))?$`);
function toMillionths(text) {
    const [matched, whole = '', fraction = ''] = RATE.exec(text) ?? [];
    return matched === undefined ? undefined : BigInt(whole + fraction.padEnd(policy/* COST */.oF.decimals, '0'));
}
function parseRate(key, text) {
    const rate = toMillionths(text);
    if (rate !== undefined)
        return { value: { key, rate } };
    const [, number = ''] = AROUND_A_RATE.exec(withoutQuotes(text)) ?? [];
    // Before the comma of a number below one there are no thousands.
    const pointed = number.startsWith('0,') ? number.replace(',', '.') : withDecimalPoint(number);
    if (pointed === undefined)
        return { reason: 'has a comma that may be a decimal point or stand between thousands' };
    const guess = toSixDecimals(pointed);
    const isTooFine = /^\d+\.\d{7,}$/.test(text);
    const reason = isTooFine ? `has more than ${policy/* COST */.oF.decimals} decimals` : 'is not a price as a plain number';
    return toFault(reason, toMillionths(guess) === undefined ? [] : [guess]);
}
/** What people write around the price of an hour: a currency, and that it is for an hour. A price for anything else is not repaired. */
const AROUND_A_RATE = /^(?:[A-Z]{3}|\p{Sc})?\s*\+?(\d*(?:[.,]\d+)?)\s*(?:[A-Z]{3}|\p{Sc})?\s*(?:(?:\/|per|an)\s*h(?:ou)?r?)?$/iu;
function toSixDecimals(number) {
    const [whole = '', fraction = ''] = number.split('.');
    if (fraction.length <= policy/* COST */.oF.decimals)
        return `${whole === '' && fraction !== '' ? '0' : whole}${fraction === '' ? '' : `.${fraction}`}`;
    const kept = BigInt(`${whole}${fraction.slice(0, policy/* COST */.oF.decimals)}`) + (Number(fraction[policy/* COST */.oF.decimals]) >= 5 ? 1n : 0n);
    const digits = String(kept).padStart(policy/* COST */.oF.decimals + 1, '0');
    return `${digits.slice(0, -policy/* COST */.oF.decimals)}.${digits.slice(-policy/* COST */.oF.decimals)}`.replace(/\.?0+$/, '');
}
const CURRENCIES = {
    $: 'USD',
    '£': 'GBP',
    '€': 'EUR',
    dollar: 'USD',
    dollars: 'USD',
    euro: 'EUR',
    euros: 'EUR',
    pound: 'GBP',
    pounds: 'GBP',
};
function parseCurrency(text) {
    if (/^[A-Z]{3}$/.test(text))
        return { value: { key: 'currency', currency: text } };
    const reason = 'is not a currency by its three capitals';
    const plain = withoutQuotes(text);
    const guess = CURRENCIES[plain.toLowerCase()] ?? plain.toUpperCase();
    return /^[A-Z]{3}$/.test(guess) ? { reason, repaired: [guess] } : { reason };
}

;// CONCATENATED MODULE: ./lib/src/inputs/proxy.js


/** The variables that the HTTP client asks, each pair in its order. */
const HTTPS_VARIABLES = ['https_proxy', 'HTTPS_PROXY'];
const HTTP_VARIABLES = ['http_proxy', 'HTTP_PROXY'];
const BYPASS_VARIABLES = ['no_proxy', 'NO_PROXY'];
/** It does not ask these, while curl and much else does. */
const FALLBACK_VARIABLES = ['all_proxy', 'ALL_PROXY'];
/**
 * The proxy variables that have to be written differently for the HTTP client: it connects directly, and says nothing, where
 * `http://` is missing, and takes the `*` of `*.corp` for a letter. What cannot be read is left as it is, for the error.
 */
function normalizeProxies(env) {
    const variables = new Map();
    for (const name of [...HTTPS_VARIABLES, ...HTTP_VARIABLES]) {
        const proxy = parseProxy(env[name] ?? '');
        if (!isFault(proxy))
            variables.set(name, proxy.value);
    }
    for (const name of BYPASS_VARIABLES)
        variables.set(name, toBypassList(env[name] ?? ''));
    const used = findHttpsProxy(env);
    if (used !== undefined && FALLBACK_VARIABLES.includes(used.name)) {
        const proxy = parseProxy(used.text);
        if (!isFault(proxy))
            variables.set('HTTPS_PROXY', proxy.value);
    }
    return Object.fromEntries([...variables].filter(([name, text]) => text !== (env[name] ?? '')));
}
/** A proxy that cannot be read is a fault: without it the run would go around a proxy that someone has set up on purpose. */
function problemsOfProxies(env) {
    const used = findHttpsProxy(env);
    const proxy = parseProxy(used?.text ?? '');
    if (used === undefined || !isFault(proxy))
        return [];
    const { reason, hidesValue } = proxy;
    const value = hidesValue === true ? {} : { value: used.text };
    return [{ input: `${used.name} in the environment`, ...value, reason, example: 'http://proxy.example.com:3128' }];
}
/** The proxy that requests to Kupe would take; an empty variable counts as not set. */
function findHttpsProxy(env) {
    const name = [...HTTPS_VARIABLES, ...FALLBACK_VARIABLES].find((variable) => trimEnds(env[variable] ?? '') !== '');
    return name === undefined ? undefined : { name, text: env[name] ?? '' };
}
/** A proxy's address with its scheme; nothing stays nothing. */
function parseProxy(text) {
    const plain = withoutQuotes(trimEnds(withoutInvisible(text)));
    if (plain === '')
        return { value: '' };
    const address = /^[a-z][a-z\d+.-]*:\/\//i.test(plain) ? plain : `http://${plain.replace(/^\/\//, '')}`;
    const reason = problemOfProxy(address);
    if (reason === undefined)
        return { value: address };
    // What stands before an @ may be a password.
    return { reason, ...(plain.includes('@') ? { hidesValue: true } : {}) };
}
function problemOfProxy(address) {
    if (!/^https?:/i.test(address))
        return 'is not a proxy that this action can use: only http and https are';
    if (!URL.canParse(address)) {
        return address.includes('@')
            ? 'is not a proxy’s address; in its user or password, characters such as # and / have to be percent-encoded'
            : 'is not a proxy’s address';
    }
    // A number alone is a port that lost its host, and would be read as an IP address.
    if (/^\d+(?:[:/]|$)/.test(address.replace(/^https?:\/\/(?:.*@)?/i, ''))) {
        return 'is not a proxy’s address: it has no host';
    }
    const { username, password } = new URL(address);
    return isDecodable(username) && isDecodable(password)
        ? undefined
        : 'has a % in its user or password that is not percent-encoded (as %25)';
}
function isDecodable(text) {
    try {
        return decodeURIComponent(text) !== undefined;
    }
    catch {
        return false;
    }
}
/** Hosts that need no proxy, apart by commas, with `.corp` for everything below `corp`. */
function toBypassList(text) {
    return text
        .split(/[\s,;|]+/)
        .map((entry) => withoutQuotes(entry))
        .map((entry) => (/^[a-z]+:\/\//i.test(entry) ? entry.replace(/^[a-z]+:\/\/([^/]*).*$/i, '$1') : entry))
        .map((entry) => entry.replace(/^(?:\*\.)+/, '.'))
        .filter((entry) => entry !== '')
        .join(',');
}

;// CONCATENATED MODULE: ./lib/src/inputs/unknown-names.js






const NOT_AN_INPUT = 'is not an input';
const RESOURCES_TEXT = (0,errors/* toListText */.vY)(domain_resources/* RESOURCE_NAMES */.ux, 'and');
/** A fault that names what was meant. */
const meaning = (...repaired) => ({ reason: NOT_AN_INPUT, repaired });
/** A fault of a name that means a guard of ours, but not which one. */
const guarding = (prefix) => ({
    reason: `${NOT_AN_INPUT}, so it would guard nothing`,
    repaired: INPUT_NAMES.filter((ours) => ours.startsWith(prefix)),
});
/** What people call our inputs elsewhere. */
const SYNONYMS = {
    'kubernetes-version': meaning('version'),
    'kube-version': meaning('version'),
    'k8s-version': meaning('version'),
    token: meaning('api-key'),
    'api-token': meaning('api-key'),
    'cluster-name': meaning('cluster'),
    name: meaning('cluster'),
    'tenant-name': meaning('tenant'),
    host: meaning('api-url'),
    url: meaning('api-url'),
    'api-host': meaning('api-url'),
    resources: meaning(...domain_resources/* RESOURCE_NAMES */.ux),
    ...Object.fromEntries(Object.entries(RESOURCE_SYNONYMS).map(([synonym, ours]) => [synonym, meaning(ours)])),
    'if-match-etag': meaning('if-match'),
    etag: meaning('if-match'),
    'wait-timeout': meaning('timeout'),
    'wait-for': meaning('wait'),
    plan: meaning('mode: plan', 'expected-plan'),
    'plan-digest': meaning('expected-plan'),
    tz: meaning('timezone'),
    replicas: { reason: `${NOT_AN_INPUT}: a cluster is scaled by ${RESOURCES_TEXT}` },
    nodes: { reason: `${NOT_AN_INPUT}: a cluster is scaled by ${RESOURCES_TEXT}` },
    force: {
        reason: `${NOT_AN_INPUT}: nothing goes past the ETag here, so a change by someone else is never overwritten`,
    },
};
/** Shorter synonyms are one letter away from names that mean something else: `tag` from `etag`, `app-token` from `api-token`. */
const SHORTEST_MISTYPED = 10;
/** A bound by its end and its resource, in whatever order and words: `maximum-cpu`, `ram-min`. */
const BOUNDS = Object.fromEntries([...domain_resources/* RESOURCE_NAMES */.ux.map((name) => [name, name]), ...Object.entries(RESOURCE_SYNONYMS)].flatMap(([word, resource]) => ['min', 'max'].flatMap((end) => [end, `${end}imum`].flatMap((text) => [text + word, word + text].map((name) => [name, meaning(`${end}-${resource}`)])))));
/** How the names of guards look. A guard that is ignored protects nothing, and `dry-run: true` would change production. */
const GUARDS = [
    [/^(?:is-|do-)?dry-?runs?$|^plan-?only$|^what-?if$|^no-?op$/, meaning('mode: plan')],
    [/black-?outs?(?:-|$)/, meaning('freeze-dates')],
    [/^freeze|-freeze$/, guarding('freeze')],
    [/^(?:(?:maintenance|change|deploy|deployment|time|update|upgrade)-?)?windows?$/, meaning('only-between')],
    [/^only./, guarding('only-')],
    [/^expected./, guarding('expected-')],
    [/^allow./, guarding('allow-')],
    [/^if-/, guarding('if-')],
    [/^max(?:imum)?-|^max(?:nodes|pods|replicas)$|^(?:nodes|pods|replicas)-?max$/, guarding('max-')],
    [/^min(?:imum)?-|^min(?:nodes|pods|replicas)$|^(?:nodes|pods|replicas)-?min$/, guarding('min-')],
];
/**
 * Judges the names of inputs that are not ours: the runner only warns of those, and `memmory` must not scale half a cluster. One
 * that is like none of ours is only warned of, since a composite action around the step may have left its own there. Values are
 * not shown, since any of them may be a secret under a mistyped name.
 */
function judgeUnknownNames(env) {
    const names = Object.keys(env)
        .filter((key) => key.startsWith('INPUT_'))
        .map((key) => key.slice('INPUT_'.length).toLowerCase())
        .filter((name) => name !== '' && !INPUT_NAMES.some((ours) => ours === name));
    const judged = names.map((name) => ({ name, fault: faultOfName(name) }));
    const strangers = judged.flatMap(({ name, fault }) => (fault === undefined ? [name] : []));
    return {
        problems: judged.flatMap(({ name, fault }) => (fault === undefined ? [] : [{ input: name, ...fault }])),
        warnings: strangers.length === 0 ? [] : [toWarning(strangers)],
    };
}
function faultOfName(name) {
    const synonyms = withBareNames(Object.entries(SYNONYMS));
    const bare = toBare(name);
    const known = synonyms.get(bare) ?? (Object.hasOwn(BOUNDS, bare) ? BOUNDS[bare] : undefined);
    if (known !== undefined)
        return known;
    const ours = withBareNames(INPUT_NAMES.map((each) => [each, each]));
    const nearest = ours.get(bare) ?? ours.get(findNearest(name, [...ours.keys()]) ?? '');
    if (nearest !== undefined)
        return meaning(nearest);
    const mistyped = findNearest(name, [...synonyms.keys()], ({ length }) => (length < SHORTEST_MISTYPED ? 0 : 1));
    if (mistyped !== undefined)
        return synonyms.get(mistyped);
    const hyphenated = name.replaceAll('_', '-');
    return GUARDS.find(([form]) => form.test(hyphenated))?.[1];
}
/** Every name as it is and bare. Of a name that is looked up, the hyphens count: `go-version` is not near `version`. */
function withBareNames(entries) {
    return new Map([...entries, ...entries.map(([name, value]) => [toBare(name), value])]);
}
/** `dryRun` comes as `dryrun`: the runner keeps no capitals. */
function toBare(name) {
    return name.replace(/[-_]/g, '');
}
function toWarning(names) {
    const all = toShortList(names, policy/* MOST_NAMES_IN_WARNING */.mP);
    return names.length === 1
        ? `${all} is not an input of this action: it did nothing`
        : `${all} are not inputs of this action: they did nothing`;
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

;// CONCATENATED MODULE: ./lib/src/inputs/durations.js



/** Reads a duration into milliseconds. Nothing is clamped: what is no duration above zero is a fault. */
function parseDurationInput(rules = {}) {
    const isFine = (ms) => ms !== undefined && (ms > 0 || rules.zero === true);
    return (text) => {
        const ms = parseDuration(text);
        if (isFine(ms))
            return { value: ms };
        const { reason, repaired = [] } = durations_faultOf(text, rules);
        return toFault(reason, repaired.filter((guess) => isFine(parseDuration(guess))));
    };
}
function durations_faultOf(text, { zero = false, bareUnits = () => ['s', 'm'] }) {
    const bare = withoutQuotes(text);
    const isZero = parseDuration(bare) === 0 || /^0+$/.test(bare);
    if (isZero)
        return zero ? { reason: 'has no unit', repaired: ['0s'] } : { reason: 'must be above zero' };
    if (/^\d+$/.test(bare))
        return { reason: 'has no unit', repaired: bareUnits(Number(bare)).map((unit) => bare + unit) };
    return toFault('is not a duration', [guessDuration(bare)]);
}
/** What people write for a unit, with its length in milliseconds and our own word for it. */
const UNITS = [
    { form: /^(?:ms|msecs?|millis?|milliseconds?)$/, ms: 1, unit: 'ms' },
    { form: /^(?:s|secs?|seconds?)$/, ms: 1_000, unit: 's' },
    { form: /^(?:m|mins?|minutes?)$/, ms: 60_000, unit: 'm' },
    { form: /^(?:h|hrs?|hours?)$/, ms: 3_600_000, unit: 'h' },
    { form: /^(?:d|days?)$/, ms: 86_400_000, unit: 'd' },
];
const PART = /(\d+(?:\.\d+)?)([a-z]+)/g;
function guessDuration(text) {
    if (hasSplitNumber(text))
        return undefined;
    const plain = withDecimalPoint(text
        .toLowerCase()
        .replace(/^pt(?=\d)/, '')
        .replace(/\band\b|\s+/g, ''));
    if (plain === undefined || plain.replace(PART, '') !== '')
        return undefined;
    const parts = [...plain.matchAll(PART)].map(([, count = '', word = '']) => {
        const found = UNITS.find(({ form }) => form.test(word));
        return found === undefined ? undefined : { count, unit: found.unit, ms: Number(count) * found.ms };
    });
    const known = parts.filter((part) => part !== undefined);
    const [first] = known;
    if (first === undefined || known.length < parts.length)
        return undefined;
    // As it was counted, where that is possible: 90 minutes stay 90m.
    const asCounted = known.length === 1 ? first.count + first.unit : '';
    if (parseDuration(asCounted) !== undefined)
        return asCounted;
    return toDurationInput(known.reduce((sum, { ms }) => sum + ms, 0));
}
function toDurationInput(ms) {
    const rounded = Math.round(ms);
    const counts = [
        [Math.floor(rounded / 3_600_000), 'h'],
        [Math.floor(rounded / 60_000) % 60, 'm'],
        [Math.floor(rounded / 1_000) % 60, 's'],
        [rounded % 1_000, 'ms'],
    ];
    return counts.map(([count, unit]) => (count === 0 ? '' : `${count}${unit}`)).join('');
}

;// CONCATENATED MODULE: ./lib/src/inputs/waiting.js




/** Reads whether, how long and for what a run waits. */
function readWaiting(read, mode) {
    const timeoutMs = read.read('timeout', parseDurationInput({ bareUnits: unitsOfTimeout }));
    return {
        wait: readWait(read, mode),
        timeoutMs: timeoutMs ?? Number.NaN,
        pollIntervalMs: readShare(read, 'poll-interval', timeoutMs, policy/* WAITING_DEFAULTS */.Ps.pollInterval),
        settleTimeMs: readShare(read, 'settle-time', timeoutMs, { ...policy/* WAITING_DEFAULTS */.Ps.settleTime, zero: true }),
        degradedGraceMs: read.read('degraded-grace', parseDurationInput({ zero: true })) ?? Number.NaN,
        onBusy: read.read('on-busy', parseChoice(['wait', 'fail'], { retry: 'wait', queue: 'wait', ...FAIL_WORDS })) ?? 'wait',
        onConflict: read.read('on-conflict', parseChoice(['retry', 'fail'], FAIL_WORDS)) ?? 'retry',
    };
}
const FAIL_WORDS = { abort: 'fail', cancel: 'fail', error: 'fail', exit: 'fail', stop: 'fail' };
/** Where GitHub's own `timeout-minutes` counts minutes, a bare number means them; no job lasts longer than six hours of them. */
function unitsOfTimeout(count) {
    return count <= 360 ? ['m'] : ['s', 'm'];
}
function readWait(read, mode) {
    const wait = read.read('wait', parseBoolean) ?? true;
    if (mode === 'verify' && !wait) {
        const reason = 'makes no sense with mode verify, which does nothing but wait';
        return read.fail('wait', { reason, repaired: ['true'] }, { text: read.text('wait') ?? '' }) ?? false;
    }
    return wait;
}
/** A time that is part of the whole: a share of `timeout` at most where it was not given, and below it where it was. */
function readShare(read, name, timeoutMs, { ms, shareOfTimeout, ...rules }) {
    const given = read.read(name, parseDurationInput(rules));
    if (timeoutMs === undefined)
        return Number.NaN;
    const byDefault = Math.min(ms, timeoutMs * shareOfTimeout);
    if (given !== undefined && given >= timeoutMs) {
        const text = read.text('timeout');
        const reason = `must be below timeout, which is ${text ?? `${toDurationText(timeoutMs)} when not given`}`;
        const example = byDefault < 1_000 ? `${Math.ceil(byDefault)}ms` : toDurationText(byDefault);
        read.fail(name, { reason, example }, { text: read.text(name) ?? '' });
    }
    return given ?? byDefault;
}

;// CONCATENATED MODULE: ./lib/src/inputs/parse.js










/** Reads `INPUT_*` and the `KUPE_*` environment. Throws one `InputError` that lists every fault of every input. */
async function parseInputs(env) {
    const read = new InputReader(env);
    const unknown = judgeUnknownNames(env);
    read.problems.push(...unknown.problems, ...problemsOfProxies(env));
    read.warnings.push(...unknown.warnings);
    const mode = read.read('mode', parseChoice(['apply', 'plan', 'verify'], MODES_MEANT));
    const hourlyRates = readHourlyRates(read);
    const inputs = {
        ...readConnection(read),
        mode: mode ?? 'apply',
        desired: await readDesired(read, mode),
        ...readGuards(read, mode ?? 'apply'),
        ...readWaiting(read, mode),
        ...(hourlyRates === undefined ? {} : { hourlyRates }),
        jobSummary: read.read('job-summary', parseBoolean) ?? true,
        comment: read.read('comment', parseComment) ?? false,
    };
    read.read('github-token', (value) => ({ value }));
    if (read.problems.length > 0)
        throw new errors/* InputError */.dz(read.problems, read.warnings);
    return { ...inputs, warnings: [...parse_warningsOf(env, inputs.api), ...read.warnings] };
}
const MODES_MEANT = {
    'dry-run': 'plan',
    dryrun: 'plan',
    dry_run: 'plan',
    check: 'plan',
    preview: 'plan',
    validate: 'plan',
    diff: 'plan',
    deploy: 'apply',
    upgrade: 'apply',
    scale: 'apply',
    wait: 'verify',
};
/** The environment variable's name says more than a proxy's certificate would: everything sent can be read on the way. */
function parse_warningsOf(env, api) {
    const isForeign = api.source !== 'api-url' && !api.isLoopback && api.host !== 'api.kupe.cloud';
    return [
        ...(isForeign ? [`The API key is sent to ${api.host}, which ${api.source} in the environment names`] : []),
        ...(env.NODE_TLS_REJECT_UNAUTHORIZED === '0'
            ? ['NODE_TLS_REJECT_UNAUTHORIZED=0 is set: certificates are not checked, and the API key can be read on the way']
            : []),
    ];
}

;// CONCATENATED MODULE: ./lib/src/inputs/report-inputs.js

/** Reads what the reports need. It never fails. */
function parseReportInputs(env) {
    const read = new InputReader(env);
    const comment = read.text('comment') ?? '';
    return {
        tenant: read.find('tenant', ['KUPE_TENANT'])?.text ?? '',
        cluster: read.find('cluster', ['KUPE_CLUSTER'])?.text ?? '',
        jobSummary: !/^(false|False|FALSE)$/.test(read.text('job-summary') ?? ''),
        comment: comment === 'changes' ? comment : /^(true|True|TRUE)$/.test(comment),
        isPlan: read.text('mode') === 'plan',
        githubToken: read.text('github-token') ?? '',
    };
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: ./lib/src/domain/change.js





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
        ...domain_resources/* RESOURCE_NAMES */.ux.flatMap((name) => {
            const wanted = desired[name];
            return wanted === undefined ? [] : [resourceField(name, wanted)];
        }),
        ...(desired.alerts === undefined ? [] : alertFields(desired.alerts)),
    ];
}
function versionField(wanted) {
    const isMetBy = (cluster) => isVersionMet(wanted, cluster.version, cluster.kubernetesVersion);
    return {
        kind: 'version',
        name: 'version',
        path: ['version'],
        wanted,
        isRemoval: false,
        show: (cluster) => cluster.version ?? null,
        isCarriedBy: (cluster) => cluster.version !== undefined,
        isMetBy,
        isAcceptedBy: (cluster) => isMetBy(cluster) || (cluster.version !== undefined && coversVersion(cluster.version, wanted)),
        canonical: (cluster) => (cluster.version === undefined ? ABSENT : canonicalVersion(cluster.version)),
        canonicalWanted: canonicalVersion(wanted),
    };
}
function resourceField(name, wanted) {
    const isMetBy = (cluster) => (0,domain_quantity/* isSameQuantity */.IA)(wanted, cluster.resources[name]);
    return {
        kind: 'resources',
        name,
        path: ['resources', name],
        wanted,
        isRemoval: false,
        show: (cluster) => cluster.resources[name] ?? null,
        isCarriedBy: (cluster) => cluster.resources[name] !== undefined,
        isMetBy,
        isAcceptedBy: isMetBy,
        canonical: ({ resources }) => {
            const quantity = resources[name];
            return quantity === undefined ? ABSENT : (0,domain_quantity/* canonicalQuantity */.aK)(quantity);
        },
        canonicalWanted: (0,domain_quantity/* canonicalQuantity */.aK)(wanted),
    };
}
function alertFields(alerts) {
    return (0,domain_alerts/* leafPaths */.$0)(alerts).map((path) => {
        const isMetBy = (cluster) => (0,domain_alerts/* isValueMet */.OY)((0,domain_json/* valueAt */.fK)(alerts, path), (0,domain_alerts/* settingAt */.OZ)(cluster.alerts, path));
        return {
            kind: 'alerts',
            name: (0,domain_alerts/* toAlertName */.t8)(path),
            path: ['alerts', ...path],
            wanted: undefined,
            isRemoval: (0,domain_json/* valueAt */.fK)(alerts, path) === null,
            show: () => undefined,
            isCarriedBy: (cluster) => (0,domain_alerts/* standingAt */.Ib)(cluster.alerts, path) !== undefined,
            isMetBy,
            isAcceptedBy: isMetBy,
            canonical: (cluster) => (0,domain_json/* canonicalJson */.dj)((0,domain_alerts/* standingAt */.Ib)(cluster.alerts, path)),
            canonicalWanted: (0,domain_json/* canonicalJson */.dj)((0,domain_json/* valueAt */.fK)(alerts, path)),
        };
    });
}

;// CONCATENATED MODULE: ./lib/src/domain/guardrails.js



/**
 * All reasons not to send a plan, at once: bounds judge what was asked, the other rules only what would change. A rule that cannot
 * be judged refuses. The server is not known to refuse any of these itself.
 */
function findRefusals(live, desired, unmet, guardrails) {
    const isUnmet = (name) => unmet.some((field) => field.name === name);
    return [
        ...(isUnmet('version') ? versionRefusals(live, desired.version ?? '', guardrails) : []),
        ...(isUnmet('storage') ? storageRefusals(live, desired.storage ?? '', guardrails) : []),
        ...domain_resources/* RESOURCE_NAMES */.ux.flatMap((name) => boundRefusals(live, name, desired[name], guardrails)),
    ].sort((left, right) => FIELD_ORDER.indexOf(left.field) - FIELD_ORDER.indexOf(right.field));
}
const FIELD_ORDER = ['version', ...domain_resources/* RESOURCE_NAMES */.ux];
/** What the live version rules compare with: what runs and what is desired, as far as either can be read as a version. */
function versionRefusals(live, to, guardrails) {
    const asked = parseVersion(to);
    if (asked === undefined)
        return [];
    const readable = [live.version, live.kubernetesVersion].flatMap((text) => {
        const version = parseVersion(text ?? '');
        return version === undefined || text === undefined ? [] : [{ text, version }];
    });
    const refuse = (rule, allow, reason) => ({
        rule,
        field: 'version',
        from: live.version ?? live.kubernetesVersion ?? null,
        to,
        allow,
        reason,
    });
    const higher = readable.find(({ version }) => isBelow(asked, version));
    const running = readable.at(-1);
    const downgrade = readable.length === 0
        ? `whether version ${to} is a downgrade cannot be judged: ${UNREADABLE}`
        : higher && `version ${to} is a downgrade from ${higher.text}`;
    // Both are told together, and why is said once.
    const unknownSkip = guardrails.allowDowngrade
        ? `whether version ${to} skips a minor version cannot be judged: ${UNREADABLE}`
        : 'whether it skips a minor version cannot be judged either';
    const skip = running === undefined
        ? unknownSkip
        : skipsMinor(running.version, asked)
            ? `version ${to} is more than one minor above the running ${running.text}`
            : undefined;
    return [
        ...(downgrade === undefined || guardrails.allowDowngrade
            ? []
            : [refuse('downgrade', 'allow-downgrade', downgrade)]),
        ...(skip === undefined || guardrails.allowVersionSkip ? [] : [refuse('version-skip', 'allow-version-skip', skip)]),
    ];
}
const UNREADABLE = 'the cluster’s own version cannot be read';
/** A limit that is absent is nothing to shrink; one that cannot be read cannot be judged. */
function storageRefusals(live, to, guardrails) {
    const from = live.resources.storage;
    const asked = (0,domain_quantity/* parseQuantity */.Lf)(to);
    if (from === undefined || asked === undefined || guardrails.allowStorageShrink)
        return [];
    const now = (0,domain_quantity/* parseQuantity */.Lf)(from);
    if (now !== undefined && asked >= now)
        return [];
    const reason = now === undefined
        ? `storage ${to} cannot be judged: the current ${from} cannot be read as a quantity`
        : `storage ${to} is less than the current ${from}`;
    return [{ rule: 'storage-shrink', field: 'storage', from, to, allow: 'allow-storage-shrink', reason }];
}
function boundRefusals(live, field, to, { min, max }) {
    const asked = (0,domain_quantity/* parseQuantity */.Lf)(to ?? '');
    if (to === undefined || asked === undefined)
        return [];
    const from = live.resources[field] ?? null;
    const [lowest, highest] = [(0,domain_quantity/* parseQuantity */.Lf)(min[field] ?? ''), (0,domain_quantity/* parseQuantity */.Lf)(max[field] ?? '')];
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
    const fields = unmetFields(live, askedFields(desired));
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
 * Under the read's own ETag the body carries every resource it showed, names unknown to us included, which comes to the same
 * whether the server merges or replaces (that is not documented); under any other lock, or none, only the asked ones, since the
 * others may have moved since they were read.
 */
function toPatchBody(live, desired, unmet, isLocked) {
    const isUnmet = (kind) => unmet.some((field) => field.kind === kind);
    const { version, alerts } = desired;
    return {
        ...(version !== undefined && isUnmet('version') ? { version } : {}),
        ...(isUnmet('resources')
            ? { resources: { ...(isLocked ? scalarsIn(live.allResources) : {}), ...(0,domain_resources/* mapResources */.sO)((name) => desired[name]) } }
            : {}),
        ...(alerts !== undefined && isUnmet('alerts') ? { alerts } : {}),
    };
}
function scalarsIn(resources) {
    const isScalar = (entry) => typeof entry[1] === 'number' || typeof entry[1] === 'string';
    return Object.fromEntries(Object.entries(resources).filter(isScalar));
}
/** The resources in a body whose names we do not know. */
function unknownResources({ resources = {} }) {
    return Object.keys(resources).filter((name) => !domain_resources/* RESOURCE_NAMES */.ux.some((ours) => ours === name));
}
/** The same body without them. */
function withoutUnknownResources(patch) {
    const unknown = unknownResources(patch);
    if (patch.resources === undefined)
        return patch;
    const known = Object.entries(patch.resources).filter(([name]) => !unknown.includes(name));
    return { ...patch, resources: Object.fromEntries(known) };
}
/** Hex digits of a digest: few enough that a masked short secret is unlikely to be part of it. */
const DIGEST_LENGTH = 16;
/** Moves with any edit and its values, and with nothing else: status writes, the order of keys and other spellings leave it alone. */
function toDigest(live, unmet, tenant) {
    const edits = unmet.map((field) => JSON.stringify([field.path, field.canonical(live), field.canonicalWanted])).sort();
    const text = JSON.stringify([tenant, live.name, edits]);
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}
/** The `plan` output: compact JSON without any value from inside `alerts`. `more` edits are not in it, where it would be too large. */
function toPlanJson({ edits, refusals }, more = 0) {
    return JSON.stringify({
        edits,
        refusals: refusals.map(({ rule, field, from, to, allow }) => ({ rule, field, from, to, allow })),
        ...(more > 0 ? { more } : {}),
    });
}
/** An edit inside `alerts` has no values to show. */
function isAlertEdit({ to }) {
    return to === undefined;
}
/** The names of the settings inside `alerts` that are to be taken away. */
function removedFields({ fields }) {
    return new Set(fields.filter(({ isRemoval }) => isRemoval).map(({ name }) => name));
}
/** The widest column that fields are aligned to: a key path may be as long as it likes. */
const WIDEST_FIELD = 40;
/** The plan for a log: a line each, aligned; of many edits inside `alerts` the first, and the number of the others. */
function toPlanLines({ edits, fields }) {
    if (edits.length === 0)
        return ['Plan: nothing to change'];
    const removed = removedFields({ fields });
    const alertEdits = edits.filter(isAlertEdit);
    const more = alertEdits.slice(policy/* MOST */._B.alertEdits);
    const moreRemoved = more.filter(({ field }) => removed.has(field)).length;
    const shown = [...edits.filter((edit) => !isAlertEdit(edit)), ...alertEdits.slice(0, policy/* MOST */._B.alertEdits)];
    const width = Math.min(WIDEST_FIELD, Math.max(...shown.map(({ field }) => field.length)));
    const lines = shown.map(({ field, from, to }) => {
        const change = removed.has(field) ? 'is removed' : 'changes';
        const values = to === undefined ? `${change} (values in alerts are not shown)` : `${from ?? 'absent'} → ${to ?? 'absent'}`;
        return `Plan: ${field.padEnd(width)}  ${values}`;
    });
    if (more.length === 0)
        return lines;
    const removal = moreRemoved === 0 ? '' : ` (${moreRemoved} removed)`;
    return [...lines, `Plan: ${more.length} more settings inside alerts change${removal}`];
}

;// CONCATENATED MODULE: ./lib/src/report/markdown.js


/** A text as inline code in markdown, where it can form no markup, table, link or mention. */
function toMarkdownCode(text) {
    return `<code>${toEntities((0,src_redact/* toHarmlessLine */.fF)(text))}</code>`;
}
/** A text as plain words in markdown, where it can form no markup, link or mention. */
function toMarkdownText(text) {
    return toEntities((0,src_redact/* toHarmlessLine */.fF)(text).replaceAll('@', '@\u200b'));
}
/** Characters that form nothing in the middle of a line; `www.` and what begins a list are looked after one by one. */
const NOT_PLAIN = /[^A-Za-z0-9 ,.;()?%+'’…–—→\u200b-]/gu;
function toEntities(text) {
    return text
        .replace(NOT_PLAIN, (character) => (isLetterOrDigit(character) ? character : toEntity(character)))
        .replace(/(?<=www)\./gi, toEntity)
        .replace(/^[-+]+/, (marks) => [...marks].map(toEntity).join(''))
        .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits, mark) => digits + toEntity(mark));
}
/** Whether one character is a letter or a digit of any script. The classes of Unicode are slow to compile, so ASCII goes without. */
function isLetterOrDigit(character) {
    return character < '\u0080' ? /[A-Za-z0-9]/.test(character) : /[\p{L}\p{N}]/u.test(character);
}
function toEntity(character) {
    return `&#${character.codePointAt(0)};`;
}
/** The rows and columns of a table; every cell is markdown already. */
function toTable(head, rows) {
    const toRow = (cells) => `| ${cells.join(' | ')} |`;
    return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)].join('\n');
}
/** A text in a cell of a table, as plain words: cut off before it becomes markup, which must stay whole. */
function toMarkdownCell(text) {
    return toBreakable((0,src_redact/* cutOff */.qG)((0,src_redact/* toHarmlessLine */.fF)(text), policy/* LONGEST */.zP.cell), toMarkdownText);
}
/** A text in a cell of a table, as inline code; nothing where there is none. */
function toCodeCell(text) {
    if (text === undefined || text === null)
        return '';
    return `<code>${toBreakable((0,src_redact/* cutOff */.qG)((0,src_redact/* toHarmlessLine */.fF)(text), policy/* LONGEST */.zP.cell), toEntities)}</code>`;
}
/** Lets a browser break words that would make a table wider than a phone. */
function toBreakable(text, toMarkup) {
    return text
        .split(LONG_WORD)
        .map((part, index) => (index % 2 === 0 ? toMarkup(part) : toParts(part).map(toMarkup).join('<wbr>')))
        .join('');
}
const LONG_WORD = /(\S{17,})/;
const LONGEST_PART = 8;
function toParts(word) {
    const characters = [...word];
    const starts = characters.flatMap((_, index) => (index % LONGEST_PART === 0 ? [index] : []));
    return starts.map((start) => characters.slice(start, start + LONGEST_PART).join(''));
}
/**
 * Joins sections to one text within a limit. What is too long loses whole sections from its end, never a part of one; the first
 * two, title and lead, are always there.
 */
function markdown_joinSections(sections, limit) {
    const isShort = (text) => 'bytes' in limit ? Buffer.byteLength(text) <= limit.bytes : text.length <= limit.characters;
    const join = (parts) => {
        const text = parts.filter((part) => part !== '').join('\n\n');
        return text === '' ? '' : `${text}\n`;
    };
    const whole = join(sections);
    if (isShort(whole))
        return whole;
    for (let kept = sections.length - 1; kept >= 2; kept--) {
        const text = join([...sections.slice(0, kept), toLeftOut(sections.length - kept)]);
        if (isShort(text))
            return text;
    }
    // Not even the lead is short enough, which the limits of its parts are there to prevent: it loses whole lines.
    const lines = join(sections.slice(0, 2)).split('\n');
    while (lines.length > 1 && !isShort(`${lines.join('\n')}\n`))
        lines.pop();
    return `${lines.join('\n')}\n`;
}
function toLeftOut(count) {
    return `*Left out, as it would be too long: the ${count === 1 ? 'last section' : `last ${count} sections`} of this report.*`;
}
/** A link; its text is markdown already. */
function toLink(text, url) {
    return `[${text}](${encodeURI(url).replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

;// CONCATENATED MODULE: ./lib/src/report/outputs.js








/** The outputs of the action, in the order of `action.yml`. */
const OUTPUT_NAMES = [
    'result',
    'failure-reason',
    'message',
    'changed',
    'would-change',
    'phase',
    'version',
    'kubernetes-version',
    ...domain_resources/* RESOURCE_NAMES */.ux,
    'endpoint',
    'previous-version',
    'previous-kubernetes-version',
    ...domain_resources/* RESOURCE_NAMES */.ux.map(toPreviousName),
    'etag',
    'generation',
    'evidence',
    'plan',
    'plan-digest',
    'hourly-cost-change',
    'cluster',
    'request-id',
    'duration-seconds',
    'summary-markdown',
];
/** Every output, on every path; what is not known is `''`, and the API's values stay in its own text. */
function toOutputs({ outcome, message, sections, redactor }) {
    const { first, last, plan } = outcome;
    return {
        result: outcome.result,
        'failure-reason': outcome.reason ?? '',
        message,
        changed: String(outcome.changed),
        'would-change': outcome.wouldChange === undefined ? '' : String(outcome.wouldChange),
        phase: toValue(last?.phase),
        version: toValue(last?.version),
        'kubernetes-version': toValue(last?.kubernetesVersion),
        ...toResourceOutputs(last, (name) => name),
        endpoint: toValue(last?.endpoint),
        'previous-version': toValue(first?.version),
        'previous-kubernetes-version': toValue(first?.kubernetesVersion),
        ...toResourceOutputs(first, toPreviousName),
        etag: toValue(outcome.etag),
        generation: last?.generation === undefined ? '' : String(last.generation),
        evidence: (outcome.evidence ?? []).join(','),
        plan: plan === undefined ? '' : toPlanOutput(plan),
        'plan-digest': plan?.digest ?? '',
        'hourly-cost-change': outcome.cost?.perHour ?? '',
        cluster: last === undefined ? '' : toClusterJson(last, redactor),
        'request-id': toValue(outcome.requestId),
        'duration-seconds': String(Math.floor(outcome.durationMs / 1000)),
        'summary-markdown': markdown_joinSections(sections, { bytes: policy/* LARGEST_BYTES */.LW.output }),
    };
}
function toValue(text) {
    return (0,src_redact/* cutOff */.qG)(text ?? '', policy/* LONGEST */.zP.scalar);
}
function toPreviousName(name) {
    return `previous-${name}`;
}
/** One output for each resource, under the name that `toName` makes of it. */
function toResourceOutputs(cluster, toName) {
    const entries = domain_resources/* RESOURCE_NAMES */.ux.map((name) => [toName(name), toValue(cluster?.resources[name])]);
    return Object.fromEntries(entries);
}
/** The plan is whole, only absurdly long texts in it are cut off. Where even that is too large, the last edits are only counted. */
function toPlanOutput(plan) {
    const cut = (change) => {
        const texts = Object.entries(change).map(([key, text]) => [key, typeof text === 'string' ? toValue(text) : text]);
        return Object.fromEntries(texts);
    };
    const refusals = plan.refusals.map(cut);
    const edits = plan.edits.map(cut);
    const whole = toPlanJson({ edits, refusals });
    if (Buffer.byteLength(whole) <= policy/* LARGEST_BYTES */.LW.output)
        return whole;
    let left = policy/* LARGEST_BYTES */.LW.output - Buffer.byteLength(toPlanJson({ edits: [], refusals }, edits.length));
    const kept = edits.findIndex((edit) => {
        left -= Buffer.byteLength(JSON.stringify(edit)) + 1;
        return left < 0;
    });
    return toPlanJson({ edits: edits.slice(0, kept), refusals }, edits.length - kept);
}
/**
 * The object as it was read, without metrics, secrets and what stands in `alerts`: above 64 KiB only its scalars, and only what
 * other outputs show as well where there is too much to take out.
 */
function toClusterJson(cluster, redactor) {
    if (redactor.isOverwhelmed)
        return JSON.stringify(shownElsewhere(cluster));
    const { alerts, status, ...rest } = cluster.json;
    const whole = {
        ...rest,
        ...(alerts === undefined ? {} : { alerts: (0,domain_json/* isJsonObject */.OW)(alerts) ? (0,domain_alerts/* withoutValues */.lO)(alerts) : '***' }),
        ...(status === undefined ? {} : { status: withoutMetrics(status) }),
    };
    const isSmall = Buffer.byteLength(JSON.stringify(whole)) <= policy/* LARGEST_BYTES */.LW.output;
    const { resources } = cluster.json;
    const shown = isSmall
        ? whole
        : {
            ...scalarsOf(rest),
            ...((0,domain_json/* isJsonObject */.OW)(resources) ? { resources: scalarsOf(resources) } : {}),
            ...((0,domain_json/* isJsonObject */.OW)(status) ? { status: scalarsOf(status) } : {}),
        };
    return JSON.stringify(redactObject(shown, redactor));
}
/** What outputs of their own show of a cluster, in the form of the object. */
function shownElsewhere({ name, version, resources, generation, ...status }) {
    const { phase, kubernetesVersion, endpoint } = status;
    const toShown = (texts) => Object.fromEntries(Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, toValue(text)]])));
    return {
        name,
        ...toShown({ version }),
        resources: toShown(resources),
        ...(generation === undefined ? {} : { generation }),
        status: toShown({ phase, kubernetesVersion, endpoint }),
    };
}
/** By key path, an item of a list being `*`; whatever is not listed counts as words. */
const CLEANING = {
    ...Object.fromEntries(['name', 'version', 'generation', ...domain_resources/* RESOURCE_NAMES */.ux.map((name) => `resources.${name}`)].map((path) => [
        path,
        'value',
    ])),
    'status.phase': 'value',
    'status.kubernetesVersion': 'value',
    'status.endpoint': 'value',
    'status.observedGeneration': 'value',
    'status.conditions.*.type': 'name',
    'status.conditions.*.status': 'name',
    'status.conditions.*.reason': 'name',
    'warnings.*.code': 'name',
    'warnings.*.field': 'name',
};
function redactObject({ alerts, ...rest }, redactor) {
    const redacted = redactAt(rest, [], redactor);
    // Key paths are shown, and there is nothing else in it any more.
    return alerts === undefined || !(0,domain_json/* isJsonObject */.OW)(redacted)
        ? redacted
        : { ...redacted, alerts: (0,src_redact/* redactDeep */.KL)(alerts, redactor.redactSecrets) };
}
function redactAt(value, path, redactor) {
    if ((0,domain_json/* isJsonObject */.OW)(value)) {
        return Object.fromEntries(Object.entries(value).map(([key, item]) => [redactor.redact(key), redactAt(item, [...path, key], redactor)]));
    }
    if (Array.isArray(value))
        return value.map((item) => redactAt(item, [...path, '*'], redactor));
    const cleaning = CLEANING[path.join('.')] ?? 'words';
    const redact = { value: redactor.redactSecrets, name: redactor.redactName, words: redactor.redact }[cleaning];
    if (typeof value === 'string')
        return redact(value);
    if (typeof value !== 'number')
        return value;
    const text = redact(String(value));
    return text === String(value) ? value : text;
}
function withoutMetrics(status) {
    if (!(0,domain_json/* isJsonObject */.OW)(status))
        return status;
    const { metrics: _, ...rest } = status;
    return rest;
}
const MOST_SCALARS = 20;
function scalarsOf(value) {
    const isSmall = (item) => typeof item !== 'object' && String(item).length <= policy/* LONGEST */.zP.scalar;
    const small = Object.entries(value).filter(([key, item]) => key.length <= policy/* LONGEST */.zP.scalar && isSmall(item));
    return Object.fromEntries(small.slice(0, MOST_SCALARS));
}
/**
 * An outcome without secrets, and without what was found inside `alerts` only after the server had said it. The objects of its
 * reads are cleaned where they are shown.
 */
function toShownOutcome(outcome, redactor) {
    const redactSecrets = (text) => (0,src_redact/* redactLong */.o2)(text, redactor.redactSecrets, { longest: policy/* LONGEST */.zP.lead });
    const shown = (0,src_redact/* redactDeep */.KL)(outcome, redactSecrets, ['json', 'alerts', 'fields', 'patch']);
    const { redact, isOverwhelmed } = redactor;
    const warnings = isOverwhelmed
        ? shown.warnings.filter((warning) => !warning.startsWith(SERVER_WARNS))
        : shown.warnings.map((warning) => redactSaid(warning, redact));
    const { last } = shown;
    if (last === undefined)
        return { ...shown, warnings };
    const conditions = last.conditions.map(({ message, ...names }) => message === undefined || isOverwhelmed ? names : { ...names, message: redact(message) });
    return { ...shown, warnings, last: { ...last, conditions } };
}
/** A warning without what was found inside `alerts`; our own words before the server's stay, though a text in there may hold them. */
function redactSaid(warning, redact) {
    const ours = [SERVER_WARNS, WAS_DEGRADED].find((lead) => warning.startsWith(lead)) ?? '';
    return `${ours}${redact(warning.slice(ours.length))}`;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
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
const external_crypto_namespaceObject = require("crypto");
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
const external_path_namespaceObject = require("path");
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/core.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
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
    return __awaiter(this, void 0, void 0, function* () {
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
    return __awaiter(this, void 0, void 0, function* () {
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
;// CONCATENATED MODULE: ./lib/src/report/changes.js


/** Changes in a few words: `cpu 4 → 8, 3 alert settings`; as many as a title has room for, then their number. */
function toChangesText(edits, toText = toEditText) {
    const alerts = edits.filter(({ field }) => isAlert(field)).length;
    const words = [
        ...edits.filter(({ field }) => !isAlert(field)).map(toText),
        ...(alerts === 0 ? [] : [alerts === 1 ? '1 alert setting' : `${alerts} alert settings`]),
    ];
    for (let shown = words.length; shown > 0; shown--) {
        const text = toShortList(words, shown);
        if (text.length <= policy/* LONGEST */.zP.changes)
            return text;
    }
    return words.length === 0 ? '' : `${words.length} ${words.length === 1 ? 'change' : 'changes'}`;
}
function toEditText({ field, from, to }) {
    return `${field} ${from ?? 'absent'} → ${to ?? 'absent'}`;
}
/** Whether a field stands inside `alerts`, where values are not shown. */
function isAlert(field) {
    return /^alerts\b/.test(field);
}
/** The fields that an ending is about, in as few words. */
function fieldsOf({ fieldNames = [] }) {
    return toChangesText(fieldNames.map((field) => ({ field })), ({ field }) => field);
}

;// CONCATENATED MODULE: ./lib/src/domain/failure-reasons.js
/** Why a step is not green: every reason with its words. The README's table is made from it. */
const FAILURE_REASONS = {
    'invalid-input': {
        meaning: 'One or more inputs are wrong; nothing was sent',
        nextStep: 'Correct the inputs of this step.',
    },
    refused: {
        meaning: 'The plan breaks a safety rule, and was not sent',
        nextStep: 'If you mean it, permit it by the input named.',
    },
    unauthorized: {
        meaning: '401: the key was not accepted',
        nextStep: 'Check the secret that `api-key` comes from: the key may be mistyped, expired or revoked. It was tried only once.',
    },
    forbidden: {
        meaning: '403: the key may not do this',
        nextStep: 'Use a key of this tenant with the role `admin`; a key with the role `readonly` can plan and verify.',
    },
    'not-found': {
        meaning: '404: there is no such cluster',
        nextStep: 'Check `tenant` and `cluster`, and that the key belongs to this tenant.',
    },
    rejected: {
        meaning: 'The API refused the change, or made another value of it than was asked',
        nextStep: 'Its words say why. Another value is a limit or a rounding of the platform: ask for one that it can give.',
    },
    conflict: {
        meaning: 'Someone else changed what was asked for, or the cluster kept changing between read and change; theirs was not overwritten',
        nextStep: 'Talk to whoever changed it: running again would put your value in the place of theirs. Where only the cluster kept moving, the error says so, and running again is safe.',
    },
    'plan-changed': {
        meaning: 'The plan is not the one that `expected-plan` asks for, or that one could not be found or read; it was not sent',
        nextStep: 'Look at the new plan, and approve that.',
    },
    busy: {
        meaning: 'The cluster was busy with another change all the time, or at all where `on-busy` is `fail`',
        nextStep: 'Run again when that is over, or with a longer `timeout`.',
    },
    unavailable: {
        meaning: 'The API could not be reached, or gave no usable answer',
        nextStep: 'Look at status.kupe.cloud, and whether `GET /readyz` of the API answers this runner. Running again is safe: it reads first, and resumes.',
    },
    degraded: {
        meaning: 'The cluster was unhealthy for longer than `degraded-grace`',
        nextStep: 'Look at its conditions in the summary. What was sent may go on once the cluster heals; running again resumes the wait.',
    },
    deleted: {
        meaning: 'The cluster is being deleted, is gone, or its name now belongs to a new one',
        nextStep: 'Find out who deleted it. Running again would change a new cluster of that name.',
    },
    'rolled-back': {
        meaning: 'The upgrade was taken back: the cluster runs the old version again',
        nextStep: 'Find out why before running again: the platform, or someone else, went back to the old version.',
    },
    superseded: {
        meaning: 'Someone else, or the platform, changed the same value after this run had, or while it waited',
        nextStep: 'Theirs stands. Running this again would send our values once more: talk to whoever changed it first.',
    },
    'side-effect': {
        meaning: 'What was asked is done or accepted, but it changed or removed something that nobody asked for',
        nextStep: 'Put back what was not asked for. Where the platform ties values together, ask for all of them in one change.',
    },
    timeout: {
        meaning: '`timeout` was over before the change was proven; what was sent may go on',
        nextStep: 'Running again resumes the wait, and sends nothing that is already there.',
    },
    cancelled: {
        meaning: 'The run was cancelled; what was sent may go on',
        nextStep: 'Running again resumes the wait, and sends nothing that is already there.',
    },
    internal: {
        meaning: 'A fault of this action',
        nextStep: 'Please report it, with this log.',
    },
};
/** The ways in which a run fails: each with the reason that the output `failure-reason` gives for it. */
const FAILURE_KINDS = {
    'invalid-input': 'invalid-input',
    refused: 'refused',
    unauthorized: 'unauthorized',
    forbidden: 'forbidden',
    'not-found': 'not-found',
    /** A PATCH was answered with 404, although a read had shown the cluster. */
    'gone-or-hidden': 'not-found',
    rejected: 'rejected',
    /** The API took the PATCH, and made another value of it than was asked. */
    altered: 'rejected',
    /** Someone else changed one of our fields before this run had. */
    rival: 'conflict',
    /** Refused again and again, although nobody changed what was asked. */
    'kept-moving': 'conflict',
    /** Our change seems to have landed and been taken back. */
    'taken-back': 'conflict',
    /** The API refuses the ETag that it serves, or gives none any more. */
    'no-usable-etag': 'conflict',
    /** The cluster changed after it was read, and that is final. */
    moved: 'conflict',
    /** Something that must be planned from is no longer shown. */
    vanished: 'conflict',
    'plan-changed': 'plan-changed',
    /** No approved plan was found: the run belongs to no merged pull request, or to several, or to one that showed none. */
    'plan-not-found': 'plan-changed',
    /** GitHub did not say which plan was approved. */
    'plan-unreadable': 'plan-changed',
    /** The cluster was busy with another change for as long as could be waited. */
    'busy-too-long': 'busy',
    /** It was busy, and `on-busy` is `fail`. */
    busy: 'busy',
    unavailable: 'unavailable',
    /** It may have been sent, and may not be sent again now. */
    'not-sent-again': 'unavailable',
    degraded: 'degraded',
    terminating: 'deleted',
    gone: 'deleted',
    recreated: 'deleted',
    'rolled-back': 'rolled-back',
    superseded: 'superseded',
    'side-effect': 'side-effect',
    timeout: 'timeout',
    cancelled: 'cancelled',
    internal: 'internal',
    /** The run went well or not, but its outputs could not be written. */
    'outputs-unwritten': 'internal',
};

;// CONCATENATED MODULE: ./lib/src/report/failure-words.js









/** The words of every way to fail; one that is missing does not compile. */
const FAILURES = {
    'invalid-input': {
        title: ({ problems = [] }) => `Nothing was sent: ${problems.length === 1 ? '1 input is wrong' : `${problems.length} inputs are wrong`}`,
    },
    refused: {
        title: (_, name) => `${name}: stopped by a safety rule`,
        lead: ({ plan }) => {
            const [refusal, ...more] = plan?.refusals ?? [];
            return more.length === 0 ? (refusal?.reason ?? '') : `${more.length + 1} rules of this action forbid it`;
        },
        next: ({ plan }) => `If you mean it, give ${toPermits(plan?.refusals ?? [])}.`,
        isOpen: true,
        stopsPlan: true,
    },
    unauthorized: {
        title: (_, name) => `${name}: the key was not accepted`,
        next: (outcome) => outcome.first === undefined
            ? toUsualStep('unauthorized')
            : `The key was accepted before: it may have expired, or been revoked, since. ${toResume(outcome, 'with a key that works')}`,
        isOpen: true,
        isRerunUseful: true,
    },
    forbidden: {
        title: (_, name) => `${name}: the key may not do this`,
        next: toNextAfterForbidden,
        isOpen: true,
        isRerunUseful: true,
    },
    'not-found': {
        title: (_, name) => `${name}: there is no such cluster`,
    },
    'gone-or-hidden': {
        title: (_, name) => `${name}: gone, or hidden from this key`,
        more: () => 'A read had shown the cluster before',
        next: () => 'Find out whether somebody deleted it, or whether this key may no longer see it.',
        isOpen: true,
    },
    rejected: {
        title: ({ isForeign }, name) => `${name}: ${isForeign === true ? 'something in front of Kupe’s API' : 'Kupe’s API'} said no`,
        next: (outcome) => (outcome.isForeign === true ? toNextAfterForeign(outcome) : toNextAfterRejected(outcome)),
        isOpen: true,
        isRerunUseful: ({ sent, refused }) => sent !== undefined || refused === 'read',
    },
    altered: {
        title: (outcome, name) => `${name}: a value was changed: ${toAlteredText(outcome)}`,
        next: () => 'This is a limit or a rounding of the platform. Ask for a value that it can give.',
        isUndone: true,
    },
    rival: {
        title: (outcome, name) => `${name}: someone else changed ${fieldsOf(outcome)}`,
        lead: ({ conflict = [] }) => `${conflict.length === 1 ? 'It was' : 'They were'} changed after this run had read it`,
        next: (outcome) => {
            const [row, ...more] = outcome.conflict ?? [];
            const isShown = more.length === 0 && typeof row?.now === 'string' && row.wanted !== undefined;
            const values = isShown ? `their ${row.now} by ${row.wanted}` : '';
            return toTheirs(outcome, `replace ${values === '' || values.length > policy/* LONGEST */.zP.changes ? 'what they set' : values}`);
        },
    },
    'kept-moving': {
        title: (_, name) => `${name}: the cluster kept moving`,
        next: () => 'Nobody changed what was asked for. Running again is safe.',
        isOpen: true,
        isRerunUseful: true,
    },
    'taken-back': {
        title: (_, name) => `${name}: our change seems to have been taken back`,
        next: () => 'Find out who or what took it back. Running this again would send it once more.',
    },
    'no-usable-etag': {
        title: (_, name) => `${name}: the API refuses the ETag it serves, or gives none any more`,
        next: () => 'Ask whoever runs what stands between this runner and the API, such as a proxy that rewrites ETags. Running again is safe.',
        isOpen: true,
        isRerunUseful: true,
    },
    moved: {
        title: (_, name) => `${name}: it changed after it was read`,
        next: ({ task }) => task?.isEtagGiven === true
            ? 'Read the cluster again and decide anew; or leave out if-match, and the action compares and tries again by itself.'
            : 'Look at what changed, then run again; or use on-conflict: retry, and the action compares and tries again by itself.',
        isOpen: true,
        isRerunUseful: ({ task }) => task?.isEtagGiven !== true,
    },
    vanished: {
        title: (outcome, name) => `${name}: ${fieldsOf(outcome)} ${outcome.fieldNames?.length === 1 ? 'is' : 'are'} no longer shown`,
        next: () => 'Look at the cluster in the console before anything is changed: what is not shown may be lost.',
        isOpen: true,
    },
    'plan-changed': {
        title: (_, name) => `${name}: the plan is no longer the one approved`,
        isOpen: true,
        stopsPlan: true,
    },
    'plan-not-found': {
        title: (_, name) => `${name}: no approved plan was found`,
        next: () => domain_approval/* APPROVE_ANEW */.W,
        isOpen: true,
        stopsPlan: true,
    },
    'plan-unreadable': {
        title: (_, name) => `${name}: the approved plan could not be read`,
        next: () => 'Run again: GitHub is asked anew.',
        isOpen: true,
        stopsPlan: true,
        isRerunUseful: ({ hint }) => hint !== domain_approval/* APPROVE_ANEW */.W,
    },
    'busy-too-long': {
        title: ({ durationMs }, name) => `${name}: still busy with another change after ${toDurationText(durationMs)}`,
        // Where no phase shows what it is busy with, only the words of the API do.
        lead: (outcome) => ((0,domain_cluster/* phaseKind */.Cl)(outcome.last?.phase) === 'busy' ? toBusyText(outcome) || undefined : undefined),
        more: toBusyText,
        next: () => 'Run again when that is over, with a longer timeout, or at another time of day.',
        isOpen: true,
        isRerunUseful: true,
    },
    busy: {
        title: (_, name) => `${name}: busy with another change`,
        more: toBusyText,
        next: () => 'Run again when it is Running, or let the run wait for it: on-busy: wait.',
        isOpen: true,
        isRerunUseful: true,
    },
    unavailable: {
        title: (_, name) => `${name}: no usable answer from Kupe’s API`,
        isOpen: true,
        isRerunUseful: true,
    },
    'not-sent-again': {
        title: (_, name) => `${name}: the change may have been sent, and may not be sent again now`,
        next: () => 'Look at the cluster. Running again when sending is allowed is safe: it reads first, and sends nothing that is already there.',
        isRerunUseful: true,
    },
    degraded: {
        title: ({ task }, name) => {
            const graceMs = task?.degradedGraceMs ?? 0;
            return `${name}: unhealthy${graceMs < 1_000 ? '' : ` for ${toDurationText(graceMs)}`}`;
        },
        lead: ({ last }) => {
            const [condition, ...more] = last?.conditions ?? [];
            if (condition === undefined)
                return 'The cluster stayed Degraded, and gives no reason';
            return `The cluster stayed Degraded: ${more.length === 0 ? (0,domain_cluster/* toConditionText */.G5)(condition) : 'see its conditions below'}`;
        },
        next: ({ sent }) => `Find out why the cluster is unhealthy. ${sent === undefined
            ? 'Run again once it is Running.'
            : 'What was sent may go on once it heals; running again resumes the wait.'}`,
        isRerunUseful: true,
    },
    terminating: {
        title: (_, name) => `${name}: being deleted`,
        next: () => 'Find out who deletes it. Nothing more can be changed.',
        isUndone: true,
    },
    gone: {
        title: (_, name) => `${name}: gone`,
        next: () => 'Find out who deleted it, or whether this key may no longer see it.',
        isUndone: true,
    },
    recreated: {
        title: (_, name) => `${name}: replaced by a new cluster of that name`,
        next: ({ task }) => `Look at the new cluster. Running this again would ${task?.mode === 'apply' ? 'change' : 'look at'} that one.`,
        isUndone: true,
    },
    'rolled-back': {
        title: ({ task }, name) => `${name}: the upgrade to ${task?.version ?? 'the new version'} was taken back`,
        isUndone: true,
    },
    superseded: {
        title: (outcome, name) => `${name}: someone changed ${fieldsOf(outcome)} ${outcome.sent === undefined ? 'while this run waited' : 'after this run had'}`,
        next: (outcome) => {
            const { task, sent } = outcome;
            const send = sent === undefined ? 'send our values' : 'send our values once more';
            return toTheirs(outcome, task?.mode === 'verify' ? 'wait for ours, and send nothing' : send);
        },
        isUndone: true,
    },
    'side-effect': {
        title: ({ task }, name) => `${name}: ${task?.wait === false ? 'sent' : 'done'}, but more changed than was asked`,
        lead: ({ task }) => `What was asked is ${task?.wait === false ? 'accepted' : 'done'}, but the PATCH did more`,
        next: (outcome) => `Put back what was not asked for: ${fieldsOf(outcome)}. Where the platform ties them together, ask for all of them in one change.`,
        isUndone: true,
    },
    timeout: {
        title: ({ task, sent, isAsAsked, durationMs }, name) => {
            const after = `after ${toDurationText(durationMs)}`;
            if (task?.mode === 'plan')
                return `${name}: no plan ${after}`;
            if (sent === undefined) {
                return `${name}: ${isAsAsked === true || task?.wanted.length === 0 ? 'not settled' : 'not as asked'} ${after}`;
            }
            return `${name}: ${task?.wait === false ? 'sent, but not shown' : 'not finished'} ${after}`;
        },
        next: toNextAfterTimeout,
        isRerunUseful: true,
    },
    cancelled: {
        title: ({ isWaiting }, name) => `${name}: ${isWaiting === true ? 'stopped waiting' : 'cancelled'}`,
        next: (outcome) => outcome.sent === undefined ? 'Run again to start anew.' : `Nothing was undone. ${toNextAfterTimeout(outcome)}`,
        isRerunUseful: true,
    },
    internal: {
        title: (_, name) => `${name}: a fault of this action`,
        isOpen: true,
    },
    'outputs-unwritten': {
        title: (_, name) => `${name}: a fault of this action: its outputs could not be written`,
        next: (outcome) => `${toGotText(outcome)}. Look at the disk of the runner; then run again, which is safe.`,
        isRerunUseful: true,
    },
};
/** What to do next: what is known of the fault goes before the words of its kind. */
function toNextStep(outcome, kind) {
    const { next, isOpen } = FAILURES[kind];
    const isUnwritten = outcome.writtenOutputs !== undefined && kind !== 'outputs-unwritten';
    return [
        ...(isOpen === true && outcome.sent !== undefined ? [toGoingOn(outcome.sent)] : []),
        outcome.hint ?? next?.(outcome) ?? toUsualStep(FAILURE_KINDS[kind]),
        ...(isRerunUseful(outcome, kind) ? toClosedTimes(outcome) : []),
        ...(isUnwritten
            ? [`${toGotText(outcome)}, as its outputs could not be written: look at the disk of the runner, too.`]
            : []),
    ].join(' ');
}
/** Whether it may help to run it again just as it is. */
function isRerunUseful(outcome, kind) {
    const { isRerunUseful: isUseful } = FAILURES[kind];
    return isUseful === true || isUseful?.(outcome) === true;
}
/** What there is to say of a plan: that it would be sent; that it was, and stands or is under way; or nothing that holds. */
function standingOf({ result, kind, sent }) {
    const { stopsPlan, isUndone } = kind === undefined ? {} : FAILURES[kind];
    if (sent === undefined)
        return result === 'planned' || stopsPlan === true ? 'proposed' : 'void';
    return (sent.isCertain || isGreen(result)) && isUndone !== true ? 'sent' : 'void';
}
/** When running it again, which a next step may advise, would end green without a look at the cluster. */
function toClosedTimes({ task, sent, isWaiting }) {
    const { closedBy = [] } = task ?? {};
    if (closedBy.length === 0)
        return [];
    const times = closedBy.map((guard) => (guard === 'only-between' ? 'outside only-between' : 'on freeze-dates'));
    const text = `${(0,errors/* toListText */.vY)(times, 'and')} a re-run is skipped: it looks at nothing and ends green.`;
    const isUnderWay = sent !== undefined || isWaiting === true;
    return [`${text.charAt(0).toUpperCase()}${text.slice(1)}${isUnderWay ? ' Use mode: verify then.' : ''}`];
}
function toGotText({ writtenOutputs = [] }) {
    const got = writtenOutputs.length === 0 ? 'nothing' : `only ${(0,errors/* toListText */.vY)(writtenOutputs, 'and')}`;
    return `Later steps got ${got} from this one`;
}
/** The next step of a reason, as the README has it. */
function toUsualStep(reason) {
    return FAILURE_REASONS[reason].nextStep.replaceAll('`', '');
}
/** What is known of a change that was sent, and not seen done. */
function toGoingOn({ isCertain }) {
    return isCertain ? 'What was sent may still be going on.' : 'If what was sent was taken, it may still be going on.';
}
/** What running it again does: `how` says what has to be mended before. */
function toResume({ sent, task }, how = '') {
    const again = `again${how === '' ? '' : ` ${how}`}`;
    if (sent === undefined)
        return `Run ${again}.`;
    if (!sent.isCertain)
        return `Running ${again} reads first: it resumes the wait, or sends what is not there.`;
    const does = task?.wait === false ? 'reads first' : 'resumes the wait';
    return `Running ${again} ${does}, and sends nothing that is already there.`;
}
/** Where someone else's value stands: what running it again would do, unless a guard of this run would stop it now. */
function toTheirs({ stoppedBy = [] }, would) {
    const stopped = `be stopped by ${(0,errors/* toListText */.vY)(stoppedBy, 'and')}. Talk to whoever changed it.`;
    const does = stoppedBy.length === 0 ? `${would}: talk to whoever changed it first.` : stopped;
    return `Theirs stands. Running this again would ${does}`;
}
/** A key that had read, or had sent, did not lack the role for that. */
function toNextAfterForbidden(outcome) {
    const { first, sent, refused } = outcome;
    const usual = toUsualStep('forbidden');
    if (first === undefined)
        return usual;
    if (refused === 'patch') {
        return sent === undefined ? usual : `${usual} ${toResume(outcome, 'with such a key')}`;
    }
    const could = sent?.isCertain === true ? 'send the change' : 'read the cluster';
    return `The key could ${could} before: its role may have changed, or it may no longer belong to the tenant. Mend that, or use another key. ${toResume(outcome, 'then')}`;
}
function toNextAfterForeign({ sent }) {
    const safe = sent === undefined ? '' : ' Running again reads first, which is safe.';
    return `Ask whoever runs what stands between this runner and the API, such as a proxy or a firewall.${safe}`;
}
/** Where a read was refused, no input of the change is wrong. */
function toNextAfterRejected(outcome) {
    const { first, sent, refused } = outcome;
    if (sent?.isCertain === true) {
        return `It was accepted; since then the API refuses to be read, and its words say why. ${toResume(outcome)}`;
    }
    if (first === undefined)
        return 'The words of the API say why. Nothing could be read: check api-url, tenant and cluster.';
    if (refused === 'read')
        return `It was a read that the API refused; its words say why. ${toResume(outcome, 'when that is over')}`;
    const why = 'The words of the API say why: where they are about an input, correct that';
    if (sent === undefined)
        return `${why}, and start anew.`;
    return `${why}. ${toResume(outcome)}`;
}
/** Nothing sent may mean that nothing was to be sent, or that another hand was to do it, or that too little time was left. */
function toNextAfterTimeout(outcome) {
    const { sent, last, task, isAsAsked } = outcome;
    if (sent?.isCertain === true)
        return `It may still be going on. ${toResume(outcome)}`;
    if (sent !== undefined)
        return `If it was taken, it may still be going on. ${toResume(outcome)}`;
    if (task?.mode === 'plan')
        return 'Run again, with a longer timeout.';
    if (task?.mode !== 'verify')
        return 'Run again, with a longer timeout: the action reads first, and resumes.';
    return (0,domain_cluster/* phaseKind */.Cl)(last?.phase) === 'running' && task.wanted.length > 0 && isAsAsked !== true
        ? 'Nothing seems to be under way: start the change, or run again to wait once more.'
        : 'Run again to wait once more.';
}
/** The inputs that would permit what is refused. */
function toPermits(refusals) {
    const permits = refusals.map(({ rule, allow }) => rule === 'max' ? `a higher ${allow}` : rule === 'min' ? `a lower ${allow}` : `${allow}: true`);
    return [...new Set(permits)].join(' and ');
}
function toAlteredText(outcome) {
    const [field = '', ...more] = outcome.fieldNames ?? [];
    const edit = outcome.plan?.edits.find((each) => each.field === field);
    const made = outcome.made?.[field];
    if (more.length === 0 && isAlert(field) && field.length <= policy/* LONGEST */.zP.changes)
        return field;
    if (more.length > 0 || edit?.to === undefined || made === undefined)
        return fieldsOf(outcome);
    const text = `${field} became ${made}, not ${edit.to ?? 'absent'}`;
    return text.length <= policy/* LONGEST */.zP.changes ? text : fieldsOf(outcome);
}
/** What the cluster is busy with, where it can be seen, and what this run was to do. */
function toBusyText({ last, task }) {
    const { version, kubernetesVersion: running } = last ?? {};
    const isUpgrade = version !== undefined && running !== undefined && !coversVersion(version, running);
    const wanted = toChangesText(task?.wanted ?? [], ({ field, to }) => `${field} ${to ?? 'absent'}`);
    return [
        ...(isUpgrade ? [`It is on its way from ${running} to ${version}.`] : []),
        ...(wanted === '' ? [] : [`This run was to bring ${wanted}.`]),
    ].join(' ');
}

;// CONCATENATED MODULE: ./lib/src/report/words.js









/** The words of an ending: every one that there is (contract 2 and 3.8). They say what the run knows, and no more. */
function toWords(outcome, name) {
    const { kind } = outcome;
    const failure = kind === undefined ? undefined : FAILURES[kind];
    const happened = isGreen(outcome.result) ? `${toGreenSentence(outcome)}${toHealthText(outcome)}` : outcome.message;
    // That nothing was sent stands right below.
    const what = [happened.replace(/^Not sent: /, ''), failure?.more?.(outcome) ?? '']
        .filter((text) => text !== '')
        .map(toSentence)
        .join(' ');
    return {
        title: (0,src_redact/* cutOff */.qG)(toTitle(outcome, name), policy/* LONGEST */.zP.title),
        what: capitalised(what),
        lead: toSentence(capitalised(outcome.lead ?? failure?.lead?.(outcome) ?? what)),
        sent: toSentText(outcome),
        isSentSaid: outcome.sent === undefined && (isGreen(outcome.result) || kind === 'invalid-input'),
        state: toState(outcome),
        next: kind === undefined ? undefined : toNextStep(outcome, kind),
        isRerunUseful: kind !== undefined && isRerunUseful(outcome, kind),
    };
}
/** The title without its emoji, for a log and a chat. */
function withoutEmoji(title) {
    return title.replace(/^[^ A-Za-z0-9]+ /, '');
}
function toTitle(outcome, { tenant, cluster }) {
    const { result, kind } = outcome;
    const name = cluster === '' ? 'the cluster' : `${tenant}/${cluster}`;
    if (kind !== undefined)
        return `${EMOJI[result]} ${FAILURES[kind].title(outcome, name)}`;
    return `${EMOJI[result]} ${words_GREEN[result](outcome, name)}`;
}
const EMOJI = {
    unchanged: '✅',
    planned: '📝',
    skipped: '⏭️',
    accepted: '📨',
    converged: '✅',
    failed: '❌',
    'timed-out': '⏰',
    cancelled: '🛑',
};
const SILENT = 'this server does not say what runs';
const words_GREEN = {
    unchanged: (outcome, name) => isVersionUnknown(outcome)
        ? `${name} asks for ${outcome.task?.version} already; ${SILENT}`
        : `${name} already is as asked`,
    planned: ({ plan }, name) => `Plan for ${name}: ${toChangesText(plan?.edits ?? []) || 'nothing to change'}`,
    skipped: ({ message }, name) => `${name} left alone: ${lowered(message)}`,
    accepted: ({ sent, last }, name) => sent === undefined
        ? `${name}: ${(0,domain_cluster/* phaseKind */.Cl)(last?.phase) === 'busy' ? 'already under way' : 'as asked, but not seen settled'}, this run sent nothing`
        : `Sent to ${name}: ${toChangesText(sent.edits)}`,
    converged: toConvergedTitle,
};
function toConvergedTitle(outcome, name) {
    const { task, sent } = outcome;
    if (sent === undefined) {
        if (task?.wanted.length === 0)
            return `${name} is settled (nothing else was asked)`;
        if (isVersionUnknown(outcome))
            return `${name} asks for ${task?.version} (this run sent nothing); ${SILENT}`;
        return `${name} ${task?.version === undefined ? 'is as asked' : `runs ${task.version}`} (this run sent nothing)`;
    }
    const { edits } = sent;
    const version = edits.find(({ field }) => field === 'version')?.to;
    const others = toChangesText(edits.filter(({ field }) => field !== 'version'));
    const isScaled = edits.some(({ field, to }) => field !== 'version' && to !== undefined);
    const scaled = others === '' ? '' : isScaled ? `scaled: ${others}` : `${others} changed`;
    if (version === undefined || version === null)
        return isScaled ? `${name} ${scaled}` : `${name}: ${scaled}`;
    const runs = isVersionUnknown(outcome) ? `upgraded to ${version}; ${SILENT}` : `runs ${version}`;
    return `${name} ${runs}${scaled === '' ? '' : `, ${scaled}`}`;
}
function isVersionUnknown({ task, isVersionReported }) {
    return task?.version !== undefined && isVersionReported === false;
}
function toGreenSentence(outcome) {
    const { result, sent, task, startWallMs, durationMs } = outcome;
    const took = toDurationText(durationMs);
    const end = words_toTime(startWallMs + durationMs);
    if (result === 'skipped')
        return 'Nothing was sent. Run it again when sending is allowed.';
    if (result === 'planned')
        return 'Nothing was sent: this is a plan.';
    if (result === 'converged' && sent === undefined) {
        // Every other title says it.
        const nothing = task?.wanted.length === 0 ? 'Nothing was sent. ' : '';
        return `${nothing}Seen at ${end}, after ${took}.`;
    }
    if (result === 'accepted' && sent === undefined)
        return 'This run does not wait. To check later: mode: verify.';
    if (sent === undefined)
        return 'Nothing was sent.';
    const at = words_toTime(sent.wallMs);
    if (result === 'accepted' && !sent.isCertain) {
        return `The answer to what was sent at ${at} was lost, but the change is there; this run does not wait. To check later: mode: verify.`;
    }
    if (result === 'accepted') {
        return `Accepted at ${at} and under way; this run does not wait. To check later: mode: verify.`;
    }
    return sent.isCertain
        ? `Done in ${took}: sent at ${at}, finished by ${end}.`
        : `Done in ${took}, finished by ${end}. The answer to what was sent at ${at} was lost, but the change is there.`;
}
/** A green run whose cluster says that it is not well. */
function toHealthText({ last }) {
    return last?.conditions.some(domain_cluster/* deniesHealth */.hg) === true
        ? ' The cluster itself says that it is not healthy: see below.'
        : '';
}
function toSentText({ sent }) {
    if (sent === undefined)
        return 'nothing';
    const changes = toChangesText(sent.edits);
    const at = words_toTime(sent.wallMs);
    if (sent.isCertain)
        return `${changes}, at ${at}`;
    const why = sent.isInFlight === true ? 'the run ended before the answer came' : 'the answer was lost';
    return `${changes} may have been sent at ${at} (${why})`;
}
const GONE = new Set(['gone', 'recreated']);
/** Whether the cluster is there no more. */
function isGone({ kind }) {
    return kind !== undefined && GONE.has(kind);
}
function toState(outcome) {
    const { last, lastSeenWallMs, startWallMs, durationMs } = outcome;
    if (last === undefined || lastSeenWallMs === undefined || isGone(outcome))
        return undefined;
    const agoMs = startWallMs + durationMs - lastSeenWallMs;
    const at = words_toTime(lastSeenWallMs);
    const seen = agoMs > 60_000
        ? `The cluster, last seen at ${at}, ${toDurationText(agoMs)} before the run ended`
        : `The cluster, seen at ${at}`;
    const version = last.kubernetesVersion ?? (last.version === undefined ? undefined : `asks for ${last.version}`);
    return { seen, text: [last.phase ?? 'no phase reported', ...(version === undefined ? [] : [version])].join(', ') };
}
/** A time of day as everybody reads it, whatever their own zone. */
function words_toTime(wallMs) {
    return `${timeOfDay(wallMs, 'UTC')} UTC`;
}
/** The names of inputs stay as they are, and so does whatever was taken for one. */
function capitalised(text) {
    return NAME.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
const NAME = new RegExp(`^(?:(?:${INPUT_NAMES.join('|')})(?![\\w-])|\\w+[-_]|\\S+ is not an input\\b)`);
function lowered(text) {
    return text.charAt(0).toLowerCase() + text.slice(1);
}

;// CONCATENATED MODULE: ./lib/src/report/message.js





/** All that a text of the server may put into a chat: nothing in it forms a mention, a link or a command there. */
const UNSAFE = /[^A-Za-z0-9 .,:;/%+\-_()→]/gu;
/**
 * The output `message`: what happened, the state, and what to do next, in plain text for a chat. Where it is too long, what happened
 * is shortened, and then what else there is, but never the next step.
 */
function toMessage({ title, what, sent, isSentSaid, state, next }) {
    let room = policy/* LONGEST */.zP.message;
    const take = (text, longest = room) => {
        const most = Math.min(longest, room);
        const shown = text.length <= most ? text : most < SHORTEST_PART ? '' : (0,src_redact/* cutOff */.qG)(text, most);
        room -= shown === '' ? 0 : shown.length + ' '.length;
        return shown;
    };
    // What matters most is given its room first.
    const shownNext = take(next === undefined ? '' : toSentence(toSafe(next)));
    const shownTitle = take(toSentence(toSafe(withoutEmoji(title))), policy/* LONGEST */.zP.title);
    const shownSent = take(isSentSaid ? '' : `Sent by this run: ${toSentence(toSafe(sent))}`);
    const shownState = take(state === undefined ? '' : `${state.seen}: ${toSentence((0,src_redact/* cutOff */.qG)(toSafe(state.text), policy/* LONGEST */.zP.cell))}`);
    const shownCause = take(toSafe(what));
    return [shownTitle, shownCause, shownSent, shownState, shownNext].filter((part) => part !== '').join(' ');
}
const SHORTEST_PART = 20;
function toSafe(text) {
    return toSpoken(text)
        .replaceAll('’', '')
        .replace(UNSAFE, (character) => (isLetterOrDigit(character) ? character : ' '))
        .replace(/ {2,}/g, ' ')
        .trim();
}
/** Our own words on workflow expressions, whose marks would be lost: `write none` would have a guard switched off. */
function toSpoken(text) {
    return text
        .replace(FALLBACK, 'give the expression the fallback $1, but only on purpose; else mend what it comes from')
        .replace(/\|\| '([\w-]+)'/g, 'a fallback $1')
        .replace(/\$\{\{ \}\}/g, 'dollar sign and braces')
        .replace(/\$\{\{ ([\w.-]+) \}\}/g, 'the expression $1');
}
const FALLBACK = /write \$\{\{ … \|\| '([\w-]+)' \}\}/g;

;// CONCATENATED MODULE: ./lib/src/report/output-file.js


/**
 * Opens the file in which a step leaves its outputs. What was written of them before a disk was full is taken back: a runner might
 * take a half of it, `result=converged` say, for the whole.
 */
function createOutputWriter(path) {
    let bytesBefore;
    return (outputs) => {
        // Without a file the toolkit would print a command that runners no longer obey.
        if (!path)
            throw new Error('GITHUB_OUTPUT names no file');
        bytesBefore ??= (0,external_node_fs_.statSync)(path).size;
        // Nothing may stand behind the half of an output that could not be taken back.
        truncateTo(path, bytesBefore);
        try {
            for (const [name, value] of Object.entries(outputs))
                setOutput(name, value);
        }
        catch (error) {
            truncateTo(path, bytesBefore);
            throw error;
        }
    };
}
function truncateTo(path, bytes) {
    if ((0,external_node_fs_.statSync)(path).size > bytes)
        (0,external_node_fs_.truncateSync)(path, bytes);
}

;// CONCATENATED MODULE: ./lib/src/domain/cost.js



/** What a plan costs, against the read that it was made from. Exact until the last step, which rounds to millionths. */
function costOfPlan({ edits }, { rates, currency }) {
    const priced = edits.flatMap(({ field, from, to }) => {
        if (!(0,domain_resources/* isResource */.NC)(field))
            return [];
        const growth = growthOf(field, from, to);
        const rate = rates[field];
        return [{ resource: field, ...(growth === undefined ? {} : { growth }), ...(rate === undefined ? {} : { rate }) }];
    });
    const gaps = priced.flatMap(toGaps);
    const perHour = priced.map(({ growth = NOTHING, rate = 0n }) => times(growth, rate)).reduce(plus, NOTHING);
    return {
        allocations: priced.flatMap(({ resource, growth }) => growth === undefined
            ? []
            : [{ resource, change: toDecimal(times(growth, MILLION)), unit: domain_resources/* RESOURCES */.eZ[resource].billed.unit }]),
        ...(gaps.length > 0
            ? {}
            : { perHour: toDecimal(perHour), perMonth: toDecimal(times(perHour, BigInt(policy/* COST */.oF.hoursOfMonth))) }),
        ...(currency === undefined ? {} : { currency }),
        gaps,
    };
}
const NOTHING = { numerator: 0n, denominator: 1n };
const MILLION = 10n ** BigInt(policy/* COST */.oF.decimals);
function times({ numerator, denominator }, factor) {
    return { numerator: numerator * factor, denominator };
}
function plus(left, right) {
    return {
        numerator: left.numerator * right.denominator + right.numerator * left.denominator,
        denominator: left.denominator * right.denominator,
    };
}
function growthOf(resource, from, to) {
    const [before, after] = [(0,domain_quantity/* parseQuantity */.Lf)(from ?? ''), (0,domain_quantity/* parseQuantity */.Lf)(to ?? '')];
    if (before === undefined || after === undefined)
        return undefined;
    return { numerator: after - before, denominator: BILLED_SIZES[resource] };
}
const BILLED_SIZES = (0,domain_resources/* mapResources */.sO)((name) => (0,domain_quantity/* parseQuantity */.Lf)(domain_resources/* RESOURCES */.eZ[name].billed.size));
function toGaps({ resource, growth, rate }) {
    return [
        ...(growth === undefined ? [`${resource} has no readable value before`] : []),
        ...(rate === undefined ? [`${resource} has no rate`] : []),
    ];
}
/** A fraction of millionths as a decimal without needless zeros; half a millionth rounds away from zero. */
function toDecimal({ numerator, denominator }) {
    const magnitude = numerator < 0n ? -numerator : numerator;
    const millionths = (2n * magnitude + denominator) / (2n * denominator);
    const digits = String(millionths).padStart(policy/* COST */.oF.decimals + 1, '0');
    const fraction = digits.slice(-policy/* COST */.oF.decimals).replace(/0+$/, '');
    const text = `${digits.slice(0, -policy/* COST */.oF.decimals)}${fraction === '' ? '' : `.${fraction}`}`;
    return numerator < 0n && millionths !== 0n ? `-${text}` : text;
}
/** The cost in one line, for log and summary: `cpu +4 vCPU, memory +16 GiB: +£0.216 an hour, +£157.68 per 730 hours`. */
function toCostText({ allocations, perHour, perMonth, currency, gaps }) {
    if (allocations.length === 0 && gaps.length === 0)
        return 'no change';
    const allocated = allocations.map(({ resource, change, unit }) => `${resource} ${signed(change)} ${unit}`).join(', ');
    const before = allocated === '' ? '' : `${allocated}: `;
    if (perHour === undefined || perMonth === undefined)
        return `${before}not known, since ${gaps.join(', ')}`;
    const money = (amount) => toMoney(amount, currency);
    return `${before}${money(perHour)} an hour, ${money(perMonth)} per ${policy/* COST */.oF.hoursOfMonth} hours`;
}
/** Signs that stand for one currency almost everywhere; all others are named by their code. */
const SIGNS = {
    EUR: '€',
    GBP: '£',
    ILS: '₪',
    INR: '₹',
    JPY: '¥',
    KRW: '₩',
    TRY: '₺',
    UAH: '₴',
    USD: '$',
};
function toMoney(amount, currency) {
    if (amount === '0')
        return currency === undefined ? '0' : `${SIGNS[currency] ?? `${currency} `}0`;
    const [sign, magnitude] = amount.startsWith('-') ? ['-', amount.slice(1)] : ['+', amount];
    const [whole = '', fraction] = magnitude.split('.');
    // Nobody reads £0.3 as a price.
    const number = fraction === undefined ? whole : `${whole}.${fraction.padEnd(2, '0')}`;
    return `${sign}${currency === undefined ? '' : (SIGNS[currency] ?? `${currency} `)}${number}`;
}
function signed(amount) {
    return amount === '0' || amount.startsWith('-') ? amount : `+${amount}`;
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
/**
 * The phases as a mermaid chart: GitHub draws it in job summaries, older servers show its text. Bars stand at the reader's
 * own time of day; `startWallMs` is when the run began, in milliseconds since 1970. Empty without phases.
 */
function toPhaseChart(timeline, startWallMs) {
    const spans = timeline.slice(-policy/* CHART */.RX.mostBars);
    const totalMs = (spans.at(-1)?.untilMs ?? 0) - (spans[0]?.fromMs ?? 0);
    if (spans.length === 0)
        return '';
    const bars = spans.map(({ phase, fromMs, untilMs }) => {
        const label = `${MARKS[(0,domain_cluster/* phaseKind */.Cl)(phase)]} ${toName(phase)} ${toDurationText(untilMs - fromMs)}`;
        const start = Math.round(startWallMs + fromMs);
        // A bar without a width is not drawn.
        const end = Math.max(Math.round(startWallMs + untilMs), start + Math.max(1000, Math.round(totalMs / 50)));
        return `  ${label} :${(0,domain_cluster/* phaseKind */.Cl)(phase) === 'degraded' ? 'crit, ' : ''}${start}, ${end}`;
    });
    const axis = totalMs < 10 * 60_000 ? '%H:%M:%S' : '%H:%M';
    const head = [
        'gantt',
        '  todayMarker off',
        '  dateFormat x',
        `  axisFormat ${axis}`,
        `  tickInterval ${toTickInterval(totalMs)}`,
    ];
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
        .replace(/[^A-Za-z0-9]/gu, (character) => (isLetterOrDigit(character) ? character : ' '))
        .replace(/ +/g, ' ')
        .trim()
        .slice(0, policy/* CHART */.RX.longestName)
        .toWellFormed();
}

;// CONCATENATED MODULE: ./lib/src/report/upgrade-notes.js


/** The minors of which Kubernetes' guide has a section: those that stopped serving an API. A later one has the whole guide. */
const MINORS_IN_GUIDE = [22, 25, 26, 27, 29, 32];
const GUIDE = 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/';
const CHANGELOGS = 'https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG';
/** What to read before another version is sent, and that there may be no way back; empty where the plan has no version. Nothing is fetched. */
function toUpgradeNotes({ plan }) {
    const edit = plan?.edits.find(({ field }) => field === 'version');
    const [from, to] = [parseVersion(edit?.from ?? ''), parseVersion(edit?.to ?? '')];
    if (to === undefined)
        return '';
    const minor = `${to.major}.${to.minor}`;
    const isBack = from !== undefined && isBelow(to, from);
    const links = [
        toLink('changelog', `${CHANGELOGS}/CHANGELOG-${minor}.md`),
        ...(isBack || isSameMinor(from, to) ? [] : [guideOf(to)]),
    ];
    const wayBack = `Going back needs ${toMarkdownCode('allow-downgrade: true')}, and the platform may refuse it.`;
    return [`**Kubernetes ${minor}:** ${links.join(' · ')}.`, ...(isBack ? [] : [wayBack])].join(' ');
}
function isSameMinor(from, to) {
    return from?.major === to.major && from.minor === to.minor;
}
function guideOf({ major, minor }) {
    return major === 1 && MINORS_IN_GUIDE.includes(minor)
        ? toLink('APIs that it no longer serves', `${GUIDE}#v1-${minor}`)
        : toLink('APIs removed by each release', GUIDE);
}

;// CONCATENATED MODULE: ./lib/src/report/summary.js













/** The job summary, no longer than a runner takes. */
function toSummary(outcome, context) {
    return joinSections(toSummarySections(outcome, context), { bytes: LARGEST_BYTES.summary });
}
/**
 * The sections of the summary: what happened on top, what to do next where it failed, and the rest folded. Each one is whole in
 * itself, and what came from outside forms no markup in it.
 */
function toSummarySections(outcome, context) {
    // Only an input that is wrong is longer than a name can be.
    const name = {
        tenant: (0,src_redact/* cutOff */.qG)(context.tenant, policy/* LONGEST */.zP.nameInTitle),
        cluster: (0,src_redact/* cutOff */.qG)(context.cluster, policy/* LONGEST */.zP.nameInTitle),
    };
    const words = toWords(outcome, name);
    return [
        `## ${toMarkdownText((0,src_redact/* cutOff */.qG)(words.title, policy/* LONGEST */.zP.title))}`,
        isGreen(outcome.result) ? toMarkdownText(words.what) : alertBox(outcome, words, context),
        conflictTable(outcome.conflict ?? []),
        refusalTable(outcome),
        unrequestedBox(outcome.sideEffects ?? []),
        changeTable(outcome),
        costLine(outcome),
        // What to read before it is sent.
        standingOf(outcome) === 'proposed' ? toUpgradeNotes(outcome) : '',
        bullets('Conditions', tellingConditions(outcome, words)),
        bullets('Warnings', outcome.warnings),
        chartOf(outcome),
        details(outcome),
        footer(outcome, context),
    ].filter((section) => section !== '');
}
/** What happened, what was sent, how the cluster stands, what to do: each its own paragraph, in this order. */
function alertBox(outcome, words, context) {
    const { lead, sent, isSentSaid, state, next } = words;
    const { problems = [], result } = outcome;
    const paragraphs = [
        problems.length === 0
            ? [toMarkdownText((0,src_redact/* cutOff */.qG)(lead, policy/* LONGEST */.zP.lead))]
            : [
                ...firstAndMore(problems.map((text) => toMarkdownText((0,src_redact/* cutOff */.qG)(text, policy/* LONGEST */.zP.problem))), policy/* MOST */._B.problems).map((line) => `- ${line}`),
            ],
        isSentSaid ? [] : [`**Sent by this run:** ${toMarkdownText(sent)}`],
        state === undefined ? [] : [`**${state.seen}:** ${toMarkdownCell(state.text)}`],
        next === undefined
            ? []
            : [`**What to do next:** ${toMarkdownText((0,src_redact/* cutOff */.qG)(next, policy/* LONGEST */.zP.lead))}${rerunText(outcome, words, context)}`],
    ].filter((lines) => lines.length > 0);
    const lines = [result === 'failed' ? '[!CAUTION]' : '[!WARNING]', ...paragraphs.flatMap((each) => [...each, ''])];
    return lines
        .slice(0, -1)
        .map((line) => `> ${line}`.trimEnd())
        .join('\n');
}
/** How to run it again, and where the README says more of this failure. */
function rerunText({ reason }, { isRerunUseful }, { runId, readmeUrl }) {
    const command = runId === undefined || !isRerunUseful
        ? ''
        : ` To run it again: ${toMarkdownCode(`gh run rerun ${runId} --failed`)}.`;
    return (command +
        (readmeUrl === undefined || reason === undefined
            ? ''
            : ` ${toLink('More about this failure', `${readmeUrl}#${reason}`)}.`));
}
/** A change that nobody asked for stands apart, before the ones that were. */
function unrequestedBox(changes) {
    if (changes.length === 0)
        return '';
    const rows = changes.map(({ field, from, to }) => {
        const values = from === undefined ? 'gone' : `${toCodeCell(from)} → ${to === null || to === undefined ? 'gone' : toCodeCell(to)}`;
        return `${toCodeCell(field)}: ${values}`;
    });
    return [
        '> [!WARNING]',
        '> **Changed by the PATCH although nobody asked for it:**',
        ...firstAndMore(rows, policy/* MOST */._B.conflictRows).map((row) => `> - ${row}`),
    ].join('\n');
}
/** A chart of a single phase, or of a few seconds, would say nothing. */
function chartOf({ timeline, startWallMs }) {
    const spans = toTelling(timeline);
    const lastedMs = (spans.at(-1)?.untilMs ?? 0) - (spans[0]?.fromMs ?? 0);
    return spans.length < 2 || lastedMs < policy/* CHART */.RX.shortestMs ? '' : toPhaseChart(spans, startWallMs);
}
function conflictTable(rows) {
    if (rows.length === 0)
        return '';
    const cells = rows
        .slice(0, policy/* MOST */._B.conflictRows)
        .map(({ field, whenRead, now, wanted }) => [toCodeCell(field), ...[whenRead, now, wanted].map(toValueCell)]);
    return toTable(['field', 'when read', 'now', 'asked'], [...cells, ...toMoreRow(rows.length - policy/* MOST */._B.conflictRows)]);
}
/** A value of one field: `null` where there is none, and `undefined` where none is shown, such as inside `alerts`. */
function toValueCell(value) {
    if (value === undefined)
        return 'not shown';
    return value === null ? 'absent' : toCodeCell(value);
}
/** The last row of a table that does not show all: how many there are more, and how many of them are settings to be removed. */
function toMoreRow(count, removed = 0) {
    if (count <= 0)
        return [];
    return [[`${count} more${removed === 0 ? '' : ` (${removed} removed)`}`, '', '', '']];
}
function refusalTable({ plan }) {
    // One is said in words.
    if (plan === undefined || plan.refusals.length < 2)
        return '';
    const rows = plan.refusals.map(({ rule, reason, allow }) => [rule, toMarkdownCell(reason), toMarkdownCode(allow)]);
    return toTable(['refused by', 'why', 'permitted by'], rows);
}
const SHOWN = [
    ['version, requested', 'version', (cluster) => cluster.version ?? null],
    ['version, running', 'version', (cluster) => cluster.kubernetesVersion],
    ...domain_resources/* RESOURCE_NAMES */.ux.map((name) => [name, name, ({ resources }) => resources[name] ?? null]),
];
/** Only what was to change; everything else is in the fold. Where nothing was sent there is no before. */
function changeTable(outcome) {
    const { first, last, plan, sent } = outcome;
    const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]));
    if (first === undefined || last === undefined || edits.size === 0)
        return '';
    if (outcome.conflict?.length || isGone(outcome))
        return '';
    const rows = rowsOf(first, last, edits).filter(({ field }) => edits.has(field));
    const alerts = [...edits.keys()].filter((field) => field.startsWith('alerts'));
    const all = [...rows.map(({ cells }) => cells), ...alertRows(alerts, removedFields({ fields: plan?.fields ?? [] }))];
    if (sent !== undefined)
        return toTable(VALUE_HEAD, all);
    return toTable(['', 'now', 'asked'], all.map(([label = '', , now = '', asked = '']) => [label, now, asked]));
}
function alertRows(names, removed) {
    const rows = names.slice(0, policy/* MOST */._B.alertEdits).map((name) => {
        const change = removed.has(name) ? 'is removed' : 'changes';
        return [toCodeCell(name), '', '', `${change}; values are not shown`];
    });
    const more = names.slice(policy/* MOST */._B.alertEdits);
    return [...rows, ...toMoreRow(more.length, more.filter((name) => removed.has(name)).length)];
}
/** Of a plan that was not sent, or does not stand, it would be a cost that nobody has. */
function costLine(outcome) {
    const { cost } = outcome;
    const label = COST_LABELS[standingOf(outcome)];
    return cost === undefined || label === undefined ? '' : `**${label}:** ${toMarkdownText(toCostText(cost))}`;
}
const COST_LABELS = { proposed: 'Would cost', sent: 'Cost', void: undefined };
const VALUE_HEAD = ['', 'before', 'now', 'asked'];
/** Of a cluster that is gone nothing is so now. */
const GONE_HEAD = ['', 'before', 'last seen', 'asked'];
function rowsOf(first, last, edits) {
    return SHOWN.map(([label, field, show]) => {
        const edit = edits.get(field);
        const asked = edit === undefined ? '' : toValueCell(edit.to);
        return { field, cells: [label, toValueCell(show(first)), toValueCell(show(last)), asked] };
    });
}
/** That a cluster is ready explains no failure, and of a run that went well only what speaks against that is news. */
function tellingConditions({ result, last, warnings }, { lead }) {
    const conditions = last?.conditions ?? [];
    const said = (0,src_redact/* cutOff */.qG)(lead, policy/* LONGEST */.zP.lead);
    const texts = (isGreen(result) ? conditions.filter(domain_cluster/* deniesHealth */.hg) : conditions).map(domain_cluster/* toConditionText */.G5);
    return texts.filter((text) => text !== 'Ready=True' && !warnings.includes(text) && !said.includes(text));
}
function bullets(title, lines) {
    if (lines.length === 0)
        return '';
    const items = lines.map((line) => `- ${toMarkdownText((0,src_redact/* cutOff */.qG)(line, policy/* LONGEST */.zP.bullet))}`);
    return `**${title}**\n\n${items.join('\n')}`;
}
function details(outcome) {
    const { first, last, plan, timeline, evidence = [] } = outcome;
    const edits = new Map((plan?.edits ?? []).map((edit) => [edit.field, edit]));
    const values = first === undefined || last === undefined ? [] : rowsOf(first, last, edits).map(({ cells }) => cells);
    const known = evidence.map((proof) => toMarkdownText(EVIDENCE[proof](outcome)));
    const parts = [
        ...(values.length === 0 ? [] : [toTable(isGone(outcome) ? GONE_HEAD : VALUE_HEAD, values)]),
        ...(timeline.length === 0 ? [] : [toTable(['phase', 'seen after', 'for'], phaseRows(timeline))]),
        ...(known.length === 0 ? [] : [`How it is known: ${known.join('; ')}.`]),
    ];
    if (parts.length === 0)
        return '';
    return `<details><summary>All values and phases${known.length === 0 ? '' : ', and how it is known'}</summary>\n\n${parts.join('\n\n')}\n\n</details>`;
}
/** What each kind of proof means. */
const EVIDENCE = {
    generation: ({ last }) => `generation ${last?.generation ?? ''} was carried out (the platform’s word)`,
    'kubernetes-version': ({ last }) => `the cluster reports ${last?.kubernetesVersion ?? 'the version'}`,
    settled: ({ stoodMs = 0 }) => {
        const stood = stoodMs < 1_000 ? 'reads in a row agreed' : `the values stood unchanged for ${toDurationText(stoodMs)}`;
        return `${stood}; this server gives no stronger sign`;
    },
};
function phaseRows(timeline) {
    const rows = toTelling(timeline).map(({ phase, fromMs, untilMs }) => [
        toMarkdownCell(phase),
        toDurationText(fromMs),
        toDurationText(untilMs - fromMs),
    ]);
    const leftOut = timeline.length - rows.length;
    return leftOut === 0 ? rows : rows.toSpliced(policy/* MOST */._B.phasesFirst, 0, [`${leftOut} more phases`, '', '']);
}
/** How it began and how it ended: of many phases, those in between say least. */
function toTelling(timeline) {
    if (timeline.length <= policy/* MOST */._B.phasesFirst + policy/* MOST */._B.phasesLast)
        return timeline;
    return [...timeline.slice(0, policy/* MOST */._B.phasesFirst), ...timeline.slice(-policy/* MOST */._B.phasesLast)];
}
function footer({ durationMs, requestId, isPatchRequestId }, context) {
    const { runUrl, commitUrl, actor } = context;
    const whose = isPatchRequestId === true ? 'the PATCH' : 'the answer that failed';
    return [
        `Took ${toDurationText(durationMs)}`,
        ...(requestId === undefined ? [] : [`request id of ${whose}: ${toCodeCell(requestId)}`]),
        ...(runUrl === undefined ? [] : [toLink('this run', runUrl)]),
        ...(commitUrl === undefined ? [] : [toLink('commit', commitUrl)]),
        ...(actor === undefined ? [] : [`started by ${toMarkdownCell(actor)}`]),
    ].join(' · ');
}

;// CONCATENATED MODULE: ./lib/src/report/publish.js













function createLogWriter(redact) {
    const toLine = (text) => (0,src_redact/* toShownLine */.Xm)(text, redact, { longest: policy/* LONGEST */.zP.logLine });
    return {
        info: (line) => info(toLine(line)),
        warning: (line) => warning(toLine(line)),
        debug: (line) => {
            if (isDebug())
                debug(toLine(line));
        },
        error: (lines, title) => error(lines.map(toLine).join('\n'), { title: toLine(title) }),
    };
}
/** Has the runner hide these values in everything that is logged from now on. */
function maskSecrets(secrets) {
    secrets.forEach(setSecret);
}
/** Writes the outputs, the job summary and the last line of the log, which all say the same. */
function publishReport({ outcome, context, wantsSummary }, env, redactor, log) {
    const { outcome: published, words, sections } = publishOutputs(outcome, context, env, redactor, log);
    if (wantsSummary)
        writeSummary(markdown_joinSections(sections, { bytes: policy/* LARGEST_BYTES */.LW.summary }), env, log);
    const title = withoutEmoji(words.title);
    const isGreenStep = isGreen(published.result);
    if (isGreenStep)
        log.info(`${title} (${published.result} after ${toDurationText(published.durationMs)})`);
    else
        log.error(toErrorLines(published, words), title);
    return { isGreen: isGreenStep, plan: published.plan, sections };
}
function publish_toTexts(outcome, context, { redactSecrets }) {
    const sections = toSummarySections(outcome, context).map(redactSecrets);
    return { outcome, words: toWords(outcome, context), sections };
}
/** Writes the outputs, or as many of the short ones as there is room for; gives what is then to be said of the run. */
function publishOutputs(outcome, context, env, redactor, log) {
    const writeOutputs = createOutputWriter(env.GITHUB_OUTPUT);
    const write = (texts, names) => {
        const outputs = toOutputs({ ...texts, message: toMessage(texts.words), redactor });
        writeOutputs(Object.fromEntries(names.map((name) => [name, redactor.redactSecrets(outputs[name])])));
        return texts;
    };
    try {
        return write(publish_toTexts(outcome, context, redactor), OUTPUT_NAMES);
    }
    catch (error) {
        log.warning(`The outputs could not be written: ${(0,errors/* messageOf */.bD)(error)}`);
    }
    for (const names of FEWER_OUTPUTS) {
        try {
            return write(publish_toTexts(toUnwritten(outcome, names), context, redactor), names);
        }
        catch {
            // Why is said already.
        }
    }
    return publish_toTexts(toUnwritten(outcome, []), context, redactor);
}
/** What is tried where not all can be written: later steps must not take this one for green. */
const FEWER_OUTPUTS = [
    ['result', 'failure-reason', 'changed', 'message'],
    ['result', 'failure-reason', 'changed'],
    ['result', 'failure-reason'],
];
function toUnwritten(outcome, writtenOutputs) {
    if (!isGreen(outcome.result))
        return { ...outcome, writtenOutputs };
    const message = `The run ended ${outcome.result}, but its outputs could not be written`;
    return { ...outcome, result: 'failed', reason: 'internal', kind: 'outputs-unwritten', message, writtenOutputs };
}
/** The lines of the one error: what happened, what was sent, what to do, and whom to name. What is too long is the cause. */
function toErrorLines({ problems = [], requestId }, { what, sent, isSentSaid, next }) {
    const after = [
        ...(isSentSaid ? [] : [`Sent by this run: ${sent}`]),
        ...(next === undefined ? [] : [`What to do next: ${(0,src_redact/* cutOff */.qG)(next, policy/* LONGEST */.zP.lead)}`]),
        ...(requestId === undefined ? [] : [`Request id: ${requestId}`]),
    ];
    const room = policy/* LONGEST */.zP.error - after.join('\n').length;
    return [...(problems.length > 0 ? toProblemLines(problems, room) : [(0,src_redact/* cutOff */.qG)(what, room)]), ...after];
}
/** As many problems as there is room for, and how many there are more. */
function toProblemLines(problems, room) {
    let left = room;
    const lines = problems.map((text) => (0,src_redact/* cutOff */.qG)(text, policy/* LONGEST */.zP.problem));
    const fits = lines.findIndex((line) => {
        left -= line.length + 1;
        return left < 0;
    });
    return fits === -1 ? lines : firstAndMore(lines, fits);
}
/** Written at once and directly: the toolkit's summary is a shared buffer that is written later. It never changes the result. */
function writeSummary(summary, env, log) {
    const path = env.GITHUB_STEP_SUMMARY;
    if (path === undefined || path === '')
        return;
    try {
        (0,external_node_fs_.appendFileSync)(path, summary);
    }
    catch (error) {
        log.warning(`The job summary could not be written: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}
/** Comments on the pull request that this run belongs to. Its code is loaded only here; whatever goes wrong is a warning: the result stands. */
async function publishComment(options, env, log) {
    const { comment, published, isPlan, githubToken: token, tenant, cluster, surroundings } = options;
    const { plan, isGreen, sections } = published;
    const { edits = [], digest } = plan ?? {};
    try {
        const { commentOnPullRequest } = await __nccwpck_require__.e(/* import() */ 430).then(__nccwpck_require__.bind(__nccwpck_require__, 1430));
        const done = await commentOnPullRequest({
            env,
            token,
            tenant,
            cluster,
            ...(isPlan ? { plan: digest === undefined ? {} : { digest } } : {}),
            // A plan with refusals makes the run red.
            mayCreate: comment === true || !isGreen || edits.length > 0,
            text: markdown_joinSections(sections, { characters: policy/* LONGEST */.zP.comment - policy/* LONGEST */.zP.commentMarker }),
        }, surroundings);
        const why = UNCOMMENTED[done];
        if (why !== undefined)
            log.info(`comment: ${why}`);
    }
    catch (error) {
        log.warning(`The comment could not be written: ${toSentence((0,errors/* messageOf */.bD)(error))}${toCommentHint(error)}`);
    }
}
const UNCOMMENTED = {
    written: undefined,
    'not-needed': 'there is nothing to change, so no comment is made',
    'no-pull-request': 'this run belongs to no pull request, so there is nothing to comment on',
    'several-pull-requests': 'this run belongs to several pull requests, so none is commented on',
};
/** What helps against a comment that could not be written, as far as its error says. */
function toCommentHint(error) {
    const { trouble } = error;
    if (trouble === 'token')
        return ' Give a github-token that is valid; without that input it is the job’s own.';
    if (trouble === 'permission' || trouble === 'not-found') {
        return ' The job needs the permission pull-requests: write, which runs from a fork do not have.';
    }
    return '';
}

;// CONCATENATED MODULE: ./lib/src/run/outages.js
const KINDS_KEPT = 3;
/** `1 try`, `20 tries`. */
function toTriesText({ tries }) {
    return tries === 1 ? '1 try' : `${tries} tries`;
}
/** The outages of one run: the one that goes on, and the time of all of them. Times are of the run's monotonic clock. */
class Outages {
    _current;
    pastMs = 0;
    /** The one that goes on now. */
    get current() {
        return this._current;
    }
    /** No usable read came, but this; asked for at `startMs`, and with the error and the time of a failed exchange. */
    record(what, startMs, failed) {
        const { sinceMs, tries, came } = this._current ?? { sinceMs: startMs, tries: 0, came: [] };
        const newest = came.at(-1);
        const next = newest?.what === what ? [...came.slice(0, -1), { what, count: newest.count + 1 }] : [...came, { what, count: 1 }];
        const kept = next.slice(-KINDS_KEPT);
        const retryAfterMs = failed?.error.facts.retryAfterMs;
        this._current = {
            sinceMs,
            tries: tries + 1,
            came: kept,
            ...(failed === undefined ? {} : { error: failed.error }),
            ...(failed === undefined || retryAfterMs === undefined ? {} : { notBeforeMs: failed.atMs + retryAfterMs }),
        };
        return this._current;
    }
    /** A usable read came again; gives the outage that is over. */
    end(atMs) {
        const over = this._current;
        if (over !== undefined)
            this.pastMs += atMs - over.sinceMs;
        this._current = undefined;
        return over;
    }
    /** All the time of this run in which no usable read came, in milliseconds. */
    totalMs(atMs) {
        return this.pastMs + (this._current === undefined ? 0 : atMs - this._current.sinceMs);
    }
}

;// CONCATENATED MODULE: ./lib/src/run/failures.js








/** Thrown to end the run with this ending; caught only in `run()`. */
class RunEnded extends errors/* ActionError */.lZ {
    ending;
    constructor(ending, cause) {
        super(ending.message, { cause });
        this.ending = ending;
    }
}
/** A red ending; `details` may have a next step that is better than the usual one of its kind. */
function toFailed(kind, message, details = {}) {
    return { result: 'failed', reason: FAILURE_KINDS[kind], kind, message, ...details };
}
/** Likewise, where time ran out. */
function toTimedOut(kind, message, details = {}) {
    return { ...toFailed(kind, message, details), result: 'timed-out' };
}
/** The ending that a read or a PATCH leads to which is not repeated, or no more. */
function apiErrorToEnding(error, kind, refused) {
    const { message, hint, facts } = error;
    const isForeign = facts.trouble === 'status' && facts.isFromApi !== true;
    return toFailed(kind, message, {
        refused,
        ...(isForeign ? { isForeign } : {}),
        ...(hint === undefined ? {} : { hint }),
        ...failures_requestIdOf(error),
    });
}
/** The request id of an answer, for an ending; nothing where it had none. */
function failures_requestIdOf({ facts }) {
    return facts.requestId === undefined ? {} : { requestId: facts.requestId };
}
/** The ending of a wait whose change was undone, or whose cluster stays unhealthy. */
function verdictToEnding({ reason, message, fieldNames }) {
    return toFailed(reason, message, fieldNames === undefined ? {} : { fieldNames });
}
/** The ending of a run whose own change is done, or accepted, but whose PATCH did more than was asked. */
function sideEffectsToEnding(sideEffects, own) {
    const fields = sideEffects.map(({ field, from, to }) => from === undefined ? `${field} is gone` : `${field} was ${from} and is ${to ?? 'gone'}`);
    const did = firstAndMore(fields, policy/* MOST */._B.conflictRows).join('; ');
    return toFailed('side-effect', `What was asked is ${own}, but the PATCH did more: ${did}`, {
        fieldNames: sideEffects.map(({ field }) => field),
    });
}
/** The ending that whatever was thrown stands for; `state` knows where the run was. */
function errorToEnding(error, state, budget) {
    if (error instanceof RunEnded)
        return error.ending;
    if (error instanceof errors/* CancelledError */.cc)
        return toCancelled(state);
    if (error instanceof errors/* DeadlineError */.j3)
        return deadlineToEnding(state, budget);
    return toInternal(error);
}
/** The ending for what should never have been thrown. */
function toInternal(error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return toFailed('internal', text);
}
function toCancelled({ stage }) {
    const message = `The run was cancelled${stage === 'waiting' ? ' while it waited for the change to be done' : ''}`;
    return { ...toFailed('cancelled', message), result: 'cancelled' };
}
function deadlineToEnding(state, budget) {
    const { attempt, stage, last, missing } = state;
    const outage = state.outages.current;
    if (outage !== undefined && attempt === undefined && !isCutByDeadline(state, budget))
        return toUnavailable(state, budget);
    const after = `Timed out after ${toDurationText(budget.elapsedMs())}`;
    if (stage === 'busy' && attempt === undefined) {
        const phase = state.phases.at(-1)?.phase;
        return toTimedOut('busy-too-long', `${after}: the cluster is still ${phase}, with another change`);
    }
    const phase = last === undefined ? 'no read came' : `the last phase seen was ${last.cluster.phase ?? 'none'}`;
    const facts = [
        ...(missing === undefined || missing.kind === 'phase' ? [] : [missing.text]),
        ...(outage === undefined ? [] : [toTroubleText(state, budget)]),
        ...deniedHealth(state),
    ];
    const lead = facts.length === 0 ? 'Time was up before the cluster had settled' : facts.join('; ');
    return toTimedOut('timeout', `${after}: ${[phase, ...facts].join('; ')}`, {
        lead,
        ...(missing?.kind === 'proof' ? { isAsAsked: true } : {}),
    });
}
/** Whether the API had answered until the last look, or only the last read did not end before the run's own time was up. */
function isCutByDeadline({ outages, last }, budget) {
    const { tries, error, sinceMs = 0 } = outages.current ?? {};
    const isCut = tries === 1 && error?.facts.trouble === 'timeout';
    const lastLookMs = budget.startMs + budget.timeoutMs - budget.allowedMs(policy/* ALLOWANCES */.QQ.lastLook);
    return last !== undefined && (isCut || sinceMs >= lastLookMs);
}
/** The ending of a run that got no usable answer for as long as that could be put up with. */
function toUnavailable(state, budget) {
    const error = state.outages.current?.error;
    const notBefore = notBeforeOf(state, budget);
    const hint = notBefore === undefined ? error?.hint : toRunLater(notBefore);
    return toFailed('unavailable', toTroubleText(state, budget), {
        ...(hint === undefined ? {} : { hint }),
        ...(error === undefined ? {} : failures_requestIdOf(error)),
    });
}
/** The minute by which the API may be called that asks not to be until then; `untilMs` is of the monotonic clock. */
function toNotBefore(budget, untilMs) {
    return toMomentText(budget.toWallMs(untilMs) + 59_999, budget.toWallMs(budget.clock.nowMs()));
}
/** The same for the newest answer of an outage that goes on; absent where it does not ask for it, or that is over. */
function notBeforeOf({ outages }, budget) {
    const untilMs = outages.current?.notBeforeMs ?? 0;
    return untilMs > budget.clock.nowMs() ? toNotBefore(budget, untilMs) : undefined;
}
/** What to do about that. */
function toRunLater(notBefore) {
    return `The API asks not to be called before ${notBefore}: run again after that.`;
}
/** Since when no usable read came, in how many tries, and what came instead. */
function toTroubleText(state, budget) {
    const { sinceMs, tries, came, error } = state.outages.current ?? { sinceMs: budget.startMs, tries: 0, came: [] };
    const notBefore = notBeforeOf(state, budget);
    const kinds = came.map(({ what, count }) => (count === 1 ? what : `${what}, ${count} times`)).join('; ');
    const last = error === undefined ? '' : `; the last one: ${error.message}`;
    const asks = notBefore === undefined ? '' : `; the API asks not to be called before ${notBefore}`;
    return `no usable answer since ${timeOfDay(budget.toWallMs(sinceMs), 'UTC')} UTC, in ${toTriesText({ tries })} (${kinds})${last}${asks}`;
}
function deniedHealth({ last }) {
    return (last?.cluster.conditions ?? []).filter(domain_cluster/* deniesHealth */.hg).map(domain_cluster/* toConditionText */.G5);
}

;// CONCATENATED MODULE: ./lib/src/proof/awaited.js
/** The version asked for, if any. */
function askedVersion(fields) {
    return fields.find((field) => field.kind === 'version');
}
/** The kinds of fields that a list of fields touches. */
function kindsOf(fields) {
    return new Set(fields.map((field) => field.kind));
}
/** One more read in a row, or the first of one. */
function extendRow(row, atMs) {
    return { count: (row?.count ?? 0) + 1, sinceMs: row?.sinceMs ?? atMs };
}
/** What a field is remembered by; its name would not tell the key `a.b` from `b` inside `a`. */
function pathKey({ path }) {
    return JSON.stringify(path);
}

;// CONCATENATED MODULE: ./lib/src/proof/observations.js

/** Fields of the status that a server may never report; once it did, a read without one proves nothing. */
const REPORTED_FIELDS = ['generation', 'observedGeneration', 'kubernetesVersion'];
/** Before the first read. */
const NOTHING_OBSERVED = { reported: new Set(), spec: new Map() };
/** Adds one read to what was observed; a stale one changes nothing. */
function observe(observed, cluster) {
    const age = compareInstants(cluster.createdAt, observed.createdAt);
    if (age > 0)
        return { observed, kind: 'recreated' };
    const isOlder = (cluster.generation ?? Number.POSITIVE_INFINITY) < (observed.generation ?? 0);
    if (age < 0 || isOlder)
        return { observed, kind: 'stale' };
    const shown = specParts(cluster);
    const spec = new Map([...observed.spec].map(([part, lacking]) => [part, shown.has(part) ? 0 : lacking + 1]));
    for (const part of shown)
        spec.set(part, 0);
    const createdAt = observed.createdAt ?? cluster.createdAt;
    const generation = cluster.generation ?? observed.generation;
    const kubernetesVersion = cluster.kubernetesVersion ?? observed.kubernetesVersion;
    const next = {
        reported: new Set([...observed.reported, ...REPORTED_FIELDS.filter((field) => cluster[field] !== undefined)]),
        spec,
        ...(createdAt === undefined ? {} : { createdAt }),
        ...(generation === undefined ? {} : { generation }),
        ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
    };
    return { observed: next, kind: lackingParts(next).length > 0 ? 'partial' : 'whole' };
}
/** The parts of the spec that the newest read lacks although an earlier one carried them. */
function lackingParts({ spec }) {
    return [...spec].filter(([, lacking]) => lacking > 0).map(([part]) => part);
}
/** Of those, the parts that so many reads in a row have lacked that they must be gone. */
function vanishedParts({ spec }) {
    return [...spec].filter(([, lacking]) => lacking >= policy/* READS_TO_BELIEVE */.n$.vanished).map(([part]) => part);
}
/** Believes that these parts are gone: from now on a read without them lacks nothing. */
function forgetParts(observed, parts) {
    return { ...observed, spec: new Map([...observed.spec].filter(([part]) => !parts.includes(part))) };
}
/** The parts of the spec that a read carries, by the names they are reported under: `version`, `cpu`, `resources.gpu`, `alerts`. */
function specParts({ version, resources, allResources, alerts }) {
    return new Set([
        ...(version === undefined ? [] : ['version']),
        ...Object.keys(allResources).map((name) => (Object.hasOwn(resources, name) ? name : `resources.${name}`)),
        ...(alerts === undefined ? [] : ['alerts']),
    ]);
}
/** A read as it is planned from and compared with: a generation or running version that it lacks is the one last seen. */
function withLastStatus(cluster, { generation, kubernetesVersion }) {
    return {
        ...(generation === undefined ? {} : { generation }),
        ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
        ...cluster,
    };
}
/** A cluster without these parts of its spec. */
function withoutParts(cluster, parts) {
    const { version, alerts, ...rest } = cluster;
    const isKept = (part) => !parts.includes(part);
    return {
        ...rest,
        ...(version !== undefined && isKept('version') ? { version } : {}),
        ...(alerts !== undefined && isKept('alerts') ? { alerts } : {}),
        resources: Object.fromEntries(Object.entries(cluster.resources).filter(([name]) => isKept(name))),
        allResources: Object.fromEntries(Object.entries(cluster.allResources).filter(([name]) => isKept(name) && isKept(`resources.${name}`))),
    };
}
/** Whether the server has shown both `generation` and `status.observedGeneration`; older servers know neither. */
function hasGenerations({ reported }) {
    return reported.has('generation') && reported.has('observedGeneration');
}
/** The first field that was reported once and that this read lacks; such a read proves nothing. */
function findUnreported({ reported }, cluster) {
    return REPORTED_FIELDS.find((field) => reported.has(field) && cluster[field] === undefined);
}
/**
 * Above zero where `left` is the later second, below where it is the earlier; 0 where they are the same, absent or unreadable. A
 * server may write fractions in one answer and none in another.
 */
function compareInstants(left, right) {
    const toSecond = (text = '') => Math.floor(Date.parse(text) / 1000);
    return toSecond(left) - toSecond(right) || 0;
}

;// CONCATENATED MODULE: ./lib/src/proof/undone.js







/**
 * Places one asked field of a read. Only where a PATCH of this run may have landed can a desired minor be the server's short form
 * of the patch version that was asked.
 */
function fieldState(field, base, cluster, mayHaveLanded) {
    if (field.isMetBy(cluster))
        return 'ours';
    if (!field.isCarriedBy(cluster))
        return 'absent';
    if (isSameIn(field, base, cluster) || isOnlyShownMore(field, base, cluster))
        return 'base';
    return mayHaveLanded && field.isAcceptedBy(cluster) ? 'ours' : 'other';
}
/** Nothing was written within one generation: what the base did not show, or of a version only its minor, stood there all along. */
function isOnlyShownMore(field, base, cluster) {
    if (base.generation === undefined || base.generation !== cluster.generation)
        return false;
    if (field.kind !== 'version')
        return !field.isCarriedBy(base);
    return base.version === undefined || (cluster.version !== undefined && coversVersion(base.version, cluster.version));
}
/** Whether a field of a read is as it was in the base, absence included, and not on its way to what was asked. */
function isAsBefore(field, base, cluster) {
    if (field.isAcceptedBy(cluster))
        return false;
    const state = fieldState(field, base, cluster, true);
    return state === 'base' || (state === 'absent' && !field.isCarriedBy(base));
}
/** Whether someone else, or the platform, took our change back (contract 3.5, superseded and rolled-back). Judges whole reads only. */
function findUndone(change, history, observed, read) {
    const { cluster } = read;
    if (isBelieved(history.oldVersion, read.atMs, change.undoneSpanMs)) {
        const message = `the cluster was at work on the new version and has been Running the old ${cluster.kubernetesVersion} since`;
        return { reason: 'rolled-back', message };
    }
    const undone = undoneFields(change, history, observed, read);
    const [first] = undone;
    if (first === undefined)
        return undefined;
    if (undone.length === 1 && first.kind === 'version' && stateIn(change, first, cluster) === 'base') {
        const message = `the desired version was set back to ${cluster.version}, the one before our ${first.wanted}`;
        return { reason: 'rolled-back', message };
    }
    const fields = toShortList(undone.map((field) => toOursAndTheirs(field, cluster)), policy/* MOST */._B.conflictRows);
    const names = undone.map(({ name }) => name);
    return { reason: 'superseded', message: `someone else, or the platform, changed ${fields}`, fieldNames: names };
}
function toOursAndTheirs(field, cluster) {
    const theirs = field.show(cluster);
    return theirs === undefined ? field.name : `${field.name} (ours ${field.wanted}, theirs ${theirs ?? 'absent'})`;
}
function stateIn({ base, attempt }, field, cluster) {
    return fieldState(field, base.cluster, cluster, attempt !== undefined);
}
/** Whether a read shows a field no longer as asked; a row of such reads is counted for each field. */
function isAway(change, field, cluster) {
    return stateIn(change, field, cluster) !== 'ours';
}
function isBelieved(row, atMs, spanMs) {
    return row !== undefined && row.count >= policy/* READS_TO_BELIEVE */.n$.undone && atMs - row.sinceMs >= spanMs;
}
/**
 * Where generations tell: another value is someone else's at once; the one from before only under a generation above ours, since
 * it may be a late read; none at all after three reads under such a generation. Where none do, replicas may lag, and only three
 * reads that span some time, after a GET that showed ours, are believed. Where our PATCH did not move the generation, only a read
 * above it is later for certain.
 */
function undoneFields(change, history, observed, { cluster, atMs }) {
    const { attempt } = change;
    const isCounted = doGenerationsCount(change, observed);
    const isAboveOurs = hasGenerations(observed) && isUnderLaterGeneration(history, cluster);
    const isAfterBase = isCounted || (hasGenerations(observed) && isAbove(cluster, attempt?.generationBefore));
    return change.fields.filter((field) => {
        const key = pathKey(field);
        const isShown = history.shown.has(key);
        const isUntold = !isCounted || history.ourGeneration === undefined;
        if (isUntold && isShown && isBelieved(history.away.get(key), atMs, change.undoneSpanMs))
            return true;
        const state = stateIn(change, field, cluster);
        if (state === 'other')
            return isAboveOurs || (attempt !== undefined && isAfterBase);
        // The desired minor that stood before may be the server's short form of the patch version that was asked.
        if (state === 'base')
            return isAboveOurs && !(attempt !== undefined && field.isAcceptedBy(cluster));
        return (history.removed.get(key) ?? 0) >= policy/* READS_TO_BELIEVE */.n$.undone;
    });
}
/** True where somebody changed the cluster after our change had its generation. */
function isUnderLaterGeneration({ ourGeneration }, cluster) {
    return isAbove(cluster, ourGeneration);
}
function isAbove({ generation }, earlier) {
    return earlier !== undefined && generation !== undefined && generation > earlier;
}
/** Generations count this kind of change, unless our own PATCH was answered with one that it had not moved. */
function doGenerationsCount({ attempt }, observed) {
    const { generationBefore: before, answeredGeneration: answered } = attempt ?? {};
    const isUnmoved = answered !== undefined && before !== undefined && answered <= before;
    return hasGenerations(observed) && !isUnmoved;
}
/** True for a named phase other than `Running` and `Degraded`, in a read that shows our version as the desired one. */
function isAtWork({ fields }, cluster) {
    const kind = (0,domain_cluster/* phaseKind */.Cl)(cluster.phase);
    const isNamed = kind !== 'absent' && kind !== 'running' && kind !== 'degraded';
    return isNamed && askedVersion(fields)?.isAcceptedBy(cluster) === true;
}
/** True when a cluster runs again, has observed our generation where it reports any, wants our version, and runs the one from before. */
function isBackOnOldVersion({ fields, base }, { ourGeneration }, observed, cluster) {
    const [asked, running] = [askedVersion(fields), cluster.kubernetesVersion];
    if (asked?.wanted === undefined || running === undefined || !(0,domain_cluster/* isRunning */.W_)(cluster))
        return false;
    const isObserved = !hasGenerations(observed) || (cluster.observedGeneration ?? 0) >= (ourGeneration ?? cluster.generation ?? 0);
    const isOld = isSameVersion(running, base.cluster.kubernetesVersion) && !coversVersion(asked.wanted, running);
    return isObserved && isOld && asked.isAcceptedBy(cluster);
}

;// CONCATENATED MODULE: ./lib/src/proof/unproven.js







/** What keeps one read from looking finished: settled, and with nothing left to plan. */
function findMissing(change, history, observed, read) {
    return findUnsettled(change, history, observed, read) ?? findUnmet(change, read.cluster);
}
function findUnmet({ fields }, cluster) {
    const unmet = unmetFields(cluster, fields);
    if (unmet.length === 0)
        return undefined;
    const names = toShortList(unmet.map(({ name }) => name), policy/* MOST */._B.conflictRows);
    return { kind: 'state', text: `${names} not yet as asked` };
}
function findUnsettled(change, history, observed, read) {
    const { cluster } = read;
    const lacking = findLacking(observed, cluster);
    if (lacking.length > 0)
        return { kind: 'unreported', text: `the last read did not say its ${toShortList(lacking, policy/* MOST */._B.conflictRows)}` };
    if (!(0,domain_cluster/* isRunning */.W_)(cluster)) {
        return { kind: 'phase', text: cluster.phase === undefined ? 'no phase' : `phase is ${cluster.phase}` };
    }
    return findUnobserved(change, observed, cluster) ?? findNotRunning(change, history, observed, read);
}
function findUnobserved({ attempt }, observed, cluster) {
    const { generation, observedGeneration } = cluster;
    if (!hasGenerations(observed) || generation === undefined || observedGeneration === undefined)
        return undefined;
    const wanted = Math.max(generation, attempt?.answeredGeneration ?? generation);
    if (observedGeneration >= wanted)
        return undefined;
    return {
        kind: 'state',
        text: `the platform has not taken up the change yet (generation ${wanted}; it is at ${observedGeneration})`,
    };
}
/** The asked version does not run yet; or an upgrade may be under way that this run cannot know to be old. */
function findNotRunning(change, { olderDrift }, observed, { cluster, atMs }) {
    const { fields, base, settleTimeMs } = change;
    const running = cluster.kubernetesVersion;
    if (running === undefined)
        return undefined;
    const asked = askedVersion(fields)?.wanted;
    if (asked !== undefined && !coversVersion(asked, running)) {
        return { kind: 'state', text: `the cluster runs ${running}, not ${asked}` };
    }
    if (asked !== undefined && !ranBefore(change))
        return undefined;
    const hasStood = hasGenerations(observed) || atMs - base.atMs >= settleTimeMs;
    if (driftOf(cluster) === undefined || (olderDrift !== undefined && hasStood))
        return undefined;
    return { kind: 'state', text: `the cluster runs ${running}, not ${cluster.version}` };
}
/** Whether the version that a PATCH of this run changed to ran before it: that it runs proves nothing then. */
function ranBefore({ attempt, fields, kinds }) {
    if (!kinds.has('version'))
        return false;
    const [asked, running] = [askedVersion(fields)?.wanted, attempt?.base.cluster.kubernetesVersion];
    return asked !== undefined && running !== undefined && coversVersion(asked, running);
}
/** What a read lacks of all that earlier ones carried; one that lacks anything proves nothing. */
function findLacking(observed, cluster) {
    return [findUnreported(observed, cluster) ?? [], lackingParts(observed)].flat();
}
/** Where the version that runs is not the desired one; an absent desired version matches anything. */
function driftOf({ version, kubernetesVersion }) {
    if (version === undefined || kubernetesVersion === undefined)
        return undefined;
    if (coversVersion(version, kubernetesVersion))
        return undefined;
    return { desired: version, running: kubernetesVersion };
}
function isSameDrift(left, right) {
    return isSameVersion(left?.desired, right?.desired) && isSameVersion(left?.running, right?.running);
}

// EXTERNAL MODULE: ./lib/src/domain/backoff.js
var backoff = __nccwpck_require__(8550);
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
    /** Milliseconds of an allowance within this run's timeout. */
    allowedMs(allowance) {
        return (0,policy/* allowedMs */.xh)(allowance, this.timeoutMs);
    }
    /** The time of day, in milliseconds since 1970, that the clock showed or will show at `atMs`, reckoned from the run's start. */
    toWallMs(atMs) {
        return this.startWallMs + atMs - this.startMs;
    }
    /** How long the next request may take, in milliseconds. Throws `DeadlineError` where no time is left for one. */
    requestTimeoutMs() {
        const left = this.leftMs();
        if (left === 0)
            throw new errors/* DeadlineError */.j3();
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
            throw new errors/* DeadlineError */.j3();
    }
    /** Lets time pass before a poll. A pause that would leave it less time than a last look has ends where that begins. */
    async pauseBeforePoll(ms, heartbeat) {
        // Less than a millisecond is no time that passes: then this was the last look.
        const lastLookInMs = this.leftMs() - this.allowedMs(policy/* ALLOWANCES */.QQ.lastLook);
        await this.pause(lastLookInMs >= 1 ? Math.min(ms, lastLookInMs) : ms, heartbeat);
    }
}

;// CONCATENATED MODULE: ./lib/src/run/run-log.js









/** The lines a run writes for people: what happens, when it happens, and a heartbeat when nothing does. It decides nothing. */
class RunLog {
    log;
    state;
    budget;
    standstillMs;
    _warnings = [];
    serverKinds = new Set();
    unknownPhaseKinds = new Set();
    saidMoreKinds = false;
    phaseChanges = 0;
    lastLineMs;
    beats = 0;
    lastPhase;
    lastPlan;
    lastUnsettled;
    patchesUnsettled = 0;
    lastMovement = '';
    lastMoveMs;
    /** `standstillMs`: how long generation, phase and version may stand still, while not `Running`, before the log says so. */
    constructor(log, state, budget, standstillMs) {
        this.log = log;
        this.state = state;
        this.budget = budget;
        this.standstillMs = standstillMs;
        this.lastLineMs = budget.startMs;
        this.lastMoveMs = budget.startMs;
    }
    /** Everything that was warned of, for the summary, and how much more the server had to warn of. */
    get warnings() {
        return this.moreKinds === 0 ? this._warnings : [...this._warnings, this.moreKindsText()];
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
    read({ cluster, etag }, kind) {
        const note = kind === 'whole' ? '' : ` (${kind})`;
        this.debug(`read: ${toStateText(cluster)}, etag ${etag ?? 'none'}${note}`);
        if (kind === 'stale' || kind === 'recreated')
            return;
        this.warnOfServer(cluster.warnings);
        this.followPhase(cluster);
        this.watchMovement(cluster);
    }
    /** Writes a plan, and what it costs where there are rates, unless it was written last. */
    plan(plan, rates) {
        if (plan.digest === this.lastPlan)
            return;
        this.lastPlan = plan.digest;
        for (const line of toPlanLines(plan))
            this.info(line);
        if (rates !== undefined)
            this.info(`Cost: ${toCostText(costOfPlan(plan, rates))}`);
    }
    /** Writes that no usable answer comes, when that starts, and until when, or how often, that will be put up with. */
    troubleStarted(message, limit) {
        const times = 'tries' in limit
            ? `trying ${limit.tries} times in all`
            : `trying again until ${timeOfDay(this.budget.toWallMs(limit.untilMs), 'UTC')} UTC`;
        this.info(`No usable answer: ${message}; ${times}`);
    }
    /** Writes that it is over, where that was more than one answer. */
    troubleEnded(outage) {
        if (outage.tries < 2)
            return;
        const ms = this.budget.clock.nowMs() - outage.sinceMs;
        this.info(`The API answers again, after ${toDurationText(ms)} (${toTriesText(outage)})`);
    }
    /** Writes how a PATCH came out that was not plainly accepted, where that is not as the one before; heartbeats tell of the others. */
    patchUnsettled(text) {
        this.patchesUnsettled++;
        const isNews = toKind(text) !== this.lastUnsettled;
        this.lastUnsettled = toKind(text);
        if (isNews)
            this.info(text);
        else
            this.debug(text);
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
        this.info(this.state.outages.current === undefined ? this.toStateLine() : this.toTroubleLine(this.state.outages.current));
        this.beats = beats;
    }
    toStateLine() {
        const { missing, last, stage } = this.state;
        const waitsFor = missing === undefined || missing.kind === 'phase' ? '' : `: ${missing.text}`;
        const budget = `${toDurationText(this.budget.elapsedMs())} of ${toDurationText(this.budget.timeoutMs)}`;
        const changes = this.phaseChanges > policy/* MOST */._B.phasesLogged ? `; ${this.phaseChanges} phases so far` : '';
        const isSending = stage === 'planning' && this.patchesUnsettled > 1;
        const patches = isSending ? `; ${this.patchesUnsettled} PATCHes tried so far` : '';
        return `still ${last?.cluster.phase ?? 'unknown'}, ${budget}${waitsFor}${changes}${patches}`;
    }
    toTroubleLine(outage) {
        return `no answer for ${toDurationText(this.budget.clock.nowMs() - outage.sinceMs)} (${toTriesText(outage)})`;
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
        this.phaseChanges++;
        if (this.phaseChanges <= policy/* MOST */._B.phasesLogged)
            this.info(toPhaseText(cluster));
        else if (this.phaseChanges === policy/* MOST */._B.phasesLogged + 1) {
            this.info('The phase changes again and again; from here on only the number of phases is logged');
        }
        if ((0,domain_cluster/* phaseKind */.Cl)(phase) === 'unknown' && addKind(this.unknownPhaseKinds, phase, policy/* MOST */._B.serverWarnings)) {
            this.warn(`The phase ${phase} is not known to this action; it goes on waiting`);
        }
    }
    /** Warns of the first kinds, and says once that there are more: nobody reads thousands, and ours are not to drown in them. */
    warnOfServer(warnings) {
        for (const warning of warnings) {
            const isNew = addKind(this.serverKinds, warning, policy/* MOST */._B.kindsCounted);
            if (isNew && this.moreKinds === 0)
                this.warn(`${SERVER_WARNS}${warning}`);
        }
        if (this.moreKinds === 0 || this.saidMoreKinds)
            return;
        this.saidMoreKinds = true;
        this.info(this.moreKindsText());
    }
    get moreKinds() {
        return Math.max(0, this.serverKinds.size - policy/* MOST */._B.serverWarnings);
    }
    moreKindsText() {
        return `The server warns of at least ${this.moreKinds} more ${this.moreKinds === 1 ? 'thing' : 'things'}`;
    }
    watchMovement(cluster) {
        const movement = JSON.stringify([cluster.generation, cluster.phase, cluster.kubernetesVersion]);
        const nowMs = this.budget.clock.nowMs();
        if (movement !== this.lastMovement) {
            this.lastMovement = movement;
            this.lastMoveMs = nowMs;
        }
        else if (nowMs - this.lastMoveMs >= this.standstillMs && !(0,domain_cluster/* isRunning */.W_)(cluster)) {
            this.info(`Nothing has moved for ${toDurationText(nowMs - this.lastMoveMs)}: generation, phase and version stand still`);
            this.lastMoveMs = Number.POSITIVE_INFINITY;
        }
    }
}
/** Adds the kind of a text to a set that may hold `most`; gives whether it was new. Texts that differ only in numbers are one kind. */
function addKind(kinds, text, most) {
    const kind = toKind(text);
    if (kinds.has(kind) || kinds.size === most)
        return false;
    kinds.add(kind);
    return true;
}
/** One line on where a cluster stands, for someone who waits. */
function toPhaseText({ phase, kubernetesVersion, version }) {
    const running = kubernetesVersion === undefined ? '' : `, runs ${kubernetesVersion}`;
    const isThere = version === undefined || kubernetesVersion === undefined || coversVersion(version, kubernetesVersion);
    return `${phase}${running}${isThere ? '' : `, wants ${version}`}`;
}
/** One line with all that the proof looks at, for someone who debugs. */
function toStateText(cluster) {
    const { phase, kubernetesVersion, version, generation, observedGeneration } = cluster;
    return JSON.stringify({ phase, kubernetesVersion, version, generation, observedGeneration });
}

;// CONCATENATED MODULE: ./lib/src/run/state.js




/** What a run has seen and sent so far. It changes only in the few ways named here; everything else reads it. */
class RunState {
    /** The stretches in which no usable read came. */
    outages = new Outages();
    _stage = 'reading';
    _observed = NOTHING_OBSERVED;
    _first;
    _last;
    _hasSeenEtag = false;
    _degradedSinceMs;
    _plan;
    _wouldChange;
    _approval;
    _base;
    _attempt;
    _isPatchInFlight = false;
    _patchRequestId;
    _missing;
    isPhaseShown = false;
    lackedByAnswer = [];
    _vanishedByAnswer = new Set();
    _sideEffects = new Map();
    doubted = new Set();
    _refusedEtags = new Set();
    _phases = [];
    get stage() {
        return this._stage;
    }
    get observed() {
        return this._observed;
    }
    /** The very first read of the run. */
    get first() {
        return this._first;
    }
    /** The last read that was not stale; what a partial one lacks is as it was last seen. */
    get last() {
        return this._last;
    }
    get hasSeenEtag() {
        return this._hasSeenEtag;
    }
    /** Since when reads have shown `Degraded` without interruption. */
    get degradedSinceMs() {
        return this._degradedSinceMs;
    }
    /** The newest plan that has something to say. */
    get plan() {
        return this._plan;
    }
    /** Whether the first plan had edits; absent until there is a plan. */
    get wouldChange() {
        return this._wouldChange;
    }
    /** Which plans are approved, once that was asked. */
    get approval() {
        return this._approval;
    }
    /** The read that the last PATCH tried was planned from: every later plan is compared with it (contract 3.4). */
    get base() {
        return this._base;
    }
    /** The PATCH of this run that landed, or may have. */
    get attempt() {
        return this._attempt;
    }
    /** Whether the last PATCH was sent, and has neither been answered nor given up. */
    get isPatchInFlight() {
        return this._isPatchInFlight;
    }
    /** The request id of the last PATCH's answer. */
    get patchRequestId() {
        return this._patchRequestId;
    }
    /** What a wait is still waiting for. */
    get missing() {
        return this._missing;
    }
    /** What the accepted PATCH changed beyond what was asked. */
    get sideEffects() {
        return [...this._sideEffects.values()];
    }
    /** Parts of the spec that were gone from the accepted PATCH's answer on. */
    get vanishedByAnswer() {
        return this._vanishedByAnswer;
    }
    /** Whether the PATCH's answer lacked something that may have vanished by it, or may only be late. */
    get isAnswerIncomplete() {
        return this.lackedByAnswer.length > 0;
    }
    /** The phases that reads showed, each until the next one or the last read that showed it, on the run's clock. */
    get phases() {
        return this._phases;
    }
    enter(stage) {
        this._stage = stage;
        this._missing = undefined;
    }
    /** Takes in what an answer showed, `runMs` after the run began; a stale read leaves everything as it is. */
    recordRead(read, runMs) {
        const { observed, kind } = observe(this._observed, read.cluster);
        this._observed = observed;
        if (kind === 'stale' || kind === 'recreated')
            return kind;
        this._first ??= read;
        const shown = kind === 'partial' ? withLastSpec(read, this._last) : read;
        this._last = { ...shown, etag: read.etag ?? this._last?.etag };
        this._hasSeenEtag ||= read.etag !== undefined;
        const lacking = lackingParts(observed);
        this.lackedByAnswer = this.lackedByAnswer.filter((part) => lacking.includes(part));
        this.recordPhase(read.cluster.phase, read.atMs, runMs);
        return kind;
    }
    /** Believes that parts of the spec are gone which enough reads in a row have lacked; gives their names. */
    believeVanished(isBelievable) {
        const parts = vanishedParts(this._observed).filter(isBelievable);
        for (const part of parts)
            if (this.lackedByAnswer.includes(part))
                this._vanishedByAnswer.add(part);
        this.lackedByAnswer = this.lackedByAnswer.filter((part) => !parts.includes(part));
        this._observed = forgetParts(this._observed, parts);
        if (this._last !== undefined)
            this._last = { ...this._last, cluster: withoutParts(this._last.cluster, parts) };
        return parts;
    }
    /** Keeps the newest plan, but not an empty one after one that had edits: that would hide what this run did. Gives whether it kept it. */
    recordPlan(plan) {
        this._wouldChange ??= plan.edits.length > 0;
        const isKept = this._plan === undefined || plan.edits.length > 0 || plan.refusals.length > 0;
        if (isKept)
            this._plan = plan;
        return isKept;
    }
    recordApproval(approval) {
        this._approval = approval;
    }
    /** From now on a PATCH may have landed. Gives back the way to take that back, for one that certainly did not. */
    recordAttempt({ plan, base, isLocked, carried, wallMs, atMs }) {
        const earlier = this._attempt;
        const known = { ...base, cluster: withLastStatus(base.cluster, this._observed) };
        this._base = known;
        this._isPatchInFlight = true;
        this._attempt = {
            base: known,
            isLocked,
            carried,
            edits: plan.edits,
            kinds: new Set([...(earlier?.kinds ?? []), ...kindsOf(plan.fields)]),
            generationBefore: this._observed.generation,
            sentAtMs: atMs,
            sentWallMs: wallMs,
            isAccepted: false,
        };
        return () => {
            this._attempt = earlier;
        };
    }
    /** The PATCH was accepted: the ETag seen before it is outdated, also where its answer gives no new one. */
    recordAccepted(etag) {
        if (this._last !== undefined)
            this._last = { ...this._last, etag };
        if (this._attempt !== undefined)
            this._attempt = { ...this._attempt, isAccepted: true };
    }
    /** What the accepted PATCH's own answer showed of it, which passed the gate as the newest read. */
    recordAnswer({ cluster }) {
        const { generation } = cluster;
        if (generation !== undefined)
            this.recordAnsweredGeneration(generation);
        if (this._attempt?.carried.every((field) => field.isAcceptedBy(cluster)) === true)
            this.recordShown('answer');
        this.lackedByAnswer = lackingParts(this._observed);
    }
    /** All that our PATCH carried is shown as asked, for the first time. */
    recordShown(shownBy) {
        if (this._attempt !== undefined)
            this._attempt = { ...this._attempt, shownBy };
    }
    /** The generation that our PATCH gave the cluster, or left it with. */
    recordAnsweredGeneration(answeredGeneration) {
        if (this._attempt !== undefined)
            this._attempt = { ...this._attempt, answeredGeneration };
    }
    recordSideEffects(changes) {
        for (const change of changes)
            this._sideEffects.set(change.field, change);
    }
    /** Gives those of the fields of which nobody has been warned yet. */
    recordDoubted(changes) {
        const news = changes.filter(({ field }) => !this.doubted.has(field));
        for (const { field } of news)
            this.doubted.add(field);
        return news;
    }
    withdrawSideEffects(fields) {
        for (const field of fields)
            this._sideEffects.delete(field);
    }
    /** The last PATCH was answered, or its answer was lost; the request id is that of the answer. */
    recordPatchEnded(requestId) {
        this._isPatchInFlight = false;
        this._patchRequestId = requestId;
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
    recordPhase(phase, atMs, runMs) {
        const current = this._phases.at(-1);
        const wasShown = this.isPhaseShown;
        this.isPhaseShown = phase !== undefined;
        if (phase === undefined)
            return;
        this._degradedSinceMs = (0,domain_cluster/* phaseKind */.Cl)(phase) === 'degraded' ? (this._degradedSinceMs ?? atMs) : undefined;
        const isSame = current?.phase === phase;
        if (current !== undefined && (isSame || wasShown))
            this._phases[this._phases.length - 1] = { ...current, untilMs: runMs };
        if (!isSame)
            this._phases.push({ phase, fromMs: runMs, untilMs: runMs });
    }
}
/** A partial read as people are shown it. */
function withLastSpec(read, last) {
    if (last === undefined)
        return read;
    const { version, resources, alerts } = last.cluster;
    const { cluster } = read;
    return {
        ...read,
        cluster: {
            ...cluster,
            ...(cluster.version === undefined && version !== undefined ? { version } : {}),
            resources: { ...resources, ...cluster.resources },
            ...(cluster.alerts === undefined && alerts !== undefined ? { alerts } : {}),
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/run/context.js






const NO_PLANS = {
    find: async () => ({ kind: 'unreadable', message: 'there is no GitHub to ask' }),
};
/** From here on the run's time passes. */
function createContext(task, dependencies) {
    const { api, clock, log, approvedPlans = NO_PLANS } = dependencies;
    const budget = new Budget(clock, task.timeoutMs);
    const state = new RunState();
    const runLog = new RunLog(log, state, budget, task.timeoutMs * policy/* STANDSTILL_SHARE */.nE);
    return { api, clock, task, fields: askedFields(task.desired), budget, state, log: runLog, approvedPlans };
}
/** The run goes on to another stage. */
function enterStage({ state, log }, stage) {
    state.enter(stage);
    log.stageEntered();
}
/** A clock that stands still while no usable read comes: what the cluster does meanwhile is not seen, and cannot take too long. */
function answeredMs({ clock, state }) {
    const nowMs = clock.nowMs();
    return nowMs - state.outages.totalMs(nowMs);
}
/** From now on an allowance is used up, by that clock; gives whether nothing is left of it. */
function startAllowance(context, allowance) {
    const untilMs = answeredMs(context) + context.budget.allowedMs(allowance);
    return () => answeredMs(context) >= untilMs;
}
/**
 * Lets time pass before the next poll; `sinceMs` is when this wait began. In `neededMs` a read may be all that is missing;
 * `askedMs` are what the server asks for.
 */
async function pauseForPoll({ task, clock, budget, log }, sinceMs, { neededMs = Number.POSITIVE_INFINITY, askedMs = 0 } = {}) {
    const delayMs = (0,backoff/* pollDelayMs */.pP)(clock.nowMs() - sinceMs, task.pollIntervalMs, clock.random());
    await budget.pauseBeforePoll(Math.max(Math.min(delayMs, neededMs), askedMs), log);
}

;// CONCATENATED MODULE: ./lib/src/run/etag.js


/** The ETag a PATCH planned from this read carries, and whether it is the read's own. */
function lockFor({ task }, { etag }) {
    const ifMatch = task.ifMatch ?? etag;
    return { ifMatch, isOwn: ifMatch !== undefined && ifMatch === etag };
}
/** An ETag that was refused once is of an old state, whichever replica shows it. The caller's own need never have been read. */
function hasRefusedEtag({ task, state }, { etag }) {
    return task.ifMatch === undefined && etag !== undefined && state.isRefusedEtag(etag);
}
/**
 * An API that has served nothing but the ETag that it refuses, since `sinceMs`, leaves no way to write safely; once a PATCH was
 * accepted, it is merely stale.
 */
function failIfEtagStaysRefused({ clock, budget, state }, sinceMs) {
    if (state.stage === 'waiting')
        return;
    if (clock.nowMs() - sinceMs < budget.allowedMs(policy/* ALLOWANCES */.QQ.refusedEtag))
        return;
    const message = 'The API keeps serving an ETag that it refuses; something between this runner and the API may rewrite ETags';
    throw new RunEnded(toFailed('no-usable-etag', message));
}

;// CONCATENATED MODULE: ./lib/src/run/retry-rules.js


/** The table of trouble (contract 3.6): what came, and at what moment. */
function respondTo(error, moment) {
    return moment === 'patch' ? respondToPatch(error.facts) : respondToGet(error.facts, moment);
}
function respondToGet(facts, moment) {
    const { trouble, status = 0 } = facts;
    const isFirst = moment === 'first-read';
    const passing = {
        kind: 'repeat',
        within: isFirst ? policy/* ALLOWANCES */.QQ.firstRead : 'deadline',
        fails: 'unavailable',
    };
    if (isFirst && (trouble === 'dns' || trouble === 'tls'))
        return { kind: 'repeat-few', fails: 'unavailable' };
    if (trouble !== 'status' || isPassing(status) || isForeignRefusal(facts))
        return passing;
    if (status === 401)
        return { kind: 'end', fails: 'unauthorized' };
    if (!isFirst && (status < 400 || facts.isFromApi !== true))
        return passing;
    const fails = failureOf(facts, moment);
    const isOwnRefusal = !isFirst && (status === 403 || status === 404);
    return isOwnRefusal ? { kind: 'repeat', within: policy/* ALLOWANCES */.QQ.ownRefusal, fails } : { kind: 'end', fails };
}
function respondToPatch(facts) {
    const { trouble, status = 0 } = facts;
    if (status === 412)
        return { kind: 'moved' };
    if (status === 409)
        return { kind: 'moved-or-busy' };
    if (status === 429)
        return { kind: 'limited' };
    if (trouble !== 'status' || isPassing(status) || isForeignRefusal(facts))
        return { kind: 'lost' };
    return { kind: 'end', fails: failureOf(facts, 'patch') };
}
/**
 * Whether the API itself may have refused a PATCH for resources of these names, which it showed and we do not know (contract 3.2).
 * Sent without them they may be lost: where it speaks of what we know, or of what will pass, it did not.
 */
function isRefusedForNames(facts, names) {
    const { status, isFromApi, serverMessage = '', code = '', field = '' } = facts;
    if (names.length === 0 || isFromApi !== true || (status !== 400 && status !== 422))
        return false;
    const text = `${field} ${code} ${serverMessage}`.replaceAll('_', ' ');
    const speaksOf = (name) => hasWord(text, name.replaceAll('_', ' '));
    return names.some(speaksOf) || !(KNOWN_NAMES.some(speaksOf) || MAY_PASS.test(text));
}
const KNOWN_NAMES = [...domain_resources/* RESOURCE_NAMES */.ux, 'version', 'alerts'];
const MAY_PASS = /\b(?:in progress|busy|locked|(?:try|retry) (?:again|later))\b/i;
/** Whether a text has a name of its own in it, not as a part of a longer one. */
function hasWord(text, word) {
    const literal = word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'iu').test(text);
}
/** Statuses that say nothing of the cluster, and may be another the next time. */
function isPassing(status) {
    return [304, 408, 425, 429].includes(status) || status >= 500;
}
/** A 403 or 404 that the API itself did not write: a firewall, a proxy, a default back end. */
function isForeignRefusal({ status, isFromApi }) {
    return (status === 403 || status === 404) && isFromApi !== true;
}
/** What came, in as few words as a count of it can stand behind. */
function toTroubleWords({ facts }) {
    const { trouble, status } = facts;
    return trouble === 'status' ? String(status) : TROUBLE_WORDS[trouble];
}
const TROUBLE_WORDS = {
    network: 'no connection',
    dns: 'name not found',
    tls: 'no secure connection',
    timeout: 'no answer in time',
    'not-a-cluster': 'an answer without the cluster',
};
const ROLE_MESSAGES = new Set(['', 'access denied', 'admin access required', 'not a member of this tenant']);
const NOT_FOUND = {
    'first-read': 'not-found',
    read: 'gone',
    patch: 'gone-or-hidden',
};
/** How a run fails by a status once it is not repeated any more. */
function failureOf({ status = 0, serverMessage = '' }, moment) {
    if (status === 401)
        return 'unauthorized';
    // Any other text is how older servers refuse a change that is not allowed, which is no matter of roles.
    if (status === 403)
        return ROLE_MESSAGES.has(serverMessage.trim().toLowerCase()) ? 'forbidden' : 'rejected';
    if (status === 404)
        return NOT_FOUND[moment];
    return 'rejected';
}

;// CONCATENATED MODULE: ./lib/src/run/read.js












/**
 * The gate for everything that shows a cluster, the PATCH's own answer included (contract 3.1). Gives `undefined` for a stale read.
 * Ends the run with `deleted` where the cluster is being deleted or the name was given to a new one, and with `conflict` where,
 * while planning, a part of the spec that may be asked for has vanished.
 */
function passGate(context, read) {
    const { state, log, budget, clock } = context;
    const timed = { ...read, atMs: clock.nowMs() };
    const kind = hasRefusedEtag(context, read) ? 'stale' : state.recordRead(timed, budget.elapsedMs());
    log.read(read, kind);
    const { name, createdAt, phase } = read.cluster;
    if (kind === 'recreated') {
        throw new RunEnded(toFailed('recreated', `The name ${name} was given to a new cluster, created ${toInstantText(createdAt)}`));
    }
    if ((0,domain_cluster/* phaseKind */.Cl)(phase) === 'terminating' && !isOfEarlierCluster(context, read)) {
        throw new RunEnded(toFailed('terminating', `The cluster is ${phase}`));
    }
    if (kind === 'stale')
        return undefined;
    believeVanished(context);
    return { ...timed, isWhole: lackingParts(state.observed).length === 0 };
}
/** An instant as we write it: only that is known of the server's own text, that it can be read as one. */
function toInstantText(text = '') {
    return new Date(text).toISOString().replace('.000', '');
}
/** A cluster of the same name that was there before this one may still be shown by an old replica. */
function isOfEarlierCluster({ state }, { cluster }) {
    return compareInstants(cluster.createdAt, state.observed.createdAt) < 0;
}
/** What enough reads in a row have lacked is gone: while waiting for proof that is taken as it is; nothing is planned over it but `alerts`. */
function believeVanished({ state, log }) {
    const isWaiting = state.stage === 'waiting';
    const believed = state.believeVanished((part) => isWaiting || part === 'alerts');
    if (believed.length > 0) {
        log.info(`${policy/* READS_TO_BELIEVE */.n$.vanished} reads in a row no longer show ${toShortList(believed, policy/* MOST */._B.conflictRows)}`);
    }
    if (isWaiting)
        return;
    const gone = state.believeVanished(() => true);
    if (gone.length === 0)
        return;
    const message = `The API no longer shows ${toShortList(gone, policy/* MOST */._B.conflictRows)}, and nothing is planned over what may be lost`;
    throw new RunEnded(toFailed('vanished', message, { fieldNames: gone }));
}
/** Reads until one passes the gate that is not stale, for as long as trouble may be put up with (contract 3.6). */
async function readNext(context) {
    const { api, state, log, clock, budget } = context;
    let row;
    // Failures in between do not end it, but their time does not count: nothing was served.
    let refusedSinceMs;
    const inRow = (kind, sinceMs) => (row?.kind === kind ? row : { kind, sinceMs });
    for (let tries = 1;; tries++) {
        const startMs = clock.nowMs();
        try {
            const answer = await api.getCluster(budget.requestTimeoutMs());
            const read = passGate(context, answer);
            if (read !== undefined) {
                const over = state.outages.end(clock.nowMs());
                if (over !== undefined)
                    log.troubleEnded(over);
                return read;
            }
            row = inRow('stale', startMs);
            const isRefused = hasRefusedEtag(context, answer);
            refusedSinceMs = isRefused ? (refusedSinceMs ?? startMs) : undefined;
            if (refusedSinceMs !== undefined)
                failIfEtagStaysRefused(context, refusedSinceMs);
            noteStale(context, answer, startMs, isRefused);
            await budget.pause((0,backoff/* retryDelayMs */.qO)(tries, clock.random()), log);
        }
        catch (error) {
            if (!(error instanceof errors/* ApiError */.hD))
                throw error;
            const isFirst = state.first === undefined;
            const response = respondTo(error, isFirst ? 'first-read' : 'read');
            if (response.kind !== 'repeat' && response.kind !== 'repeat-few')
                throw toEnded(context, error, response);
            const isNews = state.outages.current === undefined;
            const outage = state.outages.record(toTroubleWords(error), startMs, { error, atMs: clock.nowMs() });
            row = inRow(response.fails, startMs);
            if (isSpent(context, outage, row, response))
                throw toEnded(context, error, response);
            const ownMs = (0,backoff/* retryDelayMs */.qO)(tries, clock.random());
            const askedMs = askedPauseMs(context, error);
            // Before any read has passed, time that the server asked for does not count.
            if (isFirst)
                row = { ...row, sinceMs: row.sinceMs + Math.max(0, askedMs - ownMs) };
            if (isNews)
                log.troubleStarted(error.message, toUntil(context, row, response));
            else
                log.debug(`${error.message}; reading again`);
            await budget.pause(Math.max(ownMs, askedMs), log);
            if (refusedSinceMs !== undefined)
                refusedSinceMs += clock.nowMs() - startMs;
        }
    }
}
function isSpent({ clock, budget }, { tries, came }, row, response) {
    if (response.kind === 'repeat-few')
        return (came.at(-1)?.count ?? 0) >= policy/* FIRST_READ_TRIES */.A$.most;
    if (response.within === 'deadline' || tries < policy/* FIRST_READ_TRIES */.A$.fewest)
        return false;
    return clock.nowMs() - row.sinceMs >= budget.allowedMs(response.within);
}
/** Until when, or how often, it is tried again. */
function toUntil({ budget }, { sinceMs }, response) {
    if (response.kind === 'repeat-few')
        return { tries: policy/* FIRST_READ_TRIES */.A$.most };
    const endMs = budget.startMs + budget.timeoutMs;
    return {
        untilMs: response.within === 'deadline' ? endMs : Math.min(sinceMs + budget.allowedMs(response.within), endMs),
    };
}
function toEnded({ state, budget }, error, response) {
    const kind = 'fails' in response ? response.fails : 'unavailable';
    return new RunEnded(kind === 'unavailable' ? toUnavailable(state, budget) : apiErrorToEnding(error, kind, 'read'), error);
}
/** Contact with the API, and nothing else; that there is nothing but this is trouble as any other. */
function noteStale({ state, log, budget }, { cluster }, sinceMs, isRefused) {
    const seen = state.observed.generation;
    const isOlder = cluster.generation !== undefined && seen !== undefined && cluster.generation < seen;
    const older = isOlder ? `generation ${cluster.generation}, older than ${seen} seen before` : 'an older state';
    const what = isRefused ? 'the ETag that was refused' : older;
    const { tries } = state.outages.record(what, sinceMs);
    if (tries === 1)
        log.debug(`${what}; reading again`);
    else if (tries === 2)
        log.troubleStarted(what, { untilMs: budget.startMs + budget.timeoutMs });
}
/** Reads until a read is whole, at poll pauses: a plan made from a partial one could undo what stands there. */
async function readWhole(context) {
    const sinceMs = context.clock.nowMs();
    for (;;) {
        const read = await readNext(context);
        if (read.isWhole)
            return read;
        await pauseForPoll(context, sinceMs);
    }
}
/** The first read of a run. One that lacks altogether what is asked for is read again, and then believed with a warning. */
async function readFirst(context) {
    const { log, clock } = context;
    const sinceMs = clock.nowMs();
    for (let reads = 1;; reads++) {
        const read = await readWhole(context);
        const lacking = lacksAltogether(context, read);
        if (lacking.length === 0 || reads >= policy/* READS_TO_BELIEVE */.n$.vanished) {
            if (lacking.length > 0)
                log.warn(`The API shows no ${lacking.join(', no ')} of this cluster`);
            return read;
        }
        log.info(`The API shows no ${lacking.join(', no ')}: reading again before that is believed`);
        await pauseForPoll(context, sinceMs);
    }
}
function lacksAltogether({ task }, { cluster }) {
    const { desired } = task;
    const asksForResources = domain_resources/* RESOURCE_NAMES */.ux.some((name) => desired[name] !== undefined);
    return [
        ...(desired.version !== undefined && cluster.version === undefined ? ['version'] : []),
        ...(asksForResources && !cluster.hasResources ? ['resources'] : []),
        ...((0,domain_alerts/* asksForAbsence */.dC)(desired.alerts) && cluster.alerts === undefined ? ['alerts'] : []),
    ];
}
/**
 * Milliseconds to pause that the server asked for and that are obeyed in one go. Only a 429 is obeyed whole, and ends the run where
 * that outlasts it; any other answer may change before the time it names.
 */
function askedPauseMs(context, error) {
    const { budget } = context;
    const { status, retryAfterMs = 0 } = error.facts;
    if (status === 429) {
        if (retryAfterMs > 0 && retryAfterMs >= budget.leftMs())
            throw toTooLong(context, error, retryAfterMs);
        return retryAfterMs;
    }
    // Some time must be left to look again.
    return Math.min(retryAfterMs, policy/* LONGEST_OBEYED_MS */.PF, budget.leftMs() / 2);
}
/** Pauses after a PATCH that failed so often, and gives the milliseconds that the server asked for beyond our own pause. */
async function pauseAfter(context, error, failures) {
    const { budget, clock, log } = context;
    const ownMs = (0,backoff/* retryDelayMs */.qO)(failures, clock.random());
    const askedMs = askedPauseMs(context, error);
    await budget.pause(Math.max(ownMs, askedMs), log);
    return Math.max(0, askedMs - ownMs);
}
function toTooLong({ state, budget, clock }, error, askedMs) {
    const notBefore = toNotBefore(budget, clock.nowMs() + askedMs);
    const message = `${error.message}; the API asks not to be called before ${notBefore}, when the timeout is over`;
    const id = failures_requestIdOf(error);
    return new RunEnded(state.attempt === undefined
        ? toFailed('unavailable', message, { ...id, hint: toRunLater(notBefore) })
        : toTimedOut('timeout', message, id));
}

;// CONCATENATED MODULE: ./lib/src/run/busy.js






/** Whether the cluster is at work, and not on what is asked. */
function isBusyOtherwise({ fields }, { cluster }) {
    return (0,domain_cluster/* phaseKind */.Cl)(cluster.phase) === 'busy' && unmetFields(cluster, fields).length > 0;
}
/** A wait for a cluster that is busy with another change, so that nothing may be sent yet. */
class BusyWait {
    context;
    sinceMs;
    /** Reads since the last busy one that do not say whether the cluster is at work. */
    unclear;
    constructor(context) {
        this.context = context;
    }
    /**
     * Whether a read shows the cluster busy; or, once one has, does not show it free. It takes the read in, so that each is to be
     * asked of once.
     */
    holdsUp(read) {
        const { context } = this;
        const isBusy = isBusyOtherwise(context, read);
        const isWaiting = this.sinceMs !== undefined && unmetFields(read.cluster, context.fields).length > 0;
        if (isBusy)
            this.unclear = undefined;
        if (isBusy || (isWaiting && !this.isFree(read))) {
            this.sinceMs ??= context.clock.nowMs();
            return true;
        }
        this.sinceMs = undefined;
        this.unclear = undefined;
        return false;
    }
    /** In an upgrade phases come and go: what does not plainly show its end is believed only where it lasts. */
    isFree({ cluster }) {
        const { task, state, clock, budget, log } = this.context;
        const kind = (0,domain_cluster/* phaseKind */.Cl)(cluster.phase);
        if (kind === 'running')
            return true;
        if (kind === 'degraded') {
            const lastsMs = clock.nowMs() - (state.degradedSinceMs ?? clock.nowMs());
            return lastsMs >= budget.allowedMs({ ...policy/* ALLOWANCES */.QQ.unclearPhase, ms: task.degradedGraceMs });
        }
        const { reads, isOver } = this.unclear ?? {
            reads: 0,
            isOver: startAllowance(this.context, policy/* ALLOWANCES */.QQ.unclearPhase),
        };
        this.unclear = { reads: reads + 1, isOver };
        const isBelieved = reads + 1 >= policy/* READS_TO_BELIEVE */.n$.unclearPhase && isOver();
        if (isBelieved)
            log.info(`${reads + 1} reads in a row do not say whether the cluster is free: planning on`);
        return isBelieved;
    }
    /** The next whole read, after a poll's pause; `on-busy` is asked at every planning. */
    async readNext({ cluster }) {
        const { context } = this;
        const { task, state, log, clock } = context;
        if (task.onBusy === 'fail') {
            throw new RunEnded(toFailed('busy', `The cluster is ${cluster.phase}, and on-busy is fail`));
        }
        if (state.stage !== 'busy') {
            enterStage(context, 'busy');
            log.info(`${cluster.phase} with another change: waiting until the cluster is free`);
            state.recordMissing({ kind: 'phase', text: 'busy with another change' });
        }
        await pauseForPoll(context, this.sinceMs ?? clock.nowMs());
        return readWhole(context);
    }
}

;// CONCATENATED MODULE: ./lib/src/run/conflict.js








/**
 * Compares a whole read with the base, once a PATCH was tried (contract 3.4): `there` where everything is as asked, or on its way
 * by our own PATCH; `open` where it may be planned again. Throws `RunEnded` with `conflict` where someone else changed one of our
 * fields, or our change seems to have been taken back.
 */
function compareWithBase({ fields, state }, read) {
    const { base, attempt } = state;
    if (base === undefined)
        return 'open';
    const hasLanded = attempt !== undefined && !isLeftUndone(attempt, read);
    const stateOf = (field) => fieldState(field, base.cluster, read.cluster, hasLanded);
    const rivals = fields.filter((field) => isRivals(field, stateOf(field), base, read));
    if (rivals.length > 0) {
        const rows = toConflictRows(rivals, base, read);
        const who = attempt === undefined ? 'Someone else' : 'Someone else, or the platform,';
        throw toConflict('rival', `${who} changed ${toRowsText(rows)} after this run had read it`, rows);
    }
    const open = fields.filter((field) => stateOf(field) !== 'ours');
    if (open.length === 0)
        return 'there';
    const { generation: before = Number.POSITIVE_INFINITY } = base.cluster;
    const { generation: now = 0, phase } = read.cluster;
    // The short form of our version may be what stood there before: only a write and the phase tell that it is on its way.
    const isShortForm = hasLanded && open.every((field) => field.isAcceptedBy(read.cluster));
    if (isShortForm && now > before && (0,domain_cluster/* phaseKind */.Cl)(phase) === 'busy')
        return 'there';
    const isTwoAbove = now >= before + 2;
    // What is not ours is as in the base: the whole change was taken back, or a part of it.
    if (attempt !== undefined && isTwoAbove) {
        const message = `Our change seems to have landed and been taken back: the old values are back, under generation ${now} (${before} before)`;
        throw toConflict('taken-back', message, toConflictRows(open, base, read));
    }
    return 'open';
}
/**
 * Whether what a field shows is neither as asked nor as in the base. Not every server counts every change: what the base did not
 * show may be someone else's even under its very generation, and is not to be overwritten.
 */
function isRivals(field, state, base, read) {
    if (state === 'absent')
        return field.isCarriedBy(base.cluster);
    return state === 'other' || (state === 'base' && !isSameIn(field, base.cluster, read.cluster));
}
/** Whether a part of what a PATCH carried stands as before it: it lands whole or not at all, so that the rest is not by it either. */
function isLeftUndone({ base, carried }, { cluster }) {
    return carried.some((field) => isAsBefore(field, base.cluster, cluster));
}
/** What became of the fields, as far as it may be shown. */
function toRowsText(rows) {
    const texts = rows.map(({ field, whenRead, now }) => now === undefined ? field : `${field} from ${whenRead ?? 'absent'} to ${now ?? 'absent'}`);
    return toShortList(texts, policy/* MOST */._B.conflictRows);
}
function toConflictRows(fields, base, read) {
    return fields.map((field) => ({
        field: field.name,
        whenRead: field.show(base.cluster),
        now: field.show(read.cluster),
        wanted: field.wanted,
    }));
}
/** Ends the run with a kind of `conflict`; `rows` are the fields that someone else changed. */
function toConflict(kind, message, rows = []) {
    return new RunEnded(toFailed(kind, message, { conflict: rows, fieldNames: rows.map(({ field }) => field) }));
}
/**
 * Watches for our target where a PATCH may have landed and none may be sent any more, and gives the read that shows it. Throws
 * `RunEnded` with `unavailable` once the allowance is spent: what may have been sent cannot be said to be skipped.
 */
async function watchForTarget(context, why, allowance) {
    const { clock, log } = context;
    log.info(`${why}: watching whether the PATCH that may have been sent has landed`);
    const sinceMs = clock.nowMs();
    const isOver = startAllowance(context, allowance);
    for (;;) {
        await pauseForPoll(context, sinceMs);
        const read = await readWhole(context);
        if (compareWithBase(context, read) === 'there')
            return read;
        if (!isOver())
            continue;
        const message = `${why}; the answer to a PATCH was lost, and no read has shown the change since`;
        throw new RunEnded(toFailed('not-sent-again', message));
    }
}

;// CONCATENATED MODULE: ./lib/src/proof/convergence.js







/** A wait's memory before its first read; `answer` is the PATCH's own answer, where it showed the cluster. */
function startHistory(change, observed, answer) {
    const { attempt } = change;
    return {
        ourGeneration: raisedGeneration(change, attempt?.answeredGeneration),
        shown: new Map(),
        finished: undefined,
        away: new Map(),
        removed: new Map(),
        oldVersion: undefined,
        hasLeftPhase: attempt === undefined || (answer !== undefined && hasOtherPhase(change, answer)),
        wasAtWork: answer !== undefined && hasOtherPhase(change, answer) && isAtWork(change, answer),
        olderDrift: change.mode === 'apply' ? olderDriftOf(change, observed) : undefined,
    };
}
/**
 * The proof of completion (contract 3.5): takes one read that passed the gate and what was seen before it, and gives what it means
 * together with what to remember. A phase alone proves nothing, since a scale never leaves `Running` and the first read after a
 * PATCH may still show the old world.
 */
function decideProof(change, history, observed, read) {
    const next = updateHistory(change, history, observed, read);
    return { history: next, verdict: toVerdict(change, next, observed, read) };
}
function updateHistory(change, history, observed, read) {
    const { cluster, atMs } = read;
    const hasLeftPhase = history.hasLeftPhase || hasOtherPhase(change, cluster);
    const wasAtWork = history.wasAtWork || (hasLeftPhase && isAtWork(change, cluster));
    const removed = countRemoved(change, history, observed, cluster);
    const ours = change.fields.filter((field) => !isAway(change, field, cluster));
    const shown = new Map([...history.shown, ...ours.map((field) => [pathKey(field), cluster.generation ?? 0])]);
    // What such a read lacks may only be late: it can break a row, and show work on our version, but neither proof nor loss.
    if (!canShowLoss(observed, cluster)) {
        const away = new Map([...history.away].filter(([key]) => !ours.some((field) => pathKey(field) === key)));
        const isOld = cluster.kubernetesVersion === undefined || isBackOnOldVersion(change, history, observed, cluster);
        const isAtRest = (0,domain_cluster/* isRunning */.W_)(cluster) || cluster.phase === undefined;
        const oldVersion = isAtRest && isOld ? history.oldVersion : undefined;
        return { ...history, hasLeftPhase, wasAtWork, removed, shown, away, oldVersion, finished: undefined };
    }
    const isReadable = parseVersion(cluster.kubernetesVersion ?? '') !== undefined;
    const hasStayed = !isReadable || isSameDrift(history.olderDrift, driftOf(cluster));
    const olderDrift = hasStayed ? history.olderDrift : undefined;
    const seen = { ...history, hasLeftPhase, wasAtWork, removed, olderDrift };
    const isAllOurs = ours.length === change.fields.length;
    const away = change.fields
        .filter((field) => !ours.includes(field))
        .map((field) => [pathKey(field), extendRow(history.away.get(pathKey(field)), atMs)]);
    return {
        ...seen,
        ourGeneration: history.ourGeneration ?? (isAllOurs ? raisedGeneration(change, cluster.generation) : undefined),
        shown,
        finished: findMissing(change, seen, observed, read) === undefined ? extendRow(history.finished, atMs) : undefined,
        away: new Map(away),
        oldVersion: wasAtWork && isBackOnOldVersion(change, history, observed, cluster)
            ? extendRow(history.oldVersion, atMs)
            : undefined,
    };
}
/** A phase that stood before our PATCH shows no work on it, until another one has been seen since. */
function hasOtherPhase({ base }, { phase }) {
    return phase !== undefined && phase !== base.cluster.phase;
}
/**
 * What a read lacks under a generation that has shown it is only late: a change would have moved the generation. And what a read
 * lacks that lacks something of the status, too, may just not be shown.
 */
function countRemoved(change, history, observed, cluster) {
    const { generation } = cluster;
    if (!hasGenerations(observed) || findUnreported(observed, cluster) !== undefined)
        return new Map();
    if (generation === undefined || !isUnderLaterGeneration(history, cluster))
        return new Map();
    const absent = change.fields.filter((field) => isAway(change, field, cluster) &&
        !field.isCarriedBy(cluster) &&
        generation > (history.shown.get(pathKey(field)) ?? 0));
    return new Map(absent.map((field) => [pathKey(field), (history.removed.get(pathKey(field)) ?? 0) + 1]));
}
/** A generation that a change of ours may have; one that stood before our PATCH, or is only published late, is not. */
function raisedGeneration({ attempt }, generation) {
    const before = attempt?.generationBefore;
    return generation !== undefined && (before === undefined || generation > before) ? generation : undefined;
}
/** Whether a read shows enough to tell a loss: the whole spec, and under which generation it stands. */
function canShowLoss(observed, { generation }) {
    const hasGeneration = generation !== undefined || !observed.reported.has('generation');
    return hasGeneration && lackingParts(observed).length === 0;
}
/** A drift that stood before this run, and at rest where it was planned from: nothing of this run's is under way behind it. */
function olderDriftOf({ first, base: { cluster: base } }, observed) {
    const isObserved = !hasGenerations(observed) || (base.observedGeneration ?? -1) >= (base.generation ?? 0);
    const isOlder = isSameDrift(driftOf(first), driftOf(base));
    return (0,domain_cluster/* isRunning */.W_)(base) && isObserved && isOlder ? driftOf(base) : undefined;
}
function toVerdict(change, history, observed, read) {
    const undone = canShowLoss(observed, read.cluster) ? findUndone(change, history, observed, read) : undefined;
    if (undone !== undefined)
        return { kind: 'failed', ...undone };
    return findDegradation(change, read) ?? weighEvidence(change, history, observed, read);
}
function findDegradation({ attempt, degradedGraceMs }, read) {
    const { cluster, atMs, degradedSinceMs } = read;
    if ((0,domain_cluster/* phaseKind */.Cl)(cluster.phase) !== 'degraded' || degradedSinceMs === undefined)
        return undefined;
    if (atMs - Math.max(degradedSinceMs, attempt?.sentAtMs ?? 0) < degradedGraceMs)
        return undefined;
    const text = cluster.conditions.length === 0 ? 'the server gives no reason' : cluster.conditions.map(domain_cluster/* toConditionText */.G5).join('; ');
    return { kind: 'failed', reason: 'degraded', message: `the cluster stayed Degraded: ${text}` };
}
/** Whether a read that looks finished is proof, alone or with the ones before it in a row. */
function weighEvidence(change, history, observed, read) {
    const missing = findMissing(change, history, observed, read);
    if (missing !== undefined)
        return { kind: 'pending', missing };
    const { kinds, settleTimeMs } = change;
    const { count, sinceMs } = history.finished ?? { count: 1, sinceMs: read.atMs };
    const isVersionAsked = askedVersion(change.fields) !== undefined;
    const isVersionReported = observed.reported.has('kubernetesVersion');
    const hiddenVersion = isVersionAsked && !isVersionReported ? howToProveHidden(change, history, observed) : 'proven';
    if (hiddenVersion === 'at-work')
        return lacksProof('the cluster was not seen at work on it');
    const isGenerationProof = canGenerationProve(change, observed, read.cluster);
    const isVersionProof = kinds.has('version') && isVersionReported && !ranBefore(change);
    const mustStand = kinds.has('resources') || kinds.has('alerts') || (kinds.has('version') && isVersionReported && !isVersionProof);
    const needsSpan = hiddenVersion === 'span' || (!isGenerationProof && mustStand);
    // Whole, since a rest of less than the clock can tell would let no time pass.
    const restMs = needsSpan ? Math.ceil(settleTimeMs - (read.atMs - sinceMs)) : 0;
    if ((needsSpan || !isGenerationProof) && count < policy/* READS_TO_BELIEVE */.n$.change) {
        return lacksProof('a second read that agrees', Math.max(restMs, policy/* POLL */.eE.shortestMs));
    }
    if (restMs > 0)
        return lacksProof('not settled for the whole settle-time', restMs);
    const evidence = [
        ...(isGenerationProof ? ['generation'] : []),
        ...(isVersionProof ? ['kubernetes-version'] : []),
        ...(needsSpan || (!isGenerationProof && !isVersionProof) ? ['settled'] : []),
    ];
    return { kind: 'converged', evidence, stoodMs: read.atMs - sinceMs };
}
/**
 * How a version is proven on a server that never says which one runs: after a PATCH of this run only by having been seen at work;
 * where this run sent nothing also by standing still for the settle time, as far as generations, or a plan that was empty from the
 * start, say that nothing is under way.
 */
function howToProveHidden({ attempt, kinds }, { wasAtWork }, observed) {
    if (wasAtWork)
        return 'proven';
    if (attempt !== undefined)
        return kinds.has('version') ? 'at-work' : 'proven';
    return hasGenerations(observed) || kinds.size === 0 ? 'span' : 'at-work';
}
/** This read is one of those in a row that may come to prove it. */
function lacksProof(text, provableInMs) {
    const missing = { kind: 'proof', text };
    return { kind: 'pending', missing, ...(provableInMs === undefined ? {} : { provableInMs }) };
}
/**
 * The generation proves a change only if it could have failed to: after a PATCH of this run it must have moved by it, and not have
 * counted as observed before.
 */
function canGenerationProve(change, observed, { generation }) {
    const { attempt } = change;
    if (!doGenerationsCount(change, observed) || generation === undefined)
        return false;
    if (attempt === undefined)
        return true;
    const { generationBefore, base } = attempt;
    const isMoved = generationBefore !== undefined && generation > generationBefore;
    return isMoved && generation > (base.cluster.observedGeneration ?? 0);
}

;// CONCATENATED MODULE: ./lib/src/run/approval.js




/** Asks which plans the merged pull request showed, and again for a while as long as no pull request is named for this commit. */
async function askForApproval({ approvedPlans, budget, clock, log, state }) {
    log.info('Asking GitHub which plan the merged pull request showed');
    const untilMs = clock.nowMs() + budget.allowedMs(policy/* ALLOWANCES */.QQ.lateLink);
    for (let tries = 1;; tries++) {
        const approval = await approvedPlans.find(Math.min(policy/* GITHUB */.U0.longestMs, budget.leftMs()));
        const leftMs = untilMs - clock.nowMs();
        if (approval.kind !== 'unlinked' || leftMs <= 0) {
            state.recordApproval(approval);
            return approval;
        }
        if (tries === 1)
            log.info(`GitHub names none yet; asking again for ${toDurationText(leftMs)}`);
        // The last question is asked at the very end.
        await budget.pause(Math.min((0,backoff/* retryDelayMs */.qO)(tries, clock.random()), leftMs), log);
    }
}
/** The ending of a run whose plan is not approved; `undefined` where it is. */
function unapprovedEnding(approval, { digest }) {
    if (approval.kind === 'unreadable') {
        const { message, hint } = approval;
        const text = `Not sent: it could not be read which plan was approved: ${message}`;
        return toFailed('plan-unreadable', text, hint === undefined ? {} : { hint });
    }
    if (approval.kind !== 'found')
        return toFailed('plan-not-found', `Not sent: ${approval.message}`);
    const { pullRequest, digests } = approval;
    if (digests.includes(digest))
        return undefined;
    const message = `Not sent: the plan is no longer the one that pull request #${pullRequest} showed (${digest}, not ${digests.join(' or ')})`;
    return toFailed('plan-changed', message, { hint: HOW_TO_GO_ON });
}
const HOW_TO_GO_ON = 'Open a new pull request, which shows the plan as it is now, and merge that; or, on purpose, start the change by hand: workflow_dispatch with expected-plan: none.';

;// CONCATENATED MODULE: ./lib/src/run/planning.js

















/** The plan from one whole read, taken in and logged. */
function makePlan(context, read) {
    const { task, state, log } = context;
    const plan = toPlan(context, read);
    if (state.recordPlan(plan))
        log.plan(plan, task.hourlyRates);
    return plan;
}
function toPlan(context, read) {
    const { tenant, desired, guardrails } = context.task;
    const isLocked = lockFor(context, read).isOwn;
    return planChange(withLastStatus(read.cluster, context.state.observed), desired, { tenant, isLocked, guardrails });
}
/** Ends the run where a bound forbids what is asked: other than what the other rules look at, no wait for a busy cluster can change that. */
function failIfOutOfBounds(context, read) {
    const isOut = toPlan(context, read).refusals.some(({ rule }) => rule === 'min' || rule === 'max');
    if (isOut)
        failIfRefused(context, makePlan(context, read));
}
/** Ends the run where a plan must not be sent. Bounds judge what was asked, whether or not it differs from what is there. */
function failIfRefused({ task }, plan) {
    if (plan.refusals.length > 0) {
        const message = `Not sent: ${plan.refusals.map((refusal) => refusal.reason).join('; ')}`;
        throw new RunEnded(toFailed('refused', message));
    }
    if (isUnexpected(task, plan)) {
        const message = `Not sent: the plan is no longer the one expected (${plan.digest}, not ${task.expectedPlan})`;
        throw new RunEnded(toFailed('plan-changed', message));
    }
}
function isUnexpected({ expectedPlan }, { edits, digest }) {
    if (edits.length === 0 || expectedPlan === undefined || expectedPlan === domain_approval/* PULL_REQUEST_PLANS */.b)
        return false;
    return digest !== expectedPlan;
}
/** The inputs that would stop this run, were it started again now: the cluster is not the one that they had let it change. */
function findStops(context) {
    const { task, state } = context;
    const { last, approval } = state;
    if (last === undefined || task.mode !== 'apply')
        return [];
    const plan = toPlan(context, last);
    const isUnapproved = approval !== undefined && unapprovedEnding(approval, plan) !== undefined;
    return [
        ...new Set(plan.refusals.map(({ allow }) => allow)),
        ...(isUnexpected(task, plan) || isUnapproved ? ['expected-plan'] : []),
        ...(task.ifMatch === undefined || task.ifMatch === last.etag ? [] : ['if-match']),
    ];
}
/**
 * Ends the run where a plan that is about to be sent is none of those that the merged pull request showed. Gives whether that had
 * to be asked for: then time has passed since the read, and the plan is to be made anew.
 */
async function failIfUnapproved(context, plan) {
    const { task, state } = context;
    if (task.expectedPlan !== domain_approval/* PULL_REQUEST_PLANS */.b)
        return 'known';
    const known = state.approval;
    const approval = known ?? (await askForApproval(context));
    const ending = unapprovedEnding(approval, plan);
    if (ending !== undefined)
        throw new RunEnded(ending);
    return known === undefined ? 'asked' : 'known';
}
/** Why nothing may be sent at this time of day, in words; `undefined` where it may. */
function whyClosed({ task, clock }) {
    const { window, freeze } = task;
    const wallMs = clock.wallMs();
    const frozen = freeze === undefined ? undefined : findFrozenDay(freeze, wallMs);
    if (frozen !== undefined)
        return `${frozen.day} is in freeze-dates (${frozen.entry.text}, in ${freeze?.timezone})`;
    if (window === undefined || isWithinWindow(window, wallMs))
        return undefined;
    return `It is ${timeOfDay(wallMs, window.timezone)} in ${window.timezone}, outside only-between ${window.text}`;
}
/** What stands against a PATCH at this moment; `undefined` where one may be sent. */
function whyNotNow(context) {
    const { task, budget } = context;
    const closed = whyClosed(context);
    if (closed !== undefined)
        return { kind: 'closed', why: closed };
    const leftMs = budget.leftMs();
    if (!task.wait || leftMs >= budget.allowedMs(policy/* ALLOWANCES */.QQ.leastForPatch))
        return undefined;
    return {
        kind: 'late',
        why: `Only ${toDurationText(leftMs)} of the timeout are left, too little to wait for a change`,
    };
}
/** A change may be the cure of an unhealthy cluster, so it is only warned of. */
function warnIfDegraded({ log }, { cluster }) {
    if ((0,domain_cluster/* phaseKind */.Cl)(cluster.phase) !== 'degraded')
        return;
    const reasons = cluster.conditions.length === 0 ? '' : `: ${cluster.conditions.map(domain_cluster/* toConditionText */.G5).join('; ')}`;
    log.warn(`${WAS_DEGRADED}${reasons}`);
}
/** What a wait is for: the change that a PATCH of this run made, or may have made, or else whatever is asked. */
function toAwaited({ task, fields, state, budget }, live) {
    const { settleTimeMs, degradedGraceMs, mode } = task;
    const { attempt, first } = state;
    return {
        fields,
        base: attempt?.base ?? first ?? live,
        first: (first ?? live).cluster,
        kinds: attempt?.kinds ?? kindsOf(fields),
        ...(attempt === undefined ? {} : { attempt }),
        mode: mode === 'verify' ? 'verify' : 'apply',
        settleTimeMs,
        degradedGraceMs,
        undoneSpanMs: budget.allowedMs(policy/* ALLOWANCES */.QQ.undone),
    };
}
/**
 * Looks until it is clear whether anything is under way where nothing differs: one read where generations tell, else two; and as long
 * as the settle time where the server never says which version runs.
 */
async function lookAgain(context, live) {
    const { state, clock, fields } = context;
    const calm = { ...toAwaited(context, live), kinds: new Set() };
    let history = startHistory(calm, state.observed);
    let unreported = 0;
    for (let read = live;;) {
        const differs = !read.isWhole || unmetFields(withLastStatus(read.cluster, state.observed), fields).length > 0;
        if (read.isWhole && differs)
            return { kind: 'differs', read };
        const { degradedSinceMs, observed } = state;
        const decided = decideProof(calm, history, observed, { ...read, degradedSinceMs });
        history = decided.history;
        const { verdict } = decided;
        if (verdict.kind === 'converged')
            return { kind: 'unchanged', read };
        const { missing, provableInMs } = verdict.kind === 'pending' ? verdict : {};
        unreported = missing?.kind === 'unreported' ? unreported + 1 : 0;
        const isOpen = missing?.kind === 'proof' || (unreported > 0 && unreported < policy/* READS_TO_BELIEVE */.n$.vanished);
        if (read.isWhole && !isOpen)
            return { kind: 'under-way', read };
        // Nothing is expected to happen meanwhile, so that no poll in between would tell anything.
        if (provableInMs !== undefined)
            await context.budget.pauseBeforePoll(provableInMs, context.log);
        else
            await pauseForPoll(context, clock.nowMs());
        read = await readNext(context);
    }
}

;// CONCATENATED MODULE: ./lib/src/run/tallies.js
/** How often PATCHes came out in each way, and for how long that has held the run up: time counts for the answer that it follows. */
class Tallies {
    nowMs;
    counts = new Map();
    pastMs = new Map();
    last;
    sinceMs = 0;
    constructor(nowMs) {
        this.nowMs = nowMs;
    }
    record(kind) {
        const { last } = this;
        if (last !== undefined)
            this.pastMs.set(last, this.heldUpMs(last));
        this.counts.set(kind, this.count(kind) + 1);
        this.last = kind;
        this.sinceMs = this.nowMs();
    }
    count(kind) {
        return this.counts.get(kind) ?? 0;
    }
    /** Milliseconds that answers of a kind have held the run up, each until the next answer. */
    heldUpMs(kind) {
        const sinceLastMs = this.last === kind ? this.nowMs() - this.sinceMs : 0;
        return (this.pastMs.get(kind) ?? 0) + sinceLastMs;
    }
    /** So much of the time since the last answer does not count for it. */
    exempt(ms) {
        this.sinceMs += ms;
    }
}

;// CONCATENATED MODULE: ./lib/src/run/patch.js















/** Sends the PATCHes of one run, and reads on after one that was not plainly accepted. None is ever repeated without a read in between. */
class Patcher {
    context;
    tallies;
    last;
    readsWithoutEtag = 0;
    constructor(context) {
        this.context = context;
        this.tallies = new Tallies(() => answeredMs(context));
    }
    /**
     * The next read where nothing may be sent by this one: it has no ETag, although earlier ones had, or a PATCH without one was
     * refused. Throws `RunEnded` where too many in a row have none.
     */
    async readForLock(live) {
        const { state, log, clock } = this.context;
        const isLockNeeded = state.hasSeenEtag || this.tallies.count('moved') > 0;
        const isLacking = isLockNeeded && lockFor(this.context, live).ifMatch === undefined;
        this.readsWithoutEtag = isLacking ? this.readsWithoutEtag + 1 : 0;
        if (!isLacking)
            return undefined;
        if (this.readsWithoutEtag >= policy/* READS_TO_BELIEVE */.n$.vanished)
            throw toConflict('no-usable-etag', `The API gives no ETag${state.hasSeenEtag ? ' any more' : ''}, and nothing is sent without one`);
        log.info('The API gave no ETag, and nothing is sent without one: reading again');
        await pauseForPoll(this.context, clock.nowMs());
        return readWhole(this.context);
    }
    /** Sends a plan under the lock of the read it was made from. Throws `RunEnded` where the answer ends the run. */
    async send(plan, live) {
        const { log } = this.context;
        if (lockFor(this.context, live).ifMatch === undefined) {
            log.warn('The API gives no ETag: the PATCH is sent without protection against a change by someone else');
        }
        const result = await this.exchange(plan, live, plan.patch);
        const isForNames = result.kind === 'refused' && isRefusedForNames(result.error.facts, unknownResources(plan.patch));
        if (!isForNames || whyNotNow(this.context) !== undefined)
            return result;
        log.info(`${result.error.message}; sending it once more without the resources that this action does not know`);
        return this.exchange(plan, live, withoutUnknownResources(plan.patch));
    }
    /** What the last PATCH that was not plainly accepted came to, in words. */
    get lastWords() {
        return this.last?.error.message;
    }
    /** Whether a cluster that moved is not to be planned for anew. */
    get isFinal() {
        const { ifMatch, onConflict } = this.context.task;
        return ifMatch !== undefined || onConflict === 'fail';
    }
    /** Takes a step whose time counts for no answer. */
    async uncounted(step) {
        const sinceMs = answeredMs(this.context);
        const result = await step();
        this.tallies.exempt(answeredMs(this.context) - sinceMs);
        return result;
    }
    isSpent(kind, allowance) {
        return this.tallies.heldUpMs(kind) >= this.context.budget.allowedMs(allowance);
    }
    /** After a PATCH that was not plainly accepted: the next read to be compared with the base, and then perhaps planned from. */
    async readAfter(result) {
        const { context } = this;
        this.last = result;
        this.tallies.record(result.kind);
        if (result.kind === 'refused')
            return this.readAfterRefused(result);
        if (result.kind === 'moved')
            return this.readAfterMoved(result);
        if (result.kind === 'moved-or-busy')
            return this.readAfterMovedOrBusy(result);
        if (result.kind === 'limited') {
            context.log.patchUnsettled(`The API limits the rate, and did not process the PATCH: ${result.error.message}`);
            await pauseAfter(context, result.error, this.tallies.count('limited'));
            return readWhole(context);
        }
        const unsent = result.error.facts.isUnsent === true;
        context.log.patchUnsettled(unsent
            ? `The PATCH was not sent: ${result.error.message}`
            : `The PATCH’s answer was lost: ${result.error.message}. Reading to see whether it landed`);
        this.tallies.exempt(await pauseAfter(context, result.error, this.tallies.count('lost')));
        return readWhole(context);
    }
    /** Ends the run where `live`, which does not show our target, must not be planned from again. */
    failIfFinal(live) {
        const { last, context } = this;
        if (last === undefined)
            return;
        const { task } = context;
        const { isFinal, tallies } = this;
        const hasMoved = showsMove(live, last.ifMatch);
        if (last.kind === 'refused')
            throw toRefused(last);
        if (last.kind === 'moved') {
            if (isFinal)
                throw toMoved(last);
            if (tallies.count('moved') >= policy/* MOST_REFUSED_PATCHES */.Yj)
                throw this.toKeptMoving();
        }
        if (last.kind === 'moved-or-busy') {
            if (isFinal && hasMoved)
                throw toMoved(last);
            if (task.onBusy === 'fail' && !(tallies.count(last.kind) === 1 && hasMoved))
                this.failBusy(last, 'failed');
            if (this.isSpent(last.kind, policy/* ALLOWANCES */.QQ.busyAnswers))
                this.failBusy(last, 'timed-out');
        }
        if (last.kind === 'lost' && this.isSpent(last.kind, policy/* ALLOWANCES */.QQ.lostAnswers))
            throw this.toUnanswered(last);
    }
    async exchange(plan, base, patch) {
        const { api, budget, state, clock } = this.context;
        const { ifMatch, isOwn } = lockFor(this.context, base);
        const timeoutMs = budget.requestTimeoutMs();
        const takeBack = state.recordAttempt({
            plan,
            base,
            isLocked: isOwn,
            carried: carriedFields(this.context.fields, patch),
            atMs: clock.nowMs(),
            wallMs: budget.toWallMs(clock.nowMs()),
        });
        try {
            const answer = await api.patchCluster(patch, ifMatch, timeoutMs);
            state.recordPatchEnded(answer.requestId);
            return { kind: 'accepted', answer };
        }
        catch (error) {
            if (!(error instanceof errors/* ApiError */.hD))
                throw error;
            state.recordPatchEnded(error.facts.requestId);
            const response = respondTo(error, 'patch');
            if (response.kind !== 'lost' || error.facts.isUnsent === true)
                takeBack();
            if (response.kind === 'repeat' || response.kind === 'repeat-few')
                throw error;
            return { kind: response.kind === 'end' ? 'refused' : response.kind, ifMatch, error };
        }
    }
    /** What is refused may be refused because an earlier PATCH has landed; a key that is not accepted cannot read that either. */
    async readAfterRefused(result) {
        const { state, clock, log } = this.context;
        if (state.attempt === undefined || result.error.facts.status === 401)
            throw toRefused(result);
        log.info(`${result.error.message}. Reading to see whether the PATCH before it landed`);
        await pauseForPoll(this.context, clock.nowMs());
        return readWhole(this.context);
    }
    async readAfterMoved(result) {
        const { context } = this;
        const { state, clock, budget, log } = context;
        if (this.isFinal && state.attempt === undefined)
            throw toMoved(result);
        if (result.ifMatch !== undefined)
            state.recordRefusedEtag(result.ifMatch);
        await budget.pause((0,backoff/* conflictDelayMs */.ok)(this.tallies.count('moved'), clock.random()), log);
        const read = await readWhole(context);
        log.patchUnsettled('The cluster moved since it was read: comparing, and planning anew');
        return read;
    }
    async readAfterMovedOrBusy({ kind, ifMatch, error }) {
        const { context } = this;
        const { clock, log, task } = context;
        log.patchUnsettled(`${error.message}. Reading to see whether the cluster moved or is busy`);
        const read = await readWhole(context);
        if (this.tallies.count(kind) === 1 && showsMove(read, ifMatch))
            return read;
        const askedMs = task.onBusy === 'wait' ? askedPauseMs(context, error) : 0;
        await pauseForPoll(context, clock.nowMs() - this.tallies.heldUpMs(kind), { askedMs });
        return readWhole(context);
    }
    failBusy({ kind, error }, result) {
        const refuses = result === 'failed'
            ? 'The API refuses the PATCH because the cluster is busy, and on-busy is fail'
            : `For ${toDurationText(this.tallies.heldUpMs(kind))} the API has refused the PATCH because the cluster is busy`;
        const message = `${refuses}: ${error.message}`;
        const id = failures_requestIdOf(error);
        throw new RunEnded(result === 'failed' ? toFailed('busy', message, id) : toTimedOut('busy-too-long', message, id), error);
    }
    toKeptMoving() {
        const message = `${this.tallies.count('moved')} PATCHes in ${toDurationText(this.context.budget.elapsedMs())} were all refused because the cluster kept moving (412); of what was asked, nobody changed anything: only the status, or fields that were not asked for, moved`;
        return toConflict('kept-moving', message);
    }
    toUnanswered({ kind, error }) {
        const tried = `${this.tallies.count(kind)} PATCHes in ${toDurationText(this.tallies.heldUpMs(kind))}`;
        const isUnsent = this.context.state.attempt === undefined;
        const what = isUnsent ? `No connection could be made for ${tried}` : `${tried} had no usable answer`;
        const message = `${what}; the last one: ${error.message}`;
        const hint = error.hint === undefined ? {} : { hint: error.hint };
        return new RunEnded(toFailed('unavailable', message, { ...hint, ...failures_requestIdOf(error) }), error);
    }
}
/** Whether a read shows another ETag than the one that was sent; one without any shows nothing. */
function showsMove({ etag }, ifMatch) {
    return etag !== undefined && etag !== ifMatch;
}
function toMoved({ error }) {
    const message = `The cluster has changed since its ETag was read (${error.facts.status})`;
    return new RunEnded(toFailed('moved', message, failures_requestIdOf(error)), error);
}
function toRefused({ error }) {
    return new RunEnded(apiErrorToEnding(error, failureOf(error.facts, 'patch'), 'patch'), error);
}
/** The asked fields that a body carries: of resources and alerts all, as soon as any. */
function carriedFields(fields, patch) {
    return fields.filter(({ kind }) => patch[kind] !== undefined);
}
/** The ending where the server made something else of a value than was asked: a limit, or a rounding. */
function findAltered({ state }, { cluster }) {
    const { attempt } = state;
    if (attempt === undefined)
        return undefined;
    const base = attempt.base.cluster;
    const altered = attempt.carried.filter((field) => {
        const fieldIs = fieldState(field, base, cluster, true);
        const isTaken = field.kind === 'alerts' && cluster.alerts !== undefined && field.isCarriedBy(base);
        return fieldIs === 'other' || (fieldIs === 'absent' && isTaken);
    });
    if (altered.length === 0)
        return undefined;
    const texts = altered.map((field) => {
        const made = field.show(cluster);
        return made === undefined ? field.name : `${field.name} (asked ${field.wanted}, made ${made ?? 'absent'})`;
    });
    const made = toShortList(texts, policy/* MOST */._B.conflictRows);
    return toFailed('altered', `The API accepted the PATCH but made something else of it: ${made}`, {
        fieldNames: altered.map(({ name }) => name),
        made: Object.fromEntries(altered.map((field) => [field.name, field.show(cluster) ?? 'absent'])),
    });
}

;// CONCATENATED MODULE: ./lib/src/proof/unrequested.js






/** Everything in the PATCH's own answer that nobody asked for: under the lock of its base that is our doing. */
function findUnrequested(comparison, after) {
    const inAlerts = comparedAlerts(comparison, after);
    return {
        sideEffects: [
            ...changedKnown(comparison, after),
            ...vanishedUnknown(comparison, after),
            ...inAlerts.filter(({ isGone }) => isGone).map(({ field }) => ({ field })),
        ],
        moved: [
            ...movedUnknown(comparison, after),
            ...inAlerts.filter(({ isGone }) => !isGone).map(({ field }) => ({ field })),
        ],
    };
}
/** What the answer already lacked and is now known to be gone. */
function findVanished(comparison, after) {
    const known = changedKnown(comparison, after).filter(({ to }) => to === null);
    const inAlerts = comparison.vanished.has('alerts')
        ? comparedAlerts(comparison, after).flatMap(({ field, isGone }) => (isGone ? [{ field }] : []))
        : [];
    return [...known, ...vanishedUnknown(comparison, after), ...inAlerts];
}
/**
 * Of what was believed gone, what a later read under the answer's own generation shows as it was: it was only late, since to put
 * it back would have moved the generation.
 */
function findFoundAgain(comparison, after, sideEffects) {
    // What this read lacks it does not show, whatever became of it.
    const { sideEffects: lost, moved } = findUnrequested({ ...comparison, vanished: specParts(comparison.base) }, after);
    const differing = new Set([...lost, ...moved].map(({ field }) => field));
    return sideEffects.filter(({ field, to }) => (to ?? null) === null && !differing.has(field));
}
/** Version and known resources that differ: in a later read under the answer's own generation, they are our doing, too. */
function changedKnown({ base, desired, vanished }, after) {
    const version = desired.version !== undefined || base.version === undefined
        ? []
        : differing('version', base.version, after.version, vanished, coversVersion);
    const resources = domain_resources/* RESOURCE_NAMES */.ux.flatMap((name) => {
        const from = base.resources[name];
        if (desired[name] !== undefined || from === undefined)
            return [];
        return differing(name, from, after.resources[name], vanished, domain_quantity/* isSameQuantity */.IA);
    });
    return [...version, ...resources];
}
function differing(field, from, to, vanished, isSame) {
    if (to === undefined)
        return vanished.has(field) ? [{ field, from, to: null }] : [];
    return isSame(from, to) ? [] : [{ field, from, to }];
}
function unrequested_unknownResources(cluster) {
    return Object.entries(cluster.allResources)
        .filter(([name]) => !domain_resources/* RESOURCE_NAMES */.ux.some((known) => known === name))
        .map(([name, value]) => [`resources.${name}`, (0,domain_json/* toText */.fE)(value)]);
}
/** What is no quantity may hold anything, and is only named. */
function toUnknownChange(field, from, to) {
    const isShown = [from, to ?? '0'].every((text) => (0,domain_quantity/* parseQuantity */.Lf)(text) !== undefined);
    return isShown ? { field, from, to } : { field };
}
function vanishedUnknown({ base, vanished }, after) {
    const there = new Map(unrequested_unknownResources(after));
    return unrequested_unknownResources(base)
        .filter(([field]) => !there.has(field) && vanished.has(field))
        .map(([field, from]) => toUnknownChange(field, from, null));
}
function movedUnknown({ base }, after) {
    const there = new Map(unrequested_unknownResources(after));
    return unrequested_unknownResources(base).flatMap(([field, from]) => {
        const to = there.get(field);
        return to === undefined || (0,domain_quantity/* isSameQuantity */.IA)(from, to) ? [] : [toUnknownChange(field, from, to)];
    });
}
function comparedAlerts({ base, desired, vanished }, after) {
    if (base.alerts === undefined || (after.alerts === undefined && !vanished.has('alerts')))
        return [];
    return (0,domain_alerts/* leafPaths */.$0)(base.alerts)
        .filter((path) => !isAsked(desired.alerts, path))
        .map((path) => ({ path, before: (0,domain_alerts/* settingAt */.OZ)(base.alerts, path), now: (0,domain_alerts/* settingAt */.OZ)(after.alerts, path) }))
        .filter(({ before, now }) => !(0,domain_json/* isSameJson */.TL)(before, now))
        .map(({ path, now }) => ({ field: (0,domain_alerts/* toAlertName */.t8)(path), isGone: now === undefined }));
}
/** Whether a path lies on, under or above one that was asked for. */
function isAsked(asked, path) {
    return (0,domain_alerts/* leafPaths */.$0)(asked ?? {}).some((askedPath) => {
        const shorter = Math.min(askedPath.length, path.length);
        return askedPath.slice(0, shorter).every((key, index) => key === path[index]);
    });
}

;// CONCATENATED MODULE: ./lib/src/run/side-effects.js





/** Notes what the accepted PATCH's own answer shows beyond what was asked. */
function noteAnswer(context, { cluster }) {
    const { attempt } = context.state;
    if (attempt !== undefined)
        note(context, findUnrequested(toComparison(context, attempt), cluster));
}
/**
 * Notes what a later read shows our PATCH to have done, and not to have done: where it stands under the very generation of our
 * write, where it confirms that something is gone which the answer lacked, or where no answer showed our change and it is the first
 * that does.
 */
function noteLaterRead(context, { cluster }) {
    const { state } = context;
    noteUnmoved(context, cluster);
    const { attempt } = state;
    if (attempt === undefined)
        return;
    const comparison = toComparison(context, attempt);
    const isNext = isNextAfterSilence(attempt, cluster);
    const isUnderOurs = isUnderAnswered(attempt, cluster);
    // Not every server counts changes of alerts alone.
    const isCounted = attempt.carried.some(({ kind }) => kind !== 'alerts');
    const isCertain = attempt.isAccepted && (isUnderOurs || (isNext && isCounted));
    if (isUnderOurs)
        withdrawFoundAgain(context, comparison, cluster);
    const changed = isCertain ? changedKnown(comparison, cluster) : [];
    note(context, { sideEffects: [...changed, ...findVanished(comparison, cluster)], moved: [] });
    const isFirstSight = attempt.shownBy === undefined && attempt.carried.every((field) => field.isMetBy(cluster));
    if (isFirstSight)
        state.recordShown('read');
    if (isNext || (isFirstSight && !isMovedAgain(attempt, cluster))) {
        const { sideEffects, moved } = findUnrequested(comparison, cluster);
        warnInDoubt(context, [...sideEffects, ...moved]);
    }
}
/** Warns at the end of what the cluster lacks that the base of our PATCH had, where no answer could show whose doing that was. */
function warnOfSilentLoss(context) {
    const { attempt, last } = context.state;
    if (attempt === undefined || attempt.shownBy === 'answer' || last === undefined)
        return;
    const vanished = specParts(attempt.base.cluster);
    warnInDoubt(context, findVanished({ ...toComparison(context, attempt), vanished }, last.cluster));
}
function toComparison({ state, task }, { base }) {
    return { base: base.cluster, desired: task.desired, vanished: state.vanishedByAnswer };
}
/** Our change under the generation from before it says what an answer would: that generations do not count it. */
function noteUnmoved({ state }, cluster) {
    const { attempt } = state;
    if (attempt === undefined || attempt.answeredGeneration !== undefined || cluster.generation === undefined)
        return;
    const { base, carried } = attempt;
    const isOurs = carried.every((field) => fieldState(field, base.cluster, cluster, true) === 'ours');
    if (isOurs && cluster.generation === base.cluster.generation)
        state.recordAnsweredGeneration(cluster.generation);
}
function isUnderAnswered({ base, answeredGeneration }, { generation }) {
    const { generation: before } = base.cluster;
    const isRaised = before !== undefined && answeredGeneration !== undefined && answeredGeneration > before;
    return isRaised && generation === answeredGeneration;
}
/** Where no answer gave a generation, the next one above the locked read's has hardly room for another write, if all is as sent. */
function isNextAfterSilence({ base, answeredGeneration, isLocked, carried }, cluster) {
    const { generation: before } = base.cluster;
    if (answeredGeneration !== undefined || before === undefined || !isLocked)
        return false;
    return cluster.generation === before + 1 && carried.every((field) => field.isAcceptedBy(cluster));
}
/** Two generations above the locked read's, somebody else has written, too. */
function isMovedAgain({ base }, { generation }) {
    const { generation: before } = base.cluster;
    return before !== undefined && generation !== undefined && generation > before + 1;
}
function withdrawFoundAgain({ state, log }, comparison, cluster) {
    const found = findFoundAgain(comparison, cluster, state.sideEffects).map(({ field }) => field);
    state.withdrawSideEffects(found);
    if (found.length === 0)
        return;
    log.info(`Not gone after all, by a later read of the same generation: ${toShortList(found, policy/* MOST */._B.conflictRows)}`);
}
/** Under the lock of its base what differs is the PATCH's doing, and how the run ends says so; without it nobody can tell whose change it was. */
function note(context, { sideEffects, moved }) {
    const { state, log } = context;
    const { attempt } = state;
    const known = new Set(state.sideEffects.map(({ field }) => field));
    const byField = new Map(sideEffects.map((change) => [change.field, change]));
    const news = [...byField.values()].filter(({ field }) => !known.has(field));
    if (attempt?.isLocked !== true || !attempt.isAccepted) {
        warnInDoubt(context, [...news, ...moved]);
        return;
    }
    state.recordSideEffects(sideEffects);
    if (news.length > 0)
        log.info(`${WORDS}: ${side_effects_toChangesText(news)}`);
    warn(context, moved);
}
const WORDS = 'The PATCH changed what was not asked for';
/** Warns, once of each field, of what may be our PATCH's doing or somebody else's. */
function warnInDoubt(context, changes) {
    const { attempt, sideEffects } = context.state;
    const isCertain = (change) => sideEffects.some(({ field }) => field === change.field);
    const news = context.state.recordDoubted(changes.filter((change) => !isCertain(change)));
    const { isLocked, isAccepted } = attempt ?? {};
    const doubt = isLocked !== true
        ? 'the PATCH was not sent under the ETag of the read it was made from'
        : isAccepted === true
            ? 'the PATCH’s answer did not show it'
            : 'the answer to the PATCH was lost';
    warn(context, news, doubt);
}
function warn({ log }, changes, doubt) {
    if (changes.length === 0)
        return;
    log.warn(`${WORDS}${doubt === undefined ? '' : ` (or someone else did: ${doubt})`}: ${side_effects_toChangesText(changes)}`);
}
function side_effects_toChangesText(changes) {
    const texts = changes.map(({ field, from, to }) => from === undefined ? field : `${field} from ${from} to ${to ?? 'nothing'}`);
    return toShortList(texts, policy/* MOST */._B.conflictRows);
}

;// CONCATENATED MODULE: ./lib/src/run/wait.js







/** Polls until the change is proven, and gives what proved it. Throws `RunEnded` where the change is lost, `DeadlineError` where time is up. */
async function waitForProof(context, live, begin) {
    return pollUntil(context, live, begin, (verdict) => (verdict.kind === 'converged' ? verdict : undefined));
}
/**
 * Polls, for a run that does not wait, only until the accepted change is shown: an empty, old or partial answer shows nothing that
 * could be reported as accepted.
 */
async function waitUntilShown(context, live, answer) {
    const isOver = startAllowance(context, policy/* ALLOWANCES */.QQ.watch);
    await pollUntil(context, live, { answer }, (_, read) => {
        if (isShown(context, read))
            return true;
        if (!isOver())
            return undefined;
        throw new RunEnded(toTimedOut('timeout', 'The API accepted the PATCH, but no read has shown the change since'));
    });
}
/** Whether a read shows everything as asked, or on its way, and leaves no doubt about what the PATCH did. */
function isShown({ state, fields }, read) {
    return fields.every((field) => field.isAcceptedBy(read.cluster)) && read.isWhole && !state.isAnswerIncomplete;
}
async function pollUntil(context, live, { read, answer }, toResult) {
    const { state, clock, task } = context;
    enterStage(context, 'waiting');
    const sinceMs = clock.nowMs();
    let history = startHistory(toAwaited(context, live), state.observed, answer?.cluster);
    let provableInMs;
    for (let next = read, isFirst = true;; next = undefined, isFirst = false) {
        if (next === undefined) {
            // An answer that showed nothing is followed by a read at once where nobody waits.
            if (!isFirst || task.wait)
                await pauseForPoll(context, sinceMs, { neededMs: provableInMs });
            next = await readNext(context);
        }
        noteLaterRead(context, next);
        const change = toAwaited(context, live);
        const decided = decideProof(change, history, state.observed, { ...next, degradedSinceMs: state.degradedSinceMs });
        history = decided.history;
        const { verdict } = decided;
        if (verdict.kind === 'failed')
            throw new RunEnded(verdictToEnding(verdict));
        if (verdict.kind === 'pending')
            state.recordMissing(verdict.missing);
        provableInMs = verdict.kind === 'pending' ? verdict.provableInMs : undefined;
        const result = toResult(verdict, next);
        if (result !== undefined)
            return result;
    }
}

;// CONCATENATED MODULE: ./lib/src/run/run.js



















/** One run over one cluster: read, plan, PATCH, wait for proof. It never throws: every path ends in an outcome. */
async function run(task, dependencies) {
    const context = createContext(task, dependencies);
    try {
        return toOutcome(context, await execute(context));
    }
    catch (error) {
        if (error instanceof Error && !(error instanceof errors/* ActionError */.lZ))
            context.log.debug(error.stack ?? error.message);
        return toOutcome(context, errorToEnding(error, context.state, context.budget));
    }
}
/** Everything the run can tell, whatever its ending. */
function toOutcome(context, ending) {
    const { state, log, budget, task } = context;
    if (isGreen(ending.result)) {
        warnOfSilentLoss(context);
        warnOfWhatIsNotAsked(context, ending);
    }
    const { last, plan, wouldChange, phases, attempt, sideEffects } = state;
    const before = state.base ?? state.first;
    const durationMs = budget.elapsedMs();
    const requestId = ending.requestId ?? state.patchRequestId;
    return {
        ...ending,
        ...(isOfTheirs(ending) ? { stoppedBy: findStops(context) } : {}),
        ...(requestId === undefined ? {} : { requestId, isPatchRequestId: requestId === state.patchRequestId }),
        changed: attempt !== undefined,
        ...(wouldChange === undefined ? {} : { wouldChange }),
        ...(plan === undefined ? {} : { plan }),
        ...(plan === undefined || task.hourlyRates === undefined ? {} : { cost: costOfPlan(plan, task.hourlyRates) }),
        ...(sideEffects.length === 0 ? {} : { sideEffects }),
        ...(before === undefined ? {} : { first: before.cluster }),
        ...(last === undefined ? {} : { last: last.cluster }),
        ...(last?.etag === undefined ? {} : { etag: last.etag }),
        task: toAskedTask(context),
        ...(attempt === undefined
            ? {}
            : {
                sent: {
                    edits: attempt.edits,
                    wallMs: attempt.sentWallMs,
                    isCertain: attempt.isAccepted,
                    isInFlight: state.isPatchInFlight,
                },
            }),
        ...(last === undefined ? {} : { lastSeenWallMs: budget.toWallMs(last.atMs) }),
        isVersionReported: state.observed.reported.has('kubernetesVersion'),
        isWaiting: state.stage === 'waiting',
        timeline: phases,
        startWallMs: budget.startWallMs,
        warnings: log.warnings,
        durationMs,
    };
}
/** Whether it ended with the value of someone else in the place of ours, which a further run might replace. */
function isOfTheirs({ kind }) {
    return kind === 'rival' || kind === 'superseded';
}
function toAskedTask({ task, fields }) {
    const { mode, wait, ifMatch, window, freeze, timeoutMs, settleTimeMs, degradedGraceMs } = task;
    const isApply = mode === 'apply';
    const { version } = task.desired;
    return {
        mode,
        wait,
        wanted: fields.map(({ name, wanted }) => ({ field: name, ...(wanted === undefined ? {} : { to: wanted }) })),
        isEtagGiven: ifMatch !== undefined,
        closedBy: [
            ...(isApply && window !== undefined ? ['only-between'] : []),
            ...(isApply && freeze !== undefined ? ['freeze-dates'] : []),
        ],
        ...(version === undefined ? {} : { version }),
        timeoutMs,
        settleTimeMs,
        degradedGraceMs,
    };
}
/** A green ending that stands on a cluster which is not well, or whose version cannot be told, says so. */
function warnOfWhatIsNotAsked({ state, log, fields, task }, { result }) {
    const { last, observed, attempt } = state;
    if (last === undefined)
        return;
    const { haPhase, conditions } = last.cluster;
    for (const condition of conditions.filter(domain_cluster/* deniesHealth */.hg))
        log.warn((0,domain_cluster/* toConditionText */.G5)(condition));
    if (haPhase === 'ha-degraded' || haPhase === 'ha-unavailable')
        log.warn(`High availability: ${haPhase}`);
    if (result !== 'converged' && result !== 'unchanged')
        return;
    const isVersionAsked = askedVersion(fields) !== undefined;
    // After a PATCH of the version the cluster was seen at work on it.
    const wasProven = attempt?.kinds.has('version') === true;
    if (isVersionAsked && !wasProven && !observed.reported.has('kubernetesVersion')) {
        log.warn('This API does not say which version runs');
    }
    const drift = driftOf(last.cluster);
    if (task.mode === 'apply' && !isVersionAsked && drift !== undefined) {
        log.warn(`The cluster runs ${drift.running} although ${drift.desired} is desired: that is older than this run`);
    }
}
async function execute(context) {
    const { mode } = context.task;
    const closed = mode === 'apply' ? whyClosed(context) : undefined;
    if (closed !== undefined)
        return toSkipped(closed);
    const first = await readFirst(context);
    if (mode === 'plan')
        return dryRun(context, first);
    if (mode === 'verify')
        return converge(context, first, { read: first });
    return apply(context, first);
}
function toSkipped(closed) {
    return { result: 'skipped', message: closed };
}
function dryRun(context, live) {
    const plan = makePlan(context, live);
    warnIfDegraded(context, live);
    if ((0,domain_cluster/* phaseKind */.Cl)(live.cluster.phase) === 'busy') {
        const wouldFail = context.task.onBusy === 'fail' && isBusyOtherwise(context, live);
        const would = wouldFail ? 'end busy, as on-busy is fail' : 'wait for it first';
        context.log.warn(`The cluster is ${live.cluster.phase}; an apply now would ${would}`);
    }
    failIfRefused(context, plan);
    const message = plan.edits.length === 0 ? 'Nothing to change.' : 'A dry run: nothing was sent.';
    return { result: 'planned', message };
}
/** Plans from the newest read and sends until a PATCH is accepted, or the target is there, or the run must end. */
async function apply(context, first) {
    const { state } = context;
    const patcher = new Patcher(context);
    const busy = new BusyWait(context);
    failIfOutOfBounds(context, first);
    for (let live = first;;) {
        if (state.base !== undefined) {
            if (compareWithBase(context, live) === 'there') {
                const words = state.attempt === undefined ? 'Someone else made the same change' : 'The PATCH had landed';
                return join(context, live, words);
            }
            patcher.failIfFinal(live);
        }
        if (busy.holdsUp(live)) {
            const [held, closed] = [live, whyClosed(context)];
            if (closed === undefined)
                live = await patcher.uncounted(() => busy.readNext(held));
            else {
                // What would have been sent is told all the same.
                makePlan(context, held);
                live = await watchUnsent(context, { kind: 'closed', why: closed });
            }
            continue;
        }
        enterStage(context, 'planning');
        const plan = makePlan(context, live);
        failIfRefused(context, plan);
        warnIfDegraded(context, live);
        if (plan.edits.length === 0) {
            const look = await lookAgain(context, live);
            if (look.kind === 'unchanged')
                return { result: 'unchanged', message: 'The cluster already is as asked.' };
            if (look.kind === 'under-way')
                return join(context, look.read, UNDER_WAY);
            live = look.read;
            continue;
        }
        const obstacle = whyNotNow(context);
        if (obstacle !== undefined) {
            live = await watchUnsent(context, obstacle, patcher.lastWords);
            continue;
        }
        const again = await patcher.readForLock(live);
        if (again !== undefined) {
            live = again;
            continue;
        }
        if ((await failIfUnapproved(context, plan)) === 'asked') {
            live = await readWhole(context);
            continue;
        }
        const result = await patcher.send(plan, live);
        if (result.kind === 'accepted')
            return follow(context, result, live);
        live = await patcher.readAfter(result);
    }
}
/**
 * Goes on where no PATCH may be sent at this moment. Where none may have been sent before, that ends the run; else it is watched
 * whether an earlier one has landed.
 */
async function watchUnsent(context, { kind, why }, lastWords) {
    const isUntried = context.state.attempt === undefined;
    if (kind === 'closed') {
        if (isUntried)
            throw new RunEnded(toSkipped(why));
        return watchForTarget(context, why, policy/* ALLOWANCES */.QQ.watch);
    }
    const words = lastWords === undefined ? why : `${why}; before that, ${lastWords}`;
    if (isUntried)
        throw new RunEnded(toTimedOut('timeout', words));
    return watchForTarget(context, words, policy/* ALLOWANCES */.QQ.deadline);
}
/** The target is there, or on its way, by a PATCH that had landed, by another hand or by an earlier run: `words` say which. */
async function join(context, live, words) {
    context.log.info(words);
    noteLaterRead(context, live);
    return context.task.wait ? converge(context, live, { read: live }) : accepted(context);
}
const UNDER_WAY = 'The change is already on its way; nothing is sent';
function accepted({ state }) {
    if (state.sideEffects.length > 0)
        return sideEffectsToEnding(state.sideEffects, 'accepted');
    const message = state.attempt === undefined
        ? 'Nothing differs, but the cluster is not settled yet; this run sent nothing, and does not wait.'
        : 'The change is accepted and goes on; this run does not wait for it.';
    return { result: 'accepted', message };
}
/** A PATCH was accepted: looks at its answer, then waits. */
async function follow(context, { answer }, base) {
    const { state, log, task, budget } = context;
    const { shown, requestId } = answer;
    enterStage(context, 'waiting');
    state.recordAccepted(answer.etag);
    const next = task.wait ? `; waiting for proof, at most ${toDurationText(budget.leftMs())}` : '';
    log.info(`PATCH accepted${requestId === undefined ? '' : ` (request ${requestId})`}${next}`);
    const passed = shown === undefined ? undefined : passGate(context, shown);
    const read = passed === undefined || isOldObject(state, passed) ? undefined : passed;
    if (read !== undefined) {
        state.recordAnswer(read);
        const altered = findAltered(context, read);
        if (altered !== undefined)
            return altered;
        noteAnswer(context, read);
    }
    if (task.wait)
        return converge(context, base, { answer: read });
    if (read === undefined || !isShown(context, read)) {
        await waitUntilShown(context, base, read);
    }
    return accepted(context);
}
/** An answer that shows what was sent as it was before is an old object, and says no more than an empty one. */
function isOldObject({ attempt }, { cluster }) {
    if (attempt === undefined)
        return false;
    const { base, carried } = attempt;
    const changed = carried.filter((field) => !field.isMetBy(base.cluster));
    // The short form of our version may be what stood there before: only a higher generation makes it the new one.
    const isRaised = (cluster.generation ?? 0) > (base.cluster.generation ?? Number.POSITIVE_INFINITY);
    const isOld = (field) => isAsBefore(field, base.cluster, cluster) || (!isRaised && isSameIn(field, base.cluster, cluster));
    return changed.some((field) => field.isCarriedBy(cluster)) && changed.every(isOld);
}
/** Waits until what is asked is proven: `live` is the read planned from, `begin` what the wait has already. */
async function converge(context, live, begin) {
    const { evidence, stoodMs } = await waitForProof(context, live, begin);
    const { sideEffects } = context.state;
    if (sideEffects.length > 0)
        return sideEffectsToEnding(sideEffects, 'done');
    return { result: 'converged', evidence, stoodMs, message: `Proven by ${evidence.join(', ')}.` };
}

;// CONCATENATED MODULE: ./lib/src/main.js















/** The bundler takes this one word of package.json into dist/, and nothing else of it. */
const VERSION = package_namespaceObject.rE;
/** The wiring: secrets are masked first, signals cancel the run, and the exit status becomes 0 only once everything is said. */
async function main(env) {
    process.exitCode = 1;
    const secrets = secretsIn(env);
    maskSecrets(secrets);
    // The HTTP client reads them from the process, for GitHub's API too.
    Object.assign(process.env, normalizeProxies(env));
    const redact = (0,src_redact/* createRedactor */.lY)(secrets);
    const cancellation = new AbortController();
    const cancel = () => cancellation.abort();
    process.on('SIGINT', cancel).on('SIGTERM', cancel);
    const log = createLogWriter(redact);
    const { tenant, cluster, jobSummary, comment, isPlan, githubToken } = parseReportInputs(env);
    const clock = createClock(cancellation.signal);
    const surroundings = { clock, cancelled: cancellation.signal, redact };
    // Secrets go before anything is escaped or cut off, which could hide a secret from being found.
    const context = (0,src_redact/* redactDeep */.KL)({ tenant, cluster, ...linksOf(env) }, redact);
    const redactor = (0,src_redact/* createAlertRedactor */.dq)({ secrets, shown: [tenant, cluster, `${tenant}/${cluster}`] });
    const outcome = toShownOutcome(await runAction({ env, redactor, log, githubToken, surroundings }), redactor);
    const published = publishReport({ outcome, context, wantsSummary: jobSummary }, env, redactor, log);
    if (published.isGreen)
        process.exitCode = 0;
    if (comment && !cancellation.signal.aborted) {
        await publishComment({ comment, published, tenant, cluster, isPlan, githubToken, surroundings }, env, log);
    }
}
async function runAction({ env, redactor, log, githubToken: token, surroundings }) {
    const { clock, cancelled } = surroundings;
    const startMs = performance.now();
    try {
        const inputs = await parseInputs(env);
        const { apiKey, tenant, cluster, api: address, mode } = inputs;
        log.info(`kupe-cluster-action ${VERSION}: ${mode} ${tenant}/${cluster} on ${address.host} (${sourceText(inputs)})`);
        for (const warning of inputs.warnings)
            log.warning(warning);
        const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: runId, GITHUB_RUN_ATTEMPT: attempt } = env;
        const exchange = createExchange(toUserAgent(VERSION, { repository, runId, attempt }), cancelled);
        const { alerts, ...values } = inputs.desired;
        redactor.learn(alerts);
        redactor.showAlways(Object.values(values));
        const api = createClusterApi({ apiUrl: address.root, apiKey, tenant, cluster, exchange, redactor });
        const approvedPlans = {
            find: async (limitMs) => {
                const { findApprovedPlans } = await __nccwpck_require__.e(/* import() */ 430).then(__nccwpck_require__.bind(__nccwpck_require__, 1430));
                return findApprovedPlans({ env, token, tenant, cluster }, { ...surroundings, limitMs });
            },
        };
        const outcome = await run(inputs, { api, clock, log, approvedPlans });
        return { ...outcome, warnings: [...inputs.warnings, ...outcome.warnings] };
    }
    catch (error) {
        const outcome = toFailedStart(error, performance.now() - startMs);
        for (const warning of outcome.warnings)
            log.warning(warning);
        return outcome;
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
    };
    if (error instanceof errors/* InputError */.dz) {
        const problems = error.problems.map(errors/* toProblemText */.Q7);
        return { ...unstarted, warnings: error.warnings, ...toFailed('invalid-input', error.message, { problems }) };
    }
    return { ...unstarted, ...toInternal(error) };
}
function sourceText({ api }) {
    if (api.source === 'default')
        return 'the default';
    return api.source === 'api-url' ? 'from api-url' : `from ${api.source} in the environment`;
}
function linksOf(env) {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_SHA: sha } = env;
    const actor = env.GITHUB_TRIGGERING_ACTOR || env.GITHUB_ACTOR;
    const { GITHUB_ACTION_REPOSITORY: action, GITHUB_ACTION_REF: ref } = env;
    const root = server && repository ? `${server}/${repository}` : undefined;
    const attempt = env.GITHUB_RUN_ATTEMPT ? `/attempts/${env.GITHUB_RUN_ATTEMPT}` : '';
    return {
        ...(root && run ? { runUrl: `${root}/actions/runs/${run}${attempt}` } : {}),
        ...(root && sha ? { commitUrl: `${root}/commit/${sha}` } : {}),
        ...(actor ? { actor } : {}),
        ...(run ? { runId: run } : {}),
        ...(server && action && ref ? { readmeUrl: `${server}/${action}/blob/${ref}/README.md` } : {}),
    };
}

;// CONCATENATED MODULE: ./lib/src/index.js

// A dependency's `new Buffer()` behind a proxy would put a warning into the job's log that nobody there can act on.
process.noDeprecation = true;
void main(process.env).then(() => {
    // A half-open connection, such as a proxy's, would keep the step running until the job's timeout. The exit waits until all output is out.
    process.stdout.write('', () => process.exit());
});

module.exports = __webpack_exports__;
/******/ })()
;