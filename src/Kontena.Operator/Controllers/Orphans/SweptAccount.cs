using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Orphans;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Controllers.Orphans;

/// <summary>What the sweep remembers of one account between two looks.</summary>
internal sealed class SweptAccount(AccountKey key, string ns, ProviderSettings settings)
{
    private Dictionary<string, DateTimeOffset> firstSeen = [];

    public AccountKey Key => key;

    public string Namespace => ns;

    public ProviderSettings Settings => settings;

    /// <summary>Null where the next look is a first one.</summary>
    public Sighting? Earlier { get; private set; }

    /// <summary>The next listing decides something: it is asked for soon.</summary>
    public bool AwaitsListing { get; set; }

    /// <summary>What the last look made of the orphans, for the metric.</summary>
    public IReadOnlyList<OrphanVerdict> Judged { get; set; } = [];

    public IReadOnlyDictionary<string, DateTimeOffset> FirstSeen => firstSeen;

    /// <summary>True where the listing adds something to what was looked at before.</summary>
    public bool IsNews(MachineListing listing) => Earlier is null || listing.BegunAt > Earlier.NodesReadAt;

    public void Keep(Sighting sighting, IEnumerable<Machine> suspects)
    {
        Earlier = sighting;
        firstSeen = suspects.ToDictionary(m => m.ProviderId, m => firstSeen.GetValueOrDefault(m.ProviderId, sighting.Listing.BegunAt), StringComparer.Ordinal);
    }

    /// <summary>Something failed, or nothing is suspect: two sightings must be had anew.</summary>
    public void Forget()
    {
        Earlier = null;
        AwaitsListing = false;
    }
}
