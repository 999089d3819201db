using Kontena.Kubernetes.Client.Config;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class KubeConfigTests
{
    private readonly TestFolder folder = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Parse_ExecVariableTwice_TheLastCounts()
    {
        var config = KubeConfig.Parse("""
            users:
            - name: u
              user:
                exec: {apiVersion: client.authentication.k8s.io/v1, command: login, env: [{name: A, value: "1"}, {name: A, value: "2"}]}
            """, folder["config"]);
        Assert.That(config.Users.Single().Exec!.Env, Is.EqualTo(new Dictionary<string, string> { ["A"] = "2" }));
    }

    [TestCase("users: [{name: u, user: {tokenFile: \"a\\0b\"}}]", "users[name=u].user.tokenFile: holds a NUL, which no path can")]
    [TestCase("- e: \n  u:\n  n: [\nc", "is not valid YAML near line ")]
    public void Parse_WhatTheLibrariesStumbleOver_IsAFault(string yaml, string problem) =>
        Assert.That(() => KubeConfig.Parse(yaml, folder["config"]), Throws.TypeOf<KubeConfigFault>().With.Message.Contains(problem));

    [Test]
    public void Parse_NestedWithoutEndOrAliasesOfAliases_IsAFault()
    {
        var nested = "clusters: " + new string('[', 30_000) + new string(']', 30_000);
        var laughs = "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"))
            + "clusters: [{name: c, cluster: {server: a, extensions: [{name: client.authentication.k8s.io/exec, extension: *a30}]}}]";
        foreach (var yaml in (string[])[nested, laughs])
            Assert.That(() => KubeConfig.Parse(yaml, folder["config"]), Throws.TypeOf<KubeConfigFault>());
    }

    [Test]
    public void Parse_FullDocument_ReadsEveryField()
    {
        var config = KubeConfig.Parse("""
            apiVersion: v1
            kind: Config
            current-context: dev
            preferences: {}
            clusters:
            - name: c
              cluster:
                server: https://kube.example:6443/prefix
                certificate-authority: pki/ca.crt
                tls-server-name: kube.internal
                proxy-url: socks5://127.0.0.1:1080
                extensions:
                - name: client.authentication.k8s.io/exec
                  extension: {audience: x, count: 3, quoted: "3", on: true, none: null, list: [1.5, a]}
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./bin/login
                  args: [--cluster, "7"]
                  env:
                  - {name: PROFILE, value: dev}
                  interactiveMode: IfAvailable
                  provideClusterInfo: true
                  installHint: brew install login
                as: jane
                as-uid: "9"
                as-groups: [admins]
            contexts:
            - name: dev
              context: {cluster: c, user: u, namespace: team}
            """, "/home/me/.kube/config");

        var access = config.Resolve();
        var exec = access.User.Exec!;
        Assert.Multiple(() =>
        {
            Assert.That((access.Context, access.Namespace, access.Server.ToString()), Is.EqualTo(("dev", "team", "https://kube.example:6443/prefix/")));
            Assert.That(access.Cluster.CertificateAuthority, Is.EqualTo("/home/me/.kube/pki/ca.crt"));
            Assert.That((access.Cluster.TlsServerName, access.Cluster.ProxyUrl), Is.EqualTo(("kube.internal", "socks5://127.0.0.1:1080")));
            Assert.That(access.Cluster.ExecConfig!.ToJsonString(), Is.EqualTo("""{"audience":"x","count":3,"quoted":"3","on":true,"none":null,"list":[1.5,"a"]}"""));
            Assert.That((exec.ApiVersion, exec.Command), Is.EqualTo(("client.authentication.k8s.io/v1", "/home/me/.kube/bin/login")));
            Assert.That(exec.Args, Is.EqualTo(new[] { "--cluster", "7" }));
            Assert.That(exec.Env, Is.EqualTo(new Dictionary<string, string> { ["PROFILE"] = "dev" }));
            Assert.That((exec.InteractiveMode, exec.ProvideClusterInfo, exec.InstallHint), Is.EqualTo(("IfAvailable", true, "brew install login")));
            Assert.That((access.User.ImpersonateUser, access.User.ImpersonateUid, access.User.ImpersonateGroups[0]), Is.EqualTo(("jane", "9", "admins")));
        });
    }

    // The value "canary" stands where a secret might: no message may repeat it.
    [TestCase("canary: [", "f: is not valid YAML near line 2, column 1")]
    [TestCase("[canary]", "f: must hold a mapping")]
    [TestCase("kind: canary", "f: kind: is not Config")]
    [TestCase("users: canary", "f: users: must be a list")]
    [TestCase("users: [canary]", "f: users[0]: must be a mapping")]
    [TestCase("users: [{user: {token: canary}}]", "f: users[0].name: is missing")]
    [TestCase("users: [{name: a, user: canary}]", "f: users[name=a].user: must be a mapping")]
    [TestCase("users: [{name: a}]", "f: users[name=a].user: is missing")]
    [TestCase("users: [{name: a, user: {token: [canary]}}]", "f: users[name=a].user.token: must be text")]
    [TestCase("users: [{name: a, user: {token: canary}}, {name: a, user: {}}]", "f: users[name=a].name: is there twice")]
    [TestCase("users: [{name: a, user: {exec: {apiVersion: x, args: [canary]}}}]", "f: users[name=a].user.exec.command: is missing")]
    [TestCase("users: [{name: a, user: {exec: {apiVersion: x, command: y, args: canary}}}]", "f: users[name=a].user.exec.args: must be a list")]
    [TestCase("users: [{name: a, user: {exec: {apiVersion: x, command: y, args: [[canary]]}}}]", "f: users[name=a].user.exec.args[0]: must be text")]
    [TestCase("users: [{name: a, user: {exec: {apiVersion: x, command: y, env: [{value: canary}]}}}]", "f: users[name=a].user.exec.env[0].name: is missing")]
    [TestCase("clusters: [{name: a, cluster: {insecure-skip-tls-verify: canary}}]", "f: clusters[name=a].cluster.insecure-skip-tls-verify: must be true or false")]
    [TestCase("contexts: [{name: a, context: {user: canary}}]", "f: contexts[name=a].context.cluster: is missing")]
    public void Parse_BadDocument_NamesFileAndField(string yaml, string message)
    {
        var fault = Assert.Throws<KubeConfigFault>(() => KubeConfig.Parse(yaml, "f"))!;
        Assert.That(fault.Message, Is.EqualTo(message));
        Assert.That(fault.ToString(), Does.Not.Contain("canary"));
    }

    [TestCase("{server: canary}", "{}", "f: clusters[name=c].cluster.server: must be an http or https URL")]
    [TestCase("{server: 'ftp://canary'}", "{}", "f: clusters[name=c].cluster.server: must be an http or https URL")]
    [TestCase("{server: 'https://me:canary@x'}", "{}", "f: clusters[name=c].cluster.server: must not carry a user or a query")]
    [TestCase("{server: 'https://x', insecure-skip-tls-verify: true, certificate-authority: a}", "{}", "f: clusters[name=c].cluster.insecure-skip-tls-verify: contradicts the certificate authority beside it")]
    [TestCase("{server: 'https://x', certificate-authority-data: canary!}", "{}", "f: clusters[name=c].cluster.certificate-authority-data: is not base64")]
    [TestCase("{server: 'https://x', certificate-authority-data: Y2FuYXJ5}", "{}", "f: clusters[name=c].cluster.certificate-authority-data: holds no PEM certificate")]
    [TestCase("{server: 'https://x', proxy-url: canary}", "{}", "f: clusters[name=c].cluster.proxy-url: must be an http, https or socks5 URL")]
    [TestCase("{server: 'https://x'}", "{username: me, password: canary}", "f: users[name=u].user.username: basic authentication was removed from Kubernetes in 1.19: use a token, a client certificate or an exec plugin")]
    [TestCase("{server: 'https://x'}", "{password: canary}", "f: users[name=u].user.password: basic authentication was removed from Kubernetes in 1.19: use a token, a client certificate or an exec plugin")]
    [TestCase("{server: 'https://x'}", "{auth-provider: {name: gcp, config: {token: canary}}}", "f: users[name=u].user.auth-provider: auth providers were removed from kubectl in 1.26: use the provider's exec plugin")]
    [TestCase("{server: 'https://x'}", "{client-certificate: a}", "f: users[name=u].user.client-key: is missing beside client-certificate")]
    [TestCase("{server: 'https://x'}", "{client-key-data: Y2FuYXJ5}", "f: users[name=u].user.client-certificate: is missing beside client-key")]
    [TestCase("{server: 'https://x'}", "{client-certificate-data: Y2FuYXJ5, client-key-data: canary!}", "f: users[name=u].user.client-key-data: is not base64")]
    [TestCase("{server: 'https://x'}", "{as-groups: [a]}", "f: users[name=u].user.as: is missing beside as-uid or as-groups")]
    [TestCase("{server: 'https://x'}", "{as: a, as-groups: [a, b]}", "f: users[name=u].user.as-groups: names more than one group, which this client cannot send")]
    [TestCase("{server: 'https://x'}", "{as: a, as-user-extra: {k: [canary]}}", "f: users[name=u].user.as-user-extra: impersonation with extra fields is not supported")]
    [TestCase("{server: 'https://x'}", "{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}", "f: users[name=u].user.exec.apiVersion: must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1")]
    [TestCase("{server: 'https://x'}", "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}", "f: users[name=u].user.exec.interactiveMode: is missing; client.authentication.k8s.io/v1 demands it")]
    [TestCase("{server: 'https://x'}", "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}", "f: users[name=u].user.exec.interactiveMode: is Always, but a controller has no terminal: use Never or IfAvailable")]
    [TestCase("{server: 'https://x'}", "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: canary}}", "f: users[name=u].user.exec.interactiveMode: must be Never, IfAvailable or Always")]
    public void Resolve_ContextThatCannotWork_NamesFileAndField(string cluster, string user, string message)
    {
        var config = KubeConfig.Parse(Document(cluster, user), "f");
        var fault = Assert.Throws<KubeConfigFault>(() => config.Resolve())!;
        Assert.That(fault.Message, Is.EqualTo(message));
        Assert.That(fault.ToString(), Does.Not.Contain("canary"));
    }

    [Test]
    public void Resolve_BadEntryThatNobodyUses_IsLeftAlone()
    {
        var config = KubeConfig.Parse("""
            current-context: x
            clusters: [{name: c, cluster: {server: 'https://x'}}, {name: bad, cluster: {server: nonsense}}]
            users: [{name: u, user: {}}, {name: bad, user: {username: me}}]
            contexts: [{name: x, context: {cluster: c, user: u}}, {name: bad, context: {cluster: bad, user: bad}}]
            """, "f");

        Assert.That(config.Resolve().Namespace, Is.EqualTo("default"));
        Assert.Throws<KubeConfigFault>(() => config.Resolve("bad"));
    }

    [TestCase("current-context: ''", null, "current-context: is not set and no context was named; of contexts there are x, y")]
    [TestCase("current-context: x", "z", "contexts: has no context z; there are x, y")]
    [TestCase("current-context: y", null, "f: contexts[name=y].context.cluster: names the cluster none, which is not there")]
    public void Resolve_ContextMissing_SaysWhichThereAre(string current, string? context, string message)
    {
        var config = KubeConfig.Parse(current + "\n" + """
            clusters: [{name: c, cluster: {server: 'https://x'}}]
            users: [{name: u, user: {}}]
            contexts: [{name: x, context: {cluster: c, user: u}}, {name: y, context: {cluster: none, user: u}}]
            """, "f");
        Assert.That(Assert.Throws<KubeConfigFault>(() => config.Resolve(context))!.Message, Is.EqualTo(message));
    }

    [TestCase("")]
    [TestCase("# nothing\n")]
    [TestCase("clusters: null\nusers:\ncontexts: ~")]
    public void Parse_EmptyDocument_HasNoContexts(string yaml) => Assert.That(KubeConfig.Parse(yaml, "f").Contexts, Is.Empty);

    [Test]
    public void Parse_Json_IsYamlToo() =>
        Assert.That(KubeConfig.Parse("""{"kind":"Config","users":[{"name":"u","user":{"token":"t"}}]}""", "f").Users.Single().Token, Is.EqualTo("t"));

    [Test]
    public void ToString_OfAnyPart_HasNoSecret()
    {
        var config = KubeConfig.Parse(Document("{server: 'https://x'}", "{token: canary1, client-key-data: canary2, exec: {apiVersion: a, command: c, args: [canary3], env: [{name: A, value: canary4}]}}"), "f");
        var user = config.Users.Single();

        Assert.That($"{config} {user} {user.Exec} {new KubeAccess("x", new Uri("https://x/"), config.Clusters[0], user, "default")}", Does.Not.Contain("canary"));
    }

    [Test]
    public void Load_SeveralFiles_FirstToNameAnEntryWins()
    {
        var one = folder.Write("a/one", """
            clusters: [{name: c, cluster: {server: 'https://one', certificate-authority: ca.crt}}]
            users: [{name: u, user: {token: one}}]
            """);
        var two = folder.Write("b/two", """
            current-context: two
            clusters: [{name: c, cluster: {server: 'https://two', tls-server-name: two}}, {name: d, cluster: {server: 'https://d', certificate-authority: ca.crt}}]
            users: [{name: u, user: {token: two}}]
            contexts: [{name: two, context: {cluster: d, user: u}}, {name: other, context: {cluster: c, user: u}}]
            """);
        var three = folder.Write("three", "current-context: other");

        var config = KubeConfig.Load(new KubeConfigSources { KubeConfigVariable = string.Join(Path.PathSeparator, one, folder["missing"], two, three) });

        Assert.Multiple(() =>
        {
            Assert.That(config.Resolve().Cluster.CertificateAuthority, Is.EqualTo(folder["b/ca.crt"]));
            Assert.That(config.Resolve().User.Token, Is.EqualTo("one"));
            var other = config.Resolve("other").Cluster;
            Assert.That((other.Server, other.TlsServerName, other.CertificateAuthority), Is.EqualTo(("https://one", default(string), folder["a/ca.crt"])), "entries are never mixed");
        });
    }

    [Test]
    public void Load_EverySourceThere_TakesThemInOrder()
    {
        var pod = Pod("t");
        var all = new KubeConfigSources
        {
            ExplicitFile = Named("explicit"),
            KubeConfigVariable = Named("variable"),
            ServiceHost = "10.0.0.1",
            ServicePort = "443",
            ServiceAccountFolder = pod,
            DefaultFile = Named("default"),
        };

        Assert.Multiple(() =>
        {
            Assert.That(KubeConfig.Load(all).CurrentContext, Is.EqualTo("explicit"));
            Assert.That(KubeConfig.Load(all with { ExplicitFile = null }).CurrentContext, Is.EqualTo("variable"));
            Assert.That(KubeConfig.Load(all with { ExplicitFile = null, KubeConfigVariable = "" }).CurrentContext, Is.EqualTo("in-cluster"));
            Assert.That(KubeConfig.Load(all with { ExplicitFile = null, KubeConfigVariable = null, ServiceHost = null }).CurrentContext, Is.EqualTo("default"));
            Assert.That(KubeConfig.Load(all with { ExplicitFile = null, KubeConfigVariable = null, ServiceAccountFolder = folder["none"] }).CurrentContext,
                Is.EqualTo("default"), "a pod without a mounted token");
        });
    }

    [Test]
    public void Load_InCluster_PointsAtTheMountedServiceAccount()
    {
        var pod = Pod("t");
        var sources = new KubeConfigSources { ServiceHost = "fd00::1", ServicePort = "6443", ServiceAccountFolder = pod };

        var access = KubeConfig.Load(sources).Resolve();

        Assert.Multiple(() =>
        {
            Assert.That(access.Server.ToString(), Is.EqualTo("https://[fd00::1]:6443/"));
            Assert.That(access.User.TokenFile, Is.EqualTo(Path.Combine(pod, "token")));
            Assert.That(access.Cluster.CertificateAuthority, Is.EqualTo(Path.Combine(pod, "ca.crt")));
            Assert.That(access.Namespace, Is.EqualTo("kontena-system"));
        });
    }

    [Test]
    public async Task Load_InCluster_ReachesTheServer()
    {
        var certificates = new TestCertificates();
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c => c.JsonAsync(Widgets.Json()));
        var pod = Pod("sa-token\n", certificates.AuthorityPem);
        var sources = new KubeConfigSources { ServiceHost = "127.0.0.1", ServicePort = $"{server.Url.Port}", ServiceAccountFolder = pod };
        using var api = Widgets.Client(KubeConfig.Load(sources).Resolve());

        await api.GetAsync(Widgets.Kind, Widgets.Web, CancellationToken.None);

        Assert.That(server.Requests.Single().Header("Authorization"), Is.EqualTo("Bearer sa-token"));
    }

    [Test]
    public void Load_NothingThere_SaysWhereItLooked()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Assert.Throws<KubeConfigFault>(() => KubeConfig.Load(new KubeConfigSources { ExplicitFile = folder["x"] }))!.Message,
                Is.EqualTo($"{folder["x"]}: cannot be read (FileNotFoundException)"));
            Assert.That(Assert.Throws<KubeConfigFault>(() => KubeConfig.Load(new KubeConfigSources { KubeConfigVariable = folder["x"] }))!.Message,
                Is.EqualTo($"none of the files that KUBECONFIG names exists: {folder["x"]}"));
            Assert.That(Assert.Throws<KubeConfigFault>(() => KubeConfig.Load(new KubeConfigSources { DefaultFile = "/none/config" }))!.Message,
                Is.EqualTo("no Kubernetes configuration was found: no file was named, KUBECONFIG is empty, "
                    + "/var/run/secrets/kubernetes.io/serviceaccount holds no service account of a pod, and /none/config does not exist"));
        });
    }

    private static string Document(string cluster, string user) => $$"""
        current-context: x
        clusters: [{name: c, cluster: {{cluster}} }]
        users: [{name: u, user: {{user}} }]
        contexts: [{name: x, context: {cluster: c, user: u} }]
        """;

    private string Named(string context) => folder.Write(context, $"current-context: {context}");

    private string Pod(string token, string authority = "pem")
    {
        folder.Write("pod/token", token);
        folder.Write("pod/ca.crt", authority);
        folder.Write("pod/namespace", "kontena-system\n");
        return folder["pod"];
    }
}
