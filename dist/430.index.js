"use strict";
exports.id = 430;
exports.ids = [430];
exports.modules = {

/***/ 1430:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  commentOnPullRequest: () => (/* binding */ commentOnPullRequest),
  findApprovedPlans: () => (/* reexport */ findApprovedPlans)
});

// EXTERNAL MODULE: ./lib/src/policy.js
var policy = __webpack_require__(3551);
// EXTERNAL MODULE: ./lib/src/domain/backoff.js
var backoff = __webpack_require__(8550);
// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5770);
// EXTERNAL MODULE: ./lib/src/redact.js + 4 modules
var src_redact = __webpack_require__(1675);
;// CONCATENATED MODULE: ./lib/src/github/github-error.js



/** A call to GitHub that failed, in words of its own. */
class GitHubError extends errors/* ActionError */.lZ {
    trouble;
    status;
    retryAfterMs;
    mayPass;
    constructor(message, { trouble, status, retryAfterMs = 0, mayPass = false, cause }) {
        super(message, { cause });
        this.trouble = trouble;
        this.status = status;
        this.retryAfterMs = retryAfterMs;
        this.mayPass = mayPass;
    }
}
/** What octokit threw, by its status and headers. */
function toGitHubError(cause, redact) {
    const { status = 0, response, message = String(cause) } = (cause ?? {});
    const said = (0,src_redact/* toShownLine */.Xm)(message, redact, { longest: policy/* LONGEST */.zP.githubMessage });
    // A connection that failed gets status 500 of octokit, and has no response.
    if (response === undefined) {
        return new GitHubError(`GitHub cannot be reached (${said})`, { trouble: 'failing', mayPass: true, cause });
    }
    const { 'retry-after': retryAfter, 'x-ratelimit-remaining': callsLeft } = response.headers ?? {};
    const isAsked = retryAfter !== undefined;
    const facts = { status, retryAfterMs: (Number(retryAfter) || 0) * 1_000, cause };
    if (status === 401) {
        const text = `GitHub does not accept github-token: it has expired, or is none (401 ${said})`;
        return new GitHubError(text, { trouble: 'token', ...facts });
    }
    if (status === 429 || (status === 403 && (isAsked || callsLeft === '0'))) {
        const text = `GitHub allows no more calls for now (${status} ${said})`;
        return new GitHubError(text, { trouble: 'limited', mayPass: status === 429 || isAsked, ...facts });
    }
    if (status === 403) {
        return new GitHubError(`github-token may not do this (403 ${said})`, { trouble: 'permission', ...facts });
    }
    if (status === 404 || status === 410) {
        const text = `GitHub shows github-token no such thing (${status} ${said})`;
        return new GitHubError(text, { trouble: 'not-found', ...facts });
    }
    // Its words may be a whole page of whatever stands between.
    if (status >= 500) {
        return new GitHubError(`GitHub answered ${status}`, { trouble: 'failing', mayPass: true, ...facts });
    }
    return new GitHubError(`GitHub refused it (${status} ${said})`, { trouble: 'refused', ...facts });
}

;// CONCATENATED MODULE: ./lib/src/github/client.js




/**
 * The client of one repository. octokit is loaded only here: it is large, and parses the file of the run's event as it is loaded,
 * so that has to be read before.
 */
