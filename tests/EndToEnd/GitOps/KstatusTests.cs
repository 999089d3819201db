using System.Text.Json.Nodes;
using Kontena.EndToEnd.Operator;
using Kontena.Simulator.Ec2;
using Kontena.TestKit.GitOps;

namespace Kontena.EndToEnd.GitOps;

/// <summary>
/// What Flux and others make of every version of pools and nodes on the way: <c>Current</c> never before the machines run, <c>Failed</c> only where a human
/// is needed, and with what to do. Argo CD's health check (docs/gitops.md) says the same.
/// </summary>
public sealed class KstatusTests : OperatorTests
{
    [Test]
    public async Task LifeOfAPool_EachVersion_CurrentOnlyWhenSettled([Values] SceneEngine engine)
    {
        var scene = await PlayAsync(new SceneOptions { Engine = engine });
        await using var versions = await VersionWatch.OpenAsync(scene);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 3);
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 3);
        foreach (var replicas in new[] { 5, 2 })
        {
            await scene.Objects.ScaleAsync("web", replicas);
            await versions.UntilPoolAsync("web", KstatusVerdict.Current, replicas);
        }
        var before = versions.All.Count;
        scene.Ec2.TerminateBehindTheBack(scene.Living[0].Id);
        await versions.UntilPoolAsync("web", v => v.Judgement.Verdict == KstatusVerdict.InProgress, "the loss is seen");
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 2);
        await scene.Objects.DeletePoolAsync("web");
        await versions.UntilPoolAsync("web", v => v.Type == "DELETED", "the pool is gone");

        Assert.That(versions.Lies, Is.Empty);
        var pool = versions.All.Where(v => v.Kind == "NodePool").ToList();
        Assert.That(pool[0].Judgement.Verdict, Is.EqualTo(KstatusVerdict.InProgress), "a newborn is not settled");
        // More than four where a busy machine lets the simulated provider miss a deadline now and then.
        Assert.That(Changes(pool).Count(v => v == KstatusVerdict.Current), Is.GreaterThanOrEqualTo(4), "made, scaled up, scaled down, repaired, and in progress in between");
        Assert.That(Changes(pool).Last(), Is.EqualTo(KstatusVerdict.Terminating));
        Assert.That(versions.All.Where(v => v.Judgement.Verdict == KstatusVerdict.Failed), Is.Empty);
        Assert.That(versions.All.Take(before).Where(v => v.Kind == "KontenaNode").GroupBy(v => v.Uid).Select(n => n.First().Judgement.Verdict), Is.All.EqualTo(KstatusVerdict.InProgress));
        await ArgoHealth.AgreesAsync(versions.All, Ct);
    }

    [Test]
    public async Task WrongCredentialsThenNoCapacityThenQuota_FailedOnlyWhereAHumanIsNeeded([Values] SceneEngine engine)
    {
        var options = new SceneOptions { Engine = engine };
        var scene = await OpenAsync((options with { Ec2 = options.Ec2 with { Quota = new Ec2Quota { Instances = 2 } } }).AtSpeed(3));
        await using var versions = await VersionWatch.OpenAsync(scene);
        await scene.Objects.CredentialsAsync(secretKey: Canary.Of("wrong-key"));
        await scene.StartOperatorAsync();
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", 0);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1, aws => aws with { Zones = ["a"] });

        var refused = await versions.UntilPoolAsync("web", KstatusVerdict.Failed, 1);
        Assert.That(refused.Judgement.Message, Does.Contain("credentials").IgnoreCase);

        await scene.Objects.EditSecretAsync("aws", "secretAccessKey", Ec2Options.DemoSecretAccessKey);
        await versions.UntilPoolAsync("web", v => v.Judgement is { Verdict: KstatusVerdict.InProgress } && Ready(v) == "NoCapacity", "there is no capacity");
        scene.Ec2.SetCapacity("eu-west-1a", "t3.small", null);
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 1);
        await scene.Objects.ScaleAsync("web", 3);
        var limited = await versions.UntilPoolAsync("web", v => v.Judgement.Verdict == KstatusVerdict.Failed && Ready(v) == "QuotaReached", "the quota is reached");
        Assert.That(limited.Judgement.Message, Does.Contain("of 3 nodes are ready").And.Contain("InstanceLimitExceeded"));
        await scene.Objects.ScaleAsync("web", 2);
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 2);

        Assert.That(versions.Lies, Is.Empty);
        var failed = versions.All.Where(v => v.Judgement.Verdict == KstatusVerdict.Failed).ToList();
        Assert.That(failed.Select(Ready).Distinct(), Is.EqualTo(new[] { "CredentialsRefused", "QuotaReached" }), "what passes by itself is no failure");
        Assert.That(failed.Where(v => v.Kind == "NodePool" && (int?)v.Object["spec"]!["replicas"] == 2), Is.Empty, "once fewer are asked for nobody is needed any more");
        Assert.That(failed.Select(v => v.Judgement.Message), Is.All.Not.Empty);
        await ArgoHealth.AgreesAsync(versions.All, Ct);
    }

    [Test]
    public async Task WrongSettingMended_FailedWithAdvice_NotFailedAgain([Values] SceneEngine engine)
    {
        var scene = await PlayAsync(new SceneOptions { Engine = engine });
        await using var versions = await VersionWatch.OpenAsync(scene);
        await scene.Objects.PoolAsync(scene.Cloud, "web", 2, aws => aws with { KeyName = "nobody" });
        var failed = await versions.UntilPoolAsync("web", KstatusVerdict.Failed, 2);

        await scene.Objects.EditAwsAsync("web", new JsonObject { ["keyName"] = "kontena" });
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 2);

        Assert.That(failed.Judgement.Message, Does.Contain("spec.provider.aws.keyName"));
        Assert.That(versions.All.Where(v => v is { Kind: "NodePool", Generation: > 1, Judgement.Verdict: KstatusVerdict.Failed }), Is.Empty);
        Assert.That(versions.Lies, Is.Empty);
    }

    [Test]
    public async Task PausedOrUnseenPool_InProgress_NeverCurrentNorFailed([Values] SceneEngine engine)
    {
        var scene = await OpenAsync(new SceneOptions { Engine = engine });
        await scene.Objects.CredentialsAsync();
        await using var versions = await VersionWatch.OpenAsync(scene);
        // No operator yet: nothing but the schema's default speaks for the pool.
        await scene.Objects.PoolAsync(scene.Cloud, "web", 1, spec: s => s with { Paused = true });
        var newborn = await versions.UntilPoolAsync("web", _ => true, "the pool is there");
        await scene.StartOperatorAsync();
        await versions.UntilPoolAsync("web", v => Ready(v) == "Paused", "the pool is paused");

        Assert.That((long)newborn.Object["status"]!["observedGeneration"]!, Is.EqualTo(-1));
        Assert.That(versions.All.Select(v => v.Judgement.Verdict), Is.All.EqualTo(KstatusVerdict.InProgress));
        await scene.Objects.EditPoolAsync("web", new JsonObject { ["paused"] = false });
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 1);
        Assert.That(versions.Lies, Is.Empty);
        await ArgoHealth.AgreesAsync(versions.All, Ct);
    }

    [Test]
    public async Task LifeOfAGrid_EachVersion_CurrentOnlyWhenItsMasterAnswers_FailedOnlyWhereAHumanIsNeeded([Values] SceneEngine engine)
    {
        var scene = await OpenAsync(new SceneOptions { Engine = engine }.WithGrid());
        await scene.Objects.CredentialsAsync();
        await scene.Objects.SecretAsync(SceneGrids.TokenSecret, new Dictionary<string, string> { ["token"] = Canary.Of("no-such-token") });
        await using var versions = await VersionWatch.OpenAsync(scene);
        await scene.Grids.CreateAsync();
        var newborn = await versions.UntilGridAsync(_ => true, "the Grid is there");
        await scene.StartOperatorAsync();
        var failed = await versions.UntilGridAsync(v => v.Judgement.Verdict == KstatusVerdict.Failed, "the token is refused");
        await scene.Objects.EditSecretAsync(SceneGrids.TokenSecret, "token", SceneGrids.AccessToken);
        await versions.UntilGridAsync(v => v.Judgement.Verdict == KstatusVerdict.Current, "the Master answers");
        await scene.Grids.PoolAsync("web", 2);
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 2);
        await scene.Grids.Kontena.StopAsync();
        await versions.UntilGridAsync(v => v.Judgement.Verdict == KstatusVerdict.InProgress, "the Master is away");
        await scene.Grids.Kontena.StartAsync(Ct);
        await versions.UntilGridAsync(v => v.Judgement.Verdict == KstatusVerdict.Current, "the Master is back");
        await versions.UntilPoolAsync("web", KstatusVerdict.Current, 2);
        await scene.Grids.DeleteAsync();
        await versions.UntilGridAsync(v => v.Judgement.Verdict == KstatusVerdict.Terminating, "the Grid waits for its nodes");
        await scene.Objects.DeletePoolAsync("web");
        await versions.UntilGridAsync(v => v.Type == "DELETED", "the Grid is gone");

        Assert.That(newborn.Judgement.Verdict, Is.EqualTo(KstatusVerdict.InProgress));
        Assert.That(failed.Judgement.Message, Does.Contain("token"));
        Assert.That(versions.Lies, Is.Empty);
        Assert.That(versions.All.Where(v => v.Kind != "NodePool" && v.Judgement.Verdict == KstatusVerdict.Failed).Select(Ready).Distinct(), Is.EqualTo(new[] { "TokenRefused" }));
        await ArgoHealth.AgreesAsync(versions.All, Ct);
    }

    /// <summary>The reason of the Ready condition.</summary>
    private static string? Ready(JudgedVersion version) => version.Object["status"]?["conditions"]?.AsArray()
        .Where(c => (string?)c!["type"] == "Ready").Select(c => (string?)c!["reason"]).SingleOrDefault();

    private static IEnumerable<KstatusVerdict> Changes(List<JudgedVersion> versions) =>
        versions.Select(v => v.Judgement.Verdict).Where((verdict, i) => i == 0 || verdict != versions[i - 1].Judgement.Verdict);
}
