// What GitHub does with our workflow and our action: node github.mjs CI-FOLDER SUITE WORK [NAME=VALUE ...]. Every run: is
// executed as it stands; expressions are evaluated by GitHub's own library; of the actions of others there are those
// that carry files. NAME=VALUE: of the context github. Prints what each job came to, "scenarios (1): success".
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Evaluator, Lexer, Parser, data } from '@actions/expressions';
import { parse } from 'yaml';

const [ci, suite, work, ...pairs] = process.argv.slice(2);
const github = { run_number: '41', token: 'none', ...Object.fromEntries(pairs.map((pair) => pair.split('='))) };
const artifacts = join(work, 'artifacts');

const dictionary = (object) =>
    new data.Dictionary(
        ...Object.entries(object).map(([key, value]) => ({
            key,
            value: typeof value === 'object' ? dictionary(value) : new data.StringData(String(value)),
        })),
    );

// status: whether what came before failed.
function evaluate(text, context, status) {
    const answers = { always: true, cancelled: false, success: !status.failed, failure: status.failed };
    const functions = Object.entries(answers).map(([name, answer]) => ({
        name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer),
    }));
    const tree = new Parser(new Lexer(text).lex().tokens, Object.keys(context), functions).parse();
    return new Evaluator(tree, dictionary(context), new Map(functions.map((one) => [one.name, one]))).evaluate();
}

const fill = (text, context, status) =>
    String(text).replace(/\$\{\{(.*?)\}\}/gs, (_, inner) => evaluate(inner.trim(), context, status).coerceString());

// A condition that asks for no status asks for success too.
function wanted(condition, context, status) {
    if (condition === undefined) return !status.failed;
    const inner = String(condition).replace(/^\$\{\{(.*)\}\}$/s, '$1').trim();
    const asks = /\b(always|cancelled|success|failure)\(/.test(inner);
    return (asks || !status.failed) && ['true', 'True'].includes(evaluate(`!(!(${inner}))`, context, status).coerceString());
}

function shell(step, context, status, job, action) {
    const output = join(work, 'output');
    writeFileSync(output, '');
    const env = Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value, context, status)]);
    const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', fill(step.run, context, status)], {
        cwd: job.workspace,
        stdio: 'inherit',
        env: {
            PATH: process.env.PATH, HOME: work, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: job.workspace,
            GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: job.summary, GITHUB_ACTION_PATH: action,
            GITHUB_ACTION_REPOSITORY: 'owner/sipwright', ...Object.fromEntries(env),
        },
    });
    const outputs = readFileSync(output, 'utf8').trim().split('\n').map((line) => line.split('='));
    return { failed: done.status !== 0, outputs: Object.fromEntries(outputs.filter((pair) => pair.length === 2)) };
}

// Those of others; all they do is to carry files.
const carriers = {
    'actions/checkout@v4': (_, job) => cpSync(suite, job.workspace, { recursive: true }),
    'actions/upload-artifact@v4': (given, job) =>
        cpSync(join(job.workspace, given.path), join(artifacts, given.name), { recursive: true }),
    'actions/download-artifact@v4': (given, job) => {
        const begin = given.pattern.replace(/\*$/, '');
        for (const name of readdirSync(artifacts).filter((one) => one.startsWith(begin)))
            cpSync(join(artifacts, name), join(job.workspace, given.path, name), { recursive: true });
    },
};

function runAction(given, job) {
    const path = join(ci, 'github');
    const action = parse(readFileSync(join(path, 'action.yml'), 'utf8'));
    const unknown = Object.keys(given).filter((name) => !(name in action.inputs));
    if (unknown.length > 0) throw new Error(`the action has no input ${unknown}`);
    const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, one]) => [name, given[name] ?? one.default]));
    const context = { inputs, github, steps: {} };
    const status = { failed: false };
    for (const step of action.runs.steps) runStep(step, context, status, job, path);
    for (const [name, one] of Object.entries(action.outputs))
        console.log(`  ${name}=${fill(one.value, context, status)}`);
    return status.failed;
}

function runStep(step, context, status, job, action) {
    if (!wanted(step.if, context, status)) return;
    let failed = false;
    if (step.run !== undefined) {
        const done = shell(step, context, status, job, action);
        if (step.id) context.steps[step.id] = { outputs: done.outputs };
        failed = done.failed;
    } else {
        const given = Object.fromEntries(
            Object.entries(step.with ?? {}).map(([name, value]) => [name, fill(value, context, status)]));
        if (/\/sipwright\/ci\/github@/.test(step.uses)) failed = runAction(given, job);
        else carriers[step.uses](given, job);
    }
    status.failed ||= failed;
}

function runJob(name, job, cells, before) {
    const results = cells.map((matrix, index) => {
        const label = cells.length > 1 ? `${name} (${Object.values(matrix)})` : name;
        const place = { workspace: join(work, `${name}-${index}`), summary: join(work, `${name}-${index}.md`) };
        const status = { failed: before };
        const context = { matrix, github, strategy: { 'job-total': cells.length, 'job-index': index }, steps: {} };
        if (!wanted(job.if, context, status)) return label + ': skipped';
        status.failed = false;
        mkdirSync(place.workspace, { recursive: true });
        appendFileSync(place.summary, '');
        for (const step of job.steps) runStep(step, context, status, place);
        return `${label}: ${status.failed ? 'failure' : 'success'}`;
    });
    for (const line of results) console.log(line);
    return results.some((line) => line.endsWith('failure'));
}

mkdirSync(artifacts, { recursive: true });
const workflow = parse(readFileSync(join(ci, 'github/workflow.yml'), 'utf8'));
const failed = {};
for (const [name, job] of Object.entries(workflow.jobs)) {
    const [axis, values] = Object.entries(job.strategy?.matrix ?? {})[0] ?? [];
    const cells = axis ? values.map((value) => ({ [axis]: value })) : [{}];
    const needs = [job.needs ?? []].flat();
    failed[name] = runJob(name, job, cells, needs.some((need) => failed[need]));
}
process.exitCode = Object.values(failed).some(Boolean) ? 1 : 0;
