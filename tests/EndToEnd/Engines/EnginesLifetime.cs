using Kontena.EndToEnd.Engines;

namespace Kontena.EndToEnd;

/// <summary>Stops the engines when the last test of the assembly is done.</summary>
[SetUpFixture]
public sealed class EnginesLifetime
{
    [OneTimeTearDown]
    public Task StopEngines() => EndToEndEngines.StopAsync();
}
