using System.Reflection;
using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>Something a client does with the API, written once and played on every engine.</summary>
public sealed record Interaction(string Topic, string Name, IReadOnlyList<EngineFeature> Needs, Func<Scene, Task> Play)
{
    /// <summary>Every method marked <see cref="InteractionAttribute"/> in this assembly; its class is the topic.</summary>
    public static IReadOnlyList<Interaction> All { get; } =
    [
        .. from type in typeof(Interaction).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
           let mark = method.GetCustomAttribute<InteractionAttribute>()
           where mark is not null
           orderby type.Name, method.Name
           select new Interaction(type.Name, method.Name, mark.Needs, method.CreateDelegate<Func<Scene, Task>>()),
    ];

    /// <summary>Plays it on this engine and returns what was said, and in how many requests and commands.</summary>
    public async Task<(string Transcript, int Played)> TranscribeAsync(ApiEngine engine, CancellationToken ct)
    {
        foreach (var feature in Needs) engine.Require(feature);
        using var scene = await Scene.OpenAsync(engine, ct);
        try
        {
            await Play(scene);
        }
        catch (Exception) when (Report(scene))
        {
            throw;
        }

        return (scene.ToString(), scene.Played);
    }

    public override string ToString() => $"{Topic}.{Name}";

    private static bool Report(Scene scene)
    {
        TestContext.Out.WriteLine($"The transcript up to the failure:\n{scene}\n{scene.Engine.RecentLogs()}");
        return false;
    }
}
