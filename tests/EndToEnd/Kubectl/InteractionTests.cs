using Kontena.EndToEnd.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>Plays every interaction on every engine and compares what was said with what the real API server said.</summary>
public sealed class InteractionTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from interaction in Interaction.All
        from engine in EndToEndEngines.All
        select new TestCaseData(interaction, engine).SetName($"{interaction}({engine})");

    [TestCaseSource(nameof(Cases))]
    [CancelAfter(180_000)]
    public async Task Play(Interaction interaction, EngineKind kind, CancellationToken ct)
    {
        var engine = await EndToEndEngines.GetAsync(kind);
        var transcript = await interaction.TranscribeAsync(engine, ct);
        await RecordedTranscripts.CompareAsync(interaction, kind, transcript, ct);
    }
}