async function createGitHub(repository, surroundings) {
    const { owner, name: repo, token, apiUrl, graphqlUrl } = repository;
    const { clock, cancelled, redact, limitMs } = surroundings;
    const untilMs = clock.nowMs() + limitMs;
    if (token === '')
        throw new GitHubError('github-token is empty', { trouble: 'token' });
    const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
    const octokit = getOctokit(token, { baseUrl: apiUrl, log: SILENT });
    async function callOnce(call) {
        const leftMs = untilMs - clock.nowMs();
        if (leftMs <= 0)
            throw new GitHubError('GitHub did not answer in time', { trouble: 'slow' });
        const tooLong = AbortSignal.timeout(Math.ceil(Math.min(policy/* GITHUB */.U0.longestCallMs, leftMs)));
        try {
            return await call({ signal: AbortSignal.any([cancelled, tooLong]) });
        }
        catch (error) {
            // octokit gives an abort a status of its own, which looks like an answer of GitHub's: the signals know better.
            if (cancelled.aborted)
                throw new errors/* CancelledError */.cc(error);
            if (tooLong.aborted)
                throw new GitHubError('GitHub did not answer in time', { trouble: 'slow', cause: error });
            throw toGitHubError(error, redact);
        }
    }
    async function pauseBeforeRepeat(error, failures) {
        if (!(error instanceof GitHubError) || !error.mayPass || failures > policy/* GITHUB */.U0.repeats)
            throw error;
        const pauseMs = Math.max(error.retryAfterMs, (0,backoff/* retryDelayMs */.qO)(failures, clock.random()));
        if (clock.nowMs() + pauseMs >= untilMs)
            throw error;
        await clock.sleep(pauseMs);
    }
    async function call(make) {
        for (let failures = 1;; failures++) {
            try {
                return await callOnce(make);
            }
            catch (error) {
                await pauseBeforeRepeat(error, failures);
            }
        }
    }
    /** All pages of a list, each repeated on its own. */
    async function listAll(make) {
        const all = [];
        for (let page = 1;; page++) {
            const { data, headers } = await call(make(page));
            all.push(...data);
            if (!/rel="next"/.test(headers.link ?? ''))
                return all;
        }
    }
    return {
        listComments: async (pullRequest) => {
            const comments = await listAll((page) => (request) => {
                const where = { owner, repo, issue_number: pullRequest, per_page: 100, page, request };
                return octokit.rest.issues.listComments(where);
            });
            return comments.map(({ id, body, user, updated_at: updatedAt }) => ({
                id,
                body: body ?? '',
                author: user?.login,
                updatedAt,
            }));
        },
        createComment: async (pullRequest, body) => {
            await callOnce((request) => octokit.rest.issues.createComment({ owner, repo, issue_number: pullRequest, body, request }));
        },
        updateComment: async (id, body) => {
            await call((request) => octokit.rest.issues.updateComment({ owner, repo, comment_id: id, body, request }));
        },
        listMerged: async (commit, branch) => {
            const linked = await listAll((page) => (request) => {
                const where = { owner, repo, commit_sha: commit, per_page: 100, page, request };
                return octokit.rest.repos.listPullRequestsAssociatedWithCommit(where);
            }).catch((error) => {
                // A commit that was pushed a moment ago may not be known there yet.
                if (error instanceof GitHubError && error.status === 422)
                    return [];
                throw error;
            });
            return linked.flatMap(({ number, merged_at: mergedAt, merge_commit_sha: merge, base }) => mergedAt && merge === commit && base.ref === branch ? [{ number, mergedAt }] : []);
        },
        findViewer: async () => {
            const { data } = await call((request) => octokit.request({ method: 'POST', url: graphqlUrl, query: 'query { viewer { login } }', request }));
            const login = data?.data?.viewer?.login;
            if (typeof login === 'string' && login !== '')
                return login;
            throw new GitHubError('GitHub did not say whom github-token belongs to', { trouble: 'refused' });
        },
        pauseBeforeRepeat,
    };
}
const nothing = () => undefined;
/** octokit would write to the job's log what the server says. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

;// CONCATENATED MODULE: ./lib/src/github/comment.js

/**
 * Updates the comment made before, or creates one. A comment that is gone, or can no longer be edited, is followed by a new one.
 * Gives what it did. Throws `GitHubError`, or `CancelledError`.
 */
