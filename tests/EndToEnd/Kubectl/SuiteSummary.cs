using System.Collections.Concurrent;
using Kontena.EndToEnd.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>What was played and found equal, in one line a engine for the end of the run.</summary>
internal sealed class SuiteSummary
{
    private readonly ConcurrentQueue<(EngineKind Engine, Interaction Interaction, int Played)> passed = new();

    /// <summary>Notes an interaction that was as recorded, or differed as is known, with the number of its requests and commands.</summary>
    public void Add(Interaction interaction, EngineKind engine, int played) => passed.Enqueue((engine, interaction, played));

    public override string ToString() => string.Join('\n', passed.GroupBy(p => p.Engine).OrderBy(g => g.Key).Select(g =>
    {
        var known = g.Key == EngineKind.Embedded ? g.Count(p => KnownDifference.Of(p.Interaction) is not null) : 0;
        return $"Differential suite, {g.Key}: {Interaction.All.Count} interactions; {g.Count()} played to their end with {g.Sum(p => p.Played)} requests and commands: "
            + $"{g.Count() - known} equal to the recording of the real server, {known} known differences.";
    }));
}
