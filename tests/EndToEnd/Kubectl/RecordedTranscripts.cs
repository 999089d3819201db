using Kontena.EndToEnd.Engines;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// The transcripts that the real API server left, kept in the repository: they say what is right on machines that have no
/// kube-apiserver too. <c>KONTENA_RECORD_TRANSCRIPTS=1 dotnet test tests/EndToEnd</c> writes them anew; review the difference.
/// </summary>
internal static class RecordedTranscripts
{
    private static bool Recording => Environment.GetEnvironmentVariable("KONTENA_RECORD_TRANSCRIPTS") == "1";

    public static async Task CompareAsync(Interaction interaction, EngineKind engine, string transcript, CancellationToken ct)
    {
        var path = Path.Combine(RepositoryFolders.Root, "tests", "EndToEnd", "Kubectl", "Transcripts", interaction.Topic, interaction.Name + ".txt");
        if (Recording && engine == EngineKind.Real)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, transcript, ct);
        }

        Assert.That(path, Does.Exist, "There is no recorded transcript; see RecordedTranscripts.");
        var recorded = await File.ReadAllTextAsync(path, ct);
        if (transcript != recorded) Assert.Fail(FirstDifference(recorded.Split('\n'), transcript.Split('\n')) + $"\nThe whole transcript:\n{transcript}");
    }

    private static string FirstDifference(string[] recorded, string[] played)
    {
        var line = recorded.Zip(played).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"""
            Line {line + 1} is not as recorded.
            - {recorded.ElementAtOrDefault(line)}
            + {played.ElementAtOrDefault(line)}
            """;
    }
}
