// What Jenkins does with our pipeline: groovy jenkins.groovy JENKINSFILE SUITE WORK [NAME=VALUE ...]. The cells of the
// matrix go one after the other, each in a workspace of its own; every sh is executed as it stands. Of the steps there
// are those that we use, and none other. NAME=VALUE: of the environment. Its exit code is 1 where the build fails.
class Declarative {
    static Map words = [:]
    static List done = []
    static Map stashes = [:]
    static Map env = [:]
    static File suite, work, workspace
    static boolean failed = false, stopped = false

    static void run(Closure body) {
        body.delegate = new Declarative()
        body.resolveStrategy = Closure.DELEGATE_FIRST
        body()
    }

    def propertyMissing(String name) {
        if (!env.containsKey(name) && !(name in ['any', 'none', 'scm'])) throw new MissingPropertyException(name, Declarative)
        env[name]
    }

    // What only says how; a label of an agent, a timeout of the whole.
    void agent(Object any) {}
    void options(Closure any) {}
    void parameters(Closure body) { run(body) }
    void string(Map one) { if (!env.containsKey(one.name)) env[one.name] = one.defaultValue }
    void stages(Closure body) { run(body) }
    void steps(Closure body) { run(body) }
    void axes(Closure body) { run(body) }
    void axis(Closure body) { words.clear(); run(body); words.axis = [words.name, words.values] }
    void name(String text) { words.name = text }
    void values(String... all) { words.values = all as List }
    void always(Closure body) { run(body) }

    // A step that fails ends its stage and leaves out those that follow; what stands in post is done all the same.
    void stage(String name, Closure body) {
        if (stopped) return
        def before = failed
        workspace = new File(work, name + (env.SHARD ?: ''))
        workspace.mkdirs()
        try {
            run(body)
        } catch (IllegalStateException step) {
            failed = stopped = true
        }
        if (words.post) run(words.remove('post'))
        done << "$name${env.SHARD ? " ($env.SHARD)" : ''}: ${failed && !before ? 'failure' : 'success'}"
    }
    void post(Closure body) { words.post = body }

    // A cell that fails stops none of the others.
    void matrix(Closure body) {
        def any = false
        body.delegate = new Declarative() {
            void stages(Closure inner) {
                def (axis, all) = words.axis
                all.each { value ->
                    stopped = false
                    env[axis] = value
                    Declarative.run(inner)
                    env.remove(axis)
                    any |= stopped
                }
            }
        }
        body.resolveStrategy = Closure.DELEGATE_FIRST
        body()
        stopped = any
    }

    void catchError(Map how, Closure body) {
        try {
            run(body)
        } catch (IllegalStateException step) {
            failed = true
        }
    }

    void checkout(Object scm) { copy(suite, workspace) }
    void sh(String script) {
        def builder = new ProcessBuilder('sh', '-xe', '-c', script).directory(workspace).inheritIO()
        builder.environment().putAll(env)
        if (builder.start().waitFor() != 0) throw new IllegalStateException('sh')
    }
    void stash(Map one) {
        def place = new File(work, "stash-${one.name}")
        copy(new File(workspace, one.includes - '/**'), new File(place, one.includes - '/**'))
        stashes[one.name.toString()] = place
    }
    void unstash(String name) {
        if (!stashes[name]) throw new IllegalStateException("no stash $name")
        copy(stashes[name], workspace)
    }
    private void found(String pattern) {
        def matcher = java.nio.file.FileSystems.default.getPathMatcher('glob:' + pattern)
        def any = false
        workspace.eachFileRecurse { if (matcher.matches(workspace.toPath().relativize(it.toPath()))) any = true }
        if (!any) { println "there is no $pattern"; failed = true }
    }
    void junit(Map one) { found(one.testResults) }
    void archiveArtifacts(Map one) { found(one.artifacts) }
    void publishHTML(Map one) { found("${one.target.reportDir}/${one.target.reportFiles}") }
    private static void copy(File from, File to) {
        to.mkdirs()
        if (!from.exists()) return
        if (['cp', '-a', "$from/.", "$to"].execute().waitFor() != 0) throw new IOException("$from")
    }
}

def (jenkinsfile, suite, work) = args[0..2]
Declarative.suite = new File(suite)
Declarative.work = new File(work)
args.drop(3).each { def (name, value) = it.split('=', 2); Declarative.env[name] = value }
def binding = new Binding(pipeline: { Closure body -> Declarative.run(body) })
new GroovyShell(binding).evaluate(new File(jenkinsfile))
Declarative.done.each { println it }
System.exit(Declarative.failed ? 1 : 0)
