using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Ports;

namespace Kontena.EndToEnd.Crash.Recording;

/// <summary>
/// What a call is called in every run: verb, kind, object and what is changed, without what is random (UIDs, hashes, namespaces). The
/// operator is concurrent, so the n-th call of one run is not the n-th of the next; the n-th of a name is.
/// </summary>
/// <param name="Text">E.g. <c>patch kontenanodes web-0 spec.attempt</c>.</param>
/// <param name="Changes">True where it may change the cluster or the cloud.</param>
internal sealed partial record CallName(string Text, bool Changes)
{
    /// <summary>A call of the driver rather than of the API server.</summary>
    public bool IsDriver => Text.StartsWith("driver ", StringComparison.Ordinal);

    /// <summary>A call of the client of a Kontena Master.</summary>
    public bool IsMaster => Text.StartsWith("master ", StringComparison.Ordinal);

    /// <summary>It takes, or gives back, the one right in a grid to take an initial member away.</summary>
    public bool IsSlot => Text.StartsWith("slot ", StringComparison.Ordinal);

    /// <summary>It changes the world outside the cluster.</summary>
    public bool ChangesWorld => Changes && (IsDriver || IsMaster);

    public bool IsEvent => Text.Split(' ')[1] == "events";

    public bool IsLease => Text.Split(' ')[1] == "leases";

    /// <summary>
    /// Whether and how often it is made hangs on how long a run takes: which member's turn it is to be asked for its health, and whether what is
    /// remembered of firewalls and networks is old, too.
    /// </summary>
    public bool IsTimed => IsLease || IsEvent || (!Changes && Text.StartsWith("driver firewall ", StringComparison.Ordinal))
        || Text.StartsWith("update ", StringComparison.Ordinal) || Text.StartsWith("master health ", StringComparison.Ordinal);

    public static CallName Get<T>(ResourceKind<T> kind, ObjectKey key) where T : class, IResource => new($"get {kind.Plural} {Plain(key.Name)}", false);

    public static CallName List<T>(ResourceKind<T> kind) where T : class, IResource => new($"list {kind.Plural}", false);

    public static CallName Watch<T>(ResourceKind<T> kind) where T : class, IResource => new($"watch {kind.Plural}", false);

    public static CallName Create<T>(ResourceKind<T> kind, T resource) where T : class, IResource => new(
        resource is Event e ? $"create events {e.InvolvedObject?.Name} {e.Reason}" : $"create {kind.Plural} {Plain(resource.Metadata.Name)}", true);

    public static CallName Update<T>(ResourceKind<T> kind, T resource, WriteOptions options) where T : class, IResource =>
        new($"update {kind.Plural} {Plain(resource.Metadata.Name)} {options.Subresource}{ReadyOf(resource)}".TrimEnd(), true);

    public static CallName Patch<T>(ResourceKind<T> kind, ObjectKey key, Patch patch) where T : class, IResource =>
        new($"patch {kind.Plural} {Plain(key.Name)} {ChangedBy(patch)}".TrimEnd(), true);

    public static CallName Delete<T>(ResourceKind<T> kind, ObjectKey key) where T : class, IResource => new($"delete {kind.Plural} {Plain(key.Name)}", true);

    public static CallName DriverResolve(Offering offering) => new($"driver resolve {offering.Type} in {offering.Zone}", false);

    public static CallName DriverCreate(MachineRequest request) => new($"driver create {request.Name} attempt {request.Attempt.Number}", true);

    public static CallName DriverFind(MachineQuery query) => new($"driver find {(query is MachineQuery.ById ? "by id" : "by attempt")}", false);

    public static CallName DriverList() => new("driver list", false);

    public static CallName DriverClaim() => new("driver claim", true);

    public static CallName DriverDelete() => new("driver delete", true);

    public static CallName FirewallRead(string operation) => new($"driver firewall {operation}", false);

    public static CallName FirewallMake(FirewallRequest request) => new($"driver firewall make {Plain(request.Name)}", true);

    public static CallName FirewallOpen(FirewallMarks owner, IReadOnlyList<PortRule> rules) => new($"driver firewall open in {Of(owner)} {List(rules)}", true);

    public static CallName FirewallClose(FirewallMarks owner, IReadOnlyList<PortRule> rules) => new($"driver firewall close in {Of(owner)} {List(rules)}", true);

    public static CallName FirewallAttach() => new("driver firewall attach", true);

    public static CallName FirewallDelete(FirewallMarks owner) => new($"driver firewall delete {Of(owner)}", true);

    public static CallName MasterRead(string operation, string node = "") => new($"master {operation} {Plain(node)}".TrimEnd(), false);

    /// <summary>Of nodes that go it is counted how many, not which: those without an initial member's number go first, and numbers are given as nodes happen to come.</summary>
    public static CallName MasterWrite(string operation, string node = "") => new($"master {operation} {(operation is "drain" or "delete" ? OrdinalPattern().Replace(Plain(node), "-*") : Plain(node))}".TrimEnd(), true);

    /// <summary>It names one of a pool's nodes.</summary>
    public bool NamesANode => OrdinalPattern().IsMatch(Text);

    /// <summary>A write of a Grid's status that gives the slot to a node, or to nobody.</summary>
    public static CallName Slot(Grid grid) => new($"slot {grid.Metadata.Name} {(grid.Status?.Replacing is { } slot ? $"taken by {Plain(slot.Name)}" : "given back")}", true);

    public override string ToString() => Text;

    /// <summary>Why a status is written tells which of an object's many status writes it is.</summary>
    private static string ReadyOf(IResource resource)
    {
        var conditions = resource switch
        {
            KontenaNode node => node.Status?.Conditions,
            NodePool pool => pool.Status?.Conditions,
            Grid grid => grid.Status?.Conditions,
            _ => null,
        };
        return conditions?.FirstOrDefault(c => c.Type == "Ready") is { } ready ? $" {ready.Reason}" : "";
    }

    /// <summary>Which fields, never their values.</summary>
    private static string ChangedBy(Patch patch) => JsonNode.Parse(patch.Body.Span) switch
    {
        JsonObject { } merge when merge["spec"] is JsonObject spec => string.Join(' ', spec.Select(s => $"spec.{s.Key}")),
        JsonArray operations => string.Join(' ', operations.Where(o => (string?)o!["op"] != "test").Select(o => $"{(string?)o!["op"]} {Field((string?)o["path"])}")),
        _ => "",
    };

    private static string Of(FirewallMarks owner) => owner.Owner is FirewallOwner.Grid ? "the grid's" : "a pool's";

    private static string List(IEnumerable<PortRule> rules) => string.Join(", ", rules);

    private static string Field(string? path) => IndexPattern().Replace(path ?? "", "");

    private static string Plain(string? name) => RandomPattern().Replace(name ?? "", "*");

    [GeneratedRegex("[0-9a-f]{8,}(-[0-9a-f]{4,})*")]
    private static partial Regex RandomPattern();

    [GeneratedRegex("-[0-9]+(?![0-9a-z])")]
    private static partial Regex OrdinalPattern();

    [GeneratedRegex("/(-|[0-9]+)$")]
    private static partial Regex IndexPattern();
}
