using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Client.Config;
using Kontena.TestKit;
using Microsoft.AspNetCore.Http;

namespace Kontena.Kubernetes.Tests.Client;

public sealed class AuthTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TestFolder folder = new();
    private readonly ManualTime time = new();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task Get_StaticTokenRefused_IsUnauthorizedWithoutASecondTry()
    {
        await using var server = await FakeApiServer.StartAsync(Accepting("other"));
        using var api = Widgets.Client(Widgets.Access(server, new User { Name = "u", Token = "t-1" }));

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => GetAsync(api))!.Reason, Is.EqualTo(FaultReason.Unauthorized));
        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t-1" }));
    }

    [Test]
    public async Task Get_TokenFileRotated_IsReadAgainWithinAMinute()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = TokenFileClient(server, "t-1\n");

        await GetAsync(api);
        folder.Write("token", "t-2");
        await GetAsync(api);
        time.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(api);
        folder.Write("token", "");
        time.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(api);
        File.Delete(folder["token"]);
        time.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(api);

        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t-1", "Bearer t-1", "Bearer t-2", "Bearer t-2", "Bearer t-2" }), "a file that is empty or gone does not take the token away");
    }

    [Test]
    public async Task Get_TokenFileRefused_IsReadAtOnce()
    {
        await using var server = await FakeApiServer.StartAsync(Accepting("t-2"));
        using var api = TokenFileClient(server, "t-1");
        Assert.ThrowsAsync<KubeFault>(() => GetAsync(api));

        folder.Write("token", "t-2");
        await GetAsync(api);

        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t-1", "Bearer t-1", "Bearer t-2" }));
    }

    [Test]
    public async Task Get_TokenFileMissing_NamesTheFileAndSendsNothing()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = Widgets.Client(Widgets.Access(server, new User { Name = "u", TokenFile = folder["none"] }));

        var fault = Assert.ThrowsAsync<KubeFault>(() => GetAsync(api))!;

        Assert.That(fault.Reason, Is.EqualTo(FaultReason.Unauthorized));
        Assert.That(fault.Message, Is.EqualTo($"The token file {folder["none"]} cannot be read (FileNotFoundException)"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Get_TokenThatCannotStandInAHeader_IsRefusedWithoutQuotingIt()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = TokenFileClient(server, $"{Canary.Of("token")}\nInjected: yes");

        var fault = Assert.ThrowsAsync<KubeFault>(() => GetAsync(api))!;
        var config = Assert.Throws<KubeConfigFault>(() => Widgets.Client(Widgets.Access(server, new User { Name = "u", Token = $"{Canary.Of("token")}\nx" })))!;

        Assert.That(fault.ToString() + config, Does.Not.Contain("canary").And.Not.Contain(Canary.Stem));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Get_Impersonating_SaysWhom()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = Widgets.Client(Widgets.Access(server, new User { Name = "u", ImpersonateUser = "jane", ImpersonateUid = "7", ImpersonateGroups = ["a"] }));

        await GetAsync(api);

        var seen = server.Requests.Single();
        Assert.That((seen.Header("Impersonate-User"), seen.Header("Impersonate-Uid"), seen.Header("Impersonate-Group")), Is.EqualTo(("jane", "7", "a")));
    }

    [Test]
    public async Task Get_FirstCallsAtOnce_RunThePluginOnce()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, Counting("""printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t-1"}}'"""));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(api)));

        Assert.That(Runs, Is.EqualTo(1));
        Assert.That(Tokens(server), Is.EqualTo(Enumerable.Repeat("Bearer t-1", 20)));
    }

    [Test]
    public async Task Get_TwentyCallsRefusedAtOnce_RefreshOnce()
    {
        var refused = 0;
        var all = new TaskCompletionSource();
        await using var server = await FakeApiServer.StartAsync(async c =>
        {
            if (c.Request.Headers.Authorization == "Bearer t-1")
            {
                if (Interlocked.Increment(ref refused) == 20) all.SetResult();
                await all.Task; // all twenty hold the old token when the first 401 arrives
            }
            await Accepting("t-2")(c);
        });
        using var api = ExecClient(server, CountedToken());

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(api)));

        Assert.That(Runs, Is.EqualTo(2));
        Assert.That(Tokens(server).Count(t => t == "Bearer t-2"), Is.EqualTo(20));
    }

    [Test]
    public async Task Get_RefusedAfterTheRefreshToo_IsUnauthorizedAfterTwoTries()
    {
        await using var server = await FakeApiServer.StartAsync(Accepting("never"));
        using var api = ExecClient(server, CountedToken());

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => GetAsync(api))!.Reason, Is.EqualTo(FaultReason.Unauthorized));
        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t-1", "Bearer t-2" }));
    }

    [Test]
    public async Task Create_RefusedOnce_SendsTheSameBodyAgain()
    {
        await using var server = await FakeApiServer.StartAsync(Accepting("t-2"));
        using var api = ExecClient(server, CountedToken());

        await api.CreateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None);

        Assert.That(server.Requests.Select(r => r.Body).Distinct().Count(), Is.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Watch_RefusedOnce_OpensWithTheFreshToken()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.Request.Headers.Authorization == "Bearer t-2" ? c.BeginWatchAsync() : c.StatusAsync(401, "Unauthorized", "Unauthorized"));
        using var api = ExecClient(server, CountedToken());

        await using var watch = await api.WatchAsync(Widgets.Kind, new WatchQuery("1", TimeSpan.FromMinutes(5)), None);

        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t-1", "Bearer t-2" }));
    }

    [Test]
    public async Task Get_ExecCredentialNearItsEnd_IsFetchedAnew()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, CountedToken(""","expirationTimestamp":"2026-01-01T00:10:00Z" """));

        await GetAsync(api);
        time.Advance(TimeSpan.FromSeconds(569));
        await GetAsync(api);
        time.Advance(TimeSpan.FromSeconds(1));
        await GetAsync(api);

        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t-1", "Bearer t-1", "Bearer t-2" }));
    }

    [Test]
    public async Task Get_ExecCredentialGivenShortBeforeItsEnd_IsUsedToItsEnd()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, CountedToken(""","expirationTimestamp":"2026-01-01T00:00:20Z" """));

        await GetAsync(api);
        time.Advance(TimeSpan.FromSeconds(19));
        await GetAsync(api);

        Assert.That(Runs, Is.EqualTo(1));
    }

    [Test]
    public async Task Get_ExecCertificateRenewed_IsPresentedOnANewConnection()
    {
        var certificates = new TestCertificates();
        await using var server = await FakeApiServer.StartAsync(certificates.Server(), c =>
            c.Connection.ClientCertificate!.Subject == "CN=2" ? c.JsonAsync(Widgets.Json()) : c.StatusAsync(401, "Unauthorized", "Unauthorized"), askForCertificate: true);
        foreach (var name in new[] { "1", "2" })
        {
            var (certificate, key) = certificates.Client(name);
            folder.Write($"answer-{name}", $$"""
                {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",
                 "status":{"clientCertificateData":{{System.Text.Json.JsonSerializer.Serialize(certificate)}},"clientKeyData":{{System.Text.Json.JsonSerializer.Serialize(key)}} } }
                """);
        }
        using var api = ExecClient(server, Counting("cat " + folder["answer-"] + "$n"), cluster: c => c with { CertificateAuthorityData = certificates.AuthorityData });

        await GetAsync(api);
        await GetAsync(api);

        Assert.That(server.Requests.Select(r => r.ClientCertificate), Is.EqualTo(new[] { "CN=1", "CN=2", "CN=2" }));
        Assert.That(Runs, Is.EqualTo(2));
    }

    [Test]
    public async Task Get_PluginAsksForTheCluster_IsToldInItsEnvironment()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        var exec = new ExecSettings
        {
            ApiVersion = "client.authentication.k8s.io/v1beta1",
            Command = folder.Script("plugin", $$"""
                printf '%s' "$KUBERNETES_EXEC_INFO" > {{folder["info"]}}
                printf '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s-%s"} }' "$1" "$FLAVOUR"
                """),
            Args = ["an arg with blanks".Replace(' ', '.')],
            Env = new Dictionary<string, string> { ["FLAVOUR"] = "sweet" },
            ProvideClusterInfo = true,
        };
        using var api = Widgets.Client(Widgets.Access(server, new User { Name = "u", Exec = exec },
            c => c with { Server = server.Url.ToString(), TlsServerName = "kube.example", ExecConfig = System.Text.Json.Nodes.JsonNode.Parse("""{"audience":"x"}""") }));

        await GetAsync(api);

        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer an.arg.with.blanks-sweet" }));
        Assert.That(await File.ReadAllTextAsync(folder["info"]), Is.EqualTo(
            $$$$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{"interactive":false,"cluster":{"server":"{{{{server.Url}}}}","tls-server-name":"kube.example","config":{"audience":"x"}}""" + "}}"));
    }

    [Test]
    public async Task Get_PluginFails_SharesItsComplaintWithAllWhoWaitedAndHidesSecrets()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        var plugin = Counting($$"""
            while [ ! -e {{folder["go"]}} ]; do sleep 0.02; done
            echo "could not log in at https://sts.example/login" >&2
            echo "token=canary1 Authorization: Bearer canary2 eyJhbGciOiJSUzI1NiJ9.canary3.sig $SECRET" >&2
            echo '{"status":{"token":"canary5"} }'
            exit 3
            """);
        using var api = ExecClient(server, plugin, env: new Dictionary<string, string> { ["SECRET"] = "canary4-of-env" });

        var calls = Enumerable.Range(0, 5).Select(_ => GetAsync(api)).ToArray();
        folder.Write("go", "");
        var faults = calls.Select(call => Assert.ThrowsAsync<KubeFault>(() => call)!).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(Runs, Is.EqualTo(1));
            Assert.That(faults.Select(f => f.Reason), Is.All.EqualTo(FaultReason.Unauthorized));
            Assert.That(faults[0].Message, Does.StartWith($"The credential plugin {folder["plugin"]} ended with exit code 3: could not log in at https://sts.example/login"));
            Assert.That(string.Concat(faults), Does.Not.Contain("canary").And.Not.Contain(Canary.Stem));
            Assert.That(server.Requests, Is.Empty);
        });
    }

    [Test]
    public async Task Get_PluginFailedBefore_IsRunAgainForALaterCall()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, Counting("""
            [ $n = 1 ] && exit 1
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'
            """));

        Assert.ThrowsAsync<KubeFault>(() => GetAsync(api));
        await GetAsync(api);

        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t" }));
    }

    [Test]
    public async Task Get_PluginSaysTooMuch_IsBoundedInTheMessage()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, Counting("i=0; while [ $i -lt 20000 ]; do echo words and words >&2; i=$((i+1)); done; exit 1"));

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => GetAsync(api))!.Message, Has.Length.LessThan(600));
    }

    [TestCase("not json canary")]
    [TestCase("""{"apiVersion":"v1","kind":"ExecCredential","status":{"token":"canary"}}""")]
    [TestCase("""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":7,"x":"canary"}}""")]
    [TestCase("""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"can ary"}}""")]
    [TestCase("""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"canary"}}""")]
    [TestCase("""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"canary","clientKeyData":"canary"}}""")]
    [TestCase("""{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}""")]
    public async Task Get_PluginAnswersNonsense_IsUnauthorizedAndQuotesNothing(string answer)
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, Counting($"cat {folder.Write("answer", answer)}"));

        var fault = Assert.ThrowsAsync<KubeFault>(() => GetAsync(api))!;

        Assert.That(fault.Reason, Is.EqualTo(FaultReason.Unauthorized));
        Assert.That(fault.ToString(), Does.Not.Contain("canary").And.Not.Contain("can ary"));
    }

    [Test]
    public async Task Get_PluginNotInstalled_GivesItsHint()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        var exec = new ExecSettings { ApiVersion = "client.authentication.k8s.io/v1", Command = "no-such-plugin-here", InteractiveMode = "Never", InstallHint = "Install it with: x install" };
        using var api = Widgets.Client(Widgets.Access(server, new User { Name = "u", Exec = exec }), time);

        Assert.That(Assert.ThrowsAsync<KubeFault>(() => GetAsync(api))!.Message,
            Is.EqualTo("The credential plugin no-such-plugin-here could not be started (error 2). Install it with: x install"));
    }

    [Test]
    public async Task Get_PluginHangs_IsKilledAtItsLimit()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, Counting($"echo $$ > {folder["pid"]}; sleep 600; echo survived > {folder["survived"]}"));

        var call = GetAsync(api);
        await Eventually.HoldsAsync(() => Task.FromResult(File.Exists(folder["pid"]) && new FileInfo(folder["pid"]).Length > 0), "the plugin runs", TimeSpan.FromSeconds(20), None);
        time.Advance(TimeSpan.FromSeconds(60));

        var fault = Assert.ThrowsAsync<KubeFault>(() => call)!;
        Assert.That((fault.Reason, fault.Message), Is.EqualTo((FaultReason.Unreachable, $"The credential plugin {folder["plugin"]} did not end within 60 s")));
        Assert.That(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(folder["pid"])).Trim()}"), Is.False);
    }

    [Test]
    public async Task Get_CallerLeavesWhileThePluginRuns_TheNextCallerRunsItAgain()
    {
        await using var server = await FakeApiServer.StartAsync(c => c.JsonAsync(Widgets.Json()));
        using var api = ExecClient(server, Counting($$"""
            [ $n = 1 ] && touch {{folder["running"]}} && sleep 600
            printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t-%s"} }' $n
            """));
        using var cancel = new CancellationTokenSource();

        var first = api.GetAsync(Widgets.Kind, Widgets.Web, cancel.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(File.Exists(folder["running"])), "the plugin runs", TimeSpan.FromSeconds(20), None);
        var second = GetAsync(api);
        await cancel.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => first);
        await second;
        Assert.That(Tokens(server), Is.EqualTo(new[] { "Bearer t-2" }));
    }

    [Test]
    public async Task Calls_FailingInEveryWay_NeverTellTheToken()
    {
        var token = Canary.Of("token");
        var log = new RecordedLog();
        var ways = new Queue<RequestDelegate>(
        [
            c => c.StatusAsync(401, "Unauthorized", $"bad token {token}", $$"""{"causes":[{"message":"{{token}}"}]}"""),
            c => c.StatusAsync(422, "Invalid", $"Invalid value: {token}"),
            c => c.TextAsync(token, "text/html", 502),
            c => c.JsonAsync($$"""{"kind":"{{token}}","metadata":{"name":1} }"""),
            c => c.JsonAsync($"{token}"),
            c =>
            {
                c.Abort();
                return Task.CompletedTask;
            },
        ]);
        await using var server = await FakeApiServer.StartAsync(c => ways.Dequeue()(c));
        using var api = Widgets.Client(Widgets.Access(server, new User { Name = "u", Token = token }), time, log: log);

        List<string> told = [];
        while (ways.Count > 0)
        {
            var fault = Assert.ThrowsAsync<KubeFault>(() => api.UpdateAsync(Widgets.Kind, Widgets.Named("web"), WriteOptions.Default, None))!;
            told.Add($"{fault} {fault.Status} {string.Join(" ", fault.Status?.Details?.Causes ?? [])}");
        }

        Assert.That(server.Requests.Select(r => r.Header("Authorization")), Is.All.EqualTo($"Bearer {token}"));
        Assert.That(told, Is.All.Not.Contain(token));
        Assert.That(log.Lines.Select(l => l.Text), Is.All.Not.Contain(token));
    }

    private int Runs => File.Exists(folder["runs"]) ? File.ReadAllLines(folder["runs"]).Length : 0;

    private static Task<Widget> GetAsync(KubeClient api) => api.GetAsync(Widgets.Kind, Widgets.Web, None);

    private static IEnumerable<string?> Tokens(FakeApiServer server) => server.Requests.Select(r => r.Header("Authorization"));

    private static RequestDelegate Accepting(string token) => c =>
        c.Request.Headers.Authorization == $"Bearer {token}" ? c.JsonAsync(Widgets.Json()) : c.StatusAsync(401, "Unauthorized", "Unauthorized");

    private KubeClient TokenFileClient(FakeApiServer server, string token) =>
        Widgets.Client(Widgets.Access(server, new User { Name = "u", TokenFile = folder.Write("token", token) }), time);

    /// <summary>A plugin that notes every run; <c>$n</c> is the number of this one.</summary>
    private string Counting(string script) => folder.Script("plugin", $"""
        echo run >> {folder["runs"]}
        n=$(wc -l < {folder["runs"]} | tr -d ' ')
        {script}
        """);

    /// <summary>A plugin whose tokens are t-1, t-2, …</summary>
    private string CountedToken(string more = "") => Counting(
        $$"""printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t-%s"{{more}} } }' $n""");

    private KubeClient ExecClient(FakeApiServer server, string plugin, IReadOnlyDictionary<string, string>? env = null, Func<Cluster, Cluster>? cluster = null)
    {
        var exec = new ExecSettings { ApiVersion = "client.authentication.k8s.io/v1", Command = plugin, InteractiveMode = "Never", Env = env ?? new Dictionary<string, string>() };
        return Widgets.Client(Widgets.Access(server, new User { Name = "u", Exec = exec }, cluster), time);
    }
}
