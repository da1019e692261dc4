// What a cluster does with our Jobs: node kubernetes.mjs FOLDER SUITE WORK SIPWRIGHT. Each pod is a chroot that has this
// machine's programs, the volumes as they are mounted and sipwright as its entry point; its arguments are taken as they
// stand. A config map is laid down as kubelet does, with links. Prints "sipwright-shards 0: 0": job, index, exit code.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const [folder, suite, work, sipwright] = process.argv.slice(2);

function makeConfigMap(place) {
    mkdirSync(join(place, '..2026'), { recursive: true });
    symlinkSync('..2026', join(place, '..data'));
    for (const name of readdirSync(suite)) {
        cpSync(join(suite, name), join(place, '..2026', name));
        symlinkSync(join('..data', name), join(place, name));
    }
}

function volume(one) {
    const place = join(work, one.configMap?.name ?? one.persistentVolumeClaim.claimName);
    if (one.configMap) makeConfigMap(place);
    else mkdirSync(place, { recursive: true });
    return place;
}

// $(NAME) is filled in from the variables of the container.
const fill = (text, env) => text.replace(/\$\(([A-Z_]+)\)/g, (whole, name) => env[name] ?? whole);

function runPod(name, spec, index, volumes) {
    const container = spec.containers[0];
    const env = Object.fromEntries((container.env ?? []).map((one) => [one.name, one.value]));
    if (index !== undefined) env.JOB_COMPLETION_INDEX = String(index);
    const root = join(work, `${name}-${index ?? 'pod'}`);
    mkdirSync(root, { recursive: true });
    const script = ['set -e'];
    for (const place of ['usr', 'lib', 'lib64', 'bin', 'etc', 'dev', 'proc', 'tmp', 'work'])
        script.push(`mkdir -p "$1/${place}"; [ ! -e /${place} ] || mount --rbind /${place} "$1/${place}"`);
    script.push('mkdir -p "$1/entry"; mount --bind "$2" "$1/entry"');
    for (const one of container.volumeMounts)
        script.push(`mkdir -p "$1${one.mountPath}"; mount --bind "${volumes[one.name]}" "$1${one.mountPath}"`);
    script.push('root=$1; shift 2; exec chroot "$root" /entry/sipwright "$@"');
    const args = container.args.map((one) => fill(one, env));
    const done = spawnSync('unshare', ['-rm', 'sh', '-c', script.join('\n'), 'sh', root, sipwright, ...args], {
        stdio: 'inherit',
        env: { PATH: '/usr/bin:/bin:/usr/sbin', ...env },
    });
    console.log(`${name}${index === undefined ? '' : ' ' + index}: ${done.status}`);
    return done.status;
}

let worst = 0;
const made = {};
for (const path of ['shards.yaml', 'merge.yaml'])
    for (const document of parseAllDocuments(readFileSync(join(folder, path), 'utf8'))) {
        const manifest = document.toJS();
        if (manifest.kind !== 'Job') continue;
        const spec = manifest.spec.template.spec, volumes = {};
        for (const one of spec.volumes) volumes[one.name] = made[one.name] ??= volume(one);
        const pods = manifest.spec.completionMode === 'Indexed' ? [...Array(manifest.spec.completions).keys()] : [undefined];
        for (const index of pods) worst = Math.max(worst, runPod(manifest.metadata.name, spec, index, volumes));
    }
process.exitCode = worst;
