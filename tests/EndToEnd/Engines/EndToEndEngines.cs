using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Engines;

/// <summary>
/// The engines of this test assembly, each started once by the first test that asks for it. To add one: a class derived from
/// <see cref="ApiEngine"/>, a member of <see cref="EngineKind"/>, a line in <see cref="GetAsync"/> and one in <see cref="StopAsync"/>.
/// </summary>
public static class EndToEndEngines
{
    private static readonly SharedApiServer real = new(NodePoolCrds.Read);

    private static readonly Lazy<Task<EmbeddedApiServer>> embedded = new(() => EmbeddedApiServer.StartAsync(CancellationToken.None));

    /// <summary>For <c>[TestCaseSource]</c> and <c>[ValueSource]</c>.</summary>
    public static IReadOnlyList<EngineKind> All { get; } = Enum.GetValues<EngineKind>();

    /// <summary>The running engine; the calling test is skipped, with the reason, where this machine cannot run it.</summary>
    public static async Task<ApiEngine> GetAsync(EngineKind kind) => kind switch
    {
        EngineKind.Real => await real.GetAsync(),
        EngineKind.Embedded => await embedded.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such engine."),
    };

    public static async Task StopAsync()
    {
        await real.StopAsync();
        if (embedded is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }) await (await embedded.Value).DisposeAsync();
    }
}
