using System.Text.Json;
using Kontena.TestKit;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// Where the embedded server answers differently than the real one and is meant to: an entry of <c>KnownDifferences.json</c>. It holds for
/// exactly these lines of one interaction; what differs besides fails the test, and so does an entry that no longer differs.
/// </summary>
/// <param name="Interaction">Topic and name, as in <see cref="Interaction.ToString"/>.</param>
/// <param name="Reason">Why it is so, and why it stays.</param>
/// <param name="Real">The lines of the recorded transcript that the embedded server does not say, in order.</param>
/// <param name="Embedded">The lines that it says in their place, in order.</param>
public sealed record KnownDifference(string Interaction, string Reason, IReadOnlyList<string> Real, IReadOnlyList<string> Embedded)
{
    private static readonly JsonSerializerOptions format = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static IReadOnlyList<KnownDifference> All { get; } = JsonSerializer.Deserialize<List<KnownDifference>>(
        File.ReadAllText(Path.Combine(RepositoryFolders.Root, "tests", "EndToEnd", "Kubectl", "KnownDifferences.json")), format)!;

    public static KnownDifference? Of(Interaction interaction) => All.SingleOrDefault(d => d.Interaction == interaction.ToString());
}