async function writeComment(github, request) {
    const { pullRequest, body, mayCreate } = request;
    const lost = new Set();
    for (let failures = 1;; failures++) {
        const ours = await findOurs(github, request, lost);
        if (ours !== undefined) {
            const updated = await update(github, ours, body);
            if (updated === 'updated')
                return 'written';
            lost.add(ours.id);
            // Somebody deleted what need not be there.
            if (updated === 'gone' && !mayCreate)
                return 'not-needed';
        }
        else if (!mayCreate)
            return 'not-needed';
        try {
            await github.createComment(pullRequest, body);
            return 'written';
        }
        catch (error) {
            // It may have been created all the same, so the next round looks first.
            await github.pauseBeforeRepeat(error, failures);
        }
    }
}
/** The newest comment that begins so and that this token's own identity wrote: anybody can write our marker. */
async function findOurs(github, { pullRequest, prefix }, lost) {
    const comments = await github.listComments(pullRequest);
    const marked = comments.filter(({ id, body }) => body.startsWith(prefix) && !lost.has(id));
    return (await keepOwn(github, marked)).at(-1);
}
/** Those of the comments that this token's own identity wrote. It is asked for only where there are any. */
async function keepOwn(github, comments) {
    if (comments.length === 0)
        return [];
    const viewer = (await github.findViewer()).toLowerCase();
    return comments.filter(({ author }) => author?.toLowerCase() === viewer);
}
async function update(github, { id }, body) {
    try {
        await github.updateComment(id, body);
        return 'updated';
    }
    catch (error) {
        if (!(error instanceof GitHubError))
            throw error;
        if (error.trouble === 'not-found')
            return 'gone';
        // Whoever may not write at all is told so by the creation that follows.
        if (error.trouble === 'permission' || error.trouble === 'refused')
            return 'fixed';
        throw error;
    }
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./lib/src/github/marker.js

const NAME = 'kupe-cluster-action';
/**
 * The hidden first line of a comment. Names stand in it as digests, so that none can close the HTML comment. `prefix` finds the
 * comment again: the digest of a plan, behind it, moves.
 */
function toMarker(identity, content) {
    const { tenant, cluster, workflow, job, step } = identity;
    const prefix = `<!-- ${NAME} ${content.kind} ${digestOf([tenant, cluster, workflow, job, step])} `;
    if (content.kind === 'result')
        return { prefix, line: `${prefix}-->` };
    return { prefix, line: `${prefix}${toClusterId(tenant, cluster)} ${content.digest ?? 'none'} -->` };
}
const PLAN = new RegExp(`^<!-- ${NAME} plan ([0-9a-f]{64}) ([0-9a-f]{64}) ([0-9a-f]{16}|none) -->(?:\\r?\\n|$)`);
/** What the first line of a comment says of a plan in it; `undefined` where it is no marker of one. */
function parsePlanMarker(body) {
    const [, identity, cluster, digest] = PLAN.exec(body) ?? [];
    if (identity === undefined || cluster === undefined)
        return undefined;
    return { identity, cluster, ...(digest === undefined || digest === 'none' ? {} : { digest }) };
}
function toClusterId(tenant, cluster) {
    return digestOf([tenant, cluster]);
}
function digestOf(names) {
    return (0,external_node_crypto_.createHash)('sha256').update(JSON.stringify(names)).digest('hex');
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./lib/src/github/pull-request.js


/** The file that says what a run's event was cannot be read, and never will be: a run that is started again has the same. */
class EventError extends errors/* ActionError */.lZ {
}
/** Reads what the run's event says. Throws `EventError` where its file cannot be read. */
function readOrigin(env) {
    const { GITHUB_EVENT_PATH: path } = env;
    return originOf(path ? parseEvent(path) : undefined, env);
}
function parseEvent(path) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(path, 'utf8'));
    }
    catch (cause) {
        // Its own words would show a part of the file.
        const why = cause instanceof SyntaxError ? 'is no JSON' : 'cannot be opened';
        throw new EventError(`the run’s event cannot be read: its file ${why}`, { cause });
    }
}
/** What an event says: all of it comes from outside, and any part of it may be `null`. */
function originOf(event, env) {
    const { action, pull_request: direct, issue, workflow_run: run, repository } = (event ?? {});
    if (isNumber(direct?.number)) {
        const { number, merged, merged_at: mergedAt } = direct;
        if (action !== 'closed' || merged !== true)
            return { kind: 'pull-request', number };
        return { kind: 'merged', number, ...(mergedAt ? { mergedAt } : {}) };
    }
    // An issue is a pull request where it says so.
    if (issue?.pull_request && isNumber(issue.number))
        return { kind: 'pull-request', number: issue.number };
    if (run)
        return originOfWorkflowRun(run, repository?.id);
    return env.GITHUB_EVENT_NAME === 'push' ? originOfPush(env) : { kind: 'none' };
}
/** Its list has the pull requests of other repositories, too, that the branch was opened as: a fork's, say. */
function originOfWorkflowRun(run, repositoryId) {
    const linked = Array.isArray(run.pull_requests) ? run.pull_requests : [];
    const [first, ...others] = linked.filter((pullRequest) => {
        const baseId = pullRequest?.base?.repo?.id;
        return !isNumber(repositoryId) || !isNumber(baseId) || baseId === repositoryId;
    });
    if (!isNumber(first?.number))
        return { kind: 'none' };
    return others.length > 0 ? { kind: 'several' } : { kind: 'pull-request', number: first.number };
}
function originOfPush({ GITHUB_REF: ref = '', GITHUB_SHA: commit = '' }) {
    const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
    return branch === undefined || commit === '' ? { kind: 'none' } : { kind: 'push', commit, branch };
}
function isNumber(number) {
    return Number.isSafeInteger(number);
}
/** The repository that a run belongs to, and where its GitHub is. */
function toRepository(env, token) {
    const apiUrl = env.GITHUB_API_URL || 'https://api.github.com';
    // A GitHub Enterprise server has its two roots side by side.
    const graphqlUrl = env.GITHUB_GRAPHQL_URL || `${apiUrl.replace(/\/v3\/?$/, '')}/graphql`;
    const [owner = '', name = ''] = (env.GITHUB_REPOSITORY ?? '').split('/');
    return { apiUrl, graphqlUrl, owner, name, token };
}

