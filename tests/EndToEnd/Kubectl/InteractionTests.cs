using Kontena.EndToEnd.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// The differential suite: plays every interaction on every engine and compares what was said with what the real API server said.
/// Where the embedded one differs and is meant to, <see cref="KnownDifference"/> says so.
/// </summary>
public sealed class InteractionTests
{
    private static readonly SuiteSummary summary = new();

    private static IEnumerable<TestCaseData> Cases() =>
        from interaction in Interaction.All
        from engine in EndToEndEngines.All
        select new TestCaseData(interaction, engine).SetName($"{interaction}({engine})");

    [OneTimeTearDown]
    public static void TellTheSummary() => TestContext.Progress.WriteLine(summary);

    [TestCaseSource(nameof(Cases))]
    [CancelAfter(420_000)]
    public async Task Play(Interaction interaction, EngineKind kind, CancellationToken ct)
    {
        var engine = await EndToEndEngines.GetAsync(kind);
        var (transcript, played) = await interaction.TranscribeAsync(engine, ct);
        await RecordedTranscripts.CompareAsync(interaction, kind, transcript, ct);
        summary.Add(interaction, kind, played);
    }

    [Test]
    public void KnownDifferences_NameInteractionsThatExist_OnceEach() => Assert.That(
        KnownDifference.All.Select(d => d.Interaction), Is.SubsetOf(Interaction.All.Select(i => i.ToString())).And.Unique);

    [Test]
    public void KnownDifferences_AreFewAndGiveTheirReasons() =>
        Assert.That(KnownDifference.All, Has.Count.AtMost(5).And.All.Property(nameof(KnownDifference.Reason)).Length.GreaterThan(20));
}
