export const id = 66;
export const ids = [66];
export const modules = {

/***/ 8066:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   pullRequestOf: () => (/* binding */ pullRequestOf),
/* harmony export */   writeComment: () => (/* binding */ writeComment)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _actions_github__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2413);
/* harmony import */ var _policy_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9230);
/* harmony import */ var _markdown_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2560);




/** Creates the comment, or updates the one made before: it is found again by a hidden marker. Throws where GitHub refuses. */
async function writeComment(target, token, sections, signal) {
    const octokit = (0,_actions_github__WEBPACK_IMPORTED_MODULE_1__/* .getOctokit */ .Q)(token, { baseUrl: target.apiUrl, request: { signal } });
    const marker = toMarker(target.identity);
    const body = `${marker}\n${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_3__/* .joinSections */ .lS)(sections, { characters: _policy_js__WEBPACK_IMPORTED_MODULE_2__/* .LONGEST */ .zP.comment - marker.length - 1 })}`;
    const here = { owner: target.owner, repo: target.repository };
    const comments = await octokit.paginate(octokit.rest.issues.listComments, {
        ...here,
        issue_number: target.pullRequest,
        per_page: 100,
    });
    const ours = comments.find((comment) => comment.body?.startsWith(marker) === true);
    if (ours === undefined)
        await octokit.rest.issues.createComment({ ...here, issue_number: target.pullRequest, body });
    else
        await octokit.rest.issues.updateComment({ ...here, comment_id: ours.id, body });
}
/** A digest, so that no name can close the HTML comment. */
function toMarker(identity) {
    return `<!-- kupe-cluster-action ${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(JSON.stringify(identity)).digest('hex')} -->`;
}
/** The number of the pull request that an event is about, or `undefined` outside of one. */
function pullRequestOf(event) {
    const { pull_request: direct, issue } = (event ?? {});
    const number = direct?.number ?? (issue?.pull_request === undefined ? undefined : issue.number);
    return Number.isSafeInteger(number) ? number : undefined;
}


/***/ })

};
