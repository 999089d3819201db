namespace Kontena.Simulator.Tests.Kontena;

/// <summary>Docker Engine ids of the old kind: twelve groups of four.</summary>
internal static class EngineIds
{
    public static readonly string A = Of('A');
    public static readonly string B = Of('B');
    public static readonly string C = Of('C');

    public static string Of(char letter) => string.Join(':', Enumerable.Repeat(new string(letter, 4), 12));
}
