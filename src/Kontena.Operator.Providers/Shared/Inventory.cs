using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Providers.Shared;

/// <summary>The machines of one account and scope.</summary>
/// <param name="installation">Whose machines are listed.</param>
public sealed class Inventory(IMachineDriver driver, string installation, TimeProvider time) : SharedListing<MachineListing>(time)
{
    private protected override Task<MachineListing> ListAsync(CancellationToken ct) => driver.ListAsync(installation, ct);

    private protected override DateTimeOffset BegunAt(MachineListing listing) => listing.BegunAt;
}