// EXTERNAL MODULE: ./lib/src/domain/approval.js
var approval = __webpack_require__(5635);
;// CONCATENATED MODULE: ./lib/src/github/approved-plans.js







/** The plans that the merged pull request of this run showed for this cluster. Throws nothing but `CancelledError`. */
async function findApprovedPlans(request, surroundings) {
    try {
        return await findApproval(request, surroundings);
    }
    catch (error) {
        if (error instanceof errors/* CancelledError */.cc)
            throw error;
        return toUnreadable(error);
    }
}
async function findApproval({ env, token, tenant, cluster }, surroundings) {
    const origin = readOrigin(env);
    if (origin.kind !== 'push' && origin.kind !== 'merged') {
        const event = env.GITHUB_EVENT_NAME ?? 'unknown';
        return { kind: 'not-found', message: `a run of the event ${event} is not that of a merge` };
    }
    const github = await createGitHub(toRepository(env, token), surroundings);
    const clusterId = toClusterId(tenant, cluster);
    if (origin.kind === 'merged')
        return findShown(github, origin, clusterId);
    const { commit, branch } = origin;
    const [merged, ...others] = await github.listMerged(commit, branch);
    if (merged === undefined) {
        const what = `commit ${commit.slice(0, 7)} of ${branch}`;
        return { kind: 'unlinked', message: `GitHub names no merged pull request for ${what}: was it pushed directly?` };
    }
    if (others.length > 0) {
        const numbers = [merged, ...others].map(({ number }) => `#${number}`).join(', ');
        return { kind: 'not-found', message: `this commit belongs to several merged pull requests: ${numbers}` };
    }
    return findShown(github, merged, clusterId);
}
/**
 * The plans that stand in the comments of a pull request. What a comment says since the merge was not there to be approved; and of
 * two comments for the same step, which runs at the same moment can make, only the newer one is kept up to date.
 */
