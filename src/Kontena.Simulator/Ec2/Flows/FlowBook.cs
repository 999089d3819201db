using Kontena.Simulator.Ec2.Inventory;

namespace Kontena.Simulator.Ec2.Flows;

/// <summary>The watches of an account. To be used within its lock.</summary>
internal sealed class FlowBook(AddressBook addresses)
{
    private readonly List<FlowWatch> watches = [];

    /// <summary>Judges all that is there already, so that the watch begins with what is so now.</summary>
    public FlowWatch Add(FlowWatch watch, DateTimeOffset at)
    {
        watches.Add(watch);
        watch.Judge(addresses.All, addresses, at);
        return watch;
    }

    public bool Remove(FlowWatch watch) => watches.Remove(watch);

    public void Judge(IReadOnlyCollection<Instance> touched, DateTimeOffset at)
    {
        foreach (var watch in watches) watch.Judge(touched, addresses, at);
    }
}
