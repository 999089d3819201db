using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;

namespace Kontena.Operator.Controllers.Ports;

/// <summary>What was seen of an owner and its firewalls, and what a round needs besides to act on them.</summary>
/// <param name="Settings">The provider's settings that reach an account, by account.</param>
/// <param name="Describe">One sentence for people at the provider's console.</param>
/// <param name="Record">Records an Event about the owner.</param>
internal sealed record OwnerSight(ObjectKey Key, FirewallsSeen Seen, IReadOnlyDictionary<FirewallAccount, ProviderSettings> Settings, string Describe, Action<EventType, string, string> Record)
{
    public string Uid => Seen.Marks.OwnerUid;
}
