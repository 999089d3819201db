using System.Globalization;

namespace Kontena.Simulator.Machines.Agent;

/// <summary>The agent's lines as Ruby's Logger writes them: severity, the machine's time, process, source.</summary>
internal sealed class AgentLog(AgentWorld world)
{
    /// <param name="level"><c>I</c>, <c>W</c> or <c>E</c>.</param>
    /// <param name="source">The class that says it, for example <c>Kontena::WebsocketClient</c>.</param>
    public void Say(string level, string source, string text) => world.Journal.Say("kontena-agent", string.Create(
        CultureInfo.InvariantCulture, $"{level}, [{world.Now().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff} #1] {Name(level),5} -- {source}: {text}"));

    private static string Name(string level) => level switch
    {
        "I" => "INFO",
        "W" => "WARN",
        "E" => "ERROR",
        _ => throw new ArgumentOutOfRangeException(nameof(level)),
    };
}
