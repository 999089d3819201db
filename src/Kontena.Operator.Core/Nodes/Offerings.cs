using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;

namespace Kontena.Operator.Core.Nodes;

/// <summary>Which machine type in which zone an attempt takes.</summary>
public static class Offerings
{
    /// <summary>Every offering of the settings: the planned zone's types first, in the user's order, then the other zones'.</summary>
    public static IReadOnlyList<Offering> InOrder(ProviderSettings settings, string plannedZone)
    {
        var zones = settings.PlacementZones.Where(z => z == plannedZone).Concat(settings.PlacementZones.Where(z => z != plannedZone));
        return [.. from zone in zones from type in settings.MachineTypes select new Offering(zone, type)];
    }

    /// <summary>
    /// The offering of attempt <paramref name="number"/>: each attempt goes one further, round and round. Those that had no
    /// capacity a moment ago are passed over while another is left.
    /// </summary>
    public static Offering ForAttempt(IReadOnlyList<Offering> inOrder, int number, IReadOnlySet<Offering> exhausted)
    {
        var start = (number - 1) % inOrder.Count;
        var round = inOrder.Skip(start).Concat(inOrder.Take(start)).ToList();
        return round.FirstOrDefault(o => !exhausted.Contains(o)) ?? round[0];
    }
}
