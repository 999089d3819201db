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

    /// <summary>Fails the test where the transcript is not as recorded, but for what <see cref="KnownDifference"/> says of the embedded engine.</summary>
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
        var known = engine == EngineKind.Embedded ? KnownDifference.Of(interaction) : null;
        if (transcript == recorded)
        {
            Assert.That(known, Is.Null, "KnownDifferences.json names this interaction, but it does not differ any more: take the entry out.");
            return;
        }
        var difference = LineDifference.Between(recorded, transcript);
        if (known is null) Assert.Fail($"Not as recorded (- recorded, + played):\n{difference}\nThe whole transcript:\n{transcript}");
        Assert.That(difference.OnlyFirst, Is.EqualTo(known!.Real), "What KnownDifferences.json says of the real server is not what differs.");
        Assert.That(difference.OnlySecond, Is.EqualTo(known.Embedded), "What KnownDifferences.json says of the embedded server is not what differs.");
    }
}
