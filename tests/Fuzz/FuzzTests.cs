using Kontena.Fuzz.Engine;
using Kontena.Fuzz.Targets;

namespace Kontena.Fuzz;

/// <summary>One at a time: what an input costs is measured on the whole process.</summary>
[NonParallelizable]
[Category("Fuzz")]
public sealed class FuzzTests
{
    private static readonly Dictionary<string, Func<Task<FuzzTarget>>> Targets = new()
    {
        ["kubeconfig"] = () => Made(new KubeConfigTarget()),
        ["watch"] = () => Made(new WatchTarget()),
        ["json-patch"] = () => Made(new JsonPatchTarget()),
        ["merge-patch"] = () => Made(new MergePatchTarget()),
        ["ec2"] = async () => await Ec2Target.StartAsync(),
        ["manifest"] = () => Made(new ManifestTarget()),
        ["agent-log"] = () => Made(new AgentLogTarget()),
        ["apply"] = async () => await ApplyTarget.StartAsync(),
    };

    private static IEnumerable<string> Names => Targets.Keys;

    [TestCaseSource(nameof(Names))]
    public async Task Corpus_EveryInput_KeepsThePromises(string name)
    {
        await using var target = await Targets[name]();
        var corpus = new Corpus(name);
        var findings = new List<string>();
        foreach (var file in corpus.Files)
            if (await Trial.RunAsync(target, await File.ReadAllBytesAsync(file)) is { } finding) findings.Add($"{file}: {finding.Detail}");
        Assert.That(findings, Is.Empty, string.Join('\n', findings));
        await TestContext.Out.WriteLineAsync($"{name}: {corpus.Files.Count} inputs of the corpus");
    }

    [TestCaseSource(nameof(Names))]
    public async Task Mutations_OfTheCorpus_KeepThePromises(string name)
    {
        await using var target = await Targets[name]();
        var campaign = new Campaign(target, FuzzSettings.Seed);
        await campaign.RunAsync(FuzzSettings.PerTarget(Targets.Count));
        await TestContext.Out.WriteLineAsync($"{name}: {campaign.Cases} inputs of seed {FuzzSettings.Seed}");
    }

    private static Task<FuzzTarget> Made(FuzzTarget target) => Task.FromResult(target);
}
