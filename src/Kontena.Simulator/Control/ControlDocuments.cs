using System.Text.Json;
using System.Text.Json.Serialization;
using Kontena.Simulator.Calls;
using Kontena.Simulator.Ec2;
using Kontena.Simulator.Faults;
using Kontena.Simulator.Kontena;
using Kontena.Simulator.Overlay;

namespace Kontena.Simulator.Control;

/// <summary>A fault as it is posted. Unknown fields are refused: a misspelt filter would strike everything.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FaultDocument
{
    public required FaultKind Kind { get; init; }

    public string? Cloud { get; init; }

    public string? Action { get; init; }

    public string? Zone { get; init; }

    public string? InstanceType { get; init; }

    public int? Nth { get; init; }

    public int? Count { get; init; }

    public double? Probability { get; init; }

    public int? Seed { get; init; }

    public double? DelaySeconds { get; init; }

    public string? Code { get; init; }

    public Fault ToFault() => new()
    {
        Kind = Kind,
        Cloud = Cloud,
        Action = Action,
        Zone = Zone,
        InstanceType = InstanceType,
        Nth = Nth ?? 1,
        Count = Count,
        Probability = Probability ?? 1,
        Seed = Seed ?? 0,
        Delay = TimeSpan.FromSeconds(DelaySeconds ?? 0),
        Code = Code,
    };

    public static FaultDocument Of(Fault fault) => new()
    {
        Kind = fault.Kind,
        Cloud = fault.Cloud,
        Action = fault.Action,
        Zone = fault.Zone,
        InstanceType = fault.InstanceType,
        Nth = fault.Nth,
        Count = fault.Count,
        Probability = fault.Probability,
        Seed = fault.Seed,
        DelaySeconds = fault.Delay == TimeSpan.Zero ? null : fault.Delay.TotalSeconds,
        Code = fault.Code,
    };
}

internal sealed record FaultView(string Id, FaultDocument Fault, int Seen, int Struck)
{
    public static FaultView Of(FaultEntry entry) => new(entry.Id, FaultDocument.Of(entry.Fault), entry.Seen, entry.Struck);
}

internal sealed record StateView(DateTimeOffset Now, Ec2View Ec2, KontenaView? Kontena, IReadOnlyList<FaultView> Faults);

internal sealed record Ec2View(
    IReadOnlyList<InstanceSnapshot> Instances, long TotalCalls, IReadOnlyDictionary<string, int> Calls, IReadOnlyList<CallRecord> RecentCalls);

/// <summary>The Master without its tokens.</summary>
internal sealed record KontenaView(
    Uri Url, bool Running, string Version, IReadOnlyList<NodeSnapshot> Nodes, IReadOnlyList<ServiceContainer> Containers, IReadOnlyList<QuorumSample> Quorum,
    IReadOnlyList<RejectedAgent> Rejected, IReadOnlyList<ClosedAgent> Closed, long TotalCalls, IReadOnlyDictionary<string, int> Calls, IReadOnlyList<CallRecord> RecentCalls)
{
    public static KontenaView Of(KontenaMaster master) => new(
        master.Url, master.Running, master.Version, master.Nodes, master.Containers, master.Quorum, master.Rejected, master.Closed, master.Calls.Total, master.Calls.Counts, master.Calls.Recent);
}

/// <summary>How far the Master's clock is to be ahead.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ClockDocument(double SkewSeconds);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VersionDocument(string Version);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ForeignNodeDocument(string Grid, string Name, IReadOnlyList<string>? Labels = null, string? NodeId = null)
{
    public ForeignNode ToNode() => new() { Grid = Grid, Name = Name, Labels = Labels ?? [], NodeId = NodeId };
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ContainerDocument(string Grid, string Node, string Service, int InstanceNumber = 1, bool Stateful = false);

internal sealed record ControlError(string Error);

internal sealed class FaultKindNames() : JsonStringEnumConverter<FaultKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>States under the names that EC2 has for them: <c>shutting-down</c>.</summary>
internal sealed class InstanceStateNames() : JsonStringEnumConverter<InstanceState>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

internal sealed class NodeStatusNames() : JsonStringEnumConverter<HostNodeStatus>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class NodeEventNames() : JsonStringEnumConverter<NodeEventKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class OverlayStateNames() : JsonStringEnumConverter<OverlayPeerState>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class OverlayModeNames() : JsonStringEnumConverter<OverlayMode>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

internal sealed class NodeOriginNames() : JsonStringEnumConverter<NodeOrigin>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    Converters =
    [
        typeof(FaultKindNames), typeof(InstanceStateNames), typeof(NodeStatusNames), typeof(NodeEventNames), typeof(NodeOriginNames), typeof(OverlayStateNames),
        typeof(OverlayModeNames), typeof(RuleDirectionNames),
    ])]
[JsonSerializable(typeof(FaultDocument))]
[JsonSerializable(typeof(FaultView))]
[JsonSerializable(typeof(IReadOnlyList<FaultView>))]
[JsonSerializable(typeof(StateView))]
[JsonSerializable(typeof(ClockDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(ForeignNodeDocument))]
[JsonSerializable(typeof(ContainerDocument))]
[JsonSerializable(typeof(NodeSnapshot))]
[JsonSerializable(typeof(OverlayView))]
[JsonSerializable(typeof(GroupDocument))]
[JsonSerializable(typeof(RuleDocument))]
[JsonSerializable(typeof(VpcDocument))]
[JsonSerializable(typeof(IReadOnlyList<SecurityGroupSnapshot>))]
[JsonSerializable(typeof(SecurityRule))]
[JsonSerializable(typeof(VpcSnapshot))]
[JsonSerializable(typeof(ControlError))]
internal sealed partial class ControlJson : JsonSerializerContext;
