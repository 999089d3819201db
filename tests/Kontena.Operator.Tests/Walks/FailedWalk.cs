using System.Text;

namespace Kontena.Operator.Tests.Walks;

/// <summary>What people are told of a walk that failed.</summary>
internal static class FailedWalk
{
    private const int MostLines = 400;

    public static string Tell(Script script, string violation)
    {
        var shrunk = new Shrinker(s => Walk.Of(s).Violation is not null).Shrink(script);
        var outcome = Walk.Of(shrunk, tell: true);
        var text = new StringBuilder($"seed {script.Seed} ({(script.Keyed ? "keyed" : "keyless")} creates): {violation}\n")
            .Append(null, $"To replay: KONTENA_WALKS_FROM={script.Seed} KONTENA_WALKS=1\n")
            .Append(null, $"{shrunk.Steps.Count} of {script.Steps.Count} steps fail too: {outcome.Violation}\n\n");
        foreach (var step in shrunk.Steps) text.Append(null, $"    {step}\n");
        text.Append('\n').AppendJoin('\n', outcome.Story.Take(MostLines)).Append('\n');
        if (outcome.Story.Count > MostLines) text.Append(null, $"… and {outcome.Story.Count - MostLines} more lines\n");
        return text.ToString();
    }
}
