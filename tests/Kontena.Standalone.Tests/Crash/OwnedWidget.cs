using System.Text.Json.Nodes;

namespace Kontena.Standalone.Tests.Crash;

/// <summary>An object that one writer alone writes: what is known of it, and the one write whose answer never came.</summary>
internal sealed class OwnedWidget(string name)
{
    public string Name => name;

    /// <summary>The state after the last acknowledged write; null is absence.</summary>
    public JsonObject? Known { get; private set; }

    /// <summary>What a write without an answer would have made of it, where there was one.</summary>
    public UnknownWrite? Unknown { get; set; }

    public void Acknowledge(JsonObject? state)
    {
        Known = state;
        Unknown = null;
    }

    /// <summary>Judges what a server that was started again holds. Either the last acknowledged state, or what the unknown write made of it.</summary>
    /// <returns>True where the unknown write had happened.</returns>
    public bool Settle(JsonObject? found)
    {
        if (Same(found, Known))
        {
            Unknown = null;
            return false;
        }
        if (Unknown is null) throw new AssertionException($"{name} lost its last acknowledged state.\nacknowledged: {Text(Known)}\nfound: {Text(found)}");
        if (!Unknown.Explains(found))
            throw new AssertionException($"{name} is neither as it was acknowledged nor as the unknown {Unknown.What} would have made it.\nacknowledged: {Text(Known)}\nfound: {Text(found)}");
        Acknowledge(found);
        return true;
    }

    private static bool Same(JsonObject? one, JsonObject? other) => Text(one) == Text(other);

    private static string Text(JsonObject? state) => state?.ToJsonString() ?? "absent";
}

/// <summary>A write whose answer never came.</summary>
/// <param name="What">The verb and its mark, for messages.</param>
/// <param name="Explains">Whether a state can be this write's outcome; null is absence.</param>
internal sealed record UnknownWrite(string What, Func<JsonObject?, bool> Explains);
