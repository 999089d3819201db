using Kontena.EndToEnd.Engines;
using Kontena.EndToEnd.Manifests;
using Kontena.EndToEnd.Operator;

namespace Kontena.EndToEnd;

/// <summary>Stops the engines when the last test of the assembly is done.</summary>
[SetUpFixture]
public sealed class EnginesLifetime
{
    [OneTimeTearDown]
    public async Task StopEngines()
    {
        await SharedInstall.StopAsync();
        await SceneEngines.StopAsync();
        await EndToEndEngines.StopAsync();
    }
}