async function findShown(github, { number, mergedAt }, clusterId) {
    const comments = await github.listComments(number);
    const marked = comments.filter(({ body }) => parsePlanMarker(body)?.cluster === clusterId);
    const own = await keepOwn(github, marked);
    const newest = new Map(own.map((comment) => [parsePlanMarker(comment.body)?.identity, comment]));
    const before = [...newest.values()].filter(({ updatedAt }) => !isAfter(updatedAt, mergedAt));
    const digests = before.flatMap(({ body }) => parsePlanMarker(body)?.digest ?? []);
    if (digests.length > 0)
        return { kind: 'found', pullRequest: number, digests };
    return { kind: 'not-found', message: `pull request #${number} ${whyNone(marked.length, own.length, before.length)}` };
}
function whyNone(marked, own, before) {
    if (marked === 0)
        return 'has no comment with a plan for this cluster';
    if (own === 0)
        return 'has a comment with a plan for this cluster, but by someone else than github-token belongs to';
    if (before === 0)
        return 'has a comment with a plan for this cluster, but it was changed after the merge';
    return 'has a comment for this cluster that says why there is no plan';
}
function isAfter(updatedAt, mergedAt) {
    return Date.parse(updatedAt ?? '') > Date.parse(mergedAt ?? '');
}
function toUnreadable(error) {
    const message = (0,errors/* messageOf */.bD)(error);
    if (!(error instanceof GitHubError)) {
        const text = error instanceof EventError ? message : `a fault of this action: ${message}`;
        return { kind: 'unreadable', message: text, hint: approval/* APPROVE_ANEW */.W };
    }
    const hint = READ_HINTS[error.trouble];
    return { kind: 'unreadable', message, ...(hint === undefined ? {} : { hint }) };
}
/** What helps, where running again would not. */
const READ_HINTS = {
    permission: 'Give the job the permission pull-requests: read, then run again.',
    'not-found': 'Give the job the permission pull-requests: read, then run again.',
    token: 'Give a github-token that is valid; without that input it is the job’s own. Then run again.',
    limited: undefined,
    failing: undefined,
    slow: undefined,
    refused: undefined,
};

;// CONCATENATED MODULE: ./lib/src/github/on-demand.js





// One file for everything that is loaded only where GitHub is asked.

/**
 * Keeps the comment on the pull request that this run belongs to up to date: of the event, or after a merge of the one that was
 * merged. Throws `GitHubError`, `CancelledError` or `EventError`.
 */
async function commentOnPullRequest({ env, token, tenant, cluster, plan, mayCreate, text }, surroundings) {
    const origin = readOrigin(env);
    if (origin.kind === 'none')
        return 'no-pull-request';
    if (origin.kind === 'several')
        return 'several-pull-requests';
    const github = await createGitHub(toRepository(env, token), { ...surroundings, limitMs: policy/* GITHUB */.U0.longestMs });
    const [pullRequest, ...others] = await numbersOf(origin, github);
    if (pullRequest === undefined)
        return 'no-pull-request';
    if (others.length > 0)
        return 'several-pull-requests';
    // What is planned after the merge nobody has approved: it must not stand where the approved plan stood.
    const content = plan !== undefined && origin.kind === 'pull-request' ? { kind: 'plan', ...plan } : RESULT;
    const { prefix, line } = toMarker(toIdentity(env, tenant, cluster), content);
    return writeComment(github, { pullRequest, prefix, body: `${line}\n${text}`, mayCreate });
}
const RESULT = { kind: 'result' };
async function numbersOf(origin, github) {
    if (origin.kind !== 'push')
        return [origin.number];
    return (await github.listMerged(origin.commit, origin.branch)).map(({ number }) => number);
}
function toIdentity(env, tenant, cluster) {
    const { GITHUB_WORKFLOW: workflow = '', GITHUB_JOB: job = '', GITHUB_ACTION: step = '' } = env;
    return { tenant, cluster, workflow, job, step };
}


/***/ })

};
;