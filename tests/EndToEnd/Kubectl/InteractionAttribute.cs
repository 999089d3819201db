using Kontena.TestKit.Engines;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>Marks a method as an interaction: it is played on every engine, and its transcript is compared.</summary>
/// <param name="needs">What the engine must have; without it the test is skipped, saying so.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteractionAttribute(params EngineFeature[] needs) : Attribute
{
    public IReadOnlyList<EngineFeature> Needs { get; } = needs;
}
