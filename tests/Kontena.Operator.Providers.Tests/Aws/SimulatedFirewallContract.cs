using Kontena.Operator.Providers.Tests.Contract;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary>The contract against the simulator, which checks signatures and parameters and knows EC2's limits.</summary>
public sealed class SimulatedFirewallContract : FirewallDriverContract
{
    protected override async Task<FirewallCloud> StartAsync() => await SimulatedFirewalls.StartAsync(Ct);
}
